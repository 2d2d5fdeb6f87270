"""Finds where a message with several needs may be parted.

The search, the conversation and the answer to several needs all part messages here. The caller decides whether the
parts are needs: each names a subject, or asks.
"""

import re

EDGES = " \t\n，,。.、：:；;！!？?"
"""What may stand around a part."""
CONNECTOR = re.compile(
    r"(?:另外|此外|同时还|以及|顺便|其次|再就是|再问(?:一?下)?|还想问|还想了解"
    r"|还有(?!效|哪|什么|啥|多|几|没|别|其|吗|谁|时间|机会|资格|名额))"  # 政策还有效吗 and 还有吗 join nothing
    r"(?:再|也|想)?(?:问一?下|问|了解一?下|说说|看看)?"
)
"""A word that begins another need."""
_STRONG = re.compile(rf"{CONNECTOR.pattern}|[;；?？\n]+")
_WEAK = re.compile(r"[、,，。]|和|跟|与|及|\+")
_BOTH = re.compile(
    r"分别|各(?:补|给|奖|是|能|有|要|归|多少|自)|同时|一边|这(?:两|俩|几)|"
    r"两(?:样|个|项|件|边|块|头)(?:都|各|分)?|都(?:有|能|给|补|奖|是)"
)
_MOST_NEEDS = 4
_NUMERALS = ("123456789", "一二三四五六七八九", "①②③④⑤⑥⑦⑧⑨")
_SECONDS = tuple(numerals[1] for numerals in _NUMERALS)
_AFTER_MARK = r"(?:^|(?<=[\s，,。；;？?！!、：:]))"
_NUMBER = re.compile(
    r"[（(](?P<enclosed>[1-9一二三四五六七八九])[)）]"
    r"|(?<!\d)(?P<marked>[1-9])\s*[、.．:：)）](?=\D)"  # 1、 but no sum (1.2亿) and no ratio (1:1)
    rf"|{_AFTER_MARK}(?P<bare>[1-9])(?=[\u4e00-\u9fff])(?![个条项款万亿年月日天家吨亩号点])"  # 1怎么申请
    rf"|{_AFTER_MARK}第(?P<nth>[一二三四五六七八九])(?:个|问)?[，,、：:是]?"
    rf"|{_AFTER_MARK}其?(?P<word>[一二三四五六七八九])\s*[，,、.．：:是)）]"  # 一、 and 其一是
    r"|(?P<round>[①②③④⑤⑥⑦⑧⑨])"
)
_BEGINS = re.compile(_AFTER_MARK)
_COUNTED_HEAD = re.compile(
    r"[^：:]{0,10}(?P<count>[两二三四五2-5])(?:个|件|项|样|方面|点)[^：:，,、]{0,6}(?P<mark>[：:，,])"
)
_ASKS = re.compile(r"问|事|请教|咨询|了解")
_COUNTS = dict(zip("两二三四五2345", (2, 2, 3, 4, 5, 2, 3, 4, 5), strict=True))
_LISTED = tuple(map(re.compile, (r"[，,、；;。？?\n]+", r"[，,、；;。？?\s]+", r"[，,、；;。？?\s]+|和")))
"""What may stand between the parts that a head has counted. The next is tried where one finds too few parts."""


def parts_by_numbers(text: str) -> list[str]:
    """Return what stands before the number one, then the part of each number (1、… 2、…, 一是 … 二是 …, ① … ② …).

    Words that only count the parts (两个问题：) are left out: the first is then "". The numbers ascend from one. Return
    [] if the message has no such numbers, or only one.
    """
    found = list(_NUMBER.finditer(text)) if any(second in text for second in _SECONDS) else []
    if not found or not _BEGINS.match(text, found[0].start()):
        return []
    marks = [mark for mark in found if _row(mark) == _row(found[0])]
    if len(marks) < 2 or [_place(mark) for mark in marks] != list(range(len(marks))):
        return []
    starts = [0, *(mark.end() for mark in marks)]
    ends = [*(mark.start() for mark in marks), len(text)]
    head, *parts = (text[start:end].strip(EDGES) for start, end in zip(starts, ends, strict=True))
    counted = _counted_head(f"{head}：")
    return ["" if counted is not None and counted.end() > len(head) else head, *parts]


def _row(number: re.Match[str]) -> int:
    """Return which kind of numerals a number has."""
    return next(row for row, numerals in enumerate(_NUMERALS) if number[number.lastgroup or ""] in numerals)


def _place(number: re.Match[str]) -> int:
    return _NUMERALS[_row(number)].index(number[number.lastgroup or ""])


def parts_by_count(text: str) -> list[str]:
    """Return the parts after the words that say how many there are (我想问三件事：); [] if there are no such words."""
    head = _counted_head(text)
    if head is None:
        return []
    parts: list[str] = []
    for between in _LISTED:
        parts = [kept for part in between.split(text[head.end() :]) if (kept := part.strip(EDGES))]
        if len(parts) >= _COUNTS[head["count"]]:
            break
    return parts


def _counted_head(text: str) -> re.Match[str] | None:
    """Find the words that say how many needs follow, with their mark.

    A comma ends such words only if they speak of asking: 招了三个本科生，社保补贴能领吗 counts no needs.
    """
    head = _COUNTED_HEAD.match(text)
    return None if head is None or (head["mark"] in "，," and not _ASKS.search(head[0])) else head


def parts_by_connectors(text: str) -> list[str]:
    """Return parts between words, marks and numbers that begin another need (另外, 还有, ；, 1、… 2、…)."""
    return _kept(_STRONG.split("；".join(parts_by_numbers(text)) or text))


def parts_by_lists(text: str) -> list[str]:
    """Return parts between marks and words that may join two needs or the words of one (和, 、, ，)."""
    return _kept(_WEAK.split(text))


def both_asked(text: str) -> bool:
    """Whether a message says that it has several needs (这两样分别补多少)."""
    return _BOTH.search(text) is not None


def _kept(parts: list[str]) -> list[str]:
    kept = [stripped for part in parts if (stripped := part.strip(EDGES))]
    return kept if 1 < len(kept) <= _MOST_NEEDS else []
