"""Reads files of patterns: what people say, in lists that somebody who adds a word can read.

    # 何时
    {何时} = (?:什么时候|几号|哪天)

    [time]
    # 什么时候截止
    {何时}(?:就|会|要)?
        (?:截止|结束|到期)
    # 最后期限
    最后期限|截止日期

`[time]` begins the patterns of one meaning. A line that is not indented begins a pattern. Indented lines go on with it:
they begin no other wording, so where one does, the line before it ends with `|`. `{何时} = …` names words for the lines
after it. A line that begins with `#` says what stands below it.
"""

import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

_SECTION = re.compile(r"\[([a-z_]+)\]")
_NAME = re.compile(r"\{([\u4e00-\u9fff]+)\}")
_NAMED = re.compile(rf"{_NAME.pattern} = ")


@cache
def read_patterns(path: Path) -> Mapping[str, tuple[str, ...]]:
    """Read a file of patterns (sources of regular expressions). Modules that share a file read it once.

    Returns:
        The patterns of each section, in their order.

    Raises:
        KeyError: a line uses words that no line before it names, or a pattern stands before the first section.
    """
    names: dict[str, str] = {}
    sections: dict[str, list[str]] = {}
    section = ""
    for line in _joined(path.read_text(encoding="utf-8")):
        if begun := _SECTION.fullmatch(line):
            section = begun[1]
            sections[section] = []
        elif named := _NAMED.match(line):
            names[named[1]] = _filled(line[named.end() :], names)
        else:
            sections[section].append(_filled(line, names))
    return {section: tuple(patterns) for section, patterns in sections.items()}


def _joined(text: str) -> list[str]:
    """Return the lines without comments, each with the indented lines below it."""
    joined: list[str] = []
    for line in text.splitlines():
        words = line.strip()
        if not words or words.startswith("#"):
            continue
        if line[0] == " ":
            joined[-1] += words
        else:
            joined.append(words)
    return joined


def _filled(line: str, names: dict[str, str]) -> str:
    return _NAME.sub(lambda named: names[named[1]], line)
