"""The labels: `Status` of a sentence and `SourceType` of its source, each defined here once."""

from enum import StrEnum


class Status(StrEnum):
    """How an article tells its reader where a sentence's claim comes from.

    The order of the members is the order of a model's columns. `docs/statuses.md` explains each.
    """

    CONFIRMED_OFFICIAL = "confirmed_official"
    SINGLE_SOURCE = "single_source"
    DENIED = "denied"
    UNVERIFIED = "unverified"
    AI_ENHANCED = "ai_enhanced"
    MULTI_SOURCE = "multi_source"
    UNATTRIBUTED = "unattributed"
    BOILERPLATE = "boilerplate"

    @property
    def meaning(self) -> str:
        """One line for help texts and reports."""
        return _MEANINGS[self]

    @property
    def is_content(self) -> bool:
        """Whether sentences of this status report something (all but boilerplate)."""
        return self is not Status.BOILERPLATE


STATUSES: tuple[Status, ...] = tuple(Status)
"""All statuses in column order."""

REQUESTED_STATUSES: tuple[Status, ...] = STATUSES[:5]
"""The five statuses that credcheck was asked for; the other three give every sentence a home."""

_MEANINGS = {
    Status.CONFIRMED_OFFICIAL: "an authority states something within its own responsibility",
    Status.SINGLE_SOURCE: "exactly one source stands behind the claim",
    Status.DENIED: "somebody denies a factual claim or an accusation",
    Status.UNVERIFIED: "flagged as not established, or nobody identifiable stands behind it",
    Status.AI_ENHANCED: "discloses that AI or automation made or changed part of the article",
    Status.MULTI_SOURCE: "two or more independent sources stand behind the same claim",
    Status.UNATTRIBUTED: "the outlet's own voice: no source named, no doubt flagged",
    Status.BOILERPLATE: "no reporting: teasers, bylines, tags, navigation",
}


class SourceType(StrEnum):
    """What kind of source the source words of a sentence name."""

    OFFICIAL = "official"
    PERSON = "person"
    ANONYMOUS = "anonymous"
    MEDIA = "media"
    DOCUMENT = "document"
    GROUP = "group"


EVIDENCE_TAGS: tuple[str, ...] = ("outside", "cue", *(f"source:{kind}" for kind in SourceType))
"""What a token can be for its sentence, in the order of a model's tag columns."""
