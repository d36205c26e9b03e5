"""An article's text → its language, and whether the model can be trusted with it."""

import functools
import re
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Any

MAX_CHARACTERS = 4_000
"""As much text as the identifier reads: more changes nothing and costs time."""

MAX_UNKNOWN_SHARE = 0.05
"""Share of unknown tokens above which a script counts as not supported."""

MIN_CONFIDENCE = 0.5
"""Below this probability an identified language is said to be uncertain."""

_TAG = re.compile(r"[A-Za-z]{2,3}(?:[-_][A-Za-z0-9]{2,8})*")

_SHORTER = {"in": "id", "iw": "he", "ind": "id", "zsm": "ms", "msa": "ms", "eng": "en"}
_SHORTER |= {"deu": "de", "fra": "fr", "spa": "es", "por": "pt", "rus": "ru", "ara": "ar"}
_SHORTER |= {"zho": "zh", "jpn": "ja", "hin": "hi", "tur": "tr", "vie": "vi", "tha": "th"}
"""Old and three-letter codes → the code that BCP 47 asks for, where there is a shorter one."""

_ALIASES = {"nb": "no", "nn": "no", "fil": "tl", "ckb": "ku", "kmr": "ku"}
_ALIASES |= {"yue": "zh", "prs": "fa", "swh": "sw"}
"""Codes that stand for one language in the list of a model."""


@dataclass(frozen=True, slots=True)
class Language:
    """A language and how sure it is."""

    tag: str
    """BCP 47; `und` when there is nothing to go by."""
    confidence: float
    """Probability, 0 to 1; 1 when declared."""


def identify_language(text: str, declared: str = "") -> Language:
    """The declared language, else the one that the text is most probably written in.

    A declaration that is no language tag ("Indonesian", "-") says nothing.
    """
    if tag := to_language_tag(declared):
        return Language(tag, 1.0)
    sample = " ".join(text[:MAX_CHARACTERS].split())
    if not any(character.isalpha() for character in sample):
        return Language("und", 0.0)
    tag, confidence = _identifier().classify(sample.encode("utf-8", "replace").decode("utf-8"))
    return Language(str(tag), float(confidence))


def to_language_tag(declared: str) -> str:
    """A BCP 47 tag (`in_ID` → `id-ID`, `eng` → `en`), or empty when there is none in it."""
    if not _TAG.fullmatch(declared.strip()):
        return ""
    primary, *rest = declared.strip().replace("_", "-").split("-")
    primary = primary.lower()
    return "-".join([_SHORTER.get(primary, primary), *rest])


def language_warnings(
    language: Language, unknown_token_share: float, supported: Sequence[str]
) -> list[str]:
    """What a reader of the results must know about this language."""
    warnings = []
    if unknown_token_share > MAX_UNKNOWN_SHARE:
        warnings.append(
            f"{unknown_token_share:.0%} of the text's tokens are unknown to the model: "
            "its script is not supported, the statuses are guesses"
        )
    primary = language.tag.split("-")[0].lower()
    if language.tag == "und":
        warnings.append("the language could not be identified")
    elif _ALIASES.get(primary, primary) not in supported:
        warnings.append(
            f"the model's base was not trained on {language.tag}: expect more errors than elsewhere"
        )
    elif language.confidence < MIN_CONFIDENCE:
        warnings.append(
            f"the language is uncertain ({language.tag} at {language.confidence:.0%}); "
            "name it if you know it"
        )
    return warnings


@functools.cache
def _identifier() -> Any:
    # Imported at the first use: its model takes time to load, and a declared language needs none.
    from py3langid.langid import MODEL_FILE, LanguageIdentifier

    return LanguageIdentifier.from_model_file(MODEL_FILE, norm_probs=True)
