"""What several tests share: the shipped model, opened once, and a small tokenizer of words."""

import importlib.util
from collections.abc import Sequence
from pathlib import Path

import pytest

from credcheck import Checker
from credcheck.records import Sentence
from credcheck.windows import TokenizedSentence

ROOT = Path(__file__).parents[1]
EXAMPLES = ROOT / "examples"


def pytest_collection_modifyitems(items: list[pytest.Item]) -> None:
    """Skip the training tests where torch is not installed."""
    if importlib.util.find_spec("torch") is None:
        for item in items:
            if "train" in item.keywords:
                item.add_marker(pytest.mark.skip(reason="needs the train extra"))


@pytest.fixture(scope="session")
def checker() -> Checker:
    """The shipped model."""
    return Checker(threads=2)


class WordTokenizer:
    """One token a word, for tests that count tokens."""

    start_id, separator_id, unknown_id = 0, 2, 3

    def tokenize(self, sentences: Sequence[Sentence]) -> list[TokenizedSentence]:
        """Ids are word lengths plus ten; the word `???` is unknown."""
        tokenized = []
        for sentence in sentences:
            ids, offsets, place = [], [], 0
            for word in sentence.text.split():
                start = sentence.text.index(word, place)
                place = start + len(word)
                ids.append(self.unknown_id if word == "???" else 10 + len(word))
                offsets.append((sentence.start + start, sentence.start + place))
            tokenized.append(TokenizedSentence(ids, offsets))
        return tokenized


@pytest.fixture
def word_tokenizer() -> WordTokenizer:
    """See `WordTokenizer`."""
    return WordTokenizer()


def make_sentences(*texts: str, headline: bool = False) -> list[Sentence]:
    """Sentences as they would lie in an article, one a line."""
    sentences, position = [], 0
    for number, text in enumerate(texts):
        sentences.append(Sentence(position, position + len(text), text, headline and number == 0))
        position += len(text) + 1
    return sentences
