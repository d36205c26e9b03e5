"""INCEpTION's UIMA CAS XMI → labelled articles, and results → CAS for pre-annotation.

Two layers are used: `webanno.custom.AttributionStatus` with the feature `status`, a span for each
sentence, and `webanno.custom.AttributionEvidence` with `kind` (`source`, `cue`) and `source_type`.
Any layer with a feature `status`, or `kind`, is read. Needs the extra `inception` (dkpro-cassis,
which also turns the UTF-16 offsets of UIMA into code points).
"""

import io
import zipfile
import zlib
from collections.abc import Iterator
from dataclasses import replace
from pathlib import Path
from typing import Any

from credcheck.errors import LabelledSetError
from credcheck.evaluation.labelled import (
    EvidenceSpan,
    LabelledArticle,
    LabelledSentence,
    LabelNames,
    attach_evidence,
    find_source_type,
)
from credcheck.evaluation.own_formats import to_article
from credcheck.records import Result, Span

STATUS_LAYER = "webanno.custom.AttributionStatus"
EVIDENCE_LAYER = "webanno.custom.AttributionEvidence"
_TYPES = "TypeSystem.xml"
_METADATA = "de.tudarmstadt.ukp.dkpro.core.api.metadata.type.DocumentMetaData"
_MAX_BYTES = 200_000_000
"""Unpacked size of a zip: an article has far less, a zip bomb more."""
_STRING = "uima.cas.String"


def read_inception(path: Path, names: LabelNames) -> Iterator[LabelledArticle]:
    """Articles of an `.xmi` with `TypeSystem.xml` beside it, of a `.zip` that holds both, or of a
    folder of either."""
    files = sorted(path.rglob("*")) if path.is_dir() else [path]
    by_id: dict[str, list[LabelledArticle]] = {}
    for file in files:
        if file.suffix.lower() not in (".xmi", ".zip"):
            continue
        # In a project's export a document is a folder with a file for each annotator.
        is_of_annotator = path.is_dir() and file.parent != path
        id, annotator = (file.parent.name, file.stem) if is_of_annotator else (file.stem, "")
        if file.suffix.lower() == ".zip":
            articles = list(_read_zip(file, id, names))
        else:
            types = file.parent / _TYPES
            if not types.is_file():
                raise LabelledSetError(f"{file}: no {_TYPES} beside it: export both")
            articles = [_read_cas(file.read_bytes(), types.read_bytes(), id, str(file), names)]
        for article in articles:
            by_id.setdefault(article.id, []).append(replace(article, labels_by=annotator))
    for versions in by_id.values():
        yield _join(versions)


def _join(versions: list[LabelledArticle]) -> LabelledArticle:
    """One article of what several annotators made of it; the first by name is measured on."""
    first, *rest = [version for version in versions if version.sentences] or versions[:1]
    for other in rest:
        if other.text != first.text or not other.labels_by:
            raise LabelledSetError(f"{other.place}: the id {first.id!r} was given before, at "
                                   f"{first.place}")  # fmt: skip
    return replace(first, others={other.labels_by: other.sentences for other in rest})


def write_cas(result: Result) -> tuple[bytes, bytes]:
    """The article with its statuses and evidence as XMI, and the type system that it needs."""
    cassis = _load_cassis()
    types = cassis.TypeSystem()
    status = types.create_type(name=STATUS_LAYER, supertypeName="uima.tcas.Annotation")
    types.create_feature(domainType=status, name="status", rangeType=_STRING)
    evidence = types.create_type(name=EVIDENCE_LAYER, supertypeName="uima.tcas.Annotation")
    for name in ("kind", "source_type"):
        types.create_feature(domainType=evidence, name=name, rangeType=_STRING)
    # XML 1.0 has no place for most control characters; one character for one, so offsets stay.
    text = "".join(c if c.isprintable() or c in "\t\n\r" else _printable(c) for c in
                   result.article.text)  # fmt: skip
    cas = cassis.Cas(
        typesystem=types, sofa_string=text, document_language=result.profile.language or None
    )
    for judgement in result.judgements:
        sentence = judgement.sentence
        cas.add(status(begin=sentence.start, end=sentence.end, status=str(judgement.status)))
        found = judgement.evidence
        if found.source:
            kind = str(found.source_type or "")
            cas.add(
                evidence(
                    begin=found.source.start, end=found.source.end, kind="source", source_type=kind
                )
            )
        if found.cue:
            cas.add(evidence(begin=found.cue.start, end=found.cue.end, kind="cue"))
    return cas.to_xmi().encode("utf-8"), types.to_xml().encode("utf-8")


