"""credcheck: the attribution status of every sentence of a news article, and its profile."""

from credcheck.articles import build_article
from credcheck.checker import Checker
from credcheck.errors import (
    ArticleReadError,
    CredcheckError,
    EmptyArticleError,
    InputError,
    LabelledSetError,
    LabelMismatchError,
    ModelDamagedError,
    ModelError,
    ModelNotFoundError,
    OutputError,
    UnknownFormatError,
)
from credcheck.labels import SourceType, Status
from credcheck.readers import read_articles
from credcheck.records import (
    AiDisclosure,
    Article,
    Evidence,
    Failure,
    Judgement,
    Profile,
    Result,
    Sentence,
    Span,
)
from credcheck.structured import Fields
from credcheck.version import __version__ as __version__
from credcheck.writers import to_dict, to_json

__all__ = [
    "AiDisclosure",
    "Article",
    "ArticleReadError",
    "Checker",
    "CredcheckError",
    "EmptyArticleError",
    "Evidence",
    "Failure",
    "Fields",
    "InputError",
    "Judgement",
    "LabelMismatchError",
    "LabelledSetError",
    "ModelDamagedError",
    "ModelError",
    "ModelNotFoundError",
    "OutputError",
    "Profile",
    "Result",
    "Sentence",
    "SourceType",
    "Span",
    "Status",
    "UnknownFormatError",
    "build_article",
    "read_articles",
    "to_dict",
    "to_json",
]
