"""Texts in forms in which two printings of the same words are equal. Pure."""

import re
import unicodedata

_SPACES = re.compile(r"\s+")
_DASHES = re.compile(r"[‐-―−]+")
_MARK = r"[，。；：、！？,.;:!?()\[\]【】〔〕《》〈〉“”‘’\"'「」…·]"
# A mark between two digits tells figures apart (1.5): it stays. A dash always stays: it makes ranges.
_MARKS = re.compile(rf"(?<!\d){_MARK}|{_MARK}(?!\d)")


def folded(text: str) -> str:
    """Return a text without spaces and with half-width forms, so that two printings of one text are equal."""
    return _SPACES.sub("", unicodedata.normalize("NFKC", text))


def wording(text: str) -> str:
    """Return the words and figures of a text, without spaces and without the marks that only part its sentences."""
    return _MARKS.sub("", _DASHES.sub("-", folded(text)))
