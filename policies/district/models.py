"""The data of a district. The code knows no district: names, places and texts are these values."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum
from string import Formatter
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, RootModel, field_validator, model_validator

from policies.library.models import Contact, Department, TrackList

Word = Annotated[str, Field(min_length=1, max_length=40)]
Words = tuple[Word, ...]
Name = Annotated[str, Field(max_length=40)]
Question = Annotated[str, Field(max_length=60)]

_WELCOME_VALUES = frozenset({"document", "clauses", "district"})
"""What a welcome may name in braces."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid", str_strip_whitespace=True)


class Places(_Frozen):
    """Places as questions name them.

    Attributes:
        levels: what people put before the name of a department, by its level: {"区": ["滨江新区"], "市": ["江城市"]}.
        own: the district and places in it.
        others: places nearby that the policies are not for. Cities and provinces of the country are known anyway.
    """

    levels: dict[Word, Words] = Field(default_factory=dict)
    own: Words = ()
    others: Words = ()

    @model_validator(mode="after")
    def _no_place_is_both(self) -> Self:
        both = set(self.own) & set(self.others)
        if both:
            raise ValueError(f"{min(both)} 同时写在本区地名和外地地名里")
        return self


class QueryOffice(_Frozen):
    """Where people ask about what is not published."""

    name: Annotated[str, Field(min_length=1, max_length=60)]
    address: Annotated[str, Field(max_length=120)] = ""
    phone: Annotated[str, Field(max_length=40)] = ""
    hours: Annotated[str, Field(max_length=60)] = ""


class Confidential(_Frozen):
    """What this district does not publish, and whom to ask about it.

    Attributes:
        answer: the first sentence of the answer; "" for the usual one.
        words: words of questions about it, beside 涉密, 保密 and the like: names, numbers, a street.
        lists: lists that only the office has (技术产品): a question for one of them is a question for the office.
        office: the office, if the document prints none.
    """

    answer: Annotated[str, Field(max_length=200)] = ""
    words: Words = ()
    lists: Words = ()
    office: QueryOffice | None = None

    @property
    def sentence(self) -> str:
        """The first sentence of the answer."""
        return self.answer or "涉密等不公开的内容不在这里发布，请到查询窗口咨询。"

    @property
    def contact(self) -> Contact | None:
        """The office in the form in which a document gives one."""
        if self.office is None:
            return None
        where = "，".join(filter(None, (self.office.address, self.office.hours)))
        given = {"text": "", "office": self.office.name, "address": where, "phone": self.office.phone}
        return Contact(**given, download="", form="", url="")


class Examples(_Frozen):
    """Questions that people are shown to try, one of a kind. "": one is taken from what is published."""

    word: Question = ""
    clause: Question = ""
    section: Question = ""
    department: Question = ""
    amount: Question = ""
    track: Question = ""
    sentence: Question = ""


class Texts(_Frozen):
    """Texts that people meet.

    Attributes:
        account: name of the official account.
        district: full name of the district; city: the city it belongs to.
        short: the district's name as people say it.
        welcome: what a new follower reads before the examples; {document}, {clauses} and {district} are filled in.
            "": the usual words.
        examples: questions to try.
        topics: choices to ask back with, if a question names no subject. (): titles of clauses.
        confidential: what is not published.
        menu: other labels of menu buttons, by key; "" takes a button out.
    """

    account: Name = ""
    district: Name = ""
    short: Name = ""
    city: Name = ""
    welcome: Annotated[str, Field(max_length=400)] = ""
    examples: Examples = Examples()
    topics: tuple[Question, ...] = ()
    confidential: Confidential = Confidential()
    menu: dict[Word, Annotated[str, Field(max_length=20)]] = Field(default_factory=dict)

    @field_validator("welcome")
    @classmethod
    def _known_values(cls, welcome: str) -> str:
        try:
            names = {name for _, name, _, _ in Formatter().parse(welcome) if name is not None}
        except ValueError as error:
            raise ValueError("花括号要成对") from error
        if unknown := names - _WELCOME_VALUES:
            known = "、".join(f"{{{name}}}" for name in sorted(_WELCOME_VALUES))
            raise ValueError(f"没有 {{{min(unknown)}}}，可用的有 {known}")
        return welcome


class DepartmentList(RootModel[tuple[Department, ...]]):
    """The departments, in the order in which people see them; each name once."""

    model_config = ConfigDict(frozen=True)

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        names = [department.name for department in self.root]
        twice = [name for name in names if names.count(name) > 1]
        if twice:
            raise ValueError(f"{twice[0]} 出现了两次")
        return self


class Rules(RootModel[Any]):
    """Data that another room reads (`policies.matching`, `policies.company_facts`). It is kept as the file says."""

    model_config = ConfigDict(frozen=True)


class DistrictPart(StrEnum):
    """A part of the data that is kept, approved and taken back as a whole. Its file is `PART.json`."""

    TRACKS = "tracks"
    DEPARTMENTS = "departments"
    PLACES = "places"
    TEXTS = "texts"
    FACTS = "facts"
    BENEFITS = "benefits"
    FACT_WORDS = "fact_words"
    INTERVIEW = "interview"


RULES = (DistrictPart.FACTS, DistrictPart.BENEFITS, DistrictPart.FACT_WORDS, DistrictPart.INTERVIEW)
"""What companies are matched by."""


MODELS: dict[DistrictPart, type[BaseModel]] = {
    DistrictPart.TRACKS: TrackList,
    DistrictPart.DEPARTMENTS: DepartmentList,
    DistrictPart.PLACES: Places,
    DistrictPart.TEXTS: Texts,
    **dict.fromkeys(RULES, Rules),
}


_NO_TRACKS, _NO_PLACES, _NO_TEXTS = TrackList(provisional=False, tracks=()), Places(), Texts()


@dataclass(frozen=True, slots=True)
class District:
    """All data of a district. The empty one belongs to a new installation without data.

    Attributes:
        rules: the rules for matching companies, as the files give them. Filled when a folder is read, not in an index.
    """

    tracks: TrackList = _NO_TRACKS
    departments: tuple[Department, ...] = ()
    places: Places = _NO_PLACES
    texts: Texts = _NO_TEXTS
    rules: Mapping[DistrictPart, Any] = field(default_factory=dict)

    def part(self, part: DistrictPart) -> BaseModel:
        """Return one part, as its file holds it."""
        match part:
            case DistrictPart.TRACKS:
                return self.tracks
            case DistrictPart.DEPARTMENTS:
                return DepartmentList(self.departments)
            case DistrictPart.PLACES:
                return self.places
            case DistrictPart.TEXTS:
                return self.texts
        return Rules(self.rules.get(part, {}))

    @property
    def offices(self) -> dict[str, Department]:
        """Return the departments with an entered telephone, address or hours, by printed name."""
        return {one.name: one for one in self.departments if one.phone or one.address or one.hours}

    def department(self, name: str) -> Department | None:
        """Return the department of a printed name."""
        return next((one for one in self.departments if one.name == name), None)
