"""Reads what a short message says of what was shown before: 第二个, 下一条, 电话多少, 那小企业呢, 跟22条比. Pure.

The message is taken apart from left to right: places in a list, steps, pointers (这条), facts (`facts`), words of
speech. What is left is a subject, `rest`. A message without a subject is about what is on the screen.
"""

import re
from collections.abc import Callable, Container, Iterable, Iterator, Sequence
from typing import Literal, NamedTuple

from handlers.clause_facts.fact_keywords import LONGEST_BY_ROOTS, facts_by_roots
from handlers.clause_facts.facts import WORDINGS, Fact
from handlers.conversation.reading.screen_words import (
    ALIKE,
    CLAUSE,
    COMPARE,
    DENIED,
    EARLIEST,
    EDGE_AFTER,
    EDGE_BEFORE,
    GROUP,
    LEADING,
    LEVEL_ALONE,
    LIST_AGAIN,
    LISTS,
    MARKS_ON,
    MORE,
    MORE_WORDS,
    NAMES_AGAIN,
    OTHER,
    POINTER,
    SILENT,
    STEP,
    SUPPOSES,
    TELLS,
    TRAILING,
)
from handlers.framework.list_places import NUMBER, PLACE, how_many, places_of, spelled_out
from policies.numbers.numerals import as_integer
from policies.search.reading.joined_numbers import in_full
from policies.search.words.normalise import Simplifier, compact, normalise
from policies.search.words.pattern_sieve import PatternSieve
from policies.search.words.text_cache import cache_by_text

LONGEST = 40
"""Longest follow-up in characters. A longer message is a question of its own."""
ALL = 99
"""`FollowUp.together` for the whole list (都说说)."""
_KEPT = 10_000

_Kind = Literal["group", "place", "clause", "step", "comparing", "pointer", "earliest", "other"] | Fact
_WORDINGS: Sequence[tuple[_Kind, str]] = (
    ("earliest", EARLIEST),
    ("other", OTHER),
    ("group", GROUP),
    ("place", PLACE),
    ("clause", CLAUSE),
    ("step", STEP),
    ("comparing", COMPARE),
    *((row.fact, pattern) for row in WORDINGS for pattern in row.patterns),
    ("pointer", POINTER),
)
PIECES = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDINGS)
"""If several match at one place, the first one counts."""
_PATTERNS_IN = PatternSieve([pattern for _, pattern in PIECES])


class FollowUp(NamedTuple):
    """A message, taken apart.

    Attributes:
        facts: what is asked of a clause, in the order of the message.
        asked: the words that ask for them, as typed.
        places: places in the list on the screen, from 1; negative from its end, 0 for the middle one.
        by_clause: the step goes to the next clause of the document (下一条), not of the list (下一个).
        step: 1 for the next clause, -1 for the one before.
        clauses: numbers of clauses.
        pointer: it says 这条, 它 …
        compare: it compares.
        more: it asks for others of the kind.
        rest: the subject that it names; "" if there is none.
        goes_on: it carries the last question on (呢, 那, 换成).
        supposes: it supposes a case (要是算重大项目).
        together: how many of the list's clauses it means (这俩, 都); 0: it does not say so.
        list_again: it asks for the list once more.
        denied: the writer meant something else than what was shown (不是这个).
        lists: it asks for a list (哪些, 什么项目), not for the one on the screen.
        scrolls: the step turns what is on the screen (往下翻).
        earliest: it means the clause with which the conversation began.
        other: it means the other one of two (另一个).
        typed: the message as it was typed. Without its marks, 1.2亿 would be another sum.
    """

    facts: tuple[Fact, ...] = ()
    asked: str = ""
    places: tuple[int, ...] = ()
    step: int = 0
    clauses: tuple[int, ...] = ()
    pointer: bool = False
    compare: bool = False
    more: bool = False
    rest: str = ""
    goes_on: bool = False
    supposes: bool = False
    lists: bool = False
    together: int = 0
    by_clause: bool = False
    list_again: bool = False
    denied: bool = False
    scrolls: bool = False
    earliest: bool = False
    other: bool = False
    typed: str = ""

    @property
    def moves(self) -> bool:
        """Whether it means another clause by its place relative to the one in focus."""
        return bool(self.places or self.step or self.earliest or self.other)


