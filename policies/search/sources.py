"""Reads what a message points at: one of our own pages, or a document that clauses are based on."""

import re

from policies.library.library import Library
from policies.search.decision import Decision, Group, Intent, Reason
from policies.search.question import Reader
from policies.search.reading.bases import Bases
from policies.search.reading.numbers import read_page
from policies.search.words.normalise import compact
from policies.search.words.text_terms import holds_noun

_BASIS_WORDS = ("文", "文件", "号", "号文", "第", "条", "涉及", "对应", "下面", "根据", "依据")
"""Words that people say beside the name of a document."""
_WHAT_IS_IN_IT = re.compile(r"哪(?!年)|(?:什么|啥)(?!时|条件)|几[条项个]|多少[条项个]|列|包|含")
_ELSE = re.compile(r"时候|时间|何时|[年月日天]|怎|谁|电话|多少钱")


def _asks_what_is_in_it(around: str) -> bool:
    """Whether the words around the number of a document ask what it holds (里头都包哪些), and name nothing else."""
    return _WHAT_IS_IN_IT.search(around) is not None and not (_ELSE.search(around) or holds_noun(around))


class SourceReadings:
    """Reads what a message points at. Each method returns None if it points at nothing of its kind."""

    def __init__(self, library: Library, reader: Reader) -> None:
        self.bases = Bases(library.policies)
        self._library = library
        self._reader = reader

    def page(self, text: str) -> Decision | None:
        """Return the clause of one of our own pages, by the end of the link: its key, or its label in the default document."""
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
        """Return all clauses based on a document that is named by number or title, if nothing else is asked for."""
        plain = compact(text)
        named = self.bases.named(plain)
        if named is None:
            return None
        around = (plain[: named.span[0]], plain[named.span[1] :])
        is_silent = all(self._reader.is_silent(piece, also=_BASIS_WORDS) for piece in around if piece)
        by_number = plain[named.span[1] - 1] == "号" or plain[named.span[1] - 1].isdecimal()
        if not is_silent and not (by_number and _asks_what_is_in_it("".join(around))):
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
