"""Shows old and new of every field to an approver. Pure."""

import re
from collections.abc import Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass
from difflib import SequenceMatcher

from policies.library.amounts.amount_words import each
from policies.library.changes import PartKind, TextPart, text_parts
from policies.library.library import as_number
from policies.library.models import Amount, Basis, Policy, Section, Surroundings
from policies.numbers.written import in_cny, in_percent

_CONTEXT = 24
"""Unchanged characters that stay in sight on each side of a change."""
_FOLDED_FROM = 40
"""Fewer unchanged characters than this are not folded: unfolding them would not be worth a tap."""
_PROSE = frozenset({"text", "body", "前言", "查询窗口"})
_BETWEEN = re.compile(r"([、\n])")
_LINES = re.compile(r"(\n)")

CLAUSE_FIELDS = (
    "title",
    "text",
    "basis",
    "departments",
    "amounts",
    "support",
    "tracks",
    "audience",
    "keywords",
    "valid_until",
    "section",
    "label",
)
KIND_NAMES = {
    "max": "最高",
    "fixed": "定额",
    "range": "区间",
    "rate": "按比例",
    "per_unit": "按单位",
    "pool": "总额共享",
    "uncapped": "不设上限",
}


@dataclass(frozen=True, slots=True)
class TextSpan:
    """A piece of one side of a comparison; `hidden` ones are unchanged and folded away."""

    text: str
    changed: bool = False
    hidden: bool = False


@dataclass(frozen=True, slots=True)
class FieldChange:
    """One field that differs. `before` and `after` are () if the field was or is empty."""

    name: str
    before: tuple[TextSpan, ...]
    after: tuple[TextSpan, ...]


def clause_changes(
    before: Policy | None, after: Policy | None, tracks: Mapping[str, str]
) -> list[FieldChange]:
    """Return every field of a clause that differs. For a new or a retired clause, return all filled fields.

    Args:
        before: the clause as published; None: it is new.
        after: the clause as drafted; None: it is retired.
        tracks: names of the tracks by id.
    """
    old, new = (_texts_of_clause(one, tracks) if one else {} for one in (before, after))
    return list(changes(old, new, CLAUSE_FIELDS))


def surroundings_changes(before: Surroundings | None, after: Surroundings) -> list[FieldChange]:
    """Return every part of what surrounds the clauses that differs."""
    old, new = (_texts_of_surroundings(one) if one else {} for one in (before, after))
    return list(changes(old, new, list(dict.fromkeys([*new, *old]))))


def changes(
    before: Mapping[str, str], after: Mapping[str, str], names: Iterable[str]
) -> Iterator[FieldChange]:
    """Yield the fields whose texts differ, in the order of `names`."""
    for name in names:
        old, new = before.get(name, ""), after.get(name, "")
        if old != new:
            parts = (
                text_parts(old, new)
                if name in _PROSE
                else _by_item(old, new, _LINES if "\n" in old + new else _BETWEEN)
            )
            yield FieldChange(
                name, tuple(_side(parts, PartKind.REMOVED)), tuple(_side(parts, PartKind.ADDED))
            )


def _by_item(before: str, after: str, between: re.Pattern[str]) -> list[TextPart]:
    """Return the difference of two lists as text. An item is kept, removed or added as a whole."""
    old, new = ([part for part in between.split(text) if part] for text in (before, after))
    parts: list[TextPart] = []
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag == "equal":
            parts.append(TextPart(PartKind.SAME, "".join(old[a:b])))
            continue
        gone, come = "".join(old[a:b]), "".join(new[c:d])
        parts += [TextPart(PartKind.REMOVED, gone)] if gone else []
        parts += [TextPart(PartKind.ADDED, come)] if come else []
    return parts


def amount_line(amount: Amount) -> str:
    """Return all that is stated of a sum, on one line."""
    sums = ((amount.value_cny, "定额"), (amount.min_cny, "不少于"), (amount.max_cny, "最高"))
    facts = [
        *(f"{label}{in_cny(value)}" for value, label in sums if value is not None),
        *([f"{amount.of}的{in_percent(amount.rate)}"] if amount.rate else []),
        *([f"{amount.cap_per}封顶{in_cny(amount.cap_cny)}"] if amount.cap_cny is not None else []),
        *([each(amount.per)] if amount.per else []),
        *([f"择一组：{amount.choice}"] if amount.choice else []),
    ]
    about = "，".join(part for part in (amount.what, amount.who) if part)
    stated = "；".join(facts) or KIND_NAMES[amount.kind]
    return f"{KIND_NAMES[amount.kind]}｜{stated}｜{about}｜原文“{amount.quote}”"


def _side(parts: Sequence[TextPart], mine: PartKind) -> Iterator[TextSpan]:
    shown = [part for part in parts if part.kind in (PartKind.SAME, mine)]
    for at, part in enumerate(shown):
        if part.kind is mine:
            yield TextSpan(part.text, changed=True)
        else:
            yield from _folded(part.text, first=at == 0, last=at == len(shown) - 1)


def _folded(text: str, *, first: bool, last: bool) -> Iterator[TextSpan]:
    head = 0 if first else _CONTEXT
    tail = 0 if last else _CONTEXT
    if len(text) - head - tail < _FOLDED_FROM:
        yield TextSpan(text)
        return
    middle = text[head : len(text) - tail]
    pieces = ((text[:head], False), (middle, True), (text[len(text) - tail :] if tail else "", False))
    for piece, hidden in pieces:
        if piece:
            yield TextSpan(piece, hidden=hidden)


def _texts_of_clause(policy: Policy, tracks: Mapping[str, str]) -> dict[str, str]:
    return {
        "title": policy.title,
        "text": policy.text,
        "basis": "\n".join(map(_basis, policy.basis)),
        "departments": "\n".join(policy.departments),
        "amounts": "\n".join(map(amount_line, policy.amounts)),
        "support": "、".join(policy.support),
        "tracks": "、".join(tracks.get(one, one) for one in policy.tracks) or "通用",
        "audience": "、".join(policy.audience),
        "keywords": "、".join(policy.keywords),
        "valid_until": policy.valid_until.isoformat() if policy.valid_until else "",
        "section": f"第 {policy.section} 部分",
        "label": as_number(policy.label),
    }


def _texts_of_surroundings(one: Surroundings) -> dict[str, str]:
    texts = {
        "文件名称": one.title,
        "发布单位": one.issuer,
        "版本": one.edition,
        "前言": one.preamble,
        "分部": "\n".join(map(_section, one.sections)),
    }
    contact = one.contact
    if contact is None:
        return texts
    return texts | {
        "查询窗口": contact.text,
        "查询单位": contact.office,
        "地址": contact.address,
        "电话": contact.phone,
        "下载": contact.download,
        "表格": contact.form,
        "网址": contact.url,
    }


def _basis(basis: Basis) -> str:
    number = f"（{basis.doc_no}）" if basis.doc_no else ""
    return f"{basis.title}{number}{f'，文中写作“{basis.cited_as}”' if basis.cited_as else ''}"


def _section(section: Section) -> str:
    return f"{section.number} {section.title}{f'：{section.preamble}' if section.preamble else ''}"
