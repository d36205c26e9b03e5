"""The promises of the pipeline, on the shipped model."""

import random
from concurrent.futures import ThreadPoolExecutor

import numpy as np
import pytest
from conftest import EXAMPLES
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from credcheck import Article, Checker, EmptyArticleError, Failure, Result, read_articles, to_dict
from credcheck.labels import STATUSES

NEWS = """Banjir rendam tiga desa
KOTA MELATI, KabarNusa.com - Sungai Jernih meluap pada Senin malam. "Air naik dalam sepuluh menit,"
kata Sutarno, warga Desa Hulu. Dinas Sosial membantah kabar bahwa bantuan terlambat.
Baca juga: Harga cabai turun"""


def examples() -> list[Article]:
    entries = [entry for path in sorted(EXAMPLES.iterdir()) for entry in read_articles(path)]
    assert all(isinstance(entry, Article) for entry in entries)
    return [entry for entry in entries if isinstance(entry, Article)]


def check_promises(result: Result) -> None:
    text = result.article.text
    last_end = 0
    for judgement in result.judgements:
        sentence = judgement.sentence
        assert text[sentence.start : sentence.end] == sentence.text
        assert sentence.start >= last_end
        last_end = sentence.end
        assert sum(judgement.probabilities.values()) == pytest.approx(1)
        assert judgement.status == max(judgement.probabilities, key=judgement.probabilities.get)
        assert judgement.candidates[0] is judgement.status
        for span in (judgement.evidence.source, judgement.evidence.cue):
            if span is not None:
                assert text[span.start : span.end] == span.text
                assert sentence.start <= span.start < span.end <= sentence.end
        assert (judgement.evidence.source is None) == (judgement.evidence.source_type is None)
    covered = "".join(judgement.sentence.text for judgement in result.judgements)
    assert "".join(covered.split()) == "".join(text.split())
    profile = result.profile
    assert profile.n_content + profile.n_boilerplate == profile.n_sentences
    assert sum(profile.counts.values()) == profile.n_sentences
    assert sum(profile.expected_counts.values()) == pytest.approx(profile.n_sentences)
    if profile.n_content:
        assert sum(profile.shares.values()) == pytest.approx(1)


def test_every_sentence_of_an_article_gets_one_judgement(checker: Checker) -> None:
    result = checker.check_text(NEWS)
    check_promises(result)
    assert result.judgements[0].sentence.is_headline
    assert result.profile.language == "id"


def test_all_examples_keep_the_promises(checker: Checker) -> None:
    for article in examples():
        check_promises(checker.check_article(article))


def test_company_never_changes_a_label(checker: Checker) -> None:
    articles = examples()
    alone = {a.id: to_dict(checker.check_article(a)) for a in articles}
    random.Random(3).shuffle(articles)
    for result in checker.check_many(articles):
        assert isinstance(result, Result)
        assert to_dict(result) == alone[result.article.id]


def test_threads_share_a_checker(checker: Checker) -> None:
    articles = examples()[:6]
    alone = [to_dict(checker.check_article(article)) for article in articles]
    with ThreadPoolExecutor(3) as pool:
        together = list(pool.map(lambda article: to_dict(checker.check_article(article)), articles))
    assert together == alone


def test_title_stands_before_the_text(checker: Checker) -> None:
    result = checker.check_text("Warga mengungsi.", title="Banjir lagi", language="id")
    article = result.article
    assert article.text[article.body_start :] == "Warga mengungsi."
    assert [j.sentence.is_headline for j in result.judgements] == [True, False]
    assert result.profile.language_confidence == 1


def test_failures_pass_through_a_stream(checker: Checker) -> None:
    broken = Failure("x", "x.txt", "ArticleReadError", "no")
    results = list(checker.check_many([broken, "   ", NEWS]))
    assert [type(result) for result in results] == [Failure, Failure, Result]
    assert results[1].error == "EmptyArticleError"


def test_empty_text_is_an_input_error(checker: Checker) -> None:
    with pytest.raises(EmptyArticleError):
        checker.check_text(" \n ")


@pytest.mark.parametrize(
    "text",
    [
        "a",
        ".",
        "\ud800 lone surrogate \udfff here.",
        "x\u0000y",
        "مرحبا بالعالم. هذا خبر عاجل. Hello world. 你好。नमस्ते।",
        "\u202eright to left override\u202c done.",
        "😀" * 3_000,
        "ཀ" * 500,
        "\n".join(["."] * 300),
        "https://example.org/" + "a" * 10_000,
    ],
    ids=range(10),
)
def test_odd_texts_keep_the_promises(checker: Checker, text: str) -> None:
    check_promises(checker.check_text(text))


def test_a_line_of_5_mb_is_cut_for_the_model_and_says_so(checker: Checker) -> None:
    result = checker.check_text("kata demi kata " * 350_000)
    assert len(result.article.text) > 5_000_000
    assert any(judgement.truncated for judgement in result.judgements)
    assert any("window" in warning for warning in result.profile.warnings)


def test_an_unknown_script_is_warned_of(checker: Checker) -> None:
    result = checker.check_text("འབྲུག་གཞུང་གིས་ ཁྲིམས་གསརཔ་ཅིག་ བཟོ་ནུག། " * 8)
    assert result.profile.unknown_token_share > 0.05
    assert any("not supported" in warning for warning in result.profile.warnings)


def test_a_language_without_pretraining_is_warned_of(checker: Checker) -> None:
    result = checker.check_text("Ko te pirihimana i mea. He tangata i mauria.", language="mi")
    assert any("not trained on mi" in warning for warning in result.profile.warnings)


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.too_slow])
@given(text=st.text(max_size=300))
def test_any_text_gives_a_result_or_a_clean_error(checker: Checker, text: str) -> None:
    try:
        result = checker.check_text(text)
    except EmptyArticleError:
        assert not text.strip()
        return
    check_promises(result)


def test_boilerplate_stands_apart_from_the_shares(checker: Checker) -> None:
    result = checker.check_text("Baca juga: Harga cabai turun\nSimak juga video: Banjir di Melati")
    profile = result.profile
    assert profile.n_boilerplate + profile.n_content == 2
    assert "boilerplate" not in profile.shares
    assert np.isclose(sum(profile.shares.values()), 1 if profile.n_content else 0)
    assert set(profile.counts) == set(STATUSES)
