"""Shows an edition beside what is published, pair by pair, to an operator. Pure."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass

from console.approval.comparing import FieldChange, amount_line, changes
from policies.importing.edition_import import EditionImport
from policies.importing.pairing.pairs import Choices, PairKind
from policies.importing.proposal.report import ReportedPair
from policies.library.amounts.support import INSTALMENT, sums_in
from policies.library.clause_lines import basis_text
from policies.library.library import Library
from policies.library.models import Policy

SHOWN = 60
"""Pairs of a kind that one page shows."""
KIND_NAMES: Mapping[PairKind, str] = {
    PairKind.SPLIT: "拆分",
    PairKind.JOINED: "合并",
    PairKind.GONE: "不再收录",
    PairKind.NEW: "新增",
    PairKind.CHANGED_AND_MOVED: "调整且编号或位置变动",
    PairKind.CHANGED: "调整",
    PairKind.MOVED: "移动",
    PairKind.RENUMBERED: "仅编号变动",
    PairKind.UNCHANGED: "未变",
}
"""In the order of the page: what needs a look comes first."""
FOLDED = frozenset({PairKind.MOVED, PairKind.RENUMBERED, PairKind.UNCHANGED})
"""Kinds of pairs that subscribers are not told."""


_NO_SUPPORT = {"fund": "资金总额或分担", "price": "价格", INSTALMENT: "分期拨付的比例"}


@dataclass(frozen=True, slots=True)
class ClauseAsRead:
    """A new clause as the file was read, with all its fields.

    Attributes:
        section: the title of its part; "" if the document has no parts.
        sums: one line for each sum.
        other_figures: figures that were not taken for support, each with what it was taken for.
    """

    section: str
    text: str
    departments: Sequence[str]
    basis: Sequence[str]
    sums: Sequence[str]
    other_figures: Sequence[str]


@dataclass(frozen=True, slots=True)
class PairRow:
    """A pair with its texts.

    Attributes:
        field: the form's field: `origin-N` asks which old clause the new edition's Nth goes on from, `ending-N` which new clause
            the old edition's Nth went into.
        typed: the clause in the field, as a person types it; "" if there is none.
        fields: what differs.
        read: what a new clause says.
    """

    kind: PairKind
    old: Policy | None
    new: Policy | None
    old_name: str
    new_name: str
    field: str
    typed: str
    fields: Sequence[FieldChange]
    read: ClauseAsRead | None = None

    @property
    def asks_ending(self) -> bool:
        """Whether the field asks for the new clause, not for the old one."""
        return self.field.startswith("ending-")

    @property
    def title(self) -> str:
        """The clause's short title."""
        one = self.old or self.new
        return one.title if one else ""


@dataclass(frozen=True, slots=True)
class PairGroup:
    """The pairs of one kind that the page shows, and how many there are."""

    kind: PairKind
    name: str
    count: int
    folded: bool
    rows: Sequence[PairRow]
    first: int


