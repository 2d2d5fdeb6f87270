"""The departments a clause names as responsible, as printed. Pure."""

import re
from collections.abc import Collection

_GROUP = re.compile(r"[（(](?P<label>\s*责任(?:单位|部门)\s*[:：])?(?P<names>[^（）()]+)[)）]")
_SEPARATOR = re.compile(r"[、，,;；]")
_BODY = re.compile(r"[\u4e00-\u9fff]{1,18}(?:局|委|办|部|中心|联|协|会|厅|院|所|处|行|公司|集团)")
_END = re.compile(r"[\s。.]*\Z")


def departments_in(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """The departments in the bracket that ends a clause and in each bracket that begins with 责任单位.

    Args:
        text: the clause.
        known: printed names in the directory of departments; other names are told by how they end.
    """
    found: list[str] = []
    for match in _GROUP.finditer(text):
        names = [re.sub(r"\s+", "", name) for name in _SEPARATOR.split(match["names"])]
        at_end = bool(_END.match(text, match.end()))
        if match["label"] or (at_end and all(name in known or _BODY.fullmatch(name) for name in names)):
            found += [name for name in names if name]
    return tuple(dict.fromkeys(found))


def responsible_end(text: str) -> int:
    """Where the closing bracket of departments begins; the length of the text where none closes it."""
    for match in _GROUP.finditer(text):
        if _END.match(text, match.end()) and departments_in(match[0]):
            return match.start()
    return len(text)
