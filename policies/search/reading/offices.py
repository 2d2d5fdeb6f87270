"""Reading departments, in full and short, with district and city kept apart."""

import re
from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from types import MappingProxyType

from policies.library.models import Department, Policy
from policies.search.words.normalise import compact

_LEVELS = {
    "省": ("省里", "省级"),
    "市": ("市里", "市级"),
    "区": ("区里", "区级"),
    "县": ("县里", "县级"),
}
"""What people put before the name of a department, by its level; a district adds its own names."""
_ZONE = "开发区"
_NO_LEVEL = "市场"
_SHORTEST_NAME = 3
_LONGEST_SHORT = 4
_ORGAN_ENDS = ("局", "委", "办", "联", "协", "部", "行", "心", "会")


@dataclass(frozen=True, slots=True)
class Mention:
    """A department as a question names it: several departments if the level is open, none if no department has the name."""

    typed: str
    departments: tuple[Department, ...]
    span: tuple[int, int]


_OF_NO_LEVEL = "其他"


def unlisted_departments(
    directory: Iterable[Department], policies: Iterable[Policy]
) -> tuple[Department, ...]:
    """Return departments that clauses print and the directory does not have; they are known by their printed name."""
    listed = {department.name for department in directory}
    printed = dict.fromkeys(name for policy in policies for name in policy.departments)
    return tuple(
        Department(name=name, level=name[0] if name[0] in _LEVELS else _OF_NO_LEVEL, kind=name)
        for name in printed
        if name and name not in listed
    )


class DepartmentNames:
    """The departments the document names, by every name people use."""

    def __init__(
        self, departments: Iterable[Department], levels: Mapping[str, Iterable[str]] = MappingProxyType({})
    ) -> None:
        self._levels = {
            name: level
            for known in (_LEVELS, levels)
            for level, names in known.items()
            for name in (level, *map(compact, names))
        }
        longest_first = sorted(self._levels, key=len, reverse=True)
        self._level_before = re.compile(f"({'|'.join(map(re.escape, longest_first))})的?$")
        self._begins_with_level = (*self._levels, _ZONE)
        self._named: dict[str, list[Department]] = {}
        for department in departments:
            for name in dict.fromkeys(map(compact, (department.name, department.kind, *department.aliases))):
                self._named.setdefault(name, []).append(department)
        names = [name for name in self._named if self._is_telling(name)]
        self._pattern = re.compile("|".join(map(re.escape, sorted(names, key=len, reverse=True))) or r"(?!)")

    @staticmethod
    def _is_telling(name: str) -> bool:
        return (name.endswith(_ORGAN_ENDS) and len(name) >= 2) or len(name) > _SHORTEST_NAME

    def mentions(self, text: str) -> list[Mention]:
        """Return the departments named in a compact text, in order."""
        return [self._mention(text, match) for match in self._pattern.finditer(text)]

    def named_alone(self, text: str) -> tuple[str, ...]:
        """Return the departments that a compact text names, by their printed names; () if it names something else too."""
        mentions = self.mentions(text)
        named = "".join(mention.typed for mention in mentions)
        if not mentions or len(text) > len(named) + 1:
            return ()
        return tuple(dict.fromkeys(d.name for mention in mentions for d in mention.departments))

    def by_short_name(self, text: str) -> Mention | None:
        """Return an office whose name is also a common word (财政, 税务), if the text begins with it."""
        for length in range(_LONGEST_SHORT, 1, -1):
            if departments := self._named.get(text[:length]):
                return Mention(text[:length], tuple(departments), (0, length))
        return None

    def _mention(self, text: str, match: re.Match[str]) -> Mention:
        typed, (start, end) = match.group(), match.span()
        departments = self._named[typed]
        before = self._level_before.search(text[:start])
        if before is not None and not self._has_level(typed):
            level = self._levels[before.group(1)]
            departments = [department for department in departments if department.level == level]
            start = before.start()
        rest = re.match(r"(?:员会|会)", text[end:]) if typed.endswith("委") else None
        return Mention(text[start:end], tuple(departments), (start, end + (rest.end() if rest else 0)))

    def _has_level(self, name: str) -> bool:
        return name.startswith(self._begins_with_level) and not name.startswith(_NO_LEVEL)
