"""Computes the numbers that Word prints before paragraphs: a file holds the rule, not the number."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Any

from lxml import etree

from policies.numbers.written import in_chinese

WORD = "{http://schemas.openxmlformats.org/wordprocessingml/2006/main}"
_CHINESE = {
    "chineseCounting",
    "chineseCountingThousand",
    "japaneseCounting",
    "koreanCounting",
    "taiwaneseCounting",
    "taiwaneseCountingThousand",
    "ideographDigital",
    "taiwaneseDigital",
    "japaneseDigitalTenThousand",
    "ideographTraditional",
}
_LEGAL = dict(zip("〇零一二三四五六七八九十百千", "零零壹贰叁肆伍陆柒捌玖拾佰仟", strict=True))
_ENCLOSED = {
    "decimalEnclosedCircle": 0x2460,
    "decimalEnclosedCircleChinese": 0x2460,
    "decimalEnclosedParen": 0x2474,
}
_ROMAN = (
    (1000, "m"),
    (900, "cm"),
    (500, "d"),
    (400, "cd"),
    (100, "c"),
    (90, "xc"),
    (50, "l"),
    (40, "xl"),
    (10, "x"),
)
_ROMAN_ONES = ((9, "ix"), (5, "v"), (4, "iv"), (1, "i"))
_MAX_LEVELS = 9


@dataclass(slots=True)
class _Level:
    start: int = 1
    number_format: str = "decimal"
    text: str = ""
    restart: int | None = None
    """The level whose number restarts this one. 0: no level does. None: the next higher level does."""
    style: str = ""
    arabic: bool = False
    """All numbers of the line are written in digits, also those of the levels above (w:isLgl)."""


@dataclass(slots=True)
class _List:
    """A list of the file: its levels, and the count that each level has reached."""

    levels: dict[int, _Level]
    counts: dict[int, int] = field(default_factory=dict)


class Numbering:
    """Counts as Word does. Ask for the paragraphs in the order of the document."""

    def __init__(self, numbering: Any | None, styles: Any | None) -> None:
        self._lists: dict[str, _List] = {}
        self._list_of: dict[str, str] = {}
        self._starts: dict[str, dict[int, int]] = {}
        self._own_levels: dict[tuple[str, int], _Level] = {}
        self._styles = _styles(styles)
        if numbering is not None:
            self._read(numbering)

    def before(self, properties: Any | None, style: str) -> str:
        """Return the number printed before a paragraph; "" if there is none.

        Args:
            properties: its w:pPr.
            style: the id of its style.
        """
        number_id, level = self._place(properties, style)
        one = self._lists.get(self._list_of.get(number_id, ""))
        if one is None or level not in one.levels:
            return ""
        self._count(one, number_id, level)
        rule = self._own_levels.get((number_id, level), one.levels[level])
        shown = rule.text
        for above in range(_MAX_LEVELS):
            mark = f"%{above + 1}"
            if mark in shown:
                known = one.levels.get(above, _Level())
                form = "decimal" if rule.arabic else known.number_format
                shown = shown.replace(mark, _written(one.counts.get(above, known.start), form))
        return shown.strip()

    def _place(self, properties: Any | None, style: str) -> tuple[str, int]:
        marks = properties.find(f"{WORD}numPr") if properties is not None else None
        number_id, level = "", None
        if marks is not None:
            number_id = value(marks, "numId")
            level = _number(value(marks, "ilvl"), None)
        if not number_id:
            number_id, of_style = self._styles.get(style, ("", None))
            level = of_style if level is None else level
            if level is None:
                level = self._level_of_style(number_id, style)
        return number_id, level or 0

    def _level_of_style(self, number_id: str, style: str) -> int:
        one = self._lists.get(self._list_of.get(number_id, ""))
        return next((at for at, rule in one.levels.items() if rule.style == style), 0) if one else 0

    def _count(self, one: _List, number_id: str, level: int) -> None:
        fresh = self._starts.get(number_id, {}).pop(level, None)
        if fresh is not None:
            one.counts[level] = fresh
        elif level in one.counts:
            one.counts[level] += 1
        else:
            one.counts[level] = one.levels[level].start
        for below in [at for at in one.counts if at > level]:
            restart = one.levels[below].restart if below in one.levels else None
            if restart is None or 0 < level + 1 <= restart:
                del one.counts[below]

    def _read(self, root: Any) -> None:
        linked: dict[str, str] = {}
        for entry in root.findall(f"{WORD}abstractNum"):
            key = entry.get(f"{WORD}abstractNumId")
            self._lists[key] = _List(_levels(entry))
            linked[value(entry, "styleLink")] = key
        for entry in root.findall(f"{WORD}abstractNum"):
            other = linked.get(value(entry, "numStyleLink")) if value(entry, "numStyleLink") else None
            if other:
                self._lists[entry.get(f"{WORD}abstractNumId")] = self._lists[other]
        for entry in root.findall(f"{WORD}num"):
            number_id = entry.get(f"{WORD}numId")
            self._list_of[number_id] = value(entry, "abstractNumId")
            for override in entry.findall(f"{WORD}lvlOverride"):
                level, start = override.get(f"{WORD}ilvl"), value(override, "startOverride")
                if start.isdecimal() and str(level).isdecimal():
                    self._starts.setdefault(number_id, {})[int(level)] = int(start)
                for at, rule in _levels(override).items():
                    self._own_levels[number_id, at] = rule


def value(parent: Any, name: str) -> str:
    """Return the w:val of a child; "" without one."""
    child = parent.find(f"{WORD}{name}")
    return str(child.get(f"{WORD}val", "")) if child is not None else ""


def _levels(entry: Any) -> dict[int, _Level]:
    found = {}
    for rule in entry.findall(f"{WORD}lvl"):
        at = _number(str(rule.get(f"{WORD}ilvl")), 0) or 0
        found[at] = _Level(
            start=_number(value(rule, "start"), 1) or 0,
            number_format=value(rule, "numFmt") or "decimal",
            text="" if value(rule, "numFmt") in {"bullet", "none"} else value(rule, "lvlText"),
            restart=_number(value(rule, "lvlRestart"), None),
            style=value(rule, "pStyle"),
            arabic=rule.find(f"{WORD}isLgl") is not None,
        )
    return found


def _styles(root: Any | None) -> dict[str, tuple[str, int | None]]:
    """Return the list and level of each paragraph style, inherited ones too."""
    own: dict[str, tuple[str, int | None]] = {}
    based: dict[str, str] = {}
    for style in root.findall(f"{WORD}style") if root is not None else ():
        key = str(style.get(f"{WORD}styleId"))
        based[key] = value(style, "basedOn")
        marks = style.find(f"{WORD}pPr/{WORD}numPr")
        if marks is not None:
            own[key] = (value(marks, "numId"), _number(value(marks, "ilvl"), None))
    return {key: found for key in based if (found := _inherited(key, own, based))[0]}


def _inherited(
    key: str, own: Mapping[str, tuple[str, int | None]], based: Mapping[str, str]
) -> tuple[str, int | None]:
    level: int | None = None
    for _ in range(20):  # a chain of styles may be a ring in a broken file
        if key in own:
            number_id, of_style = own[key]
            level = of_style if level is None else level
            if number_id:
                return number_id, level
        key = based.get(key, "")
    return "", None


def _number(text: str, default: int | None) -> int | None:
    return int(text) if text.isdecimal() and len(text) < 6 else default


def _written(count: int, number_format: str) -> str:
    if number_format in _CHINESE:
        return in_chinese(count)
    if number_format in {"chineseLegalSimplified", "ideographLegalTraditional", "japaneseLegal"}:
        return "".join(_LEGAL.get(character, character) for character in in_chinese(count))
    if number_format in _ENCLOSED and 1 <= count <= 20:
        return chr(_ENCLOSED[number_format] + count - 1)
    if number_format in {"decimalFullWidth", "decimalFullWidth2"}:
        return "".join(chr(ord(digit) + 0xFEE0) for digit in str(count))
    if number_format == "decimalZero":
        return f"{count:02}"
    if number_format in {"upperLetter", "lowerLetter"}:
        letters = chr(ord("A") + (count - 1) % 26) * ((count - 1) // 26 + 1)
        return letters if number_format == "upperLetter" else letters.lower()
    if number_format in {"upperRoman", "lowerRoman"}:
        return _roman(count).upper() if number_format == "upperRoman" else _roman(count)
    return str(count)


def _roman(count: int) -> str:
    shown = ""
    for size, letters in (*_ROMAN, *_ROMAN_ONES):
        while count >= size:
            shown, count = shown + letters, count - size
    return shown


def parsed(raw: bytes) -> Any:
    """Return an XML part of a package; entities are not followed."""
    parser = etree.XMLParser(resolve_entities=False, no_network=True, remove_comments=True, remove_pis=True)
    return etree.fromstring(raw, parser)
