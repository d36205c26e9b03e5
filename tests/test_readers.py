"""Files become articles; what cannot be read says why."""

import json
import os
from pathlib import Path

import pyarrow
import pyarrow.parquet
import pytest

from credcheck import (
    Article,
    ArticleReadError,
    Failure,
    Fields,
    UnknownFormatError,
    build_article,
    read_articles,
)
from credcheck.decoding import MAX_FILE_BYTES
from credcheck.readers import READERS, read_file

BODY = "Warga mengungsi sejak pagi.\nPetugas mengirim tenda ke balai desa."


def write(path: Path, content: str | bytes) -> Path:
    if isinstance(content, str):
        path.write_text(content, encoding="utf-8")
    else:
        path.write_bytes(content)
    return path


def only(path: Path, fields: Fields | None = None) -> Article:
    entries = list(read_articles(path, fields))
    assert len(entries) == 1
    assert isinstance(entries[0], Article), entries[0]
    return entries[0]


def failure(path: Path, fields: Fields | None = None) -> Failure:
    entries = list(read_articles(path, fields))
    assert len(entries) == 1
    assert isinstance(entries[0], Failure), entries[0]
    return entries[0]


def test_first_line_without_full_stop_is_the_headline(tmp_path: Path) -> None:
    article = only(write(tmp_path / "a.txt", f"Banjir di Kampung Melati\n\n{BODY}"))
    assert article.title == "Banjir di Kampung Melati"
    assert article.text[: article.headline_end] == article.title
    assert article.id == "a"


def test_first_line_that_is_a_sentence_is_no_headline(tmp_path: Path) -> None:
    article = only(write(tmp_path / "a.txt", BODY))
    assert article.title == ""
    assert article.headline_end == 0


def test_title_given_apart_stands_before_the_body() -> None:
    article = build_article(BODY, id="x", title="Banjir besar")
    assert article.text[article.body_start :] == BODY
    assert article.text[: article.headline_end] == "Banjir besar"


def test_title_that_the_body_repeats_is_not_doubled() -> None:
    article = build_article(f"Banjir besar\n{BODY}", id="x", title="Banjir besar")
    assert article.body_start == 0
    assert article.text.count("Banjir besar") == 1


def test_a_title_that_begins_the_first_sentence_does_not_cut_it() -> None:
    article = build_article("Banjir besar melanda kota.", id="x", title="Banjir besar")
    assert article.text == "Banjir besar\n\nBanjir besar melanda kota."


def test_markdown_of_windows_with_html_inside(tmp_path: Path) -> None:
    source = "---\r\ntags: x\r\n---\r\n# Judul\r\n\r\nIsi <b>tebal</b> ![foto](x.jpg)lagi.\r\n"
    article = only(write(tmp_path / "a.md", source.encode()))
    assert article.title == "Judul"
    assert article.text.endswith("Isi tebal lagi.")


def test_markdown_loses_its_marks_and_keeps_its_words(tmp_path: Path) -> None:
    body = "Isi dengan [tautan](http://x.y) **tebal**.\nLanjut.\n"
    source = f"---\ntags: x\n---\n# Judul *berita*\n\n{body}"
    article = only(write(tmp_path / "a.md", source))
    assert article.title == "Judul berita"
    assert "Isi dengan tautan tebal. Lanjut." in article.text
    assert "http" not in article.text


HTML = """<!doctype html><html lang="id-ID"><head><meta charset="utf-8"><title>Banjir besar</title>
<meta property="og:site_name" content="KabarNusa"><meta property="og:title" content="Banjir besar">
<script type="application/ld+json">{"@context":"https://schema.org","@type":"NewsArticle",
"headline":"Banjir besar","datePublished":"2026-02-03","author":{"@type":"Person",
"name":"Rani Setia"}}</script></head><body>
<nav><a href="/">Beranda</a><a href="/politik">Politik</a></nav><article><h1>Banjir besar</h1>
<p>Warga Kampung Melati mengungsi sejak Senin pagi karena air sungai meluap ke jalan utama.</p>
<p>Kepala desa mengatakan bantuan tenda dan makanan sudah dikirim ke balai desa pada siang hari.</p>
<p>Sungai itu terakhir kali meluap tujuh tahun lalu, ketika tanggul di hulu belum dibangun.</p>
</article><footer>Hak cipta</footer></body></html>"""


def test_html_gives_headline_byline_date_site_and_language(tmp_path: Path) -> None:
    article = only(write(tmp_path / "a.html", HTML))
    assert article.title == "Banjir besar"
    assert article.byline == "Rani Setia"
    assert article.date == "2026-02-03"
    assert article.site == "KabarNusa"
    assert article.language == "id-ID"
    assert "Warga Kampung Melati" in article.text
    assert "Beranda" not in article.text


def test_html_without_dated_evidence_has_no_date(tmp_path: Path) -> None:
    page = HTML.replace('"datePublished":"2026-02-03",', "")
    assert only(write(tmp_path / "a.html", page)).date == ""


