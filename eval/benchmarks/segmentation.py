"""NTREX-128 lines → boundary F1 of our sentence splitting beside ICU's, language by language.

The lines of each document are joined to one text and split again. Boundary F1 compares the
offsets where sentences end with the offsets where lines ended; the last end of a document is
left out, since nobody can miss it. Headlines end without a mark and count like any line.
Documents are halved by sorted name: rules are tuned on the even ones, reported on the odd ones.
"""

import argparse
import csv
import json
import os
import sys
from collections.abc import Callable, Iterable, Sequence
from pathlib import Path

import icu4py.breakers

from credcheck.segmenter import split_spans

# Chinese and Japanese put nothing between sentences. Thai, Lao, Khmer and Burmese write a space
# there, though none between words, and Tibetan and Dzongkha write one behind the shad.
JOINED_BY_NOTHING = frozenset({"jpn", "yue", "zho-CN", "zho-TW"})

# NTREX names languages by ISO 639-3, BCP 47 by the two-letter code where there is one.
_SHORT_TAGS = dict(
    pair.split("=")
    for pair in [
        "afr=af",
        "amh=am",
        "arb=ar",
        "aze=az",
        "bak=ba",
        "bel=be",
        "ben=bn",
        "bod=bo",
        "bos=bs",
        "bul=bg",
        "cat=ca",
        "ces=cs",
        "cym=cy",
        "dan=da",
        "deu=de",
        "div=dv",
        "dzo=dz",
        "ell=el",
        "eng=en",
        "est=et",
        "eus=eu",
        "ewe=ee",
        "fao=fo",
        "fas=fa",
        "fij=fj",
        "fin=fi",
        "fra=fr",
        "gle=ga",
        "glg=gl",
        "guj=gu",
        "hau=ha",
        "heb=he",
        "hin=hi",
        "hrv=hr",
        "hun=hu",
        "hye=hy",
        "ibo=ig",
        "ind=id",
        "isl=is",
        "ita=it",
        "jpn=ja",
        "kan=kn",
        "kat=ka",
        "kaz=kk",
        "khm=km",
        "kin=rw",
        "kir=ky",
        "kmr=ku",
        "kor=ko",
        "lao=lo",
        "lav=lv",
        "lit=lt",
        "ltz=lb",
        "mal=ml",
        "mar=mr",
        "mkd=mk",
        "mlg=mg",
        "mlt=mt",
        "mon=mn",
        "mri=mi",
        "msa=ms",
        "mya=my",
        "nde=nd",
        "nep=ne",
        "nld=nl",
        "nno=nn",
        "nob=nb",
        "nya=ny",
        "orm=om",
        "pan=pa",
        "pol=pl",
        "por=pt",
        "prs=fa",
        "pus=ps",
        "ron=ro",
        "rus=ru",
        "sin=si",
        "slk=sk",
        "slv=sl",
        "smo=sm",
        "sna=sn",
        "snd=sd",
        "som=so",
        "spa=es",
        "sqi=sq",
        "srp=sr",
        "ssw=ss",
        "swa=sw",
        "swe=sv",
        "tah=ty",
        "tam=ta",
        "tat=tt",
        "tel=te",
        "tgk=tg",
        "tha=th",
        "tir=ti",
        "ton=to",
        "tsn=tn",
        "tuk=tk",
        "tur=tr",
        "uig=ug",
        "ukr=uk",
        "urd=ur",
        "uzb=uz",
        "ven=ve",
        "vie=vi",
        "wol=wo",
        "xho=xh",
        "yor=yo",
        "zho=zh",
        "zul=zu",
    ]
)


def to_language_tag(name: str) -> str:
    """The BCP 47 tag of an NTREX file name: 'zho-TW' → 'zh-TW', 'yue' → 'yue'."""
    first, _, rest = name.partition("-")
    return "-".join(part for part in (_SHORT_TAGS.get(first, first), rest) if part)


def read_documents(folder: Path, language: str, names: Iterable[str]) -> list[list[str]]:
    """The lines of the named documents, one list a document, in the order of the corpus."""
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        owners = [row["document"] for row in csv.DictReader(file, delimiter="\t", quoting=3)]
    # Only "\n" ends a line here: a few lines hold U+2028 or U+0085.
    lines = (folder / f"{language}.txt").read_text(encoding="utf-8").split("\n")[: len(owners)]
    documents: dict[str, list[str]] = {name: [] for name in names}
    for owner, line in zip(owners, lines, strict=True):
        if owner in documents and line.strip():
            documents[owner].append(" ".join(line.split()))
    return list(documents.values())