class FollowUpReader:
    """Reads messages over one library.

    Args:
        names: words of the library (keywords, titles, tracks). A fact's word inside such a name asks for nothing (新材料).
        numbers: the numbers of the default document's clauses.
        simplify: makes traditional characters simplified ones.
    """

    def __init__(self, names: Iterable[str], numbers: Container[int | None], simplify: Simplifier) -> None:
        self._simplify, self._numbers = simplify, numbers
        plain = {compact(name).lower() for name in names}
        own = sorted((name for name in plain if any(_pieces_in(name))), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, own)) or r"(?!)")
        self.read: Callable[[str], FollowUp | None] = cache_by_text(self._read, _KEPT)

    def _read(self, text: str) -> FollowUp | None:
        """Read what a message says of what was shown. Return None if it surely says nothing of it."""
        typed = normalise(spelled_out(text[: 2 * LONGEST]), self._simplify)
        plain = compact(in_full(typed, self._numbers))
        if not plain or len(plain) > LONGEST:
            return None
        plain = _GUESS.sub("", _OF_LIST.sub("", _IN_LIST.sub(r"\g<numbered>个", plain)))
        if MORE_WORDS.search(plain) and MORE.fullmatch(plain):
            return FollowUp(more=True)
        if DENIED.fullmatch(plain):
            return FollowUp(denied=True)
        if LIST_AGAIN.fullmatch(plain):
            return FollowUp(list_again=True)
        if NAMES_AGAIN.fullmatch(plain):
            return FollowUp(list_again=True, lists=True)
        if (level := LEVEL_ALONE.fullmatch(plain)) is not None:
            return FollowUp(rest=f"{level['level']}级", goes_on=True)
        supposed = SUPPOSES.match(plain)
        case = plain[supposed.end() :] if supposed is not None else plain
        found = _Found([name.span() for name in self._names.finditer(case)])
        rest = found.taken_out_of(case)
        goes_on = supposed is not None or MARKS_ON.search(plain) is not None
        if not (found.says_something or goes_on or len(plain) <= LONGEST_BY_ROOTS):
            return None
        rest = LEADING.sub("", rest)
        while shorter := TRAILING.search(rest):
            rest = rest[: shorter.start()]
        pieces = [piece for piece in rest.split("\n") if piece]
        told = any(TELLS.search(SILENT.sub("", piece)) for piece in pieces)
        facts = facts_by_roots(SILENT.sub("\n", "\n".join(pieces)), plain) if told else ()
        if not (found.says_something or goes_on or facts):
            return None
        subject = "".join(pieces) if told and not facts else ""
        return FollowUp(
            tuple(dict.fromkeys((*found.told, *facts))),
            "".join(found.asked),
            tuple(found.places),
            found.step,
            tuple(found.clauses),
            found.pointer,
            found.compare or (len(found.clauses) > 1 and ALIKE.search(plain) is not None),
            together=found.together,
            by_clause=found.by_clause,
            rest=_ASPECT.sub("", _trimmed(subject)) if goes_on else _trimmed(subject),
            goes_on=goes_on,
            supposes=supposed is not None,
            lists=LISTS.search(plain) is not None,
            scrolls=found.scrolls,
            earliest=found.earliest,
            other=found.other,
            typed=text,
        )


