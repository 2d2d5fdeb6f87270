"""Kinds of numbering, a number of a line, and which number follows which. Values; pure."""

from dataclasses import dataclass
from enum import IntEnum

_FIRST_DEEP = 101


class Scheme(IntEnum):
    """A kind of numbering. Where the document does not tell, a kind with a smaller value is above one with a larger value."""

    BOOK = 1
    """第一编, 第一篇, 第一部分."""
    CHAPTER = 2
    PART_OF_CHAPTER = 3
    """第一节."""
    ARTICLE = 4
    """第一条."""
    HAN_HEAD = 5
    """一、 as a heading over 一、 again; the line alone does not tell."""
    HAN = 6
    """一、"""
    HAN_PAREN_HEAD = 7
    """（一） as a heading over （一） again."""
    HAN_PAREN = 8
    """（一）."""
    POLICY = 9
    """政策1：, 措施一、"""
    DOT_HEAD = 10
    """1. as a heading over 1. again."""
    DOT = 11
    """1. and its sisters 1、 1。 1．."""
    DECIMAL = 12
    """1.1."""
    PAREN = 13
    """（1）."""
    HALF = 14
    """1）."""
    CIRCLE = 15
    """①."""
    DEEP = 16
    """1.1.1."""
    ROMAN = 17
    """Ⅰ、 and II."""
    LETTER = 18
    """A."""


HEAD_OF = {
    Scheme.HAN: Scheme.HAN_HEAD,
    Scheme.HAN_PAREN: Scheme.HAN_PAREN_HEAD,
    Scheme.DOT: Scheme.DOT_HEAD,
}
"""The kind that a number has if it is a heading over numbers of its own kind."""


@dataclass(frozen=True, slots=True)
class Marker:
    """A number that may begin a line.

    Attributes:
        scheme: its kind.
        number: its value; of 2.1 the 2, of 2.1.3 the 201.
        minor: of 2.1 the 1, of 2.1.3 the 3, else 0.
        bare: it may be no number: no point follows it (45 支持…), or a digit follows the point (6.24小时…).
        label: as printed, without closing point and spaces.
        rest: the line after it.
    """

    scheme: Scheme
    number: int
    label: str
    rest: str
    minor: int = 0
    bare: bool = False


def begins(marker: Marker) -> bool:
    """Whether a number is the first of a row (1, 1.1, 1.1.1)."""
    if marker.scheme == Scheme.DEEP:
        return marker.number == _FIRST_DEEP and marker.minor == 1
    return marker.number == 1 and marker.minor in {0, 1}


def follows(before: Marker, after: Marker) -> bool:
    """Whether a number is the next one of a row (3 after 2, 2.1 after 2 or 1.4)."""
    if before.scheme != after.scheme:
        return False
    if after.scheme in {Scheme.DECIMAL, Scheme.DEEP}:
        same = after.number == before.number and after.minor == before.minor + 1
        higher = (
            after.number % 100 == 1 and after.number // 100 == before.number // 100 + 1
        )  # 2.1.1 after 1.4.3
        goes_up = after.number == before.number + 1 or (after.scheme == Scheme.DEEP and higher)
        return same or (goes_up and after.minor in {0, 1, before.minor})
    return after.number == before.number + 1


def between(before: Marker, after: Marker) -> str:
    """Return the numbers missing between two, in words: 第 3 至 5 项."""
    first, last = before.number + 1, after.number - 1
    return f"第 {first} 项" if first == last else f"第 {first} 至 {last} 项"
