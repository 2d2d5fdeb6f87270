"""Recognises what a message wants of a match: 我们公司能拿什么, a story of the company, 买3000万设备能补多少. Pure."""

import re
from dataclasses import dataclass
from enum import StrEnum
from pathlib import Path

from pydantic import BaseModel, ConfigDict

from policies.company_facts.reading.fact_reader import FactReader, StatedFacts
from policies.library.data_files import read_data_file
from policies.matching.asking import GENERIC, PLACE
from policies.matching.facts import Facts
from policies.search.reading.yes_no import ENDS_IN_NOT

_REQUEST_WORDS_FILE = Path(__file__).parents[2] / "data" / "request_words.json"

_MARKS = re.compile(r"[\s\W_]+")
_QUESTION = re.compile(
    rf"[?？]|吗|呢|什么|啥|哪|谁|怎么|咋|多少|能不能|可以|有没有|是否|条件|材料|几|{ENDS_IN_NOT}"
)
_LONGEST_PLAIN = 40
_STANDS = re.compile(r"在|位于|来自|注册|公司|企业")
"""A text without one of these does not say where a company is."""
_BEFORE_PLACE = re.compile(r"(?:注册|登记|落户|开|位于|来自)?在?$")
_PLACE_END = re.compile(r"^(?:新?区|市)")
_BOUND = re.compile(r"\d[^，,。；;]{0,4}(?:及|\(含\)|（含）)?(?:以上|以下|以内)的(?=[\u4e00-\u9fff]{2})")
_AFTER = 8
_ENOUGH = 2
"""Things told of a company, apart from its kind, that make a message a story of it."""
_ASSUMED = "org_kind"


class Wish(StrEnum):
    """What a message wants."""

    ALL = "all"
    """Everything that the company may get; perhaps nothing is told yet but its kind."""
    STORY = "story"
    """Facts of the company are told."""
    SUM = "sum"
    """What a told sum or count comes to."""


@dataclass(frozen=True, slots=True)
class MatchRequest:
    """A request for a match, and the facts that came with it.

    Attributes:
        is_sure: nothing else can be meant. 我们能拿多少 may ask of the clause on the screen, and 我们现在能申报什么 of what is
            open now.
    """

    wish: Wish
    told: StatedFacts
    is_sure: bool = True


class _Words(BaseModel):
    """The words of asking.

    Attributes:
        whole: texts that ask for everything as they are.
        may_be: a pattern without which a text asks for nothing here.
        us: a pattern of words for one's own company.
        how_much: a pattern of questions about a sum.
        now: a pattern of questions about what is open now.
        asks_all: patterns by their part in such a question; it consists of nothing else. `about` is what somebody says of
            themselves before it (我是会计，刚接手); it counts only where the company is named too.
    """

    model_config = ConfigDict(frozen=True, extra="forbid")

    whole: frozenset[str]
    may_be: str
    us: str
    how_much: str
    now: str
    asks_all: dict[str, tuple[str, ...]]


class RequestReader:
    """Recognises requests for a match."""

    def __init__(self, facts: Facts, reader: FactReader) -> None:
        """Read the words of asking.

        Raises:
            policies.library.data_files.DataFileError: the file can't be used.
        """
        self._facts = facts
        self._reader = reader
        words = read_data_file(_REQUEST_WORDS_FILE, _Words)
        self._whole = words.whole
        patterns = (words.may_be, words.us, words.how_much, words.now)
        self._may_be, self._us, self._how_much, self._now = map(re.compile, patterns)
        self._token = re.compile(
            "|".join(f"(?P<{part}>{'|'.join(each)})" for part, each in words.asks_all.items())
        )

    def read(self, text: str) -> MatchRequest | None:
        """Return what a message wants from a match. Return None if it wants something else.

        Args:
            text: in simplified characters and lower case.
        """
        if not self._may_be.search(text):
            return None
        told: StatedFacts | None = None
        parts = self._parts(text)
        if not parts and len(text) <= 2 * _LONGEST_PLAIN and _STANDS.search(text):
            told = self._reader.read(text)
            parts = self._parts(_without_place(text, told))
        if parts:
            whole = "whole" in parts or ("who" in parts and not parts.isdisjoint({"which", "thing"}))
            is_sure = whole and self._now.search(text) is None
            return MatchRequest(Wish.ALL, told or self._reader.read(text), is_sure)
        us, how_much = self._us.search(text) is not None, self._how_much.search(text) is not None
        if not (us or how_much):
            return None
        told = told or self._reader.read(text)
        specific = [fact for fact in told.facts if fact not in GENERIC]
        if how_much and any(
            self._is_spent(told, fact) and not _is_bound(told.words[fact], text) for fact in specific
        ):
            return MatchRequest(Wish.SUM, told)
        ways = _apart({told.words[fact] for fact in told.facts if fact != _ASSUMED})
        asks_one_thing = _QUESTION.search(text) is not None  # the compendium may answer that better
        if us and specific and len(ways) >= _ENOUGH + asks_one_thing:
            return MatchRequest(Wish.STORY, told)
        return None

    def _parts(self, text: str) -> set[str] | None:
        """Return the parts of a text that asks for everything a company may get. Return None if it asks for something else."""
        bare = _MARKS.sub("", text)
        if bare in self._whole:
            return {"whole"}
        if not bare or len(bare) > _LONGEST_PLAIN:
            return None
        seen: set[str] = set()
        at = 0
        while at < len(bare):
            token = self._token.match(bare, at)
            if token is None:
                return None
            seen.add(str(token.lastgroup))
            at = token.end()
        if "about" in seen and "who" not in seen:
            return None
        if "who" in seen:
            asks = not seen.isdisjoint({"which", "much", "can"}) and not seen.isdisjoint(
                {"get", "thing", "can"}
            )
        else:
            asks = "thing" in seen and (seen >= {"get", "which"} or ("can" in seen and "much" not in seen))
        return seen if asks else None

    def _is_spent(self, told: StatedFacts, fact: str) -> bool:
        """Whether a told fact is a sum or a count that a rule may start from; of 一亩补多少 the clause is the answer."""
        return self._facts.by_id[fact].type in {"yuan", "number"} and told.facts[fact] not in {0, 1}


def _is_bound(words: str, text: str) -> bool:
    """Whether a figure bounds a kind of thing, as clauses write it (载重5000吨以上的工船), and is nobody's own."""
    return _BOUND.search(f"{words}{text.partition(words)[2][:_AFTER]}") is not None


def _without_place(text: str, told: StatedFacts) -> str:
    """Return a text without the place where the company is; "" if it names none."""
    words = told.words.get(PLACE)
    if not words or words not in text:
        return ""
    before, after = around_place(text, words)
    return f"{_BEFORE_PLACE.sub('', before)}在{after}"


def around_place(text: str, words: str) -> tuple[str, str]:
    """Return what stands before and after the words of a place, without the 区 or 市 that ends its name."""
    before, _, after = text.partition(words)
    return before, _PLACE_END.sub("", after)


def _apart(words: set[str]) -> set[str]:
    """Return words without those that are a part of others: 船用泵 tells the track and the product, but is told once."""
    return {one for one in words if not any(one != other and one in other for other in words)}
