"""Numbers at the beginning of lines, in every form that offices print (一、 （一） 第一条 1. 1.1 ①). Pure."""

import re
import unicodedata

from policies.importing.document.numbering import Marker, Scheme
from policies.numbers.numerals import as_integer

PAGE_NUMBER = re.compile(
    r"[—–\-－·.\s]{0,6}(?:第\s*+)?\d{1,4}(?:\s*+页)?[—–\-－·.\s]{0,6}(?:[/／，,]?\s*+共?\s*+\d{1,4}\s*+页?)?\s*+"
)
"""A page number on a line of its own."""


_HAN_DIGITS = "〇零一二三四五六七八九十百两"
_SIGNS = re.compile(r"[★☆※●◆◇■□▲△▶►•*＊]\s*+")
_CHAPTER = re.compile(
    rf"第\s*+([\d{_HAN_DIGITS}]{{1,6}}+)\s*+(部分|编|篇|章|节)[\s:：、.．]*+(.*)", re.DOTALL
)
_PART = re.compile(
    rf"((?:板块|专题|模块|单元|[Pp][Aa][Rr][Tt])\s*+([\d{_HAN_DIGITS}]{{1,3}}+))[\s:：、.．|｜]++(.*)",
    re.DOTALL,
)
_ARTICLE = re.compile(rf"第\s*+([\d{_HAN_DIGITS}]{{1,6}}+)\s*+(条|项|款)[\s:：、.．]*+(.*)", re.DOTALL)
_POLICY = re.compile(
    rf"[【\[]?((?:惠企)?(?:政策|措施|条款|举措|事项)\s*+([\d{_HAN_DIGITS}]{{1,4}}+)|[Nn][Oo][.．]?\s*+(\d{{1,4}}+))[】\]]?"
    r"(?:\s*+[:：、.．]\s*+|\s++|(?<=[】\]])|\Z)(.*)",
    re.DOTALL,
)
_CODE = re.compile(r"([A-Z]{1,4}[-－–—_]?(\d{1,3}+))(?:\s*+[:：、.．]\s*+|\s++)(.*)", re.DOTALL)
_HAN = re.compile(rf"([{_HAN_DIGITS}]{{1,5}}+)\s*+[、.．:：]\s*+(.*)", re.DOTALL)
_HAN_PAREN = re.compile(rf"([（(]\s*+([{_HAN_DIGITS}]{{1,5}}+)\s*+[)）])\s*+[、.．:：]?\s*+(.*)", re.DOTALL)
_HAN_CIRCLE = re.compile(r"([㈠-㈩])\s*+[、.．]?\s*+(.*)", re.DOTALL)
_DECIMAL = re.compile(r"((\d{1,3}+)[.．](\d{1,3}+))(?![.．]\d)[、.．]?(\s*+)(.*)", re.DOTALL)
_DOT = re.compile(r"(\d{1,5}+)\s*+([.．、。:：,，]|[-–—](?=[\u4e00-\u9fff]))(\s*+)(.*)", re.DOTALL)
_PAREN = re.compile(r"([（(【\[〔]\s*+(\d{1,5}+)\s*+[)）】\]〕])\s*+[、.．]?\s*+(.*)", re.DOTALL)
_HALF = re.compile(r"((\d{1,5}+)\s*+[)）])\s*+(.*)", re.DOTALL)
_DEEP = re.compile(r"((\d{1,2}+)[.．](\d{1,2}+)[.．](\d{1,2}+))(?![.．\d])[、.．]?\s*+(.*)", re.DOTALL)
_STEPPED = re.compile(
    r"((\d{1,2}+)[-－–—](\d{1,2}+))(?:\s*+[、.．:：]\s*+|\s++)(.*)|"
    r"([（(【\[]\s*+(\d{1,2}+)[-－–—.．](\d{1,2}+)\s*+[)）】\]])\s*+(.*)",
    re.DOTALL,
)
_ROMAN = re.compile(r"([Ⅰ-Ⅻ]|[IVX]{1,5}+)\s*+[、.．:：)）]\s*+(.*)", re.DOTALL)
_ROMANS = ("I", "II", "III", "IV", "V", "VI", "VII", "VIII", "IX", "X", "XI", "XII", "XIII", "XIV", "XV")
_LETTER = re.compile(r"([A-ZＡ-Ｚ])\s*+[、.．)）]\s*+(.*)", re.DOTALL)
_CIRCLE = re.compile(r"([①-⑳㉑-㉟㊱-㊿❶-❿⓫-⓴➀-➓])\s*+[、.．]?\s*+(.*)", re.DOTALL)
_PAREN_DIGIT = re.compile(r"([⑴-⒇])\s*+(.*)", re.DOTALL)
_DOT_DIGIT = re.compile(r"([⒈-⒛])\s*+(.*)", re.DOTALL)
_BARE = re.compile(r"(\d{1,5}+)(\s*+)([\u4e00-\u9fff《“\"].*)", re.DOTALL)
# 第二章第三条规定的 is a reference, no heading; 第三条 第三方服务 and 第三条规范 are headings.
_REFERENCE = re.compile(r"[、，,]?第|规定|所[列称述]|的|[、和至及与或]\s*+第|[和至及][本前后]|中[的所规]")
_PARAGRAPH = re.compile(rf"第\s*+[\d{_HAN_DIGITS}]{{1,3}}+\s*+[款项]")
_TITLE = re.compile(r"[\u4e00-\u9fff]{2,16}")
_MEASURES = "万亿千百元年月日个家项吨亩名位类批号户人次倍级天台套艘周期条层岁分度米克平公余多档种％%‰"
# After "3." a figure of the text: 2026年, 5G, 100家; else 3.5 is one number.
_FIGURE = re.compile(rf"(?:19|20)\d\d(?!\d)|\d+(?:[.．]\d+)?\s*+(?:[{_MEASURES}A-Za-z]|[-—~～至]\s*+\d)")


