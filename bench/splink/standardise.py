"""Brings the fields of one record to a form that string comparison can use.

Kana come out as one byte per kana. DuckDB's Jaro-Winkler walks bytes, and in
UTF-8 two unrelated kana share two bytes of three: アベ and イト would be 0.82
alike.
"""

import re
import unicodedata
from functools import lru_cache

UNKNOWN = re.compile("[●〓□■?\ue000-\uf8ff\U000f0000-\U0010fffd]")
INVISIBLE = re.compile("[\ufe00-\ufe0f\U000e0100-\U000e01ef\u180b-\u180d]")

OLD_KANJI = dict(zip(
    "髙﨑邉邊齋齊斉澤濱濵櫻廣國壽藏惠榮眞德龍嶋嶌淵渕條萬豐瀧學實禮圓總鐵靜淨讓彌壹與會關圖藝黑桒莊薗冨峯栁"
    "亞緣應溫價樂勳溪經輕螢顯劍嚴恆黃寫燒淸瀨增臟卽傳燈當稻拜賴綠鄰戶郞曆歷步每搖樣遙曉龜舊寶鎭驛穗濟嶽舘埜"
    "籠凛昻槇兒爲靑絲敎榮晉淺兩獨團堯單覺觀爾將祿縣畫氣廳區狹雙禪續帶瘦巖來惡處圍稱發變餘豫辯點黨敕銳惇",
    "高崎辺辺斎斎斎沢浜浜桜広国寿蔵恵栄真徳竜島島渕渕条万豊滝学実礼円総鉄静浄譲弥壱与会関図芸黒桑荘園富峰柳"
    "亜縁応温価楽勲渓経軽蛍顕剣厳恒黄写焼清瀬増蔵即伝灯当稲拝頼緑隣戸郎暦歴歩毎揺様遥暁亀旧宝鎮駅穂済岳館野"
    "篭凜昂槙児為青糸教栄晋浅両独団尭単覚観尓将禄県画気庁区狭双禅続帯痩巌来悪処囲称発変余予弁点党勅鋭惇",
    strict=True))
FOLD_KANJI = str.maketrans(OLD_KANJI)

SMALL = str.maketrans("ァィゥェォッャュョヮヵヶヅヂヴヰヱヲ", "アイウエオツヤユヨワカケズジブイエオ")
KANA = [chr(c) for c in range(ord("ァ"), ord("ヶ") + 1)]
LETTER = {kana: chr(0x24 + i) for i, kana in enumerate(KANA)}
ROW = {}
for vowel, row in {
    "ア": "アカサタナハマヤラワガザダバパ", "イ": "イキシチニヒミリギジビピ",
    "ウ": "ウクスツヌフムユルグズブプ", "エ": "エケセテネヘメレゲゼデベペ",
    "オ": "オコソトノホモヨロゴゾドボポ",
}.items():
    ROW.update(dict.fromkeys(row, vowel))


def spaces(text):
    return " ".join(unicodedata.normalize("NFKC", text).split())


def kanji(text):
    """A name in kanji or Latin letters; one space where the parts divide."""
    text = INVISIBLE.sub("", text)
    text = spaces(text).upper().translate(FOLD_KANJI)
    out = []
    for c in text:
        out.append(out[-1] if c == "々" and out else c)
    return "".join(out)


def kana(text):
    """Kana in capital form, spaces kept; long vowels written out one way."""
    text = spaces(text)
    text = "".join(chr(ord(c) + 0x60) if "ぁ" <= c <= "ゖ" else c for c in text)
    out = []
    for c in text.translate(SMALL):
        before = ROW.get(out[-1]) if out else None
        if c in "ー-‐―−" and before:
            c = before
        if c == "ウ" and before == "オ":
            c = "オ"
        elif c == "イ" and before == "エ":
            c = "エ"
        out.append(c)
    return "".join(out)


def letters(text):
    """One byte for every kana, so that bytes are characters."""
    return "".join(LETTER.get(c, "#") for c in text)


