"""A part of the district's data as a form, and back. Lists are edited one entry at a time. Pure."""

import re
from collections.abc import Iterable, Mapping
from datetime import date
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from console.district.showing import EXAMPLE_NAMES, OFFICE_NAMES, TEXT_NAMES, joined
from policies.district.models import Confidential, DepartmentList, Examples, Places, QueryOffice, Texts
from policies.library.models import Department, Track, TrackList

Values = Mapping[str, str]
_Entry = TypeVar("_Entry")
_BETWEEN = re.compile(r"[、，,;；\s]+")
_ASKED_OF_DEPARTMENTS = ("phone", "address", "hours")
_FIELD_NAMES = {
    "name": "名称",
    "level": "层级",
    "kind": "同类名",
    "aliases": "别名",
    "phone": "电话",
    "address": "地址",
    "hours": "办公时间",
    "own": "本区地名",
    "others": "周边外地地名",
    "levels": "层级称呼",
    "topics": "反问的主题",
    "words": "不公开内容的问法",
    "lists": "不公开的目录",
    "answer": "不公开内容的答复",
    "office": "查询窗口",
    "menu": "菜单",
    **TEXT_NAMES,
    **EXAMPLE_NAMES,
}
_FAULTS = {
    "string_too_long": "太长，最多 {max_length} 个字",
    "string_too_short": "要填写",
    "missing": "要填写",
}


class FormError(Exception):
    """The typed texts make no such entry. The message says why, in Chinese."""


def words_in(typed: str) -> tuple[str, ...]:
    """Return words with 、, commas, spaces or lines between them, each once."""
    return tuple(dict.fromkeys(filter(None, _BETWEEN.split(typed))))


def entry_values(content: BaseModel, entry: str) -> dict[str, str]:
    """Return the form of one track (by id) or department (by name); an empty form if there is no such entry."""
    if isinstance(content, TrackList):
        list_fields = {"provisional": "1" if content.provisional else ""}
        for position, track in enumerate(content.tracks, start=1):
            if track.id == entry:
                named = {"name": track.name, "aliases": joined(track.aliases), "position": str(position)}
                return list_fields | named
        return list_fields
    if isinstance(content, DepartmentList):
        for position, one in enumerate(content.root, start=1):
            if one.name == entry:
                asked = {name: getattr(one, name) for name in _ASKED_OF_DEPARTMENTS}
                aliases = joined(one.aliases)
                named = {"name": one.name, "level": one.level, "kind": one.kind, "aliases": aliases}
                return named | asked | {"position": str(position)}
    return {}


def with_track(content: TrackList, entry: str, typed: Values) -> TrackList:
    """Return the list with one track added (`entry` is ""), changed, or removed if the form says so."""
    provisional = typed.get("provisional") == "1"
    track = None
    if typed.get("remove") != "1":
        track = read(
            Track, id=entry or _free_id(content), name=typed["name"], aliases=words_in(typed["aliases"])
        )
    tracks = _placed(content.tracks, [one.id == entry for one in content.tracks], track, typed["position"])
    return read(TrackList, provisional=provisional, tracks=tracks)


def with_department(content: DepartmentList, entry: str, typed: Values, today: date) -> DepartmentList:
    """Return the directory with one department added (`entry` is ""), changed or taken out."""
    before = next((one for one in content.root if one.name == entry), None)
    department = None
    if typed.get("remove") != "1":
        asked = {name: typed[name] for name in _ASKED_OF_DEPARTMENTS}
        same = before is not None and all(getattr(before, name) == value for name, value in asked.items())
        entered = before.entered_on if before and same else today if any(asked.values()) else None
        level = typed["level"] or "区"
        department = read(
            Department,
            name=_required("name", typed["name"]),
            level=level,
            kind=typed["kind"] or typed["name"].removeprefix(level),
            aliases=words_in(typed["aliases"]),
            entered_on=entered,
            **asked,
        )
    placed = _placed(content.root, [one.name == entry for one in content.root], department, typed["position"])
    return read_root(placed)


def places_values(places: Places) -> dict[str, str]:
    """Return the form of the places; `levels` has a line for each level."""
    levels = "\n".join(f"{level}：{joined(names)}" for level, names in places.levels.items())
    return {"own": joined(places.own), "others": joined(places.others), "levels": levels}


