"""Outcomes → annotated labels that look wrong, the most suspicious first.

A label is suspected when the model is sure of another status: by the margin between the probability
of what it says and that of what was annotated (confident learning; Northcutt et al. 2021,
arXiv:1911.00068, section 3.2, normalized margin).
"""

from collections.abc import Sequence

from credcheck.evaluation.outcomes import Outcome

LEAST_MARGIN = 0.5


def find_suspects(outcomes: Sequence[Outcome]) -> list[int]:
    """Positions of suspected outcomes, best first; none where probabilities are not known.

    Sentences that fit the judged one in part alone are left out: there the splitting may be wrong,
    not the label.
    """
    suspected = [
        position
        for position, outcome in enumerate(outcomes)
        if outcome.fit == "same" and margin(outcome) >= LEAST_MARGIN
    ]
    return sorted(suspected, key=lambda position: -margin(outcomes[position]))


def margin(outcome: Outcome) -> float:
    """Probability of the status given, less that of the status annotated; -1 to 1."""
    if outcome.given is None or not outcome.probabilities:
        return -1.0
    given = outcome.probabilities.get(outcome.given, 0.0)
    return given - outcome.probabilities.get(outcome.expected, 0.0)
