"""What is wrong with a clause, said in the words of its form. Pure."""

import re
from collections.abc import Iterable

from policies.library.checking import Fault

COLUMN_NAMES = {
    "kind": "类型",
    "quote": "原文摘录",
    "what": "支持事项",
    "who": "对象",
    "value_cny": "定额",
    "min_cny": "不少于",
    "max_cny": "最高",
    "rate": "比例",
    "of": "比例的基数",
    "cap_cny": "封顶",
    "cap_per": "封顶范围",
    "per": "单位",
    "choice": "只可择一的组",
}
_PLACE = re.compile(r"(?P<of>\w+)\[(?P<at>\d+)\](?:\.(?P<column>\w+))?")


def beside_fields(faults: Iterable[Fault]) -> dict[str, str]:
    """Return the faults that `policies.library.checking` found, by the field of the form."""
    found: dict[str, list[str]] = {}
    for fault in faults:
        place = _PLACE.fullmatch(fault.field)
        if place is None:
            found.setdefault(fault.field, []).append(fault.message)
        elif place["of"] == "amounts":
            label = COLUMN_NAMES.get(place["column"] or "", "")
            where = f"第 {int(place['at']) + 1} 笔金额{f'的“{label}”' if label else ''}"
            found.setdefault(f"amount-{place['at']}", []).append(f"{where}：{fault.message}")
        else:
            found.setdefault(place["of"], []).append(f"第 {int(place['at']) + 1} 行：{fault.message}")
    return {name: "；".join(messages) for name, messages in found.items()}