def without_sign(line: str) -> str:
    """Return a line without the star or bullet that may stand before its number."""
    sign = _SIGNS.match(line)
    return line[sign.end() :] if sign else line


def markers_of(line: str) -> list[Marker]:
    """Return every way to read the beginning of a line as a number, the likeliest first."""
    line = without_sign(line)
    found: list[Marker] = []
    for read in (
        _chapter,
        _article,
        _policy,
        _han,
        _stepped,
        _decimal_or_dot,
        _paren,
        _circle,
        _letters,
        _bare,
    ):
        found += read(line)
    return found


def _value(text: str) -> int | None:
    return as_integer(unicodedata.normalize("NFKC", text))


def _squeezed(text: str) -> str:
    return re.sub(r"\s++", "", text)


def _chapter(line: str) -> list[Marker]:
    part = _PART.fullmatch(line)
    if part is not None and (place := _value(part[2])) is not None:
        return [Marker(Scheme.BOOK, place, _squeezed(part[1]), part[3])]
    match = _CHAPTER.fullmatch(line)
    number = _value(match[1]) if match else None
    if match is None or number is None or (not _stands_apart(match) and _REFERENCE.match(match[3])):
        return []
    scheme = {"章": Scheme.CHAPTER, "节": Scheme.PART_OF_CHAPTER}.get(match[2], Scheme.BOOK)
    return [Marker(scheme, number, _squeezed(f"第{match[1]}{match[2]}"), match[3])]


def _stands_apart(match: re.Match[str]) -> bool:
    """Whether a space or a mark stands between a number and what follows it."""
    return match.end(2) < match.start(3) and match.string[match.end(2)] not in "、"


def _article(line: str) -> list[Marker]:
    match = _ARTICLE.fullmatch(line)
    number = _value(match[1]) if match else None
    if match is None or number is None or _PARAGRAPH.match(match[3]):
        return []
    if not _stands_apart(match) and _REFERENCE.match(match[3]):
        return []
    scheme = Scheme.ARTICLE if match[2] == "条" else Scheme.POLICY
    return [Marker(scheme, number, _squeezed(f"第{match[1]}{match[2]}"), match[3])]


def _policy(line: str) -> list[Marker]:
    if match := _CODE.fullmatch(line):  # ZC-01
        return [Marker(Scheme.POLICY, int(match[2]), match[1], match[3])]
    match = _POLICY.fullmatch(line)
    number = _value(match[2] or match[3]) if match else None
    return (
        [Marker(Scheme.POLICY, number, _squeezed(match[1]), match[4])] if match and number is not None else []
    )


