"""Annotated articles → labelled documents, split into training and development.

Where labels come from (docs of the corpora: the model card):

- `native/train.jsonl` in the data folder: news in its own language, one labelled document a line.
- `ntrex/` in the data folder: one set of labels, the same documents in 128 languages.
- `training/sets/written/*.jsonl`: articles written for this project; they ship with it.
- `training/sets/public/*.jsonl`: labels of public corpora whose text may not ship, by document
  id, sentence number and hash; joined to the texts in the data folder's `raw/`.
"""

import csv
import hashlib
import json
import logging
from collections import defaultdict
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from pathlib import Path
from typing import Any

import datasets

from credcheck.labels import SourceType, Status

SETS = Path(__file__).parent / "sets"

_log = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class LabelledSentence:
    """A sentence with the annotator's decision; status is empty where there is none."""

    text: str
    status: str
    source: str = ""
    cue: str = ""
    source_type: str = ""
    has_evidence: bool = True
    """Whether the spans were annotated: they are not for translations."""


@dataclass(frozen=True, slots=True)
class Document:
    """A labelled article."""

    id: str
    """Unique together with the language."""
    group: str
    """Documents of a group (translations of one another) fall on one side of a split."""
    corpus: str
    language: str
    licence: str
    sentences: tuple[LabelledSentence, ...]
    has_headline: bool
    development_only: bool = False

    @property
    def source(self) -> str:
        """The public corpus that the document comes from."""
        return self.corpus if self.corpus in ("written", "ntrex") else self.id.split("/")[0]


def text_hash(text: str) -> str:
    """What identifies a sentence whose text may not ship."""
    return hashlib.sha256(" ".join(text.split()).encode("utf-8", "replace")).hexdigest()[:16]


def forbids_commercial_use(corpus: str, licence: str) -> bool:
    """Whether a text must stay out of a released model's training."""
    # Of this corpus only the entity annotation is NC, not the text.
    return "NC" in licence and corpus != "it_kind_wikinews"


def read_documents(data_path: Path | None) -> list[Document]:
    """All labelled documents that can be found; what is missing is logged, never silent."""
    documents = [*read_written(SETS / "written"), *read_written(SETS / "contrast")]
    if data_path is None:
        _log.warning("no data folder: learning from the articles written for this project alone")
        return documents
    if not data_path.is_dir():
        raise FileNotFoundError(f"data folder {data_path} does not exist (set CREDCHECK_DATA)")
    documents += read_native(data_path / "native" / "train.jsonl")
    documents += read_ntrex(data_path / "ntrex")
    documents += read_public(SETS / "public", data_path / "raw")
    return documents


def read_written(folder: Path) -> Iterator[Document]:
    """The articles written for this project. Files named `development-*` never train a model."""
    for path in sorted(folder.glob("*.jsonl")):
        for row in _rows(path):
            yield Document(
                id=row["id"],
                group=row["id"],
                corpus="written",
                language=row["language"],
                licence="Apache-2.0",
                sentences=_labelled(row["sentences"]),
                has_headline=row["has_headline"],
                development_only=path.name.startswith("development-"),
            )


def read_native(path: Path) -> Iterator[Document]:
    """News in its own language; a title is context without a label."""
    for row in _rows(path):
        corpus = row["id"].split("/")[0]
        sentences = _labelled(row["sentences"])
        if row["title"]:
            sentences = (LabelledSentence(row["title"], "", has_evidence=False), *sentences)
        yield Document(
            id=row["id"],
            group=_parallel_group(row["id"]),
            corpus="native",
            language=row["lang"],
            licence=row["licence"],
            sentences=sentences,
            has_headline=bool(row["title"]),
            development_only=forbids_commercial_use(corpus, row["licence"]),
        )


def read_ntrex(folder: Path) -> Iterator[Document]:
    """Every NTREX document in every language; evidence spans exist for the English text alone."""
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        labels = list(csv.DictReader(file, delimiter="\t", quoting=csv.QUOTE_NONE))
    for path in sorted(folder.glob("*.txt")):
        lines = path.read_text(encoding="utf-8").split("\n")
        is_source = path.stem == "eng"
        by_document: dict[str, list[LabelledSentence]] = defaultdict(list)
        for label in labels:
            spans = (
                (label["source"], label["cue"], label["source_type"]) if is_source else ("",) * 3
            )
            text = lines[int(label["row"])].strip()
            by_document[label["document"]].append(
                LabelledSentence(text, label["status"], *spans, has_evidence=is_source)
            )
        for name, sentences in by_document.items():
            yield Document(
                id=f"ntrex/{name}/{path.stem}",
                group=f"ntrex/{name}",
                corpus="ntrex",
                language=path.stem,
                licence="CC BY-SA 4.0",
                sentences=tuple(sentences),
                has_headline=True,
            )


def read_public(folder: Path, raw: Path) -> Iterator[Document]:
    """Join labels by id to the texts in `raw`; logs what cannot be found or has changed."""
    labels = {row["id"]: row for path in sorted(folder.glob("*.jsonl")) for row in _rows(path)}
    corpora = sorted({document.split("/")[0] for document in labels})
    n_missing = n_changed = 0
    for corpus in corpora:
        path = raw / f"{corpus}.jsonl"
        texts = {f"{corpus}/{row['doc_id']}": row for row in _rows(path)} if path.is_file() else {}
        for name, row in labels.items():
            if not name.startswith(corpus + "/"):
                continue
            if name not in texts:
                n_missing += 1
                continue
            document, changed = _join(name, row, texts[name])
            n_changed += changed
            yield document
    if n_missing or n_changed:
        _log.warning(
            "labels of public corpora: %d documents not found in %s, %d sentences changed there",
            n_missing,
            raw,
            n_changed,
        )