ERA = {"M": 1867, "T": 1911, "S": 1925, "H": 1988, "R": 2018,
       "明治": 1867, "大正": 1911, "昭和": 1925, "平成": 1988, "令和": 2018}
ERA_DIGIT = {"1": 1867, "2": 1911, "3": 1925, "4": 1988, "5": 2018}
ERA_DATE = re.compile(r"(明治|大正|昭和|平成|令和|[MTSHR])(\d+|元)\D(\d+)\D(\d+)")
DATE = re.compile(r"(\d{4})\D(\d+)\D(\d+)")


@lru_cache(maxsize=None)
def date(text):
    """YYYYMMDD, or None where a part is unknown."""
    text = unicodedata.normalize("NFKC", text).strip()
    if m := ERA_DATE.match(text):
        year = ERA[m[1]] + (1 if m[2] == "元" else int(m[2]))
        month, day = int(m[3]), int(m[4])
    elif m := DATE.match(text):
        year, month, day = int(m[1]), int(m[2]), int(m[3])
    elif re.fullmatch(r"\d{8}", text):
        year, month, day = int(text[:4]), int(text[4:6]), int(text[6:])
    elif re.fullmatch(r"[1-5]\d{6}", text):
        year, month, day = ERA_DIGIT[text[0]] + int(text[1:3]), int(text[3:5]), int(text[5:])
    else:
        return None
    if not (month and day):
        return None
    return f"{year:04}{month:02}{day:02}"


SEX = {"1": "M", "2": "F", "M": "M", "F": "F", "男": "M", "女": "F"}


def sex(text):
    return SEX.get(unicodedata.normalize("NFKC", text).strip().upper())


def postal(text):
    digits = re.sub(r"\D", "", unicodedata.normalize("NFKC", text))
    return digits if len(digits) == 7 and digits != "0000000" else None


DIGIT = {c: i for i, c in enumerate("〇一二三四五六七八九")}
UNIT = {"十": 10, "百": 100, "千": 1000}
NUMERAL = re.compile("[〇一二三四五六七八九十百千]+")
PREFECTURE = re.compile("(北海道|東京都|京都府|大阪府|(?:神奈川|和歌山|鹿児島|..)県)")
COUNTY = re.compile(r"^[^市区町村郡]{1,4}郡")
MUNICIPALITY = re.compile(r"^.{1,6}?(?:市.{1,4}?区|[市区町村])")
HOUSE = re.compile(r"\d+(?:(?:丁目|番地の?|番|号|[-ノの])\d+)*")


def number(m):
    text = m[0]
    if not any(c in UNIT for c in text):
        return "".join(str(DIGIT[c]) for c in text)
    total, digit = 0, None
    for c in text:
        if c in UNIT:
            total += (1 if digit is None else digit) * UNIT[c]
            digit = None
        else:
            digit = DIGIT[c]
    return str(total + (digit or 0))


def address(text):
    """(whole without building, town, municipality): prefecture and county dropped."""
    text = unicodedata.normalize("NFKC", INVISIBLE.sub("", text))
    text = re.sub("[‐‑‒–—―−－ー](?=[0-9])", "-", text)
    text = re.sub("方$", "", text) if " " not in text else text
    text = text.translate(FOLD_KANJI)
    text = PREFECTURE.sub("", text, count=1) if PREFECTURE.match(text) else text
    text = COUNTY.sub("", text)
    text = NUMERAL.sub(number, text)
    text = re.sub("大?字", "", text).replace("ケ", "").replace("ヶ", "").replace("ノ", "").replace("の", "")
    city = MUNICIPALITY.match(text)
    city = city[0] if city else None
    houses = None
    for houses in HOUSE.finditer(text.split(" ")[0]):
        pass  # the last one: towns have numerals too, buildings stand behind a space
    if not houses or houses.start() == 0:
        return text.replace(" ", ""), None, city
    town = text[:houses.start()].replace(" ", "")
    house = "-".join(re.findall(r"\d+", houses[0])[:3])
    return f"{town}{house}", town, city
