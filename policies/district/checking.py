"""Whether a part may be as it was written: what clauses carry must stay in the lists. Pure."""

from collections import Counter
from collections.abc import Set

from pydantic import BaseModel

from policies.district.models import DepartmentList, Texts
from policies.library.models import TrackList

_NAMES_SHOWN = 5


def faults_of(
    content: BaseModel,
    *,
    tracks_used: Set[str],
    departments_used: Set[str],
    menu_keys: Set[str] | None = None,
) -> list[str]:
    """Return why a part cannot take effect, one sentence each; [] if it can.

    Args:
        content: the part.
        tracks_used: ids of tracks that published clauses carry.
        departments_used: names of departments that published clauses carry.
        menu_keys: keys of the menu's buttons. None: they are not checked.
    """
    match content:
        case TrackList():
            names = Counter(name for track in content.tracks for name in {track.name, *track.aliases})
            twice = [name for name, count in names.items() if count > 1]
            return [
                *_gone("赛道", tracks_used - {track.id for track in content.tracks}),
                *([f"“{_shown(twice)}”属于两个赛道"] if twice else []),
            ]
        case DepartmentList():
            return _gone("部门", departments_used - {department.name for department in content.root})
        case Texts():
            unknown = set(content.menu) - menu_keys if menu_keys is not None else set()
            return [f"菜单里没有 {_shown(sorted(unknown))}"] if unknown else []
    return []


def _gone(kind: str, names: Set[str]) -> list[str]:
    return [f"现行条款还在使用这些{kind}，不能删除：{_shown(sorted(names))}"] if names else []


def _shown(names: list[str]) -> str:
    more = f"等 {len(names)} 个" if len(names) > _NAMES_SHOWN else ""
    return "、".join(names[:_NAMES_SHOWN]) + more
