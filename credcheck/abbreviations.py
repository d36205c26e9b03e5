"""Words that show where sentences end, language by language → tables for the segmenter.

Abbreviations stand without their last full stop, divided by spaces. An entry in lower case also
matches with a capital; an entry with a capital matches only as written, which keeps the title
`H.` apart from a sentence that ends in `h.`. The empty language holds what every language
borrows. A language that is not listed gets those, an unknown one the union of all.
"""

import re
from collections.abc import Mapping
from functools import cache
from typing import NamedTuple


class Abbreviations(NamedTuple):
    """What a full stop after a word means, when the word is one of these."""

    inside: frozenset[str]
    """Always followed by more of the sentence: titles, streets, months."""
    before_number: frozenset[str]
    """Inside a sentence when a number follows: No. 5, p. 12."""
    closing: frozenset[str]
    """May end a sentence; only a word that often begins one tells: Inc., Jr., U.S."""


_INSIDE: Mapping[str, str] = {
    "": "mr mrs dr prof vs approx incl mnu dkt phrof v Ms St Messrs Mme Mlle Mgr Rev Hon Gov Gen "
    "Sen "
    "Rep Lt Col Capt Sgt Cpl Maj Adm Cmdr Fr Sr Ph Mt Nks Nkk Ch Sh Th Zh Dž Yu EE",
    "en": "pres supt det insp dept univ assn bros no.s ave blvd rd gov.-gen attys atty hrs e.g i.e",
    "id": "dr drs dra drg ir prof hj H Hj KH K.H Tgk Tn Ny Nn sdr sdri bpk yth Kec Kab Kel Ds Dsn "
    "Prov Jl Jln Jend Let.Jen Letjen Mayjen Brigjen Kol Kapt Serda Sertu Serka Aipda Bripka Kompol "
    "AKP AKBP PT CV UD Fa Tb R Rr R.A St a.n u.b u.p d.a d.h s.d c.q cq bhs dgn yg utk tsb thd "
    "pd krn a.l ybs Moh Muh Muhd Abd I Gst Ust Us Hb Habib Sr Pdt Pst gg Gd Kep Pol",
    "ms": "dr prof en pn cik dato Dato datuk Hj Jln Kg Tn sdr Sdn YB YAB Tkt bhg",
    "de": "Hl hl fr frl dipl ing mag bzw ca evtl ggf inkl exkl max min sog z.b z d.h d u.a u v.a "
    "usf vgl str mio mrd tsd st geb gest bes insb allg "
    "zzgl abzgl ehem gen jr a i o rd röm kath ev dt engl franz lat Abs Nr Art",
    "nl": "dhr mevr mw ir ing drs mr ds bijv bv o.a d.w.z m.b.t i.v.m t.a.v z.g zgn ca incl excl "
    "resp nl jl jhr prof st mln mld",
    "af": "mnr mev me dr prof ds bv bl d.w.s ens asook o.a m.a.w nl sg ca gl adv kol kapt genl",
    "sv": "bl.a t.ex d.v.s dvs s.k resp fr.o.m t.o.m ca st kl tel f.d m.fl milj mdr inkl exkl prof",
    "da": "bl.a f.eks dvs d.v.s ca hr fr kl tlf mio mia jf inkl ekskl pga vedr st skt "
    "ift mht prof cand adm",
    "no": "bl.a f.eks dvs d.v.s ca hr fr kl tlf mill mrd jf inkl ekskl pga vedr st ift mht prof",
    "is": "frk frú t.d þ.e.a.s þ.e m.a u.þ.b hr fr sr kl skv sbr bls dr nr gr a.m.k t.a.m millj "
    "u.þ.b",
    "fo": "t.d v.m. hr fr kl o.a m.a",
    "fi": "esim mm ts n k.o ko em tri prof ent nk klo puh milj mrd jne.e ns",
    "et": "nt s.t st hr pr prl dr prof lk mln mld nn",
    "lv": "sv piem t.i t.s u.c g k-gs k-dze dr prof plkst tūkst milj",
    "lt": "pvz t.y t p pan prof dr doc kun šv vad vid g m d val tūkst mln mlrd lot angl rus Nr A",
    "fr": "m mm mme mlle mgr me dr pr prof st ste av bd boul éd env cf p.ex c.-à-d ndlr vol art",
    "es": "sr sra srta sres d dª dña dr dra lic ing arq prof profa gral cnel cap av avda ud uds vd "
    "p.ej ej aprox núm EE gob pdte c/ Sto Sta mons fr pbro",
    "pt": "sr sra srta srs dr dra drª prof profª eng exmo exma d av r pe gen cel cap sgt p.ex ex "
    "aprox núm tel Sto Sta dep sen gov",
    "gl": "sr sra srta dr dra prof d dna av p.ex aprox núm",
    "ca": "sr sra srta dr dra prof av p.ex aprox núm c pl tel St Sta EUA EE",
    "it": "sig sigg dott dott.ssa prof prof.ssa avv ing arch on geom rag mons ecc.mo egr gent gen "
    "col "
    "cap p.es ad es c.so v.le p.za gen sett St S",
    "ro": "dl d-l dna dr prof ing conf lect str bd nr art cca aprox noi gen col",
    "mt": "sur sra dr prof perit onor eż",
    "cy": "mr mrs dr prof parch",
    "ga": "tuas uas urram an.t dr m.sh .i",
    "eu": "jn and dk dra prof adib etab",
    "sq": "z znj dr prof p.sh d.m.th etj.e nr",
    "pl": "p pp dr hab inż mgr prof ks św bp abp o im ul al pl os gen płk ppłk mjr kpt por sierż "
    "tzn tzw np m.in in.t ok r.ż ds dot wg tys mln mld godz tel zob por śp red lek pow woj gm a",
    "cs": "p pí sl dr mudr judr ing mgr bc phdr rndr prof doc csc sv ul nám tř např tzv tj tzn mj "
    "resp popř event cca ca čes angl něm lat mil mld tis hod plk gen kpt por npor st ml vč č str",
    "sk": "p sl dr mudr judr ing mgr bc phdr rndr prof doc sv ul nám napr tzv tj resp popr cca "
    "mil mld tis hod plk gen kpt por npor ml vrát č str",
    "sl": "g ga gdč dr mag prof doc sv ul npr t.i tj oz ipd.e ca mio mrd tis st inž dipl",
    "hr": "engl njem franc lat velš insp rev g gđi gđu gđom gđa gđica dr mr prof doc sv ul npr "
    "tzv tj odn oko cca mil mlrd tis inž dipl akad čl st "
    "al gosp mons fra fr don",
    "sr": "г гђа гђица др мр проф доц св ул нпр тзв тј одн цца мил млрд инж дипл акад чл ст "
    "g gđa gđica dr mr prof doc sv ul npr tzv tj odn cca mil mlrd inž dipl akad čl st",
    "mk": "г г-дин д-р проф доц св ул нпр т.н т.е т.ж мил инж чл ст бр",
    "bg": "г-н г-жа д-р проф доц инж акад св ул бул ж.к напр т.нар т.е т.ч млн млрд хил гр с обл "
    "о.з ген полк чл ал стр ок",
    "ru": "г гг гл ул пр просп пер пл д кв им проф доц акад чл св т.е т.н т.к т.ч тов гр ген полк "
    "подп кап лейт о обл р пос дер млн млрд тыс руб.е тел см ср напр рис стр ст п пп ок др.е м н "
    "англ нем фр лат рус укр",
    "uk": "м р.н вул просп пров пл буд кв ім проф доц акад св т.зв т.д.е гр ген полк обл с смт пос "
    "млн млрд тис тел див напр рис стор ст п пп ред англ нім фр лат рос укр о",
    "be": "г вул пр пл д кв ім праф дац акад св г.зн гр ген палк вобл в млн млрд тыс тэл гл напр "
    "стар арт п пп анг ням фр рус ч",
    "kk": "т.б.е ж.ж проф акад млн млрд мың тел обл",
    "mn": "т.х д-р проф акад",
    "el": "κ κκ κα δρ καθ π.χ π.μ.e βλ αρ σελ οδ λεωφ αγ Αγ Στρ εκ δισ τηλ δηλ παρ υπ τ.μ",
    "tr": "dr prof doç av sn op uzm yrd müh arş gör öğr org kor tuğg alb yb yzb bşk hz cad sok mah "
    "apt no blv bkz örn yy çev ed alm ing fr yun ar st",
    "az": "dr prof akad dos m.s c küç pr məs şəh rus ing",
    "uz": "prof dots akad mas",
    "tk": "prof dr",
    "hu": "dr prof ifj id özv szt pl ill kb ún stb.e u bp ker vö ti ford szerk ",
    "vi": "TS ThS PGS GS BS KS TP Q P Tp ThS.BS Th.S ĐH",
    "fil": "bb gng gg g dr kgg sen rep atty engr hen sto sta brgy pn",
    "sw": "bw bi dk prof mh Mhe k.m n.k yaani",
    "so": "md dr mudane",
    "hi": "मिस मिसेज रेव सेन ए बी सी डी एफ जी एच जे एल एम एन पी एस टी यू वी डॉ डा श्री श्रीमती कु "
    "प्रो पं स्व एड मि मो मु रु सं चौ ले कै",
    "mr": "मि मिस रेव ले सेन पी बी सी डी जे एल एम एन एस टी यू व्ही डॉ श्री श्रीमती प्रा पं स्व ॲड "
    "अॅड मा रु क्र सौ कै",
    "ne": "डा प्रा श्री स्व रु नं ई पं वि.सं",
    "bn": "রেভ মিস মিসেস ডা ড মো মোঃ প্রফ সা অধ্যা মি মোসা বি.দ্র নং",
    "ta": "திருமிகு மிஸ் பி சி டி ஜே எல் எம் என் எஸ் வி திரு டாக்டர் பேரா செல்வி ரூ மு டாக் திருமதி",
    "te": "మి మిస్ రెవ్ పి బి సి డి జె ఎల్ ఎం ఎన్ ఎస్ టి వి డా శ్రీ ప్రొ రూ శ్రీమతి",
    "kn": "ಮಿ ಮಿಸ್ ರೆವ್ ಪಿ ಬಿ ಸಿ ಡಿ ಜೆ ಎಲ್ ಎಂ ಎನ್ ಎಸ್ ಟಿ ವಿ ಡಾ ಶ್ರೀ ಪ್ರೊ ರೂ ಶ್ರೀಮತಿ ಕು",
    "ml": "മിസ് മി റവ പി ബി സി ഡി ജെ എൽ എം എൻ എസ് ടി വി ഡോ ശ്രീ പ്രൊ രൂ അഡ്വ കെ",
    "gu": "મિ મિસ રેવ રેપ સેન જે પી બી સી ડી એલ એમ એન એસ યુ ડો ડૉ શ્રી પ્રો રૂ શ્રીમતી કુ મો",
    "pa": "ਡਾ ਸ ਸ੍ਰੀ ਪ੍ਰੋ ਮਿ ਰੁ",
    "si": "ආචාර්ය මහා රු වෛද්‍ය",
    "dv": "މރ މިސް ސޓ ރެވް ރެޕް ޑރ އޭ",
    "am": "ዶር ሚር ሚስ ሴን ፕሮፌ ለሚር",
    "ti": "ዶር ፕሮፌ",
    "ckb": "د دکتۆر پ",
    "ar": "د أ م ص ت ب هـ ق.م",
    "he": "ד״ר פרופ מר גב עו״ד",
    "fa": "ص ق.م ه.ش",
    "hy": "դոկտ պրոֆ թ",
    "ka": "დოქ დოქტ პროფ წმ ბ-ნი ქ-ნი მაგ ე.ი ე.წ დაახლ",
    "th": "ดร นาย พล.อ พล.ต.อ พล.ต.ท พล.ต.ต พ.ต.อ พ.ต.ท ร.ต.อ น.ส ศ รศ ผศ พ.ศ ค.ศ อ จ ต กม",
    "lo": "ທ ດຣ ທ່ານ ສປ.ປ",
}