def find_document_names(folder: Path, half: str) -> list[str]:
    """The documents of a half, by sorted name: even places to tune on, odd ones to report."""
    with (folder / "labels.tsv").open(encoding="utf-8", newline="") as file:
        names = sorted({row["document"] for row in csv.DictReader(file, delimiter="\t", quoting=3)})
    return names[0::2] if half == "tune" else names[1::2]


def join_lines(lines: Sequence[str], separator: str) -> tuple[str, set[int]]:
    """One text, and the offsets where its lines end but for the last."""
    ends, position = set(), 0
    for line in lines[:-1]:
        position += len(line)
        ends.add(position)
        position += len(separator)
    return separator.join(lines), ends


def find_ends_icu(text: str, language: str) -> list[int]:
    """Where ICU's sentence BreakIterator ends its sentences, white space behind them left out."""
    ends, position = [], 0
    for sentence in icu4py.breakers.SentenceBreaker(text, language or "root"):
        ends.append(position + len(sentence.rstrip()))
        position += len(sentence)
    return ends


def find_ends_ours(text: str, language: str) -> list[int]:
    """Where credcheck ends its sentences."""
    return [end for _, end in split_spans(text, language)]


def find_ends_untagged(text: str, language: str) -> list[int]:
    """Where credcheck ends its sentences when nobody tells it the language."""
    return [end for _, end in split_spans(text)]


SPLITTERS: dict[str, Callable[[str, str], list[int]]] = {
    "credcheck": find_ends_ours,
    "credcheck_untagged": find_ends_untagged,
    "icu4py": find_ends_icu,
}


def measure_language(folder: Path, language: str, names: Sequence[str]) -> dict[str, float]:
    """Boundary F1 (share 0-1) of every splitter over the documents, counts added up."""
    separator = "" if language in JOINED_BY_NOTHING else " "
    counts = {splitter: [0, 0, 0] for splitter in SPLITTERS}
    for lines in read_documents(folder, language, names):
        text, gold = join_lines(lines, separator)
        for splitter, find_ends in SPLITTERS.items():
            found = set(find_ends(text, to_language_tag(language))) - {len(text)}
            for place, number in enumerate((len(found & gold), len(found), len(gold))):
                counts[splitter][place] += number
    return {
        splitter: 2 * hits / (n_found + n_gold) if hits else 0.0
        for splitter, (hits, n_found, n_gold) in counts.items()
    }


def to_table(scores: dict[str, dict[str, float]]) -> str:
    """A Markdown table: a row a language, F1 in hundredths, the means in the last row."""
    rows = ["| language | " + " | ".join(SPLITTERS) + " |", "|---" * (len(SPLITTERS) + 1) + "|"]
    means = {name: sum(row[name] for row in scores.values()) / len(scores) for name in SPLITTERS}
    for language, row in [*scores.items(), (f"mean of {len(scores)}", means)]:
        figures = " | ".join(f"{100 * row[name]:.1f}" for name in SPLITTERS)
        rows.append(f"| {language} | {figures} |")
    return "\n".join(rows)


def main(argv: Sequence[str] | None = None) -> int:
    """Measure, print the table, write the scores where asked; 2 when there is no data."""
    parser = argparse.ArgumentParser(description=__doc__.splitlines()[0])
    default = os.environ.get("CREDCHECK_DATA")
    parser.add_argument(
        "--data", default=default, help="folder that holds ntrex/ ($CREDCHECK_DATA)"
    )
    parser.add_argument("--half", choices=("tune", "report"), default="report")
    parser.add_argument("--language", action="append", help="an NTREX name such as ind; repeatable")
    parser.add_argument("--out", type=Path, help="write the scores to this JSON file")
    arguments = parser.parse_args(argv)
    folder = Path(arguments.data or "data") / "ntrex"
    if not (folder / "labels.tsv").is_file():
        print(f"{folder} holds no labels.tsv; name the data folder with --data", file=sys.stderr)
        return 2
    names = find_document_names(folder, arguments.half)
    languages = arguments.language or sorted(path.stem for path in folder.glob("*.txt"))
    scores = {name: measure_language(folder, name, names) for name in languages}
    print(to_table(scores))
    if arguments.out:
        record = {"half": arguments.half, "n_documents": len(names), "boundary_f1": scores}
        arguments.out.write_text(json.dumps(record, indent=1) + "\n", encoding="utf-8")
    return 0


if __name__ == "__main__":
    raise SystemExit(main())
