"""Labels find their judgements, however each side splits the text."""

import pytest

from credcheck import Judgement, Sentence, Status
from credcheck.evaluation.alignment import align
from credcheck.evaluation.labelled import LabelledSentence

TEXT = "Satu dua. Tiga empat lima.\nEnam."


def judged(*words: str) -> list[Judgement]:
    found = []
    for part in words:
        start = TEXT.index(part)
        sentence = Sentence(start, start + len(part), part)
        found.append(Judgement(sentence, Status.DENIED, {}, True, (Status.DENIED,)))
    return found


def labelled(*words: str) -> list[LabelledSentence]:
    return [
        LabelledSentence(TEXT.index(part), TEXT.index(part) + len(part), Status.DENIED)
        for part in words
    ]


@pytest.mark.parametrize(
    ("gold", "given", "answer", "fit"),
    [
        ("Satu dua.", ["Satu dua.", "Tiga empat lima."], "Satu dua.", "same"),
        ("Satu dua. ", ["Satu dua.", "Tiga empat lima."], "Satu dua.", "same"),
        ("Tiga empat lima.", ["Satu dua.", "Tiga", "empat lima.", "Enam."], "empat lima.", "split"),
        ("Enam.", ["Satu dua.", "Tiga empat lima.\nEnam."], "Tiga empat lima.\nEnam.", "merged"),
        ("dua. Tiga empat", ["Satu dua.", "Tiga empat lima."], "Tiga empat lima.", "crossed"),
        ("Enam.", ["Satu dua."], None, "missed"),
        ("Satu dua.", [], None, "missed"),
    ],
)
def test_a_label_is_answered_by_the_sentence_that_shares_most(
    gold: str, given: list[str], answer: str | None, fit: str
) -> None:
    (pair,) = align(TEXT, labelled(gold), judged(*given))
    assert (pair.judgement.sentence.text if pair.judgement else None) == answer
    assert pair.fit == fit


def test_each_label_of_an_article_fits_in_its_own_way() -> None:
    pairs = align(
        TEXT, labelled("Satu dua.", "Tiga empat lima.", "Enam."), judged("Satu dua.", "Tiga empat")
    )
    assert [pair.fit for pair in pairs] == ["same", "split", "missed"]
