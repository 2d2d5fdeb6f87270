"""Makes printed lines out of the words on a page: columns, first lines of paragraphs, footnote marks. Pure."""

import itertools
import statistics
from collections.abc import Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Any

from policies.importing.files.glyphs import restored, unjustified

_SAME_LINE = 0.5
"""Words whose middles are less than this share of their size apart stand on one line."""
_RAISED = 0.78
_GUTTER = 6.0
_MIDDLE = (0.3, 0.7)
_CROSSING = 0.2
_ALSO_CROSSING = 2
"""So many words more than at its emptiest place may stand in the band between two columns."""
_COLUMN = 0.25


@dataclass(slots=True)
class Printed:
    """A printed line.

    Attributes:
        text: without the marks of footnotes.
        left, right, top, bottom: in points from the page's upper left corner.
        size: of most of its letters, in points.
        marks: footnote marks that stood in it.
        column: 0 or 1, counted from the left.
        page: from 1.
    """

    text: str
    left: float
    right: float
    top: float
    bottom: float
    size: float
    marks: tuple[str, ...] = ()
    column: int = 0
    page: int = 0


def lines_of_words(words: Sequence[dict[str, Any]]) -> list[Printed]:
    """Return words as lines from top to bottom."""
    rows: list[list[dict[str, Any]]] = []
    for word in sorted(words, key=lambda one: ((one["top"] + one["bottom"]) / 2, one["x0"])):
        middle = (word["top"] + word["bottom"]) / 2
        row = rows[-1] if rows else None
        if row is not None and _on_row(row, middle, word):
            row.append(word)
        else:
            rows.append([word])
    return [_printed(sorted(row, key=lambda one: one["x0"])) for row in rows]


def _on_row(row: Sequence[dict[str, Any]], middle: float, word: dict[str, Any]) -> bool:
    largest = max(row, key=lambda one: one["bottom"] - one["top"])
    height = max(largest["bottom"] - largest["top"], word["bottom"] - word["top"])
    return bool(abs(middle - (largest["top"] + largest["bottom"]) / 2) < height * _SAME_LINE)


def _printed(row: Sequence[dict[str, Any]]) -> Printed:
    size = statistics.median_high([one["size"] for one in row for _ in one["text"]])
    plain: list[dict[str, Any]] = []
    marks: list[str] = []
    for one in row:
        raised = one["size"] < size * _RAISED and one["bottom"] < max(w["bottom"] for w in row) - size * 0.1
        small_number = one["text"].strip("[]①②③④⑤⑥⑦⑧⑨⑩*").isdecimal() or one["text"][:1] in "①②③④⑤⑥⑦⑧⑨⑩*"
        if raised and small_number and plain:
            marks.append(one["text"])
        else:
            plain.append(one)
    plain = plain or list(row)
    return Printed(
        unjustified(restored(_spaced(plain))).strip(),
        plain[0]["x0"],
        plain[-1]["x1"],
        min(one["top"] for one in plain),
        max(one["bottom"] for one in plain),
        size,
        tuple(marks),
    )


def _spaced(row: Iterable[dict[str, Any]]) -> str:
    text, right = "", 0.0
    for one in row:
        if text and one["x0"] - right > one["size"] * 0.12:
            text += " "
        text += one["text"]
        right = one["x1"]
    return text


def gutter_of(words: Sequence[dict[str, Any]]) -> float | None:
    """Return the place of the white band between two columns, in points; None for a page with one column."""
    if len(words) < 20:
        return None
    lines = lines_of_words(words)
    left = min(line.left for line in lines)
    right = max(line.right for line in lines)
    low, high = (left + (right - left) * share for share in _MIDDLE)
    at = _widest_band(words, low, high, most=int(len(lines) * _CROSSING))
    if at is None:
        return None
    letters = sum(len(word["text"]) for word in words)
    before = sum(len(word["text"]) for word in words if word["x1"] <= at)
    after = sum(len(word["text"]) for word in words if word["x0"] >= at)
    facing = sum(any(w["x1"] <= at for w in row) and any(w["x0"] >= at for w in row) for row in _rows(words))
    balanced = min(before, after) >= letters * _COLUMN
    return at if balanced and facing >= 4 else None


