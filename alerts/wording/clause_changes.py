"""What changed in a clause, in words: each change old and new, and the news in one short sentence. Pure."""

import re
from collections.abc import Sequence
from difflib import SequenceMatcher

from alerts.model.content import ClauseChange
from alerts.wording.wording import day
from policies.library.changes import MovedFigure, PolicyChange
from policies.library.clause_lines import basis_text

_QUOTED = 60
"""Characters of a new wording that a summary shows."""
_OF_FEW_WORDS = frozenset({"责任单位", "政策依据", "有效期"})
_SENTENCE = re.compile(r"[^。；;]*[。；;]?")
_PIECE = re.compile(r"[^，。；：、,;:]*[，。；：、,;:]?")
_MARKS = "，。；：、,;:"
_BEFORE_FIGURES = re.compile(r"[^\d.]*")


def what_changed(change: PolicyChange) -> list[ClauseChange]:
    """Return the figures that moved, then the sentences, departments, bases and period that differ, old and new."""
    before, after = change.before, change.after
    if before is None or after is None:
        return []
    found = [
        ClauseChange(
            what=f"金额（{moved.what}）" if moved.what else "金额", old=moved.before, new=moved.after
        )
        for moved in change.moved_figures
    ]
    found += _sentences(before.text, after.text)
    for what, old, new in (
        ("责任单位", *("、".join(one.departments) for one in (before, after))),
        ("政策依据", *("；".join(map(basis_text, one.basis)) for one in (before, after))),
        ("有效期至", day(before.valid_until), day(after.valid_until)),
    ):
        if old != new:
            found.append(ClauseChange(what=what, old=old, new=new))
    return found


def in_short(change: PolicyChange) -> str:
    """Return a few words on what changed in a clause. The news comes first: a template's field shows twenty characters."""
    changes = what_changed(change)
    named = list(dict.fromkeys(one.what.removesuffix("至") for one in changes))
    moved = next((one for one in change.moved_figures if one.before and one.after), None)
    if moved is not None:
        more = [name for name in named if name in _OF_FEW_WORDS]
        also = f"；{'、'.join(more)}也有调整" if more else ""
        return f"{_figure(moved)}{f'：{moved.what}' if moved.what else ''}{also}"
    if named == ["正文"]:
        return _of_sentences(changes)
    if len(named) == 1:
        (only,) = changes
        return f"{named[0]}改为{_begun(only.new)}" if only.new else f"不再写明{named[0]}"
    return f"有调整：{'、'.join(named)}"


def _figure(moved: MovedFigure) -> str:
    """Return only the changed sum. From 年度设备投资额的12%，最高600万元 and …最高800万元 it makes 最高800万元（原600万元）."""
    old, new = _differing(moved.before, moved.after)
    if not (old and new):
        return f"{moved.after}（原{moved.before}）"
    head, same = (_BEFORE_FIGURES.match(one) for one in (old, new))
    if head and same and head[0] == same[0]:
        old = old[head.end() :]
    return f"{new}（原{old}）"


def _of_sentences(changes: Sequence[ClauseChange]) -> str:
    first = changes[0]
    more = f"等 {len(changes)} 处" if len(changes) > 1 else ""
    old, new = _differing(first.old, first.new)
    if not new:
        return f"删去“{_begun(old)}”{more}"
    return f"{'改为' if old else '增加'}“{_begun(new)}”{more}"


def _differing(before: str, after: str) -> tuple[str, str]:
    """Return the first pieces between two marks that differ; "" on the side that has nothing in their place."""
    old, new = (_pieces(text, _PIECE) for text in (before, after))
    for tag, a, b, c, d in SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes():
        if tag != "equal":
            return "".join(old[a:b]).strip(_MARKS), "".join(new[c:d]).strip(_MARKS)
    return "", ""


def _begun(value: str) -> str:
    whole = value.rstrip("。；;")
    return whole if len(whole) <= _QUOTED else f"{whole[:_QUOTED]}…"


def _sentences(before: str, after: str) -> list[ClauseChange]:
    old, new = (_pieces(text, _SENTENCE) for text in (before, after))
    steps = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [
        ClauseChange(what="正文", old="".join(old[a:b]).strip(), new="".join(new[c:d]).strip())
        for tag, a, b, c, d in steps
        if tag != "equal"
    ]


def _pieces(text: str, piece: re.Pattern[str]) -> list[str]:
    return [part for part in piece.findall(text) if part]