def _join(name: str, row: dict, text_row: dict) -> tuple[Document, int]:  # type: ignore[type-arg]
    texts = text_row["sentences"]
    sentences, changed = [], 0
    for number, label in enumerate(row["sentences"]):
        text = texts[number] if number < len(texts) else ""
        if not label or text_hash(text) != label["hash"]:
            changed += bool(label)
            sentences.append(LabelledSentence(text, "", has_evidence=False))
            continue
        spans = [text[slice(*label[key])] if key in label else "" for key in ("source", "cue")]
        sentences.append(
            LabelledSentence(
                text,
                label["status"],
                *spans,
                label.get("source_type", ""),
                # The labels of a translation, read in another language, bring no spans.
                has_evidence=not row.get("projected", False),
            )
        )
    title = text_row.get("title") or ""
    if title:
        sentences.insert(0, LabelledSentence(title, "", has_evidence=False))
    corpus = name.split("/")[0]
    document = Document(
        id=name,
        group=_parallel_group(name),
        corpus="public",
        language=text_row["lang"],
        licence=text_row["licence"],
        sentences=tuple(sentences),
        has_headline=bool(title),
        development_only=forbids_commercial_use(corpus, text_row["licence"]),
    )
    return document, changed


def read_groups(path: Path = SETS / "development.txt") -> frozenset[str]:
    """Groups of documents, one a line: by default those that never train, listed so that the split
    stays when labels are added."""
    if not path.is_file():
        return frozenset()
    return frozenset(path.read_text(encoding="utf-8").split("\n")) - {""}


def split_documents(
    documents: Sequence[Document], listed: frozenset[str]
) -> tuple[list[Document], list[Document]]:
    """Training and development documents; translations of one another stay together."""
    fixed = {document.group for document in documents if document.development_only}
    held = listed | fixed
    training = [document for document in documents if document.group not in held]
    return training, [document for document in documents if document.group in held]


def to_dataset(documents: Iterable[Document]) -> datasets.Dataset:
    """One row a sentence: what baselines and data cards work on."""
    return datasets.Dataset.from_list(
        [
            {
                "document": document.id,
                "group": document.group,
                "corpus": document.corpus,
                "language": document.language,
                "text": sentence.text,
                "before": document.sentences[number - 1].text if number else "",
                "status": sentence.status,
            }
            for document in documents
            for number, sentence in enumerate(document.sentences)
            if sentence.status
        ]
    )


def describe_data(training: Sequence[Document], development: Sequence[Document]) -> dict[str, Any]:
    """How many documents, sentences and labels each side holds; a translation counts once."""
    sides = {}
    for side, documents in (("training", training), ("development", development)):
        counts: dict[str, Any] = {}
        for document in documents:
            if document.corpus == "ntrex" and document.language != "eng":
                continue
            entry = counts.setdefault(
                document.corpus,
                {"documents": 0, "sentences": 0, "languages": set(), "statuses": {}},
            )
            labelled = [sentence.status for sentence in document.sentences if sentence.status]
            entry["documents"] += 1
            entry["sentences"] += len(labelled)
            entry["languages"].add(document.language)
            for status in labelled:
                entry["statuses"][status] = entry["statuses"].get(status, 0) + 1
        for entry in counts.values():
            entry["languages"] = len(entry["languages"])
        if "ntrex" in counts:
            counts["ntrex"]["languages"] = len(
                {document.language for document in documents if document.corpus == "ntrex"}
            )
        sides[side] = counts
    return sides


def digest(documents: Iterable[Document]) -> str:
    """SHA-256 over ids, texts and labels: which data a model was trained on."""
    total = hashlib.sha256()
    for document in sorted(documents, key=lambda document: (document.id, document.language)):
        total.update(document.id.encode())
        for sentence in document.sentences:
            total.update(f"{text_hash(sentence.text)}{sentence.status}".encode())
    return total.hexdigest()


def _rows(path: Path) -> Iterator[dict]:  # type: ignore[type-arg]
    with path.open(encoding="utf-8") as lines:
        for line in lines:
            if line.strip():
                yield json.loads(line)


def _labelled(rows: list[dict]) -> tuple[LabelledSentence, ...]:  # type: ignore[type-arg]
    sentences = []
    for row in rows:
        Status(row["status"])
        if row["source_type"]:
            SourceType(row["source_type"])
        sentences.append(
            LabelledSentence(
                row["text"], row["status"], row["source"], row["cue"], row["source_type"]
            )
        )
    return tuple(sentences)


def _parallel_group(name: str) -> str:
    """PUD, FLORES and SETimes documents are translations of one another."""
    corpus, document = name.split("/", 1)
    if corpus.startswith("pud_"):
        return f"pud/{document}"
    if "_flores_" in corpus:
        return f"flores/{document}"
    if corpus in ("hr_ud_set", "sr_ud_set"):
        return f"set/{document.split('.', 1)[-1].split('.', 1)[-1]}"
    return name