def read_places(typed: Values) -> Places:
    """Return the places that a form says."""
    levels: dict[str, tuple[str, ...]] = {}
    for line in filter(None, map(str.strip, typed["levels"].splitlines())):
        level, mark, names = line.replace(":", "：").partition("：")
        if not mark or not level.strip():
            raise FormError("层级称呼每行写一个层级，如 区：滨江新区、新区")
        levels[level.strip()] = words_in(names)
    return read(Places, levels=levels, own=words_in(typed["own"]), others=words_in(typed["others"]))


def texts_values(texts: Texts, menu: Values) -> dict[str, str]:
    """Return the form of the texts. `menu`: usual labels of the buttons by key."""
    told = texts.confidential
    office = told.office
    return {
        **{name: getattr(texts, name) for name in TEXT_NAMES},
        **{f"example_{name}": getattr(texts.examples, name) for name in EXAMPLE_NAMES},
        "topics": joined(texts.topics),
        "answer": told.answer,
        "words": joined(told.words),
        "lists": joined(told.lists),
        **{f"office_{name}": getattr(office, name) if office else "" for name in OFFICE_NAMES},
        **{f"menu_{key}": texts.menu.get(key, label) for key, label in menu.items()},
    }


def read_texts(typed: Values, menu: Values) -> Texts:
    """Return the texts that a form says. A button whose label is emptied is taken out."""
    office = {name: typed[f"office_{name}"] for name in OFFICE_NAMES}
    told = read(
        Confidential,
        answer=typed["answer"],
        words=words_in(typed["words"]),
        lists=words_in(typed["lists"]),
        office=read(QueryOffice, **office) if any(office.values()) else None,
    )
    labels = {key: typed[f"menu_{key}"] for key in menu}
    return read(
        Texts,
        **{name: typed[name] for name in TEXT_NAMES},
        examples=read(Examples, **{name: typed[f"example_{name}"] for name in EXAMPLE_NAMES}),
        topics=words_in(typed["topics"]),
        confidential=told,
        menu={key: label for key, label in labels.items() if label != menu[key]},
    )


_Model = TypeVar("_Model", bound=BaseModel)


def read(model: type[_Model], **values: Any) -> _Model:
    """Return a value of the model; raises `FormError` with the field and what is wrong with it."""
    try:
        return model(**values)
    except ValidationError as error:
        raise _fault(error) from error


def read_root(departments: Iterable[Department]) -> DepartmentList:
    """Return the directory of these departments; raises `FormError`."""
    try:
        return DepartmentList(tuple(departments))
    except ValidationError as error:
        raise _fault(error) from error


def _fault(error: ValidationError) -> FormError:
    fault = error.errors(include_url=False)[0]
    if fault["type"] == "value_error":
        return FormError(str(fault["msg"]).removeprefix("Value error, "))
    named = next((_FIELD_NAMES[part] for part in fault["loc"] if part in _FIELD_NAMES), "这一项")
    reason = _FAULTS.get(fault["type"], "格式不对").format(**fault.get("ctx", {}))
    return FormError(f"{named}{reason}")


def _required(field: str, typed: str) -> str:
    if not typed:
        raise FormError(f"{_FIELD_NAMES[field]}要填写")
    return typed


def _placed(
    entries: Iterable[_Entry], is_it: Iterable[bool], new: _Entry | None, position: str
) -> tuple[_Entry, ...]:
    """Return the entries with one replaced. It stands at `position` (from 1), or at its old place, or last."""
    marked = list(zip(entries, is_it, strict=True))
    others = [entry for entry, it in marked if not it]
    if new is None:
        return tuple(others)
    stood = next((at for at, (_, it) in enumerate(marked) if it), len(others))
    at = int(position) - 1 if position.isdecimal() and len(position) < 5 else stood
    at = min(max(at, 0), len(others))
    return (*others[:at], new, *others[at:])


def _free_id(content: TrackList) -> str:
    taken = {track.id for track in content.tracks}
    return next(name for number in range(1, 10_000) if (name := f"track-{number}") not in taken)
