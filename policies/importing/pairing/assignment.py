"""The best assignment of two sets to each other: the one whose scores are the highest together. Pure.

By hand, because SciPy would be 35 MB for this one function. The candidates fall into small groups that have nothing to do with
each other, and each group is solved by itself (Kuhn and Munkres, in the form with potentials).
"""

import math
from collections import defaultdict
from collections.abc import Mapping, Sequence

_LARGEST = 150
"""Members of a group that is solved exactly; in a larger one the highest scores are taken first."""
_DECISIVE = 3
"""Scores are raised to this power: one pair that is nearly certain outweighs two that are hardly likely."""

Scores = Mapping[tuple[int, int], float]


def best_assignment(scores: Scores) -> dict[int, int]:
    """Row to column, each at most once.

    Args:
        scores: of the pairs that are possible, all above 0.
    """
    found: dict[int, int] = {}
    for group in _groups(scores):
        rows, columns = sorted({row for row, _ in group}), sorted({column for _, column in group})
        of_group = {pair: scores[pair] for pair in group}
        exact = max(len(rows), len(columns)) <= _LARGEST
        found |= _exact(rows, columns, of_group) if exact else _highest_first(of_group)
    return found


def _groups(scores: Scores) -> list[list[tuple[int, int]]]:
    """Return the possible pairs, those together that share a row or a column, directly or through others."""
    by_row: defaultdict[int, list[int]] = defaultdict(list)
    by_column: defaultdict[int, list[int]] = defaultdict(list)
    for row, column in scores:
        by_row[row].append(column)
        by_column[column].append(row)
    groups, seen = [], set[int]()
    for first in by_row:
        if first in seen:
            continue
        seen.add(first)
        rows, waiting = [first], [first]
        while waiting:
            for column in by_row[waiting.pop()]:
                new = [row for row in by_column[column] if row not in seen]
                seen.update(new)
                rows += new
                waiting += new
        groups.append([(row, column) for row in rows for column in by_row[row]])
    return groups


def _highest_first(scores: Scores) -> dict[int, int]:
    found: dict[int, int] = {}
    taken: set[int] = set()
    for row, column in sorted(scores, key=lambda pair: (-scores[pair], pair)):
        if row not in found and column not in taken:
            found[row] = column
            taken.add(column)
    return found


def _exact(rows: Sequence[int], columns: Sequence[int], scores: Scores) -> dict[int, int]:
    if len(rows) == 1 or len(columns) == 1:
        return _highest_first(scores)
    size = max(len(rows), len(columns))
    costs = [[0.0] * size for _ in range(size)]
    place = {column: at for at, column in enumerate(columns)}
    for at, row in enumerate(rows):
        for column in columns:
            costs[at][place[column]] = -(scores.get((row, column), 0.0) ** _DECISIVE)
    chosen = _cheapest(costs)
    pairs = ((rows[at], columns[chosen[at]]) for at in range(len(rows)) if chosen[at] < len(columns))
    return {row: column for row, column in pairs if (row, column) in scores}


def _cheapest(costs: Sequence[Sequence[float]]) -> list[int]:
    """Return the column of each row of a square table, so that the sum of the costs is the least; takes its cube in steps."""
    size = len(costs)
    of_row, of_column = [0.0] * (size + 1), [0.0] * (size + 1)  # potentials; row and column 0 stand for none
    row_of = [0] * (size + 1)
    for row in range(1, size + 1):
        row_of[0] = row
        column, came_from = _shortest_way(costs, of_row, of_column, row_of)
        while column:  # every column on the way takes the row of the one before it
            row_of[column] = row_of[came_from[column]]
            column = came_from[column]
    chosen = [0] * size
    for column in range(1, size + 1):
        chosen[row_of[column] - 1] = column - 1
    return chosen


def _shortest_way(
    costs: Sequence[Sequence[float]], of_row: list[float], of_column: list[float], row_of: Sequence[int]
) -> tuple[int, list[int]]:
    """Return the free column that the row of column 0 reaches most cheaply, and the way there; the potentials follow."""
    size = len(costs)
    least, came_from, column = [math.inf] * (size + 1), [0] * (size + 1), 0
    visited: list[int] = []
    waiting = set(range(1, size + 1))
    while row_of[column]:
        visited.append(column)
        waiting.discard(column)
        row = row_of[column]
        for other in waiting:
            cost = costs[row - 1][other - 1] - of_row[row] - of_column[other]
            if cost < least[other]:
                least[other], came_from[other] = cost, column
        column = min(waiting, key=lambda other: least[other])
        step = least[column]
        for other in visited:
            of_row[row_of[other]] += step
            of_column[other] -= step
        for other in waiting:
            least[other] -= step
    return column, came_from
