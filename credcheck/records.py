"""The records that flow through the pipeline: Article → Sentence → Window → Judgement → Profile."""

from collections.abc import Mapping
from dataclasses import dataclass, field

import numpy as np
import numpy.typing as npt

from credcheck.labels import SourceType, Status

SCHEMA_VERSION = "1.0"
"""Version of the written form of a `Result`; its first number changes with a key's meaning."""


@dataclass(frozen=True, slots=True)
class Article:
    """An article as read; every offset of every other record points into `text`."""

    id: str
    text: str
    """Headline, where the format gives one apart from the body, then the body."""
    path: str = ""
    title: str = ""
    """The headline, or empty when none was found."""
    headline_end: int = 0
    """Code points of `text` that the headline takes; 0 when `text` does not begin with it."""
    body_start: int = 0
    """Where the body begins in `text`: subtract it to point into a body handed in with a title."""
    language: str = ""
    """BCP 47, as declared by the caller or the file; empty when it is to be found."""
    byline: str = ""
    date: str = ""
    site: str = ""
    encoding: str = ""
    notes: tuple[str, ...] = ()
    """What the reader had to do to the text, for the user's eyes (mojibake repaired, and so on)."""


@dataclass(frozen=True, slots=True)
class Sentence:
    """One unit of judgement: `article.text[start:end] == text`."""

    start: int
    end: int
    text: str
    is_headline: bool = False


@dataclass(frozen=True, slots=True)
class Target:
    """A sentence that a window is there to judge, and where its tokens stand in the window."""

    sentence: int
    """Index of the sentence in its article."""
    token_start: int
    token_end: int
    """Position of the separator after the sentence; its tokens are `token_start:token_end`."""
    is_truncated: bool = False


@dataclass(frozen=True, slots=True, eq=False)
class Window:
    """Consecutive sentences as the encoder sees them: context, targets, context."""

    token_ids: npt.NDArray[np.int64]
    """(n_tokens,)"""
    offsets: npt.NDArray[np.int64]
    """(n_tokens, 2) start and end of each token in the article's text; -1 for added marks."""
    targets: tuple[Target, ...]
    n_unknown: int = 0
    """Tokens of the targets that the tokenizer does not know."""


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of an article's text."""

    start: int
    end: int
    text: str


@dataclass(frozen=True, slots=True)
class Evidence:
    """The words that carry a judgement; either span may be missing."""

    source: Span | None = None
    source_type: SourceType | None = None
    cue: Span | None = None


@dataclass(frozen=True, slots=True)
class Judgement:
    """What the model says of one sentence."""

    sentence: Sentence
    status: Status
    """The most probable status."""
    probabilities: Mapping[Status, float]
    """One for each status, calibrated, summing to 1."""
    is_decided: bool
    """False when the most probable status stays below the model's threshold."""
    candidates: tuple[Status, ...]
    """The status alone when decided, else the two most probable."""
    evidence: Evidence = field(default_factory=Evidence)
    truncated: bool = False
    """True when the sentence was longer than the window and only its beginning was read."""


@dataclass(frozen=True, slots=True)
class AiDisclosure:
    """Whether the article discloses the use of AI, and where."""

    is_disclosed: bool
    sentences: tuple[int, ...] = ()
    """Indices of the disclosing sentences."""


@dataclass(frozen=True, slots=True)
class Profile:
    """An article in numbers. Shares are of content sentences: boilerplate stands apart."""

    n_sentences: int
    n_content: int
    n_boilerplate: int
    n_undecided: int
    counts: Mapping[Status, int]
    shares: Mapping[Status, float]
    """0 to 1, for the content statuses; all 0 when there is no content sentence."""
    expected_counts: Mapping[Status, float]
    """Sums of the probabilities: what the counts would be on average if the model is calibrated."""
    ai_disclosure: AiDisclosure
    language: str
    language_confidence: float
    unknown_token_share: float
    warnings: tuple[str, ...] = ()


@dataclass(frozen=True, slots=True)
class Result:
    """An article with the judgement of each of its sentences and its profile."""

    article: Article
    judgements: tuple[Judgement, ...]
    profile: Profile
    model_id: str


@dataclass(frozen=True, slots=True)
class Failure:
    """An article that could not be scored, and why."""

    id: str
    path: str
    error: str
    """Name of the error's class."""
    message: str
