"""Made-up texts in many languages and scripts → the sentences they split into."""

import time

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from credcheck.segmenter import split_spans

# A double bar stands between two sentences; the white space beside it belongs to the text.
CASES = [
    ("id", "Rapat dimulai pukul 19.30 WIB. ‖Warga menunggu di luar."),
    ("id", "Laporan itu dimuat Kompas.com dan KabarNusa.com. ‖Polisi belum menjawab."),
    ("id", "Dr. Sari dan H. Usman tinggal di Jl. Melati No. 5 Kec. Sukamaju. ‖Mereka bertetangga."),
    ("id", '"Kami siap." ujar Budi di kantornya. ‖Ia tersenyum.'),
    ("id", '"Kami belum tahu," katanya. ‖"Nanti kami kabari."'),
    ("id", "Harganya Rp. 3.500 per kilo. ‖Pembeli mengeluh."),
    ("id", "PT Angin Timur Tbk. (ANGT) merugi. ‖Direksi diganti."),
    ("id", "Toko itu sudah tutup.‖Namun warga tetap datang."),
    ("id", "Acara selesai, Sabtu (4/5). ‖dr. Lina pulang lebih dulu."),
    ("ms", "Encik Karim tiba pada 1 Jun. ‖Mesyuarat pun bermula."),
    ("en", "J. K. Brown met Dr. Hill in the U.S. Navy office. ‖He left at 5 p.m. ‖Nobody spoke."),
    (
        "en",
        "Is it over? ‖No! ‖We wait (for now). ‖Mail a.b@example.com or see www.example.com/x.y.",
    ),
    ("en", "It was arrested on Sept. 3 by Sgt. Cole. ‖Then it rained."),
    ("en", 'She paused... and went on. ‖"Stop!" he said.'),
    ("en", "1. Open the box. ‖2. Close the lid."),
    ("de", "Am 3. Mai sprach Prof. Klein. ‖„Wir kommen.“ ‖Dann ging er."),
    ("de", "Im 19. Jahrhundert stand hier z. B. eine Mühle. ‖Sie brannte ab."),
    ("nl", "Dhr. De Wit kwam om 8.30 uur. ‖Hij zweeg."),
    ("sv", "Mötet hölls den 4. juni bl.a. i Lund. ‖Ingen kom."),
    ("fi", "Kokous alkoi 5. kesäkuuta. ‖Kukaan ei tullut."),
    ("fr", "M. Petit dit : « Je viens. » ‖Puis il part."),
    ("es", "¿Quién llamó? ‖El Sr. Ruiz no lo sabe. ‖¡Qué raro!"),
    ("pt", "A Sra. Lima chegou. ‖O Dr. Melo saiu."),
    ("it", "Il sig. Conti è qui. ‖La porta è chiusa."),
    ("pl", "Dr Nowak mieszka przy ul. Leśnej od 1990 r. w domu. ‖Lubi ciszę."),
    ("cs", "Dne 2. května přišel např. pan Malý. ‖„Dobrý den.“ ‖Odešel."),
    ("hu", "A találkozó 6. napján dr. Kis beszélt. ‖Mindenki figyelt."),
    ("tr", "Prof. Kaya 3. Cadde üzerinde oturuyor. ‖Kimse bilmiyor."),
    ("vi", "TS. Minh đến sớm. ‖Không ai hỏi gì."),
    ("sw", "Bw. Juma alifika jana. ‖Hakuna aliyejua."),
    ("zu", "UMnu. Dube ufikile. ‖eThekwini kuyabanda."),
    ("ru", "А. С. Петров живёт на ул. Садовой. ‖«Он дома?» — спросил сосед. ‖Нет."),
    ("uk", "Проф. Коваль приїхав о 10.15. ‖Усі чекали."),
    ("bg", "Г-н Петров дойде. ‖Вратата беше затворена."),
    ("el", "Πού πήγε ο κ. Νίκου; ‖Δεν ξέρω. ‖Ίσως γύρισε."),
    ("hy", "Նա եկավ տուն։ ‖Հետո գնաց:"),
    ("hy", "Նա ասաց. ես գալիս եմ: ‖Բոլորը լռեցին:"),
    ("ka", "ის მოვიდა სახლში. ‖მერე წავიდა."),
    ("he", "הוא הגיע הביתה. ‖מה קרה? ‖איש לא ידע."),
    ("ar", "وصل د. سامي مساء. ‖هل تحدث؟ ‖لا أحد يعلم."),
    ("fa", "او به خانه رسید. ‖چه شد؟ ‖کسی نمی‌داند."),
    ("ps", "هغه راغی.\u200e \u200e ‖بیا لاړ.\u200e"),
    ("ur", "وہ گھر آیا۔ ‖پھر کیا ہوا؟ ‖کوئی نہیں جانتا۔"),
    ("hi", "डॉ. वर्मा घर आए। ‖क्या हुआ? ‖कोई नहीं जानता।"),
    ("hi", "वह घर आया| ‖फिर सो गया|"),
    ("bn", "সে বাড়ি এল। ‖তারপর ঘুমাল।"),
    ("pa", "ਉਹ ਘਰ ਆਇਆ। ‖ਫਿਰ ਸੌਂ ਗਿਆ।"),
    ("ta", "அவர் வீடு வந்தார். ‖பிறகு தூங்கினார்."),
    ("te", "అతను ఇంటికి వచ్చాడు. ‖తరువాత నిద్రపోయాడు."),
    ("si", "ඔහු ගෙදර ආවේය. ‖පසුව නිදාගත්තේය."),
    ("am", "እሱ ቤት መጣ። ‖ከዚያ ተኛ፡፡ ‖ማን ያውቃል?"),
    ("ti", "ንሱ መጺኡ:: ‖ደቂሱ።"),
    ("my", "သူ အိမ်ပြန်လာသည်။ ‖သူ အိပ်သည်။"),
    ("my", "သူ ျပန္လာသည္။ ‖သူ အိပ္သည္။"),
    ("km", "គាត់មកផ្ទះ។ ‖គាត់គេង។"),
    ("lo", "ລາວມາຮອດເຮືອນ. ‖ລາວນອນ."),
    ("bo", "ཁོ་ཡོང་སོང་། ‖ཁོ་ཉལ་སོང་།"),
    ("dz", "ཁོ་ཁྱིམ་ནང་འོངས་ནུག ‖མོ་ཉལ་ཡོད་པ་ཨིན་མས"),
    ("ja", "彼は帰った。‖「もう寝る。」と言った。‖誰も知らない！"),
    ("zh", "他回家了。‖“我要睡了。”‖谁知道呢？"),
    ("zh-TW", "她說：「天黑了。」‖大家都走了！"),
    ("ko", "그는 집에 왔다. ‖곧 잠들었다."),
    ("mn", "Тэр гэртээ ирэв. ‖Дараа нь унтав."),
    ("th", "เขากลับบ้านตอนค่ำเพราะฝนตกหนักมากในเมืองหลวง ‖อย่างไรก็ตามทุกคนยังรออยู่"),
    ("", "Judul berita tanpa titik\n‖Isi berita dimulai.\r\n‖Baca Juga\u2028‖Selesai"),
    ("", "Er kam am 3. mai zurück. ‖他回家了。‖वह आया। ‖Он ушёл."),
]


