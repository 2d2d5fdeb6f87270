"""Headings that have no number. Pure."""

import re

_MAX_BARE_HEADING = 24
_NO_HEADING = re.compile(r"[，,。；;：:！!？?\d（(《）)》]")
_FIELD_IN_BRACKETS = re.compile(r"[【\[［〔][^】\]］〕]{2,8}[】\]］〕]\s*[^\s]")


def is_bare_heading(text: str) -> bool:
    """Words that may be a heading without a number: short, no sentence, and no field (【责任单位】市商务局)."""
    if _FIELD_IN_BRACKETS.match(text) or _NO_HEADING.search(text):
        return False
    return 2 <= len(text) <= _MAX_BARE_HEADING
