"""A part of the district's data as lines that a person reads and compares. Pure."""

from collections.abc import Iterable

from pydantic import BaseModel

from policies.district.models import DepartmentList, DistrictPart, Places, Texts
from policies.library.models import Department, TrackList

PART_NAMES = {
    DistrictPart.TRACKS: "赛道",
    DistrictPart.DEPARTMENTS: "部门",
    DistrictPart.PLACES: "地名",
    DistrictPart.TEXTS: "文字",
}
EXAMPLE_NAMES = {
    "word": "关键词",
    "clause": "条号",
    "section": "部分",
    "department": "部门",
    "amount": "金额",
    "track": "赛道",
    "sentence": "一句话",
}
TEXT_NAMES = {
    "account": "公众号名称",
    "district": "区域全称",
    "short": "区域简称",
    "city": "所属城市",
    "welcome": "欢迎语",
}
OFFICE_NAMES = {"name": "单位", "address": "地址", "phone": "电话", "hours": "办公时间"}


def lines_of(content: BaseModel | None) -> dict[str, str]:
    """Return what a part says, by entry: 赛道 养老服务 → its other names. Empty fields have no line."""
    match content:
        case TrackList():
            lines = {f"赛道 {track.name}": joined(track.aliases) or "无别名" for track in content.tracks}
            return lines | {
                "顺序": joined(track.name for track in content.tracks),
                "目录": _provisional(content),
            }
        case DepartmentList():
            lines = {f"部门 {one.name}": _department(one) for one in content.root}
            return lines | {"顺序": joined(one.name for one in content.root)}
        case Places():
            levels = {f"{level}级部门前的称呼": joined(names) for level, names in content.levels.items()}
            return _filled(
                {"本区地名": joined(content.own), "周边外地地名": joined(content.others), **levels}
            )
        case Texts():
            return _filled(_texts(content))
    return {}


def joined(words: Iterable[str]) -> str:
    """Return words in one line."""
    return "、".join(words)


def _provisional(tracks: TrackList) -> str:
    return "暂定" if tracks.provisional else "正式"


def _department(one: Department) -> str:
    return "；".join(
        filter(
            None,
            (
                f"{one.level}级",
                f"同类名 {one.kind}",
                f"别名 {joined(one.aliases)}" if one.aliases else "",
                f"电话 {one.phone}" if one.phone else "",
                f"地址 {one.address}" if one.address else "",
                f"办公时间 {one.hours}" if one.hours else "",
            ),
        )
    )


def _texts(texts: Texts) -> dict[str, str]:
    told = texts.confidential
    office = told.office
    return {
        **{name: getattr(texts, field) for field, name in TEXT_NAMES.items()},
        **{f"示例：{name}": getattr(texts.examples, field) for field, name in EXAMPLE_NAMES.items()},
        "反问的主题": joined(texts.topics),
        "不公开内容的答复": told.answer,
        "不公开内容的问法": joined(told.words),
        "不公开的目录": joined(told.lists),
        "查询窗口": "，".join(filter(None, (getattr(office, f) for f in OFFICE_NAMES))) if office else "",
        "菜单": "；".join(f"{key}：{label or '不显示'}" for key, label in texts.menu.items()),
    }


def _filled(lines: dict[str, str]) -> dict[str, str]:
    return {name: line for name, line in lines.items() if line}
