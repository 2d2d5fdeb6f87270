"""Finds the basis documents that people name: by number (文号) or by title, whole or nearly whole."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from functools import cached_property

from policies.library.models import Basis, Policy
from policies.search.words.normalise import compact

_NUMBER = re.compile(r"[a-z\u4e00-\u9fff]{1,10}?第?(?:19|20)\d{2}年?第?\d{1,4}号?")
_YEAR = re.compile(r"(?:19|20)\d{2}")
_PIECE = 8
"""Characters of a title that name it. A shorter piece stands in many titles."""
_PART = 3
"""Characters of a title that name it, if the message says that it means a document (人才强青那份)."""
_MOST_NAMED = 2
"""A piece that stands in more titles than this names none of them."""


@dataclass(frozen=True, slots=True)
class NamedBasis:
    """A basis document that a message names.

    Attributes:
        title: as printed, with its number.
        clauses: the clauses that are based on it.
        span: where the message names it; (0, 0) if it does not.
        basis: the document.
    """

    title: str
    clauses: tuple[int, ...]
    span: tuple[int, int]
    basis: Basis


class Bases:
    """Every basis document by its number and by the pieces of its title."""

    def __init__(self, policies: Iterable[Policy]) -> None:
        self._clauses: dict[str, list[int]] = {}
        self._printed: dict[str, str] = {}
        self._basis: dict[str, Basis] = {}
        self._by_number: dict[str, str] = {}
        self._by_piece: dict[str, list[str]] = {}
        for policy in policies:
            for basis in policy.basis:
                title = compact(basis.title).lower()
                if title not in self._clauses:
                    number = f"（{basis.doc_no}）" if basis.doc_no else ""
                    self._printed[title] = f"《{basis.title}》{number}"
                    self._basis[title] = basis
                    self._clauses[title] = []
                    for piece in {title[at : at + _PIECE] for at in range(len(title) - _PIECE + 1)}:
                        self._by_piece.setdefault(piece, []).append(title)
                if basis.doc_no:
                    self._by_number[_number(compact(basis.doc_no).lower())] = title
                if policy.key not in self._clauses[title]:
                    self._clauses[title].append(policy.key)

    def named(self, plain: str) -> NamedBasis | None:
        """Return the basis document that a compact text names, by its number first."""
        return self.numbered(plain) or self._titled(plain)

    def of_clause(self, policy: Policy) -> tuple[NamedBasis, ...]:
        """Return the documents that a clause is based on."""
        titles = dict.fromkeys(compact(basis.title).lower() for basis in policy.basis)
        return tuple(self._basis_of(title) for title in titles)

    def called(self, plain: str, shortest: int = _PART) -> tuple[NamedBasis, ...]:
        """Return the documents of whose title a compact text says the longest part; () if it says none, or too many.

        Args:
            plain: the text, without the words that stand in every title (实施方案).
            shortest: characters of such a part.
        """
        longest: dict[str, int] = {}
        for at in range(len(plain) - _PART + 1):
            for title in self._by_part.get(plain[at : at + _PART], ()):
                end = at + _PART
                while end < len(plain) and plain[at : end + 1] in title:
                    end += 1
                longest[title] = max(longest.get(title, 0), end - at)
        best = max(longest.values(), default=0)
        titles = [title for title, length in longest.items() if length == best]
        is_named = best >= shortest and len(titles) <= _MOST_NAMED
        return tuple(self._basis_of(title) for title in titles) if is_named else ()

    @cached_property
    def _by_part(self) -> Mapping[str, Sequence[str]]:
        """Return the titles by each of their shortest parts. It is made when a document is first named by a part."""
        parts: dict[str, list[str]] = {}
        for title in self._clauses:
            for part in {title[at : at + _PART] for at in range(len(title) - _PART + 1)}:
                parts.setdefault(part, []).append(title)
        return parts

    def numbered(self, plain: str) -> NamedBasis | None:
        """Return the basis document whose number (文号) a compact text holds."""
        if not _YEAR.search(plain):
            return None
        for found in _NUMBER.finditer(plain):
            typed = _number(found.group())
            for at in range(len(typed) - 5):
                if title := self._by_number.get(typed[at:]):
                    return self._basis_of(title, (found.start() + at, found.end()))
        return None

    def _titled(self, plain: str) -> NamedBasis | None:
        hits: dict[str, list[int]] = {}
        for at in range(len(plain) - _PIECE + 1):
            titles = self._by_piece.get(plain[at : at + _PIECE], ())
            if len(titles) <= _MOST_NAMED:
                for title in titles:
                    hits.setdefault(title, []).append(at)
        if not hits:
            return None
        title, places = max(hits.items(), key=lambda hit: len(hit[1]))
        return self._basis_of(title, (places[0], places[-1] + _PIECE))

    def _basis_of(self, title: str, span: tuple[int, int] = (0, 0)) -> NamedBasis:
        return NamedBasis(self._printed[title], tuple(self._clauses[title]), span, self._basis[title])


def _number(typed: str) -> str:
    """Return a document number without what people leave out or add (2024年, 第, 号)."""
    return typed.replace("第", "").replace("年", "").removesuffix("号")
