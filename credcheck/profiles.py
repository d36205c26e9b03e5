"""Judgements → the `Profile` of an article."""

from collections.abc import Sequence

from credcheck.labels import STATUSES, Status
from credcheck.records import AiDisclosure, Judgement, Profile


def build_profile(
    judgements: Sequence[Judgement],
    *,
    language: str,
    language_confidence: float,
    unknown_token_share: float,
    warnings: Sequence[str] = (),
) -> Profile:
    """Count the statuses; shares are of content sentences, boilerplate stands apart."""
    counts = dict.fromkeys(STATUSES, 0)
    expected = dict.fromkeys(STATUSES, 0.0)
    for judgement in judgements:
        counts[judgement.status] += 1
        for status, probability in judgement.probabilities.items():
            expected[status] += probability
    n_boilerplate = counts[Status.BOILERPLATE]
    n_content = len(judgements) - n_boilerplate
    disclosing = tuple(
        index
        for index, judgement in enumerate(judgements)
        if judgement.status is Status.AI_ENHANCED
    )
    n_truncated = sum(judgement.truncated for judgement in judgements)
    all_warnings = list(warnings)
    if n_truncated:
        all_warnings.append(
            f"{n_truncated} sentence(s) are longer than the model's window: "
            "only their beginning was read"
        )
    if judgements and n_content == 0:
        all_warnings.append("nothing but boilerplate: was this an article?")
    return Profile(
        n_sentences=len(judgements),
        n_content=n_content,
        n_boilerplate=n_boilerplate,
        n_undecided=sum(not judgement.is_decided for judgement in judgements),
        counts=counts,
        shares={
            status: counts[status] / n_content if n_content else 0.0
            for status in STATUSES
            if status.is_content
        },
        expected_counts=expected,
        ai_disclosure=AiDisclosure(bool(disclosing), disclosing),
        language=language,
        language_confidence=language_confidence,
        unknown_token_share=unknown_token_share,
        warnings=tuple(all_warnings),
    )
