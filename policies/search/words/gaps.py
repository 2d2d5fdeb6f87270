"""Fills gaps in names that people half remember: 孵什么器 is 孵化器, 数字什么航 is 数字领航. Pure."""

import re
from collections.abc import Iterable, Iterator

from policies.search.words.normalise import compact

_HAN = r"[\u4e00-\u9fff]"
_GAP = re.compile(
    rf"(?P<before>{_HAN}{{1,12}}?)(?P<gap>什么|啥|某|[x×*○]{{1,3}}|…+|\.{{2,6}})(?P<after>{_HAN}{{1,6}})"
)
_FILL = re.compile(_HAN + "+")
_MARKS = ("什么", "啥", "某", "x", "×", "*", "○", "…", "..")
_SPEECH = re.compile(
    r"^.*(?:[这那有是叫个种条项的们你您问]|就是|关于|听说|知道|了解|介绍|说说|讲讲|看看|以及|还有)(?=.)"
)
"""Words of speech before a name (还有个孵什么器)."""
_ASKS = frozenset(
    "有是要用交带报给补做干凭按为怎属叫算讲管写说看需能开缺买办走找填哪干拿得领有在到去没和跟与或还都只就"
)
"""After one of these alone 什么 asks (补什么材料); after 孵 it stands for what is forgotten."""
_ANY = frozenset({"企业", "公司", "项目", "单位", "产品", "设备", "人才", "平台"})
"""After one of these 什么 asks which kind (企业什么奖励)."""


class GapFiller:
    """Fills gaps with the names of one library.

    Args:
        names: titles and keywords.
    """

    def __init__(self, names: Iterable[str]) -> None:
        self._names = "\n".join(dict.fromkeys(compact(name).lower() for name in names))

    def filled(self, text: str) -> str:
        """Return a text with the gap of a name filled; "" if it has none, or if no name or several names fit."""
        if not any(mark in text for mark in _MARKS):
            return ""
        for found in _GAP.finditer(text):
            before = _SPEECH.sub("", found["before"])
            if before and before not in _ASKS | _ANY and (word := self._word(before, found["after"])):
                at = found.start("gap")
                return f"{text[:at]}{word}{text[found.end('gap') :]}"
        return ""

    def _word(self, before: str, after: str) -> str:
        """Return the one or two characters between both in a name, by as many of the next characters as fit; "" if unsure."""
        for length in range(len(after), 0, -1):
            fits = set(self._between(before, after[:length]))
            if fits:
                return fits.pop() if len(fits) == 1 else ""
        return ""

    def _between(self, before: str, after: str) -> Iterator[str]:
        """Yield the one or two characters that stand between both in a name."""
        at = self._names.find(before)
        while at >= 0:
            start = at + len(before)
            for end in (start + 1, start + 2):
                if self._names.startswith(after, end) and _FILL.fullmatch(self._names, start, end):
                    yield self._names[start:end]
            at = self._names.find(before, at + 1)
