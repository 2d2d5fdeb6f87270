"""Headings whose numbers are of the same kind as the clauses' below them: 1.科技创新 over 1.对…. Pure."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass

from policies.importing.document.blocks import Block, DocumentLine
from policies.importing.document.headings import is_bare_heading
from policies.importing.document.markers import markers_of
from policies.importing.document.numbering import HEAD_OF, Scheme
from policies.importing.structure.levels import is_title_text

_OPENS_LIST = re.compile(r"[：:；;，,、]\Z")
_FEWEST_HEADS = 2


@dataclass(frozen=True, slots=True)
class _Numbered:
    """A numbered line; `before` is the line before it."""

    line: DocumentLine
    number: int
    rest: str
    before: str

    @property
    def may_head(self) -> bool:
        return is_title_text(self.rest) and not _OPENS_LIST.search(self.rest)


def headings_of_same_kind(blocks: Sequence[Block]) -> frozenset[int]:
    """Return the ids of the lines that are such headings. Numbers alone tell: each heading is the next of its row,
    and below it a row begins again with 1 or goes on.
    """
    found: set[int] = set()
    for scheme in HEAD_OF:
        row = list(_row_of(blocks, scheme))
        heads = _over_rows_begun_anew(row) or _over_one_row(row)
        found |= {id(one.line) for one in heads}
    return frozenset(found)


def _row_of(blocks: Sequence[Block], scheme: Scheme) -> Iterator[_Numbered]:
    before = ""
    for block in blocks:
        if not isinstance(block, DocumentLine):
            before = ""
            continue
        marker = next((one for one in markers_of(block.text) if one.scheme == scheme), None)
        if marker is not None and not marker.bare and block.starts is not False:
            yield _Numbered(block, marker.number, marker.rest, before)
        before = block.text


def _over_rows_begun_anew(row: Sequence[_Numbered]) -> list[_Numbered]:
    """1. over 1. 2., 2. over 1. 2. 3.: a heading is what stands right before a 1."""
    heads: list[_Numbered] = []
    below = 0
    for at, one in enumerate(row):
        after = row[at + 1] if at + 1 < len(row) else None
        begins = after is not None and after.number == 1 and not _OPENS_LIST.search(after.before)
        if begins and one.number == len(heads) + 1 and one.may_head:
            heads.append(one)
            below = 0
        elif heads and one.number == below + 1:
            below += 1
        else:
            return []
    items = [one for one in row if one not in heads]
    in_lists = sum(one.rest.endswith(("；", ";")) for one in items) * 2 > len(items)
    return heads if len(heads) >= _FEWEST_HEADS and not in_lists else []


def _over_one_row(row: Sequence[_Numbered]) -> list[_Numbered]:
    """1. over 1. 2., 2. over 3. 4.: sentences go on from sentences, short titles from titles."""
    heads: list[_Numbered] = []
    last, since = 0, 1
    for one in row:
        titled = one.may_head and is_bare_heading(one.rest)
        if titled and one.number == len(heads) + 1 and since:
            heads.append(one)
            since = 0
        elif heads and not titled and one.number == last + 1:
            last, since = last + 1, since + 1
        else:
            return []
    return heads if len(heads) >= _FEWEST_HEADS and since and last > len(heads) else []