_BEFORE_NUMBER = (
    "janv févr febr avr apr abr márc ápr jún júl juill set okt ott déc янв фев апр авг сент окт "
    "нояб "
    "дек no nos nr nrs num núm nº op opus pp p pg pgs art arts fig figs vol chap ch sec sect para "
    "tab "
    "ref eq tel ext hal hlm tgl thn th jam pkl pkul rp rs ps psl pasal bab ay kav blok rt rw km "
    "art abs ziff kap bd s str seite jh ul č čl str čís bod odst br stb t st ст п ч № рис гл стр "
    "табл с т д кв д-р sh nn sayfa sy md ünite m mad jan feb mar apr jun jul aug agu sep sept "
    "oct okt oktober nov dec des des dez ago abr ene dic d f v circ ca c approx cap cca ок около "
    "к rd "
    "αρ σελ άρθ նկ ֏ अनु रु रू सं क्र रु. ரூ రూ ರೂ രൂ રૂ ৳ ص ج"
)

_CLOSING = (
    "Inc Ltd Pte Pty Co Corp Jr Bros LLC PLC plc Tbk Bhd Sdn Esq GmbH SA UU St Ave Blvd Rd Ph.D "
    "Phd M.D B.A "
    "M.A D.C U.S U.K U.N u.s u.k B.C A.S N.V B.V"
)


