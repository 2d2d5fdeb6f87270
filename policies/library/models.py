"""What we know as data: documents and their clauses, tracks, departments."""

from collections import Counter
from datetime import date
from enum import StrEnum
from typing import Annotated, Self

from pydantic import BaseModel, ConfigDict, Field, model_validator

from policies.library.document_titles import LONGEST_NAME

DOCUMENT_ID = r"^[a-z0-9][a-z0-9_-]{0,31}$"
_SHORTEST_NAME = 3
"""So many characters of an office's name distinguish it from others."""


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class AmountKind(StrEnum):
    """How a sum is stated in a clause."""

    MAX = "max"
    FIXED = "fixed"
    RANGE = "range"
    RATE = "rate"
    PER_UNIT = "per_unit"
    POOL = "pool"
    UNCAPPED = "uncapped"


class Support(StrEnum):
    """Forms of support (支持方式)."""

    GRANT = "奖补"
    EQUITY = "股权投资"
    INTEREST = "贴息"
    TAX = "税收"
    LAND = "用地"
    SEA = "用海"
    INSURANCE = "保险"
    PLATFORM = "平台"
    TALENT = "人才"
    FINANCE = "融资"
    PROCUREMENT = "政府采购"
    VOUCHER = "券"
    OTHER = "其他"


class Amount(_Frozen):
    """One sum of a clause, complete enough to work out what a case would get. Money in whole yuan."""

    kind: AmountKind
    quote: str
    """The clause's own words; stands in its text."""
    what: str = ""
    """What is paid (技术改造奖补, 落户奖励)."""
    who: str = ""
    """To whom or for which tier (国家级…, 首次认定, 海岛类项目)."""
    value_cny: int | None = None
    min_cny: int | None = None
    max_cny: int | None = None
    rate: Annotated[float, Field(gt=0, le=1)] | None = None
    of: str = ""
    """What the rate is a share of (年度设备投资额)."""
    cap_cny: int | None = None
    cap_per: str = ""
    """What the cap holds for (单个企业, 每个企业每年, 每亩)."""
    per: str = ""
    """The unit a sum is paid for (吨, 亩, 品种, 年)."""
    choice: str = ""
    """Sums of one choice exclude each other (clause 38: either base, not both)."""

    @property
    def highest_cny(self) -> int | None:
        """Return the most that one case can get by this sum, in yuan; None if the clause states no such figure."""
        sums = [v for v in (self.value_cny, self.max_cny, self.cap_cny) if v is not None]
        return max(sums) if sums else None


class Basis(_Frozen):
    """A document that a clause is based on, with its document number (文号) if one is printed."""

    title: str
    doc_no: str = ""
    cited_as: str = ""
    """The name that the clause uses for it, if that differs from `title`."""


class Policy(_Frozen):
    """One clause as printed, with what a person added so that people find it."""

    key: Annotated[int, Field(gt=0)]
    """Made once and never reused. Windows, links, alerts, taught words and the history hang on it."""
    label: Annotated[str, Field(min_length=1)]
    """Its number in this edition, as printed without the closing point: 22, 第三条, （二）."""
    path: str = ""
    """Its name within the document if numbers restart in each part (一/第三条); "" if the label is unique."""
    document: str
    """Id of its document."""
    section: int
    """Number of its section within the document."""
    title: str
    """Short, ours."""
    text: Annotated[str, Field(min_length=1)]
    """Verbatim; line wraps of page breaks joined, nothing else changed."""
    basis: tuple[Basis, ...]
    departments: tuple[str, ...]
    """As printed; canonical names and levels are in the directory of departments."""
    amounts: tuple[Amount, ...] = ()
    support: tuple[Support, ...] = ()
    tracks: tuple[str, ...] = ()
    """Ids of tracks; empty: 通用, belongs to every track."""
    audience: tuple[str, ...] = ()
    keywords: tuple[str, ...] = ()
    valid_until: date | None = None
    """Last day of the period that the basis document's title or the text states."""


class Section(_Frozen):
    """One of a document's parts (一 … 十二)."""

    number: int
    title: str
    preamble: str = ""


class Contact(_Frozen):
    """The query office that a document names (涉密内容 and the 2520 products)."""

    text: str
    office: str
    address: str
    phone: str
    download: str
    form: str
    url: str

    def is_named(self, typed: str) -> bool:
        """Whether a name means this office: all its characters stand in the office's (高新区管委会)."""
        name = typed.removesuffix("会")
        return len(name) >= _SHORTEST_NAME and set("".join(self.office.split())).issuperset(name)


class Surroundings(_Frozen):
    """What surrounds the clauses of a document in one edition."""

    id: Annotated[str, Field(pattern=DOCUMENT_ID)]
    """Of the document, for links and commands; stays through its editions."""
    title: str
    issuer: str
    edition: str
    """As the cover prints it: 2026年1月."""
    preamble: str = ""
    contact: Contact | None = None
    sections: tuple[Section, ...]
    order: tuple[int, ...] = ()
    """Keys of the clauses in printed order, if sections and numbers alone would give another order."""


class Document(Surroundings):
    """A document in one edition, with all its clauses in printed order."""

    short_name: Annotated[str, Field(max_length=LONGEST_NAME)] = ""
    """As a person entered it, for the place before a clause's number; "": it is made of the title. Stays through editions."""
    policies: tuple[Policy, ...]

    @property
    def surroundings(self) -> Surroundings:
        """The document without its clauses."""
        return Surroundings(**{name: getattr(self, name) for name in Surroundings.model_fields})


class Track(_Frozen):
    """An industry track (产业赛道); its id stays when its name changes."""

    id: Annotated[str, Field(pattern=r"^[a-z0-9-]{1,32}$")]
    name: str
    aliases: tuple[str, ...] = ()


class TrackList(_Frozen):
    """The tracks in the order people see them; provisional until an operator replaces them."""

    provisional: bool
    tracks: tuple[Track, ...]

    @model_validator(mode="after")
    def _each_once(self) -> Self:
        for values in ([t.id for t in self.tracks], [t.name for t in self.tracks]):
            twice = [value for value, count in Counter(values).items() if count > 1]
            if twice:
                raise ValueError(f"{twice[0]} 出现了两次")
        return self


class Department(_Frozen):
    """A department in the directory: its printed name, its level and what people call it."""

    name: str
    level: str
    """区, 市, 国家 (垂管)."""
    kind: str
    """The name without its level: 财政局 groups 区财政局 and 市财政局."""
    aliases: tuple[str, ...] = ()
    phone: Annotated[str, Field(max_length=60)] = ""
    address: Annotated[str, Field(max_length=120)] = ""
    hours: Annotated[str, Field(max_length=60)] = ""
    entered_on: date | None = None
    """When an operator entered phone, address or hours, which no document prints."""
