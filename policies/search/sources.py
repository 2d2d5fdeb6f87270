"""What a message points at: one of our own pages, or a document that clauses are based on."""

from policies.library.library import Library
from policies.search.decision import Decision, Group, Intent, Reason
from policies.search.question import Reader
from policies.search.reading.bases import Bases
from policies.search.reading.numbers import read_page
from policies.search.words.normalise import compact

_BASIS_WORDS = ("文", "文件", "号", "号文", "第", "条", "涉及", "对应", "下面", "根据", "依据")
"""What people say beside the name of a document."""


class SourceReadings:
    """Reads what a message points at. Each method returns None where it points at nothing of the kind."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self.bases = Bases(library.policies)
        self._library = library
        self._reader = reader

    def page(self, text: str) -> Decision | None:
        """The clause of one of our own pages, by what the link ends in: its key, or its label in the default document."""
        named = read_page(text)
        if named is None:
            return None
        by_key = self._library.get(int(named)) if named.isascii() and named.isdecimal() else None
        policy = by_key or self._library.by_label(named)
        if policy is None:
            return None
        reasons = (Reason("page", named),)
        return Decision(
            Intent.CLAUSE, (policy.key,), sure=True, subject=self._library.name(policy), reasons=reasons
        )

    def basis(self, text: str) -> Decision | None:
        """All clauses that rest on a document named by number or title, where nothing else is asked for."""
        plain = compact(text)
        named = self.bases.named(plain)
        if named is None:
            return None
        around = (plain[: named.span[0]], plain[named.span[1] :])
        if not all(self._reader.is_silent(piece, also=_BASIS_WORDS) for piece in around if piece):
            return None
        one = len(named.clauses) == 1
        return Decision(
            Intent.SEARCH,
            named.clauses,
            sure=one,
            subject=named.title,
            groups=() if one else (Group(named.title, named.clauses),),
            reasons=(Reason("basis", named.title),),
        )
