"""Windows: every sentence once, never over the size, context where it belongs."""

import pytest
from conftest import WordTokenizer, make_sentences
from hypothesis import given
from hypothesis import strategies as st

from credcheck.model_folder import WindowSize
from credcheck.windows import build_windows

SIZE = WindowSize(max_tokens=40, headline_tokens=6, before_tokens=8, after_tokens=5)


@given(
    lengths=st.lists(st.integers(0, 60), max_size=30),
    headline=st.booleans(),
)
def test_every_sentence_is_the_target_of_exactly_one_window(
    lengths: list[int], headline: bool
) -> None:
    sentences = make_sentences(*(" ".join(["word"] * n) for n in lengths), headline=headline)
    windows = build_windows(sentences, WordTokenizer(), SIZE)
    targets = [target.sentence for window in windows for target in window.targets]
    assert targets == list(range(len(sentences)))
    for window in windows:
        assert len(window.token_ids) == len(window.offsets) <= SIZE.max_tokens
        for target in window.targets:
            assert window.token_ids[target.token_end] == WordTokenizer.separator_id


def test_context_is_headline_before_and_after(word_tokenizer: WordTokenizer) -> None:
    body = [f"s{number} " + "w " * 11 for number in range(8)]
    sentences = make_sentences("one two three", *body, headline=True)
    windows = build_windows(sentences, word_tokenizer, SIZE)
    second = windows[1]
    first_target = second.targets[0]
    offsets = second.offsets[1 : first_target.token_start]
    seen = [int(start) for start, _ in offsets if start >= 0]
    assert seen[:3] == [0, 4, 8], "the headline comes first"
    before = sentences[first_target.sentence - 1]
    assert all(before.start <= place < before.end for place in seen[3:]), "then the end of the last"
    last_target = second.targets[-1]
    after = second.offsets[last_target.token_end + 1 :, 0]
    following = sentences[last_target.sentence + 1]
    assert following.start in after


def test_a_sentence_longer_than_the_window_is_cut_and_says_so(
    word_tokenizer: WordTokenizer,
) -> None:
    sentences = make_sentences("short one", "word " * 500, "another")
    windows = build_windows(sentences, word_tokenizer, SIZE)
    truncated = {t.sentence: t.is_truncated for window in windows for t in window.targets}
    assert truncated == {0: False, 1: True, 2: False}


def test_unknown_tokens_of_targets_are_counted_once(word_tokenizer: WordTokenizer) -> None:
    sentences = make_sentences(*["??? known " + "w " * 15] * 6)
    windows = build_windows(sentences, word_tokenizer, SIZE)
    assert sum(window.n_unknown for window in windows) == 6


def test_context_that_leaves_no_room_is_refused() -> None:
    with pytest.raises(ValueError, match="no room"):
        WindowSize(max_tokens=64, headline_tokens=32, before_tokens=32, after_tokens=0)