def test_html_keeps_the_joiners_inside_persian_words(tmp_path: Path) -> None:
    words = (
        "مقام‌های شهر می‌گویند پل تازه تا پایان هفته برای خودروها باز می‌شود و راه بسته نخواهد ماند."
    )
    for written in (words, words.replace("\u200c", "&zwnj;"), words.replace("\u200c", "&#8204;")):
        body = f"<p>{written}</p><p>{written}</p>"
        page = f"<HTML LANG=fa><body><article>{body}</article></body></html>"
        article = only(write(tmp_path / "a.html", page))
        assert words in article.text
        assert article.language == "fa"


def test_html_without_an_article_is_a_failure(tmp_path: Path) -> None:
    page = "<html><head><title>x</title></head><body><script>1</script></body></html>"
    assert failure(write(tmp_path / "a.html", page)).error == "EmptyArticleError"


def test_hostile_markup_is_a_failure_or_an_article(tmp_path: Path) -> None:
    page = "<div>" * 50_000 + "text" + "<table><tr>" * 2_000
    assert len(list(read_articles(write(tmp_path / "a.html", page)))) == 1


def test_json_holds_one_article_or_a_list(tmp_path: Path) -> None:
    row = {"id": "n1", "judul": "Banjir", "isi": BODY, "lang": "id", "authors": ["A", "B"]}
    article = only(write(tmp_path / "a.json", json.dumps(row)))
    assert (article.id, article.title, article.language) == ("n1", "Banjir", "id")
    assert article.byline == "A, B"
    many = list(read_articles(write(tmp_path / "b.json", json.dumps([row, {"isi": "Dua."}]))))
    assert [entry.id for entry in many] == ["n1", "b-2"]


def test_lists_of_sentences_are_kept_apart_by_line_ends(tmp_path: Path) -> None:
    row = {"doc_id": 7, "sentences": ["Satu tanpa titik", {"text": "Dua."}]}
    article = only(write(tmp_path / "a.json", json.dumps(row)))
    assert article.id == "7"
    assert article.text == "Satu tanpa titik\nDua."


def test_broken_lines_fail_alone(tmp_path: Path) -> None:
    good = json.dumps({"id": "good", "text": BODY})
    lines = [good, '{"text": ', "[1, 2]", '{"text": 5}', '{"other": "x"}', '{"text": " "}', good]
    entries = list(read_articles(write(tmp_path / "a.jsonl", "\n".join(lines) + "\n\n")))
    assert [isinstance(entry, Article) for entry in entries] == [True] + [False] * 5 + [True]
    messages = [entry.message for entry in entries if isinstance(entry, Failure)]
    for number, message in enumerate(messages, start=2):
        assert f"line {number}" in message
    assert "--text-field" in messages[3]


@pytest.mark.parametrize("delimiter", [",", ";", "\t"])
def test_csv_columns_are_found(tmp_path: Path, delimiter: str) -> None:
    rows = [["id", "text", "title"], ["7", '"Air naik, lalu surut."', "Banjir"]]
    content = "\n".join(delimiter.join(row) for row in rows)
    article = only(write(tmp_path / "a.csv", content))
    assert (article.id, article.title) == ("7", "Banjir")
    assert article.text.endswith("Air naik, lalu surut.")


def test_csv_in_a_legacy_encoding(tmp_path: Path) -> None:
    content = "id;text\n1;Die Behörde räumte Fehler ein, später prüfte sie größere Schäden.\n" * 1
    article = only(write(tmp_path / "a.csv", content.encode("cp1252")))
    assert "Behörde räumte" in article.text


def test_csv_whose_accents_come_late(tmp_path: Path) -> None:
    rows = "".join(f"{i};Nur gewöhnliche Wörter.\n".replace("ö", "oe") for i in range(9_000))
    content = (
        "id;text\n" + rows + "last;Die Brücke wurde für Fußgänger gesperrt, größere Schäden.\n"
    )
    *_, last = read_articles(write(tmp_path / "a.csv", content.encode("cp1252")))
    assert isinstance(last, Article)
    assert "Brücke wurde für Fußgänger" in last.text


def test_jsonl_in_utf_16(tmp_path: Path) -> None:
    lines = "\n".join(json.dumps({"id": i, "text": BODY}) for i in range(3))
    entries = list(read_articles(write(tmp_path / "a.jsonl", lines.encode("utf-16"))))
    assert [entry.id for entry in entries] == ["0", "1", "2"]


