"""Shows what changed since the edition before, in one clause or a whole document: old and new words, no summary. Pure."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from policies.library.changes import ChangeKind, PolicyChange, Relation
from policies.library.clause_lines import basis_text, in_chinese_order
from policies.library.folding import folded
from policies.library.library import as_number
from policies.library.models import Document, Policy
from policies.publishing.news import NewsKind, is_news, news_of
from policies.search.decision import Group

CHANGES = "changes"
_WORDS = {NewsKind.NEW: "新增", NewsKind.CHANGED: "改动", NewsKind.SPLIT: "拆分", NewsKind.JOINED: "合并"}


def change_lines(policy: Policy, edition: Edition) -> list[str]:
    """Say what changed in a clause, or that nothing changed, or that the library holds no edition before."""
    document = edition.index.library.document_of(policy)
    earlier = edition.earlier.get(document.id)
    change = earlier.changes.get(policy.key) if earlier else None
    changed = change if change is not None and is_news(change) else None
    if earlier is None or not earlier.name:
        if changed is not None and changed.before is not None:
            return ["这里没有收录上一版；收录以后这一条有过改动。", *_differences(changed)]
        return [f"{_one_edition(document)}，不能逐字对照。写的是：", policy.text]
    before = f"上一版（{earlier.name}）"
    if changed is None:
        number = _renumbered(change) if change is not None else ""
        return [f"与{before}相比，这一条的内容没有变化{number}。"]
    if changed.kind is ChangeKind.NEW:
        kin = changed.kin
        parent = edition.index.library.get(kin.key) if kin and kin.relation is Relation.SPLIT else None
        of = f"，由{edition.index.library.name(parent)}拆分而来" if parent else ""
        return [f"这一条是这一版新增的，{before}没有{of}。"]
    return [f"与{before}相比，这一条有改动{_renumbered(changed)}。", *_differences(changed)]


def of_document(edition: Edition) -> Answer | None:
    """List what changed in the default document. Return None if nothing is published."""
    document = edition.index.library.default_document
    if document is None:
        return None
    earlier = edition.earlier.get(document.id)
    if earlier is None or not earlier.name:
        return replace(Answer.of(CHANGES, f"{_one_edition(document)}，不能对照。"), asked=False)
    told = news_of(earlier.changes.values())
    groups = []
    for kind, words in _WORDS.items():
        keys = [one.policy.key for one in told if one.kind is kind]
        groups += [Group(words, tuple(keys))] if keys else []
    gone = [f"{as_number(one.policy.label)} {one.policy.title}" for one in told if one.kind is NewsKind.GONE]
    before = f"与上一版（{earlier.name}）相比"
    closing = f"不再有的：{'、'.join(gone)}" if gone else ""
    if not groups:
        return Answer.of(CHANGES, f"{before}，{closing or '各条的内容没有变化'}。")
    counted = "、".join(f"{group.heading} {len(group.clauses)} 条" for group in groups)
    keys = [key for group in groups for key in group.clauses]
    listing = Listing(CHANGES, f"{before}：{counted}。", keys, groups=groups, closing=closing)
    return show(listing, edition.index)


def _one_edition(document: Document) -> str:
    printed = f"（{document.edition}）" if document.edition else ""
    return f"这里只有《{document.title}》{printed}这一版，没有收录上一版"


def _renumbered(change: PolicyChange) -> str:
    before, after = change.before, change.after
    if before is None or after is None or before.label == after.label:
        return ""
    return f"，编号由{as_number(before.label)}变为{as_number(after.label)}"


def _differences(change: PolicyChange) -> list[str]:
    """List the sums that changed, then other differences, before and after. If the text changed, show both texts."""
    before, after = change.before, change.after
    if before is None or after is None:
        return []
    lines = [f"· {one.what}：{one.before or '无'} → {one.after or '取消'}" for one in change.moved_figures]
    pairs = (
        ("依据", "；".join(map(basis_text, before.basis)), "；".join(map(basis_text, after.basis))),
        ("部门", "、".join(before.departments), "、".join(after.departments)),
        ("期限", _until(before), _until(after)),
    )
    lines += [f"· {what}：{was or '无'} → {now or '无'}" for what, was, now in pairs if was != now]
    if folded(before.text) != folded(after.text):
        lines += ["原来写的是：", before.text, "现在写的是：", after.text]
    return lines


def _until(policy: Policy) -> str:
    return f"至{in_chinese_order(policy.valid_until)}" if policy.valid_until else ""