class _Found:
    """The pieces that a pass over a message found."""

    def __init__(self, names: Sequence[tuple[int, int]]) -> None:
        self._names = names
        self.facts: list[Fact] = []
        self.asked: list[str] = []
        self.places: list[int] = []
        self.clauses: list[int] = []
        self.step = self.together = 0
        self.pointer = self.compare = self.by_clause = self.scrolls = self.earliest = self.other = False

    @property
    def says_something(self) -> bool:
        """Whether a piece asks a fact or means a clause."""
        moves = self.places or self.step or self.earliest or self.other
        return bool(self.facts or moves or self.clauses or self.together or self.pointer or self.compare)

    @property
    def told(self) -> list[Fact]:
        """The facts that are asked. Beside another fact, 说说 and 再发我一遍 are no question for the whole clause."""
        asked = list(zip(self.facts, self.asked, strict=True))
        own = [fact for fact, words in asked if fact is not Fact.WHOLE or not _SAYS_AGAIN.fullmatch(words)]
        return own or self.facts

    def taken_out_of(self, plain: str) -> str:
        """Note the pieces of a message and return what is left. A newline replaces each piece, so the words
        around it stay apart.
        """
        left: list[str] = []
        at = 0
        for kind, piece in _pieces_in(plain):
            start, end = piece.span()
            if not any(begin < end and start < until for begin, until in self._names):
                self._take(kind, piece)
                left += (plain[at:start], "\n")
                at = end
        return "".join((*left, plain[at:]))

    def _take(self, kind: _Kind, piece: re.Match[str]) -> None:
        if isinstance(kind, Fact):
            self.facts.append(kind)
            self.asked.append(piece.group())
        elif kind == "group":
            self.together = ALL if piece["every"] else how_many(piece["many"] or piece["among"] or "")
        elif kind == "place":
            self.places += places_of(piece.groupdict())
        elif kind == "clause":
            self.clauses.append(as_integer(piece["clause"] or piece["bare"] or "") or 0)
        elif kind == "step":
            by, turns = -1 if piece["back"] or piece["up"] else 1, bool(piece["down"] or piece["up"])
            self.step = by if self.scrolls and not turns else self.step + by  # 退回上一条 is one step
            self.scrolls = turns
            self.by_clause = piece.group().endswith("条") and not piece.group().startswith(_SHOWN)
        elif kind == "comparing":
            self.compare = True
        elif kind == "earliest":
            self.earliest = True
        elif kind == "other":
            self.other = True
        else:
            self.pointer = True


def _pieces_in(plain: str) -> Iterator[tuple[_Kind, re.Match[str]]]:
    """Find the pieces of a message from left to right, without overlaps, as one pattern of all pieces would."""
    candidates = _PATTERNS_IN.may_match(plain)
    nearest = {place: piece for place in candidates if (piece := PIECES[place][1].search(plain))}
    while nearest:
        first = min(nearest, key=lambda place: (nearest[place].start(), place))
        piece = nearest[first]
        yield PIECES[first][0], piece
        overlapping = [place for place, other in nearest.items() if other.start() < piece.end()]
        for place in overlapping:
            later = PIECES[place][1].search(plain, piece.end())
            if later is None:
                del nearest[place]
            else:
                nearest[place] = later


_IN_LIST = re.compile(
    rf"(?:里头|里面|里边|其中|当中|列(?:出来|出)?的|(?:列表|名单|清单)(?:里|上|中))的?(?P<numbered>第{NUMBER})条(?!件|例)"
)
"""A number inside a list is a place in it (其中第三条), not a clause number."""
_OF_LIST = re.compile(
    r"(?:(?:你|您|刚才?|上面|前面|给|列|出来|的){0,6}(?:列表|清单|名单|单子)|[这那]一?[排串列批])"
    rf"(?:里头|里面|里|上|中|当中)?的?(?=第{NUMBER}|最后|倒数|头一?个)"
)
"""The list on the screen, before a place in it (列表里第三个)."""
_GUESS = re.compile(
    r"(?<=[下上]一[条个])(?:是不是|好像|应该|可能)?也?(?:都)?(?:是)?(?:讲|说|写|关于|针对).{1,8}?(?:的吧|的吗|吧|对吧|对不对|是吧|吗|的?(?=发|看|$))"
)
"""What the writer guesses of the clause after or before (下一条也是讲船的吧). It is shown, whatever it is about."""
_SHOWN = ("前面那", "之前那")
"""前面那条 is the clause shown before. 上面那条 may be the clause printed before."""
_SAYS_AGAIN = re.compile(r"(?:再|重新|给我|[说讲发看介绍解释]).{0,6}")
_ASPECT = re.compile(r"(?<=[\u4e00-\u9fff])[了过](?=[\u4e00-\u9fff])")
"""A message says 入了库的呢; the text says 入库."""


def _trimmed(subject: str) -> str:
    """Return a subject without words of speech at its ends."""
    before = ""
    while before != subject:
        before = subject
        subject = EDGE_BEFORE.sub("", EDGE_AFTER.sub("", subject)) or subject
    return subject
