"""Reading clause and section numbers: 第22条, 政策22, 二十二, 22和45, 第五部分."""

import re
from dataclasses import dataclass

from policies.numbers.numerals import as_integer, everyday_numerals
from policies.search.words.normalise import without_marks_after

_MOST_NUMBERS = 50
"""The most numbers in one list. Bounds the time that a text of nothing but numbers takes."""
_N = r"(?:\d{1,6}|[零〇一二两三四五六七八九十百]{1,7})"
_JOIN = r"(?:、|,|，|;|；|和|与|跟|及|以及|还有|/| |\+){1,4}"
_RANGE = r"(?:到|至|-|~|—)"
_UNIT = r"(?:条款|条政策|条|款|项|号政策|号条款|号|个政策)"
_PARTS = r"(?:大部分|部分|章节|章|节|大类|大块|板块|大项|篇章|篇|单元|大节)"

_CLAUSE_WORD = r"(?:政策|条款|条目|编号|序号|第|no\.?|№|#)"
_CLAUSE_LIST = re.compile(
    rf"(?:{_CLAUSE_WORD}\s*)*(?P<first>{_N}){_UNIT}?"
    rf"(?P<rest>(?:(?:{_JOIN}|{_RANGE})(?:{_CLAUSE_WORD}\s*)*{_N}{_UNIT}?)*)"
)
_EXPLICIT = re.compile(
    rf"第\s*+{_N}(?:(?:{_JOIN}|{_RANGE})第?{_N}){{0,{_MOST_NUMBERS}}}\s*+(?:条款|条政策|条|款|项|号政策|号|个政策)"
    rf"(?:(?:{_JOIN})?第?{_N}{_UNIT}){{0,{_MOST_NUMBERS}}}"
    rf"|(?:政策|条款|条目|编号|序号)第?{_N}(?:(?:{_JOIN})第?{_N}){{0,{_MOST_NUMBERS}}}(?:号|条)?(?![\d万千亿%年月日多个项]|条龙)"
    rf"|(?<![\d第]){_N}号(?:政策|条款|条)"
)
_SECTION = re.compile(
    rf"第(?P<list>{_N}(?:{_PARTS})?(?:{_JOIN}第?{_N}(?:{_PARTS})?){{0,{_MOST_NUMBERS}}}){_PARTS}|{_PARTS}(?P<one>{_N})(?![\d万年条])"
)
_NUMERAL = re.compile(r"[\d零〇一二两三四五六七八九十百]")
_ANOTHER = re.compile(r"[上下前后这那哪每另同有几头][一1]条")
"""下一条 and 哪一条 name a clause by its place or ask for it; they don't say 1."""
_STEPPED = re.compile(r"(?:第\s*+)?(?P<label>\d{1,3}(?:\.\d{1,3}){1,3})\s*+(?:条款|条|款|项)?+(?![\d.])")
_PAGE = re.compile(r"/p/(?P<label>[^\s/?#<>\"'，。]{1,12})")
_PART_OF_CLAUSE = re.compile(
    rf"(?<=条)[的之]?\s?第{_N}[款项目](?:{_JOIN}第?{_N}[款项目]){{0,{_MOST_NUMBERS}}}"
)
"""第22条第2款 names clause 22: a 款 or 项 behind a 条 is a part of it."""
_STEP = re.compile(rf"({_N}){_UNIT}?\s*({_RANGE})?\s*")
_TAIL = re.compile(
    r"(?:的)?(?:都|分别|各自?)?(?:具体|详细)?(?:政策|条款|内容|全文|原文|文本|详情|规定){0,6}+(?:是|讲|说)?(?:的)?(?:讲|说|写)?"
    r"(?:的|了)?(?:是)?(?:什么|啥|哪些)?(?:内容|政策|意思)?$"
)
_SHARE = re.compile(r"\d\s{0,2}[%％]")
"""12% is a share, not clause 12."""
_HEAD = re.compile(
    r"^(?:看|查|要|发|读|打开|调出|显示|看看|来|翻到|回到|返回|回看|跳到|找|把|有)*(?:下|一下)?"
)


@dataclass(frozen=True, slots=True)
class Numbers:
    """Clause or section numbers asked for, in the order asked, as typed (they may not exist)."""

    numbers: tuple[int, ...]
    typed: str


def read_clauses(text: str) -> Numbers | None:
    """Return clause numbers, if the question is only about numbers or names one outright (第22条最高多少)."""
    text = _PART_OF_CLAUSE.sub("", everyday_numerals(text))
    if not _NUMERAL.search(text):
        return None
    explicit = _EXPLICIT.search(text)
    if _SHARE.search(text) or _ANOTHER.search(text):
        return _numbers(explicit.group()) if explicit else None
    bare = _TAIL.sub("", without_marks_after(_HEAD.sub("", text))).strip()
    if bare and not _SHARE.search(text) and _CLAUSE_LIST.fullmatch(bare):
        return _numbers(bare)
    return _numbers(explicit.group()) if explicit else None


def read_stepped(text: str) -> str | None:
    """Return a label of two numbers or more (1.1, 第2.3条), if the message is only that or says 第 or 条 with it."""
    bare = _TAIL.sub("", without_marks_after(_HEAD.sub("", text))).strip()
    found = _STEPPED.fullmatch(bare) or next(
        (one for one in _STEPPED.finditer(text) if one[0] != one["label"]), None
    )
    return found["label"] if found else None


def is_bare(text: str) -> bool:
    """Whether a message is nothing but numbers of clauses or sections, with words of looking up (看第10条的原文, 第二部分)."""
    text = _PART_OF_CLAUSE.sub("", everyday_numerals(text))
    bare = _TAIL.sub("", without_marks_after(_HEAD.sub("", text))).strip()
    return any(pattern.fullmatch(bare) for pattern in (_CLAUSE_LIST, _STEPPED, _SECTION))


def read_page(text: str) -> str | None:
    """Return what a link to one of our own pages names (https://…/p/22): a clause's key or label."""
    found = _PAGE.search(text)
    return found["label"] if found else None


def read_sections(text: str) -> Numbers | None:
    """Return section numbers (第五部分, 第三章和第四章)."""
    text = everyday_numerals(text)
    found = _SECTION.search(text) if _NUMERAL.search(text) else None
    return _numbers(found.group()) if found else None


def _numbers(text: str) -> Numbers | None:
    numbers: list[int] = []
    previous_is_range = False
    for step in _STEP.finditer(text):
        value = as_integer(step.group(1))
        if value is None:
            return None
        if previous_is_range and numbers and 0 < value - numbers[-1] <= 60:
            numbers.extend(range(numbers[-1] + 1, value))
        numbers.append(value)
        previous_is_range = bool(step.group(2))
    return Numbers(tuple(dict.fromkeys(numbers)), text) if numbers else None