class EditionView:
    """Both editions of an import, with names for their clauses."""

    def __init__(self, one: EditionImport) -> None:
        self._olds = Library.of([one.before] if one.before else [])
        self._news = Library.of([one.proposal.document])
        self._old = {_ref(policy): policy for policy in self._olds.policies}
        self._new = {_ref(policy): policy for policy in self._news.policies}
        self._place_old = {ref: at for at, ref in enumerate(self._old)}
        self._place_new = {ref: at for at, ref in enumerate(self._new)}
        self._sections = {section.number: section.title for section in one.proposal.document.sections}
        self._pairs = list(self._all(one.proposal.report.pairs))

    def _all(self, told: Sequence[ReportedPair]) -> Iterator[ReportedPair]:
        """Yield every pair; the report leaves out what is unchanged in place, and tells no pairs of a document that is new."""
        yield from told
        mentioned = {pair.new for pair in told}
        for ref in self._new:
            if ref not in mentioned:
                old, kind = (ref, PairKind.UNCHANGED) if ref in self._old else (None, PairKind.NEW)
                yield ReportedPair(old=old, new=ref, kind=kind, continues=old is not None)

    @property
    def counts(self) -> dict[PairKind, int]:
        """Return how many pairs there are of each kind, in the order of the page."""
        kinds = [PairKind(pair.kind) for pair in self._pairs]
        return {kind: kinds.count(kind) for kind in KIND_NAMES if kind in kinds}

    def groups(self, only: str = "", first: int = 0) -> list[PairGroup]:
        """Return the pairs by kind; `only` one kind, from its `first` pair on."""
        found = []
        for kind, count in self.counts.items():
            if only and kind != only:
                continue
            pairs = [pair for pair in self._pairs if pair.kind == kind][first : first + SHOWN]
            folded = kind in FOLDED and not only
            found.append(
                PairGroup(kind, KIND_NAMES[kind], count, folded, [self._row(pair) for pair in pairs], first)
            )
        return found

    def old_options(self) -> list[tuple[str, str]]:
        """Return the clauses of the published edition to choose from: what is typed, and the title."""
        return [(ref, policy.title) for ref, policy in self._old.items()]

    def new_options(self) -> list[tuple[str, str]]:
        """Return the clauses of the new edition to choose from: label or path, and a name with the title."""
        return [(ref, f"{self._news.name(policy)} {policy.title}") for ref, policy in self._new.items()]

    def old_name(self, key: int) -> str:
        """Return the name and the title of a clause of the published edition."""
        policy = self._olds.get(key)
        return f"{self._olds.name(policy)} {policy.title}" if policy else self._olds.name_of(key)

    def corrected(self, posted: Mapping[str, str], before: Choices) -> tuple[Choices, list[str]]:
        """Return the corrections with those of a form, and the typed texts that name no clause.

        An empty origin means that the clause is new, an empty ending that it is gone. An unchanged field is not a
        correction.
        """
        origins, endings, wrong = dict(before.origins), dict(before.endings), []
        for row in (self._row(pair, compare=False) for pair in self._pairs):
            typed = plain(posted[row.field]) if row.field in posted else row.typed
            if typed == row.typed:
                continue
            choice = _found(typed, self._new if row.asks_ending else self._old)
            if typed and choice is None:
                wrong.append(posted[row.field].strip()[:40])
            elif row.asks_ending and row.old:
                endings[_ref(row.old)] = choice
            elif row.new:
                origins[_ref(row.new)] = choice
        return Choices(origins, endings), wrong

    def _row(self, pair: ReportedPair, *, compare: bool = True) -> PairRow:
        old = self._old.get(pair.old) if pair.old is not None else None
        new = self._new.get(pair.new) if pair.new is not None else None
        kind = PairKind(pair.kind)
        # Each clause that was joined has a field of its own, except the one that goes on.
        ending = new is None or (kind is PairKind.JOINED and not pair.continues)
        asked = (
            f"ending-{self._place_old[pair.old or '']}"
            if ending
            else f"origin-{self._place_new[pair.new or '']}"
        )
        differs = compare and kind not in FOLDED and kind is not PairKind.NEW
        fields = list(changes(_texts(old), _texts(new), _FIELDS)) if differs else []
        read = self._read(new) if compare and kind is PairKind.NEW and new else None
        return PairRow(
            kind,
            old,
            new,
            self._olds.name(old) if old else "",
            self._news.name(new) if new else "",
            asked,
            (pair.new if ending else pair.old) or "",
            fields,
            read,
        )

    def _read(self, policy: Policy) -> ClauseAsRead:
        others = (one for one in sums_in(policy.text) if one.why_not)
        return ClauseAsRead(
            section=self._sections.get(policy.section, ""),
            text=policy.text,
            departments=policy.departments,
            basis=[basis_text(basis) for basis in policy.basis],
            sums=[amount_line(amount) for amount in policy.amounts],
            other_figures=[f"{one.quote}（{_NO_SUPPORT.get(one.why_not, '门槛')}）" for one in others],
        )


_FIELDS = ("text", "departments", "basis")


def _texts(policy: Policy | None) -> dict[str, str]:
    if policy is None:
        return {}
    bases = (f"{basis.title}（{basis.doc_no}）" if basis.doc_no else basis.title for basis in policy.basis)
    return {
        "text": policy.text,
        "departments": "\n".join(policy.departments),
        "basis": "\n".join(bases),
    }


def _ref(policy: Policy) -> str:
    return policy.path or policy.label


def plain(typed: str) -> str:
    """Return a typed clause without spaces and the words around its number: 第 12 条 → 12."""
    return typed.strip().replace(" ", "")


def _found(typed: str, clauses: Mapping[str, Policy]) -> str | None:
    bare = typed.removeprefix("第").removesuffix("条")
    return next((name for name in (typed, bare) if name in clauses), None)
