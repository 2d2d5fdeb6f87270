"""Whether the words of a text assert something: they may be denied, left open, or be of another year. Pure."""

import re

from policies.company_facts.reading.words import FactWords

_PAUSE = re.compile(r"[，,。；;、！？!?\n]")
_STOP = re.compile(r"[，,。；;！？!?\n]")
"""As a pause, but a list (去年评上A、B) goes on."""
_REACH = 24
"""Characters before words in which their denial may begin: 没有评上A、B denies both."""
_YEAR_BEHIND = 10
"""Characters behind the words of a title in which its year may stand (小巨人是2023年认定的)."""
_ASKED_BEFORE = 10
_ASKED = re.compile(r"([\u4e00-\u9fff]{1,2})[不没]\1|是否|有没有|有无|能否|可否|(?:不|没)(?:清楚|知道|确定)")
"""算不算, 入没入, 是否: whether it is so is left open."""
_IN_DOUBT = re.compile(
    r"[^，,。；;！？!?\n]{0,6}?"
    r"(?:"
    r"[，,]?(?:这个|这|这些)?(?:我们?|公司|自己|目前|现在|暂时)?(?:也|还|都|真)?"
    r"(?:"
    r"(?:不|没)(?:太|弄|搞|说)?(?:清楚|明白|知道|确定|查过|问过|了解过?|好说|定)|"
    r"没(?:弄|搞)(?:清|懂)|说不准|拿不准|吃不准|待定|待确认"
    r")|"
    r"[，,]?要(?:回去|再|先|等)?(?:问|查|确认|核实)"
    r")"
)
_DENIED_BEHIND = re.compile(
    r"(?:的|今年|目前|现在|暂时|我们|还|尚|都|也|就|一个|一项){0,3}(?:没有?|未)"
    r"(?:"
    r"(?:能|曾|再|去|往)?"
    r"(?:"
    r"出|下来|批|拿到?|评上?|评过|认定|通过|过|入选|列入|纳入|进|办|做|建|投产|完成|达到|"
    r"搞|参与|参加|申报|申请|报|买|用|发生|涉及"
    r")|"
    r"(?=$|[，,。；;、！？!?\n])"
    r")"
)
"""小巨人还没评上, 首台套没有."""


class Assertions:
    """Tells by the words of denying and of years whether a place in a text asserts what it says."""

    def __init__(self, words: FactWords) -> None:
        self._words = words

    def is_open(self, text: str, start: int, end: int, *, behind: bool = True) -> bool:
        """Whether the text asks or doubts what stands at a place; `behind`: words behind it count too."""
        begins = _begin(text, start, _STOP)
        asked = _ASKED.search(text, max(begins, start - _ASKED_BEFORE), end)
        return asked is not None or (behind and _IN_DOUBT.match(text, end) is not None)

    def is_denied(self, text: str, start: int, end: int, *, behind: bool = True) -> bool:
        """Whether the words at a place are denied by what stands before them, or `behind` them."""
        if self._words.negated_before.match(text[start : start + 2]):
            return False
        before = self._words.negated_before.search(text, max(0, start - _REACH), start)
        return before is not None or (behind and _DENIED_BEHIND.match(text, end) is not None)

    def is_of_another_year(self, text: str, start: int, end: int, year: int) -> bool:
        """Whether another year than the present one is named: in the words, else last before them, else next behind them."""
        pause = _PAUSE.search(text, end)
        until = min(pause.start() if pause else len(text), end + _YEAR_BEHIND)
        named = list(self._words.years.finditer(text, _begin(text, start, _STOP), until))
        within = [one for one in named if start <= one.start() < end]
        before = [one for one in named if one.start() < start]
        behind = [one for one in named if one.start() >= end]
        meant = (within or before[-1:] or behind)[:1]
        return any(not one["present"] and not _is_year(one["y"], year) for one in meant)


def _begin(text: str, start: int, stop: re.Pattern[str]) -> int:
    return max((one.end() for one in stop.finditer(text, 0, start)), default=0)


def _is_year(written: str | None, year: int) -> bool:
    return written is not None and int(written) in {year, year % 100}