def _widest_band(words: Sequence[dict[str, Any]], low: float, high: float, *, most: int) -> float | None:
    """Return the middle of the widest band that few words cross. Titles, page numbers and long lines may cross it.

    Args:
        words: of a page.
        low: where the middle of the page begins, in points.
        high: where it ends.
        most: words that may cross it.
    """
    places = [low + step for step in range(int(high - low) + 1)]
    crossing = [sum(word["x0"] < at < word["x1"] for word in words) for at in places]
    fewest = min(crossing)
    if fewest > most:
        return None
    bands: list[list[int]] = [[]]
    for at, count in enumerate(crossing):
        if count <= fewest + _ALSO_CROSSING:
            bands[-1].append(at)
        elif bands[-1]:
            bands.append([])
    widest = max(bands, key=len)
    if len(widest) < _GUTTER:
        return None
    middle = (widest[0] + widest[-1]) / 2
    return places[min(widest, key=lambda at: (crossing[at], abs(at - middle)))]


def _rows(words: Sequence[dict[str, Any]]) -> Iterator[list[dict[str, Any]]]:
    rows: dict[int, list[dict[str, Any]]] = {}
    for word in words:
        rows.setdefault(round((word["top"] + word["bottom"]) / 2 / 6), []).append(word)
    yield from rows.values()


def in_columns(words: Sequence[dict[str, Any]], gutter: float | None) -> list[Printed]:
    """Return lines in reading order: above a line across the page first its left column, then its right one."""
    if gutter is None:
        return lines_of_words(words)
    across = [
        line
        for line in lines_of_words(words)
        if line.left < gutter < line.right and _crosses(line, words, gutter)
    ]
    found: list[Printed] = []
    zone_top = -1.0
    for line in [*across, None]:
        zone_end = line.top if line else float("inf")
        inside = [
            word
            for word in words
            if zone_top <= (word["top"] + word["bottom"]) / 2 < zone_end
            and not any(one.top - 1 <= word["top"] and word["bottom"] <= one.bottom + 1 for one in across)
        ]
        for column, part in enumerate(
            ([w for w in inside if w["x0"] < gutter], [w for w in inside if w["x0"] >= gutter])
        ):
            for one in lines_of_words(part):
                one.column = column
                found.append(one)
        if line:
            found.append(line)
            zone_top = line.bottom
    return found


def _crosses(line: Printed, words: Sequence[dict[str, Any]], gutter: float) -> bool:
    return any(
        word["x0"] < gutter < word["x1"] and line.top - 1 <= word["top"] <= line.bottom for word in words
    )


def paragraph_starts(lines: Sequence[Printed]) -> list[bool | None]:
    """Return for each line whether a paragraph begins there, by a wider gap or an indent; None if it is unclear.

    If the layout marks paragraphs, a paragraph goes on when a line of full width is followed by one without gap and
    indent.
    """
    if not lines:
        return []
    starts: list[bool | None] = [None]
    body = statistics.median(line.size for line in lines)
    edges = _edges(lines)
    pitch = usual_pitch(lines)
    after_short, marked = 0, 0
    for before, line in itertools.pairwise(lines):
        same = (before.page, before.column) == (line.page, line.column)
        left, _ = edges[line.page, line.column]
        gap = same and line.top - before.top > max(pitch, line.size) * 1.22
        indent = line.left - left > body * 1.4 and not before.left - left > body * 1.4
        short = before.right < edges[before.page, before.column][1] - body * 2.2
        bigger = abs(line.size - before.size) > body * 0.15
        begins = gap or indent or bigger
        ended = short and same and before.text.endswith(("。", "）", "；", "："))
        after_short += ended
        marked += ended and (gap or indent)
        starts.append(True if begins else None if short else False)
    reliable = after_short >= 3 and marked >= after_short * 0.8
    return [None if start is False and not reliable else start for start in starts]


def _edges(lines: Sequence[Printed]) -> dict[tuple[int, int], tuple[float, float]]:
    """Left and right edge of the text by page and column, in points. A page with few lines takes the edges of the others."""
    by_place: dict[tuple[int, int], list[Printed]] = {}
    for line in lines:
        by_place.setdefault((line.page, line.column), []).append(line)
    by_column: dict[int, float] = {}
    for (_, column), found in by_place.items():
        by_column[column] = max(by_column.get(column, 0.0), *(line.right for line in found))
    return {
        place: (
            min(line.left for line in found),
            by_column[place[1]] if len(found) < 8 else max(line.right for line in found),
        )
        for place, found in by_place.items()
    }


def usual_pitch(lines: Sequence[Printed]) -> float:
    """Return the usual distance of two lines of a paragraph: the lower quarter of all distances."""
    steps = sorted(
        line.top - before.top
        for before, line in itertools.pairwise(lines)
        if (before.page, before.column) == (line.page, line.column) and line.top > before.top
    )
    return steps[len(steps) // 4] if steps else 0.0