def test_failures_carry_the_named_id(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", json.dumps({"kode": "K9", "text": ""}))
    assert failure(path, Fields(id="kode")).id == "K9"


def test_missing_column_names_the_columns_that_are_there(tmp_path: Path) -> None:
    message = failure(write(tmp_path / "a.csv", "nomor,naskah\n1,Teks.\n")).message
    assert "nomor, naskah" in message
    assert only(tmp_path / "a.csv", Fields(text="naskah", id="nomor")).id == "1"
    assert "naskahnya" in failure(tmp_path / "a.csv", Fields(text="naskahnya")).message


def test_parquet_columns_are_found(tmp_path: Path) -> None:
    table = pyarrow.table({"id": [1, 2], "text": [BODY, None], "title": ["Banjir", "Kosong"]})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    first, second = read_articles(tmp_path / "a.parquet")
    assert isinstance(first, Article)
    assert isinstance(second, Failure)
    assert (first.id, second.id) == ("1", "2")


def test_a_parquet_file_that_is_none(tmp_path: Path) -> None:
    assert "Parquet" in failure(write(tmp_path / "a.parquet", b"PAR1 not really")).message


@pytest.mark.parametrize("content", ["", " \n\t\n ", "\ufeff", "\u00a0\u3000"])
def test_empty_and_white_space_only(tmp_path: Path, content: str) -> None:
    assert failure(write(tmp_path / "a.txt", content)).error == "EmptyArticleError"


@pytest.mark.parametrize("suffix", [".json", ".jsonl", ".csv", ".html", ".md", ".parquet"])
def test_empty_files_of_other_formats(tmp_path: Path, suffix: str) -> None:
    assert failure(write(tmp_path / f"a{suffix}", b"")).error in (
        "EmptyArticleError",
        "ArticleReadError",
    )


def test_a_header_without_rows_is_a_failure(tmp_path: Path) -> None:
    assert failure(write(tmp_path / "a.csv", "id,text\n")).error == "EmptyArticleError"


def test_a_folder_and_a_pipe_named_like_articles_are_no_articles(tmp_path: Path) -> None:
    (tmp_path / "folder.txt").mkdir()
    os.mkfifo(tmp_path / "pipe.txt")
    for name in ("folder.txt", "pipe.txt"):
        assert "no ordinary file" in failure(tmp_path / name).message


def test_a_damaged_line_of_jsonl_fails_alone(tmp_path: Path) -> None:
    good = json.dumps({"text": BODY}).encode()
    lines = [good, b"\xff\xfe\x00\x81\x00 garbage \x00", good]
    entries = list(read_articles(write(tmp_path / "a.jsonl", b"\n".join(lines))))
    assert [type(entry) for entry in entries] == [Article, Failure, Article]


def test_a_quotation_mark_that_is_never_closed_is_seen(tmp_path: Path) -> None:
    content = 'id,text\n1,Satu dua tiga.\n2,"Empat lima\n3,Enam tujuh.\n'
    entries = list(read_articles(write(tmp_path / "a.csv", content)))
    assert [type(entry) for entry in entries] == [Article, Failure]
    assert "row 2" in entries[1].message  # type: ignore[union-attr]


def test_bad_cells_of_parquet_fail_alone(tmp_path: Path) -> None:
    texts = pyarrow.array([b"Satu dua tiga.", b"\xff\xfe", b"Empat lima."])
    table = pyarrow.table({"text": texts.cast(pyarrow.string(), safe=False)})
    pyarrow.parquet.write_table(table, tmp_path / "a.parquet")
    entries = list(read_articles(tmp_path / "a.parquet"))
    assert [type(entry) for entry in entries] == [Article, Failure, Article]


def test_sentences_that_are_none_are_left_out(tmp_path: Path) -> None:
    rows = [{"sentences": [None, "Satu.", {"text": None}]}, {"sentences": [3]}]
    first, second = read_articles(write(tmp_path / "a.json", json.dumps(rows)))
    assert isinstance(first, Article)
    assert first.text == "Satu."
    assert isinstance(second, Failure)


def test_old_line_ends_part_a_headline_from_its_text(tmp_path: Path) -> None:
    assert only(write(tmp_path / "a.txt", b"Judul berita\rHujan turun.\r")).title == "Judul berita"


def test_html_inside_markdown_and_tables_are_words(tmp_path: Path) -> None:
    source = "<p>Isi <b>blok</b></p>\n\n| a | b |\n|---|---|\n| satu | dua |\n"
    text = only(write(tmp_path / "a.md", source)).text
    assert text.split() == ["Isi", "blok", "a", "b", "satu", "dua"]


def test_unknown_suffix_names_the_known_ones(tmp_path: Path) -> None:
    found = failure(write(tmp_path / "a.docx", "x"))
    assert found.error == "UnknownFormatError"
    assert all(suffix in found.message for suffix in READERS)


def test_a_file_that_is_too_large_says_the_limit(tmp_path: Path) -> None:
    path = tmp_path / "a.txt"
    with path.open("wb") as file:
        file.truncate(MAX_FILE_BYTES + 1)
    assert "64 MB" in failure(path).message


def test_a_file_that_vanished_is_a_failure(tmp_path: Path) -> None:
    assert failure(tmp_path / "gone.txt").error == "ArticleReadError"


def test_read_file_wants_exactly_one_article(tmp_path: Path) -> None:
    path = write(tmp_path / "a.jsonl", (json.dumps({"text": BODY}) + "\n") * 2)
    with pytest.raises(ArticleReadError, match="several articles"):
        read_file(path)
    with pytest.raises(UnknownFormatError):
        read_file(tmp_path / "a.docx")