def _with_capitals(words: str) -> set[str]:
    return {form for word in words.split() for form in (word, word[:1].upper() + word[1:])} | {
        word.upper() for word in words.split() if word.islower() and len(word) > 1
    }


# Words that begin a sentence rather than a name: behind "Inc.", "U.S." or an initial they tell.
SENTENCE_OPENERS = frozenset(
    word
    for words in (
        "The He She It They We But In On At This That These Those There And An However When After",
        "If As For You I Its His Her Their Our Not What Why How Der Die Das Er Sie Es Ein Eine Wir",
        "Ich Im Und Aber Doch Auch Mit Nach Bei Het Een El Los Las Una Pero Les Il Elle Dans Mais",
        "Pour Ini Itu Ia Dia Namun Menurut Kami Mereka Sementara Pada Dalam Selain Hal Saat Untuk",
        "Kata Jadi Tetapi Tapi Kita Saya Sebab Karena Lalu Kemudian Bahkan Sedangkan Selanjutnya",
        "Adapun Он Она Они Это Но В На По Не Как Så Det Den Han Hon Men Och Og Som En Ett Et Bu Ve",
        "Ancak",
    )
    for word in words.split()
)

# Words that carry on behind a closing quote: "…" he said, in languages without capitals. The
# particles of Japanese, the verbs of Chinese, Korean, Burmese, Ethiopic and Indian languages.
QUOTE_GOES_ON = re.compile(
    "と(?!ころ|にかく|はいえ)|って|など|[をはがのや]|に(?!も)|も(?!し|う|ちろん)|で(?!も|は|き)|から|だと"
    "|[^。！？，、“「\\s]{1,15}(?:说道?|說道?|表示|问道?|問道?|称|稱)[。，]"
    "|\\s*(?:이?라고|이?라며|이?라는|고 |며 |면서 )"
    "|\\s*(?:ဟု|ဟူ|လို့|လို႔)"
    "|\\s*(?:በማለት|ሲሉ|ሲል|ብለዋል|ብሏል|ብላለች|ኢሉ|ብምባል)"
    "|\\s*(?:என்று|என|అని|అన్నారు|ಎಂದು|ಎಂದರು|ಎಂದ|എന്ന്|യെന്ന്|યે|એમ|બોલ્યા|असे|असं|भन्दै|भने|ਕਿਹਾ)"
)
# Thai news writes no full stop; these open and close most of its sentences, and past the longest
# length any space will do, so that no unit outgrows the encoder's window. Lengths in code points;
# tuned on half of NTREX, see docs/segmentation.md.
THAI_OPENS = re.compile(
    "[\"“'‘]?(?:การ|นาย|นาง|ฉัน|ผม|อย่างไร|นอกจาก|ทั้งนี้|ดังนั้น|ต่อมา|ก่อนหน้า|ล่าสุด"
    "|สมาชิก|ประธาน|ส่วน"
    "|ด้าน|ขณะเดียว|หลังจาก)"
)
THAI_MAY_OPEN = re.compile(
    "[\"“'‘]?(?:เขา|เธอ|พวก|เรา|มัน|ขณะ|ใน|สำหรับ|แต่|เมื่อ|ตาม|โดย|รัฐ|ตำรวจ|คณะ|นี่|สิ่ง|คุณ)"
)
THAI_MAY_CLOSE = re.compile("(?:กล่าว|เลย|ครับ|ค่ะ|แล้ว|ด้วย|นี้|นั้น|เขา|เธอ)[\"”'’]?\\Z")
THAI_GOES_ON = re.compile("(?:ว่า|และ|หรือ|ที่|ของ|ใน|กับ|เป็น|คือ|ซึ่ง|โดย|จาก|แต่|เมื่อ|[:,(\\d])\\Z")
THAI_JOINS = re.compile("(?:และ|หรือ|ที่|ซึ่ง|กับ|ว่า|จึง|ก็|เพื่อ|จาก|โดย|เพราะ|รวม|เช่น|[\\d(])")
# Verbs that end a sentence in Dzongkha, written without the tsheg that clauses before a space have.
DZONGKHA_CLOSES = re.compile("(?:མས|ནུག|ཨིན|ཅི|འདུག|མེན|ཡོན|ཡི)\\Z")
# A shad behind these is a comma: "and", "although", "after", "having".
SHAD_IS_COMMA = re.compile("(?:དང|མོད|ནས|ཏེ|སྟེ|ཞིང|ཅིང|ཀྱང)་?\\Z")

# Languages that write their abbreviations like a listed one.
_SAME_AS = {"bs": "hr", "nb": "no", "nn": "no", "lb": "de", "prs": "fa", "gd": "ga"}


@cache
def find_abbreviations(language: str) -> Abbreviations:
    """The abbreviations of a language, named by the first part of its tag ('id', 'sr', '')."""
    language = _SAME_AS.get(language, language)
    listed = _INSIDE.values() if not language else (_INSIDE[""], _INSIDE.get(language, ""))
    return Abbreviations(
        inside=frozenset(_with_capitals(" ".join(listed))),
        before_number=frozenset(_with_capitals(_BEFORE_NUMBER)),
        closing=frozenset(_with_capitals(_CLOSING)),
    )