def _han(line: str) -> list[Marker]:
    if match := _HAN.fullmatch(line):
        number = _value(match[1])
        return [Marker(Scheme.HAN, number, match[1], match[2])] if number is not None else []
    if match := _HAN_PAREN.fullmatch(line):
        number = _value(match[2])
        return [Marker(Scheme.HAN_PAREN, number, _squeezed(match[1]), match[3])] if number is not None else []
    if match := _HAN_CIRCLE.fullmatch(line):
        return [Marker(Scheme.HAN_PAREN, ord(match[1]) - ord("㈠") + 1, match[1], match[2])]
    return []


def _decimal_or_dot(line: str) -> list[Marker]:
    found = []
    if match := _DECIMAL.fullmatch(line):
        rest = match[5]
        # After a space a figure of the text may follow (1.4 5G工厂); right behind it, 3.5% and 1.4万元 are figures themselves.
        apart = bool(match[4]) and (not rest[:1].isdecimal() or bool(_FIGURE.match(rest)))
        if rest and (apart or (not rest[0].isdecimal() and rest[0] not in _MEASURES + "GgDdKkMm-—~～")):
            major, minor = int(match[2]), int(match[3])
            found.append(Marker(Scheme.DECIMAL, major, match[1], rest, minor))
    if match := _DOT.fullmatch(line):
        number, rest = int(unicodedata.normalize("NFKC", match[1])), match[4]
        touching = not match[3] and rest[:1].isdecimal()
        if not touching or match[2] in ".．、。":
            doubtful = touching and not _FIGURE.match(rest)
            found.append(Marker(Scheme.DOT, number, match[1], rest, bare=doubtful))
    if match := _DOT_DIGIT.fullmatch(line):
        found.append(Marker(Scheme.DOT, ord(match[1]) - ord("⒈") + 1, match[1], match[2]))
    return found


def _stepped(line: str) -> list[Marker]:
    """1.1.1, and 1-1 or （1.1）, which are decimals in another writing."""
    if match := _DEEP.fullmatch(line):
        above = 100 * int(match[2]) + int(match[3])
        return [Marker(Scheme.DEEP, above, match[1], match[5], int(match[4]))]
    match = _STEPPED.fullmatch(line)
    if match is None:
        return []
    label, major, minor, rest = match.group(1, 2, 3, 4) if match[1] else match.group(5, 6, 7, 8)
    if rest[:1] and rest[0] in _MEASURES:
        return []
    return [Marker(Scheme.DECIMAL, int(major), _squeezed(label), rest, int(minor))]


def _letters(line: str) -> list[Marker]:
    found = []
    if match := _ROMAN.fullmatch(line):
        letters = unicodedata.normalize("NFKC", match[1])
        if letters in _ROMANS:
            found.append(Marker(Scheme.ROMAN, _ROMANS.index(letters) + 1, match[1], match[2]))
    if match := _LETTER.fullmatch(line):
        letter = unicodedata.normalize("NFKC", match[1])
        found.append(Marker(Scheme.LETTER, ord(letter) - ord("A") + 1, match[1], match[2]))
    return found


def _paren(line: str) -> list[Marker]:
    if match := _PAREN.fullmatch(line):
        return [Marker(Scheme.PAREN, int(match[2]), _squeezed(match[1]), match[3])]
    if match := _PAREN_DIGIT.fullmatch(line):
        return [Marker(Scheme.PAREN, ord(match[1]) - ord("⑴") + 1, match[1], match[2])]
    if match := _HALF.fullmatch(line):
        return [Marker(Scheme.HALF, int(match[2]), _squeezed(match[1]), match[3])]
    return []


def _circle(line: str) -> list[Marker]:
    match = _CIRCLE.fullmatch(line)
    if match is None:
        return []
    value = unicodedata.numeric(match[1], 0)
    return [Marker(Scheme.CIRCLE, int(value), match[1], match[2])]


def _bare(line: str) -> list[Marker]:
    match = _BARE.fullmatch(line)
    if match is None or (match[3][0] in _MEASURES and not (match[2] and _TITLE.fullmatch(match[3]))):
        return []  # 5家企业 is a figure; 2 人才服务 may be a heading
    return [Marker(Scheme.DOT, int(match[1]), match[1], match[3], bare=True)]
