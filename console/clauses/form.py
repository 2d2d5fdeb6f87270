"""A clause as a form: every field as an operator reads it, and back. Pure."""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from datetime import date
from typing import Any

from pydantic import ValidationError

from policies.library.models import Amount, Basis, Policy, Support
from policies.numbers.printed import money_in, shares_in
from policies.numbers.written import in_cny, in_percent

_SUMS = ("value_cny", "min_cny", "max_cny", "cap_cny")
_WORDS = ("quote", "what", "who", "of", "cap_per", "per", "choice")
SPARE_ROWS = 2
"""Empty rows for further sums under those a clause has."""


class FormError(Exception):
    """The typed texts make no clause. `problems` says for each field what is wrong, in Chinese."""

    def __init__(self, problems: Mapping[str, str]) -> None:
        super().__init__("；".join(problems.values()))
        self.problems = dict(problems)


@dataclass(slots=True)
class PolicyForm:
    """The fields of a clause as text; `amounts` are rows of text."""

    values: dict[str, str]
    support: tuple[str, ...] = ()
    tracks: tuple[str, ...] = ()
    amounts: list[dict[str, str]] = field(default_factory=list)

    @classmethod
    def of(cls, policy: Policy) -> "PolicyForm":
        """Return the form that shows a clause."""
        return cls(
            {
                "title": policy.title,
                "text": policy.text,
                "departments": "\n".join(policy.departments),
                "basis": "\n".join(_basis_line(basis) for basis in policy.basis),
                "keywords": "、".join(policy.keywords),
                "audience": "、".join(policy.audience),
                "valid_until": policy.valid_until.isoformat() if policy.valid_until else "",
            },
            tuple(policy.support),
            policy.tracks,
            [_amount_row(amount) for amount in policy.amounts],
        )

    @classmethod
    def posted(cls, form: Any) -> "PolicyForm":
        """Return the form as a browser sent it; `form` is a multi-dict."""
        names = ("title", "text", "departments", "basis", "keywords", "audience", "valid_until")
        columns = {
            name: [str(v) for v in form.getall(f"amount_{name}", [])]
            for name in ("kind", *_SUMS, "rate", *_WORDS)
        }
        count = max(map(len, columns.values()))
        rows = [
            {name: (values[index] if index < len(values) else "").strip() for name, values in columns.items()}
            for index in range(count)
        ]
        return cls(
            {name: str(form.get(name, "")).replace("\r\n", "\n").strip() for name in names},
            tuple(str(one) for one in form.getall("support", [])),
            tuple(str(one) for one in form.getall("tracks", [])),
            [row for row in rows if row["quote"]],
        )

    def policy(self, before: Policy) -> Policy:
        """Return the clause these fields make; what the form does not show is kept from `before`.

        Raises:
            FormError: some field is wrong.
        """
        reader = _Reader()
        values = self.values
        text = reader.needed("text", values["text"], "请填写条文正文")
        made = {
            "key": before.key,
            "label": before.label,
            "path": before.path,
            "document": before.document,
            "section": before.section,
            "title": reader.needed("title", values["title"], "请填写标题"),
            "text": text,
            "departments": tuple(_lines(values["departments"])),
            "basis": tuple(_basis(line, before.basis) for line in _lines(values["basis"])),
            "keywords": tuple(dict.fromkeys(_listed(values["keywords"]))),
            "audience": tuple(dict.fromkeys(_listed(values["audience"]))),
            "support": _in_order(
                reader.each("support", self.support, Support, "没有这种支持方式"), before.support
            ),
            "tracks": _in_order(self.tracks, before.tracks),
            "valid_until": reader.day("valid_until", values["valid_until"]),
            "amounts": tuple(
                amount
                for number, row in enumerate(self.amounts)
                if (amount := reader.amount(number, row, text))
            ),
        }
        if reader.problems:
            raise FormError(reader.problems)
        try:
            return Policy.model_validate(made)
        except ValidationError as error:
            raise FormError({str(fault["loc"][0]): str(fault["msg"]) for fault in error.errors()}) from None


class _Reader:
    """Reads fields and gathers what is wrong with them."""

    def __init__(self) -> None:
        self.problems: dict[str, str] = {}

    def needed(self, name: str, value: str, problem: str) -> str:
        if not value:
            self.problems[name] = problem
        return value

    def each(self, name: str, values: Sequence[str], kind: Callable[[str], Any], problem: str) -> list[Any]:
        try:
            return [kind(value) for value in values]
        except ValueError:
            self.problems[name] = problem
            return []

    def day(self, name: str, value: str) -> date | None:
        try:
            return date.fromisoformat(value) if value else None
        except ValueError:
            self.problems[name] = "日期应如 2027-12-31"
            return None

    def amount(self, number: int, row: Mapping[str, str], text: str) -> Amount | None:
        name = f"amount-{number}"
        sums = {column: self._money(name, row[column]) for column in _SUMS}
        if row["quote"] not in text:
            self.problems[name] = f"第 {number + 1} 行金额的原文摘录不在条文正文中"
        try:
            rate = self._rate(name, row["rate"])
            words = {column: row[column] for column in _WORDS}
            return Amount.model_validate({"kind": row["kind"], "rate": rate, **sums, **words})
        except ValidationError:
            self.problems.setdefault(name, f"第 {number + 1} 行金额填写不完整，请检查类型与数额")
            return None

    def _money(self, name: str, value: str) -> int | None:
        if not value:
            return None
        typed = value if value.endswith("元") else f"{value}元"
        found = money_in(typed)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(typed)):
            self.problems[name] = f"“{value}”不是金额，应如 30万元 或 6000元"
            return None
        return found[0].cny

    def _rate(self, name: str, value: str) -> float | None:
        if not value:
            return None
        typed = value if value.endswith(("%", "％")) else f"{value}%"
        found = shares_in(typed)
        if len(found) != 1 or (found[0].start, found[0].end) != (0, len(typed)):
            self.problems[name] = f"“{value}”不是比例，应如 12%"
            return None
        return found[0].rate


def blank_row() -> dict[str, str]:
    """Return an empty row of the table of sums."""
    return dict.fromkeys(("kind", *_SUMS, "rate", *_WORDS), "")


def _amount_row(amount: Amount) -> dict[str, str]:
    row = {column: str(getattr(amount, column)) for column in ("kind", *_WORDS)}
    for column in _SUMS:
        value = getattr(amount, column)
        row[column] = "" if value is None else in_cny(value)
    return row | {"rate": in_percent(amount.rate) if amount.rate else ""}


def _basis_line(basis: Basis) -> str:
    return f"{basis.title} | {basis.doc_no}" if basis.doc_no else basis.title


def _basis(line: str, before: Sequence[Basis]) -> Basis:
    title, _, number = (part.strip() for part in line.partition("|"))
    known = next((basis for basis in before if basis.title == title), None)
    return Basis(title=title, doc_no=number, cited_as=known.cited_as if known else "")


def _in_order(chosen: Iterable[Any], before: Sequence[Any]) -> tuple[Any, ...]:
    """Return the ticked values in the clause's own order. Boxes have another order, and that is not a change."""
    picked = list(dict.fromkeys(chosen))
    return (*(one for one in before if one in picked), *(one for one in picked if one not in before))


def _lines(value: str) -> list[str]:
    return [line.strip() for line in value.splitlines() if line.strip()]


def _listed(value: str) -> list[str]:
    for mark in ",，;；\n":
        value = value.replace(mark, "、")
    return [part.strip() for part in value.split("、") if part.strip()]
