"""Reading departments, in full and short, with district and city kept apart."""

import re
from collections.abc import Iterable
from dataclasses import dataclass

from policies.library.models import Department
from policies.search.words.normalise import compact

_LEVELS = {
    "青岛市委": "市",
    "青岛市": "市",
    "市级": "市",
    "市里": "市",
    "市": "市",
    "青岛西海岸新区": "区",
    "西海岸新区": "区",
    "西海岸": "区",
    "黄岛区": "区",
    "黄岛": "区",
    "新区": "区",
    "区里": "区",
    "区级": "区",
    "区": "区",
    "山东省": "省",
    "省": "省",
}
_LEVEL_BEFORE = re.compile("(" + "|".join(sorted(_LEVELS, key=len, reverse=True)) + ")的?$")
_SHORTEST = 3
_ORGAN_ENDS = ("局", "委", "办", "联", "协", "部", "行", "心", "会")


@dataclass(frozen=True, slots=True)
class Mention:
    """A department as a question names it. Several departments where the level is left open, none where none has the name."""

    typed: str
    departments: tuple[Department, ...]
    span: tuple[int, int]


class Directory:
    """The departments the document names, by every name people use."""

    def __init__(self, departments: Iterable[Department]) -> None:
        self._named: dict[str, list[Department]] = {}
        for department in departments:
            for name in dict.fromkeys(map(compact, (department.name, department.kind, *department.aliases))):
                self._named.setdefault(name, []).append(department)
        names = [name for name in self._named if self._is_telling(name)]
        self._pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)")

    @staticmethod
    def _is_telling(name: str) -> bool:
        return (name.endswith(_ORGAN_ENDS) and len(name) >= 2) or len(name) > _SHORTEST

    def mentions(self, text: str) -> list[Mention]:
        """The departments named in a compact text, in order."""
        return [self._mention(text, match) for match in self._pattern.finditer(text)]

    def _mention(self, text: str, match: re.Match[str]) -> Mention:
        typed, (start, end) = match.group(), match.span()
        departments = self._named[typed]
        before = _LEVEL_BEFORE.search(text[:start])
        if before is not None and not _has_level(typed):
            level = _LEVELS[before.group(1)]
            departments = [department for department in departments if department.level == level]
            start = before.start()
        rest = re.match(r"(?:员会|会)", text[end:]) if typed.endswith("委") else None
        return Mention(text[start:end], tuple(departments), (start, end + (rest.end() if rest else 0)))


def _has_level(name: str) -> bool:
    return name.startswith(("区", "市", "青岛", "新区", "西海岸", "黄岛", "开发区")) and not name.startswith(
        "市场"
    )
