"""`Checker`: article → `Result`, the pipeline with one line a station."""

import os
from collections.abc import Iterable, Iterator

from credcheck.articles import build_article
from credcheck.encoder import OnnxEncoder
from credcheck.errors import CredcheckError, ModelDamagedError
from credcheck.judgements import judge
from credcheck.languages import identify_language, language_warnings
from credcheck.model_folder import Manifest, find_model_folder, open_model_folder
from credcheck.profiles import build_profile
from credcheck.readers import read_file
from credcheck.records import Article, Failure, Result, Sentence
from credcheck.segmenter import split_spans
from credcheck.structured import Fields
from credcheck.windows import JsonTokenizer, build_windows


class Checker:
    """Scores articles with one model; safe to share between threads.

    model: a model folder; empty for CREDCHECK_MODEL or the model that ships.
    threads: processor threads of one run; 0 for all cores.
    Raises ModelError when the folder is missing, damaged or made for other statuses.
    """

    def __init__(self, model: str | os.PathLike[str] | None = None, *, threads: int = 0) -> None:
        folder = open_model_folder(find_model_folder(model))
        folder.check_files()
        self._manifest = folder.manifest
        try:
            self._tokenizer = JsonTokenizer(folder.tokenizer)
        # The tokenizers library raises bare Exception on a broken file.
        except Exception as error:
            raise ModelDamagedError(f"{folder.tokenizer} cannot be read: {error}") from error
        self._encoder = OnnxEncoder(folder, threads=threads)

    @property
    def manifest(self) -> Manifest:
        """What the model says of itself."""
        return self._manifest

    def check_article(self, article: Article) -> Result:
        """Judge every sentence of an article and sum them up."""
        language = identify_language(article.text, article.language)
        sentences = split_article(article, language.tag)
        windows = build_windows(sentences, self._tokenizer, self._manifest.window)
        logits = self._encoder.encode(windows)
        judgements = judge(article, sentences, windows, logits, self._manifest.calibration)
        n_tokens = sum(
            target.token_end - target.token_start for w in windows for target in w.targets
        )
        unknown_share = sum(window.n_unknown for window in windows) / max(n_tokens, 1)
        profile = build_profile(
            judgements,
            language=language.tag,
            language_confidence=language.confidence,
            unknown_token_share=unknown_share,
            warnings=language_warnings(language, unknown_share, self._manifest.languages),
        )
        return Result(article, tuple(judgements), profile, self._manifest.model_id)

    def check_text(
        self, text: str, *, title: str = "", language: str = "", id: str = "text"
    ) -> Result:
        """Score a text; with a title, `result.article.body_start` is where the text begins.

        language: BCP 47; empty to identify it. Raises EmptyArticleError on a text without words.
        """
        return self.check_article(build_article(text, id=id, title=title, language=language))

    def check_file(self, path: str | os.PathLike[str], *, fields: Fields | None = None) -> Result:
        """Score the one article of a file; raises InputError when it cannot be read."""
        return self.check_article(read_file(path, fields))

    def check_many(self, articles: Iterable[Article | Failure | str]) -> Iterator[Result | Failure]:
        """Score a stream of articles (or plain texts), one result each, in order.

        An article that cannot be scored comes out as a `Failure`; the rest goes on. Failures that
        a reader handed in pass through.
        """
        for number, entry in enumerate(articles, start=1):
            if isinstance(entry, Failure):
                yield entry
                continue
            name = entry.id if isinstance(entry, Article) else f"text-{number}"
            path = entry.path if isinstance(entry, Article) else ""
            try:
                if isinstance(entry, str):
                    yield self.check_text(entry, id=name)
                else:
                    yield self.check_article(entry)
            except ModelDamagedError:
                raise
            except CredcheckError as error:
                yield Failure(name, path, type(error).__name__, str(error))


def split_article(article: Article, language: str = "") -> list[Sentence]:
    """The sentences of an article; its headline is one sentence, however it is punctuated."""
    text, end = article.text, article.headline_end
    sentences = []
    if end:
        start = end - len(text[:end].lstrip())
        sentences.append(Sentence(start, end, text[start:end], is_headline=True))
    sentences += [
        Sentence(end + start, end + stop, text[end + start : end + stop])
        for start, stop in split_spans(text[end:], language)
    ]
    return sentences
