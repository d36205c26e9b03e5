"""Every error that credcheck raises.

CredcheckError
├── InputError               one article; a batch records it and goes on
│   ├── ArticleReadError
│   ├── UnknownFormatError
│   ├── EmptyArticleError
│   └── LabelledSetError     a labelled set; an evaluation stops
├── ModelError               the model folder; a batch stops
│   ├── ModelNotFoundError
│   ├── ModelDamagedError
│   └── LabelMismatchError
└── OutputError              results cannot be written; a batch stops
"""


class CredcheckError(Exception):
    """The root: catch this to catch everything that credcheck raises on purpose."""


class InputError(CredcheckError):
    """Something is wrong with one article or one file of articles."""


class ArticleReadError(InputError):
    """The file cannot be read or holds no usable article."""


class UnknownFormatError(InputError):
    """No reader is known for the file's suffix."""


class EmptyArticleError(InputError):
    """The article holds no text."""


class LabelledSetError(InputError):
    """A labelled set cannot be read, or contradicts itself."""


class ModelError(CredcheckError):
    """Something is wrong with the model folder."""


class ModelNotFoundError(ModelError):
    """There is no model folder where one was looked for."""


class ModelDamagedError(ModelError):
    """A file of the model folder is missing, changed, or not what the manifest says."""


class LabelMismatchError(ModelError):
    """The model was trained for other statuses than this version of credcheck knows."""


class OutputError(CredcheckError):
    """Results cannot be written."""