@pytest.mark.parametrize(("language", "marked"), CASES)
def test_sentences_end_where_a_reader_would_end_them(language: str, marked: str) -> None:
    pieces = marked.split("‖")
    text = "".join(pieces)
    found = [text[start:end] for start, end in split_spans(text, language)]
    assert found == [piece.strip() for piece in pieces]


def test_empty_text_has_no_sentences() -> None:
    assert split_spans("") == []
    assert split_spans(" \n\t\u3000 ") == []


HOSTILE_TEXT = st.text(
    st.one_of(st.characters(), st.sampled_from(".!?…。।:;|፡»«“”\"'()1aAก། \n\u200f\x00\ud800"))
)


@settings(max_examples=300, deadline=None)
@example("\ud800.\x00 \udfff", "")
@example('." ". .”“.', "de")
@given(HOSTILE_TEXT, st.sampled_from(["", "id", "de", "th", "dz", "hy", "zh-TW", "x"]))
def test_spans_are_in_order_and_hold_every_character(text: str, language: str) -> None:
    position = 0
    for start, end in split_spans(text, language):
        assert position <= start < end <= len(text)
        assert not text[position:start].strip()
        assert not text[start].isspace()
        assert not text[end - 1].isspace()
        position = end
    assert not text[position:].strip()


@pytest.mark.parametrize(
    "text",
    [
        "kata " * 1_000_000,
        "Ini baris.\n" * 100_000,
        "." * 1_000_000,
        '"' * 1_000_000,
        ". " * 100_000,
        '." ' * 100_000,
        "1. A. " * 50_000,
        "ա: " * 100_000,
        "(ก " * 200_000,
        "." + " " * 1_000_000 + "\u200e" * 100_000 + "a",
    ],
    ids=lambda text: repr(text[:6]),
)
def test_hostile_text_takes_linear_time(text: str) -> None:
    started = time.perf_counter()
    split_spans(text)
    # Takes one second on an idle machine; quadratic code would take hours.
    assert time.perf_counter() - started < 30
