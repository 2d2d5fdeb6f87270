"""What the parts beside a Word document's text say: its styles, footnotes and endnotes."""

import re
from typing import Any

from policies.importing.files.word_numbering import WORD, value
from policies.importing.files.word_paragraphs import paragraph_text


def notes_of(root: Any | None, name: str) -> dict[str, str]:
    """Return footnotes by their id, without the separators that Word keeps among them."""
    if root is None:
        return {}
    return {
        str(entry.get(f"{WORD}id")): paragraph_text(entry).strip()
        for entry in root.findall(f"{WORD}{name}")
        if entry.get(f"{WORD}type") in {None, "normal"}
    }


def style_facts(root: Any | None) -> tuple[dict[str, int], set[str], set[str], str]:
    """Read the styles: heading levels, styles of contents, hidden styles, and the default paragraph style."""
    levels: dict[str, int] = {}
    contents: set[str] = set()
    hidden: set[str] = set()
    default = ""
    for style in root.findall(f"{WORD}style") if root is not None else ():
        key = str(style.get(f"{WORD}styleId"))
        name = value(style, "name").lower()
        level = style.find(f"{WORD}pPr/{WORD}outlineLvl")
        if (
            level is not None
            and str(level.get(f"{WORD}val")).isdecimal()
            and int(level.get(f"{WORD}val")) < 9
        ):
            levels[key] = int(level.get(f"{WORD}val"))
        elif levels.get(value(style, "basedOn")) is not None:
            levels[key] = levels[value(style, "basedOn")]
        elif re.fullmatch(r"heading [1-9]|标题 ?[1-9]", name):
            levels[key] = int(name[-1]) - 1
        if name.startswith(("toc", "目录")):
            contents.add(key)
        vanish = style.find(f"{WORD}rPr/{WORD}vanish")
        if vanish is not None and vanish.get(f"{WORD}val", "1") not in {"0", "false", "off"}:
            hidden.add(key)
        if style.get(f"{WORD}default") in {"1", "true"} and style.get(f"{WORD}type") == "paragraph":
            default = key
    return levels, contents, hidden, default