def _printable(character: str) -> str:
    point = ord(character)
    is_allowed = 0x20 <= point <= 0xD7FF or 0xE000 <= point <= 0xFFFD or point >= 0x10000
    return character if is_allowed else "\ufffd"


def _read_zip(path: Path, id: str, names: LabelNames) -> Iterator[LabelledArticle]:
    try:
        with zipfile.ZipFile(path) as archive:
            members = {member.filename: member for member in archive.infolist()}
            if sum(member.file_size for member in members.values()) > _MAX_BYTES:
                raise LabelledSetError(f"{path} unpacks to over {_MAX_BYTES / 1e6:.0f} MB")
            types = [name for name in members if name.rsplit("/", 1)[-1] == _TYPES]
            documents = [name for name in members if name.endswith(".xmi")]
            if not types or not documents:
                raise LabelledSetError(f"{path}: no .xmi with a {_TYPES} in it")
            for name in documents:
                stem = id if len(documents) == 1 else Path(name).stem
                yield _read_cas(
                    archive.read(name), archive.read(types[0]), stem, f"{path}:{name}", names
                )
    # Encrypted, of an unknown method, or broken inside: each says so in its own way.
    except (zipfile.BadZipFile, OSError, RuntimeError, zlib.error) as error:
        raise LabelledSetError(f"{path} is no zip file that can be read: {error}") from error


def _read_cas(xmi: bytes, types: bytes, id: str, place: str, names: LabelNames) -> LabelledArticle:
    cassis = _load_cassis()
    for data in (xmi, types):
        # Entities are how XML reads other files; neither file needs a document type.
        if b"<!DOCTYPE" in data.replace(b"\x00", b""):
            raise LabelledSetError(f"{place}: a document type declaration is not accepted")
    try:
        system = cassis.load_typesystem(io.BytesIO(types))
        cas = cassis.load_cas_from_xmi(io.BytesIO(xmi), typesystem=system, lenient=True)
        text = str(cas.sofa_string or "")
        layers = {name: _layers(system, name) for name in ("status", "kind")}
        marked = {key: [a for layer in found for a in cas.select(layer)]
                  for key, found in layers.items()}  # fmt: skip
        language = _language(cas, system)
    # The library lets errors of XML, of types and of missing features through as they come.
    except Exception as error:
        raise LabelledSetError(f"{place} cannot be read as UIMA CAS: {error}") from error
    if not layers["status"]:
        raise LabelledSetError(
            f"{place}: no layer has a feature 'status'; credcheck's is {STATUS_LAYER}"
        )
    sentences = []
    for annotation in marked["status"]:
        if not annotation.status:
            continue
        status = names.find(annotation.status, f"{place}, {annotation.begin}-{annotation.end}")
        if status is not None:
            sentences.append(LabelledSentence(annotation.begin, annotation.end, status))
    evidence = [
        EvidenceSpan(
            str(annotation.kind).lower(),
            Span(annotation.begin, annotation.end, text[annotation.begin : annotation.end]),
            find_source_type(getattr(annotation, "source_type", ""), place),
        )
        for annotation in sorted(marked["kind"], key=lambda annotation: annotation.begin)
        if str(annotation.kind).lower() in ("source", "cue")
    ]
    row = {"id": id, "language": language}
    return to_article(row, text, attach_evidence(sentences, evidence), place)


def _layers(system: Any, feature: str) -> list[str]:
    """Names of the annotation layers that have a feature."""
    return [
        layer.name
        for layer in system.get_types()
        if any(entry.name == feature for entry in layer.all_features)
        and layer.get_feature("begin") is not None
    ]


def _language(cas: Any, system: Any) -> str:
    if system.contains_type(_METADATA):
        for entry in cas.select(_METADATA):
            if getattr(entry, "language", "") not in ("", None, "x-unspecified"):
                return str(entry.language)
    language = cas.document_language
    return "" if language in (None, "x-unspecified") else str(language)


def _load_cassis() -> Any:
    try:
        import cassis
    except ImportError as error:
        raise LabelledSetError(
            "INCEpTION's files need dkpro-cassis; run: pip install 'credcheck[inception]'"
        ) from error
    return cassis
