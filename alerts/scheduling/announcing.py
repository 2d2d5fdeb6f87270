"""The alerts for a publication of clauses, and for the coming end of a basis document's period. Pure functions.

A clause that is new, changed or gone gives an alert to the tracks it concerns. A publication of many (a new
edition) gives one alert with the list of them: 49 messages would be none. A change of what only we add
(title, keywords, tracks) or of spaces and widths is no news.
"""

import hashlib
import re
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from difflib import SequenceMatcher
from itertools import chain
from types import MappingProxyType

from alerts.model.audience import Audience, audience_of_policy, topics_of_policy
from alerts.model.campaigns import NewCampaign
from alerts.model.content import Change, Content, Kind
from alerts.scheduling.due import closing_instant, expiry_due
from policies.library.changes import ChangeKind, PolicyChange
from policies.library.library import Library
from policies.library.models import Basis, Policy
from policies.publishing.revisions import Publication

FEW = 3
"""Up to so many clauses of one publication are announced one by one."""
_NAMED = 10
"""Clauses that the summary of an edition's alert names."""
_NAMED_IN_A_KEY = 150
_QUOTED = 60
"""Characters of a new wording that a summary shows."""
_OF_FEW_WORDS = frozenset({"责任单位", "政策依据", "有效期"})
_OF_THE_DOCUMENT = frozenset({"text", "basis", "departments", "amounts", "valid_until"})
_SENTENCE = re.compile(r"[^。；;]*[。；;]?")


def publication_campaigns(
    publication: Publication,
    all_tracks: Sequence[str],
    library: Library,
    answered: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> list[NewCampaign]:
    """The alerts for a publication; none where no document itself changed.

    Args:
        publication: what was published.
        all_tracks: ids of the tracks that people can follow.
        library: what is public now; it names the clauses.
        answered: topics of the questions that a clause answers, by the clause's key.
    """
    news = [change for change in publication.changes if is_news(change)]
    topics = [(*_topics(change), *answered.get(change.key, ())) for change in news]
    if len(news) > FEW:
        whole = _edition(publication, news, all_tracks, library)
        return [_with_topics(whole, chain.from_iterable(topics))]
    alone = [_clause(publication, change, library) for change in news]
    return list(map(_with_topics, alone, topics))


def _with_topics(campaign: NewCampaign, topics: Iterable[str]) -> NewCampaign:
    audience = campaign.audience.model_copy(update={"topics": tuple(dict.fromkeys(topics))})
    return replace(campaign, audience=audience)


def _topics(change: PolicyChange) -> tuple[str, ...]:
    """Topics of the clause before and after."""
    sides = (policy for policy in (change.before, change.after) if policy is not None)
    return tuple(chain.from_iterable(map(topics_of_policy, sides)))


def is_news(change: PolicyChange) -> bool:
    """Whether a change is one of the document, and not of our own notes or of its layout."""
    if change.kind is not ChangeKind.CHANGED:
        return True
    return not change.wording_only and not _OF_THE_DOCUMENT.isdisjoint(change.fields)


def _clause(publication: Publication, change: PolicyChange, library: Library) -> NewCampaign:
    policy = _either(change)
    return NewCampaign(
        key=f"publication:{publication.id}:{policy.key}",
        kind=Kind.NEW_POLICY if change.kind is ChangeKind.NEW else Kind.POLICY_CHANGED,
        content=Content(
            title=policy.title,
            summary=_summary(change, library),
            policy_id=None if change.after is None else policy.key,
            document=library.document_name(policy.document),
            changes=tuple(what_changed(change)) if change.kind is ChangeKind.CHANGED else (),
        ),
        audience=audience_of_policy(_tracks(change)),
    )


def _summary(change: PolicyChange, library: Library) -> str:
    number = library.name(_either(change))
    if change.kind is ChangeKind.NEW:
        return f"新增政策{number}。"
    if change.kind is ChangeKind.GONE:
        return f"{number}已不在现行政策汇编中，如需办理请先咨询责任单位。"
    return f"{number}{_what_is_new(change)}。"


def _what_is_new(change: PolicyChange) -> str:
    """A few words on what changed in a clause. The most important comes first, for a template's field cuts the end off."""
    named = list(dict.fromkeys(one.what.removesuffix("至") for one in what_changed(change)))
    moved = next((one for one in change.moved_figures if one.before and one.after), None)
    if moved is not None:
        more = [name for name in named if name in _OF_FEW_WORDS]
        also = f"，{'、'.join(more)}也有调整" if more else ""
        return f"有调整：{moved.what or '金额'}由{moved.before}改为{moved.after}{also}"
    if named == ["正文"]:
        return _of_sentences(what_changed(change))
    if len(named) == 1:
        (only,) = what_changed(change)
        return f"{named[0]}改为{_in_short(only.new)}" if only.new else f"不再写明{named[0]}"
    return f"有调整：{'、'.join(named)}"


def _of_sentences(changes: Sequence[Change]) -> str:
    first = changes[0]
    more = f"等 {len(changes)} 处" if len(changes) > 1 else ""
    if first.new:
        return f"正文有调整：“{_in_short(first.new)}”{more}"
    return f"正文删去“{_in_short(first.old)}”{more}"


def _in_short(value: str) -> str:
    whole = value.rstrip("。；;")
    return whole if len(whole) <= _QUOTED else f"{whole[:_QUOTED]}…"


def _edition(
    publication: Publication, news: Sequence[PolicyChange], all_tracks: Sequence[str], library: Library
) -> NewCampaign:
    counts = {kind: sum(change.kind is kind for change in news) for kind in ChangeKind}
    words = {ChangeKind.NEW: "新增", ChangeKind.CHANGED: "调整", ChangeKind.GONE: "删去"}
    said = "、".join(f"{words[kind]}{n}条" for kind, n in counts.items() if n)
    title, summary = _what_is_new_as_a_whole(news, library)
    concerned = [_tracks(change) for change in news]
    tracks = tuple(all_tracks) if not all(concerned) else tuple(sorted(set().union(*concerned)))
    return NewCampaign(
        key=f"publication:{publication.id}",
        kind=Kind.NEW_POLICY,
        content=Content(
            title=title,
            summary=f"{summary}{said}：{_names(news, library)}。",
            changes=tuple(_in_list(change, library) for change in news),
        ),
        audience=Audience(tracks=tracks) if tracks else Audience(general=True),
    )


def _what_is_new_as_a_whole(news: Sequence[PolicyChange], library: Library) -> tuple[str, str]:
    """The title, and how the summary begins; the document is named once the library holds several."""
    documents = {_either(change).document for change in news}
    if len(library.documents) < 2 or len(documents) > 1:
        return "惠企政策汇编更新", "新版汇编"
    document = library.document(documents.pop())
    if document is None:
        return "惠企政策汇编更新", "新版汇编"
    name = library.document_name(document.id)
    is_new = len(news) == len(document.policies) and all(one.kind is ChangeKind.NEW for one in news)
    return (f"新政策文件{name}", f"{name}发布，") if is_new else (f"{name}更新", f"{name}新版")


def _names(news: Sequence[PolicyChange], library: Library) -> str:
    """The clauses by number; with their documents where these are several."""
    policies = list(map(_either, news[:_NAMED]))
    of_one = len({policy.document for policy in policies}) == 1
    shown = "、".join(map(library.number, policies)) if of_one else library.names(policies)
    return f"{shown}等" if len(news) > _NAMED else shown


def _in_list(change: PolicyChange, library: Library) -> Change:
    """A clause's line in the list of an edition's: what changed of it first."""
    name = f"{library.name(_either(change))} {_either(change).title}"
    if change.kind is not ChangeKind.CHANGED:
        return Change(what=name, old="", new="新增" if change.kind is ChangeKind.NEW else "不再收录")
    first = what_changed(change)[0]
    return first.model_copy(update={"what": f"{name}：{first.what}"})


def _tracks(change: PolicyChange) -> tuple[str, ...]:
    """Tracks concerned before or after; () where it was or is 通用."""
    sides = [policy.tracks for policy in (change.before, change.after) if policy is not None]
    return tuple(sorted(set().union(*sides))) if all(sides) else ()


def _either(change: PolicyChange) -> Policy:
    policy = change.after or change.before
    if policy is None:
        raise ValueError(f"the change of clause {change.key} has neither side")
    return policy


def what_changed(change: PolicyChange) -> list[Change]:
    """The figures that moved, then the sentences, departments, bases and period that differ, old and new."""
    before, after = change.before, change.after
    if before is None or after is None:
        return []
    found = [
        Change(what=f"金额（{moved.what}）" if moved.what else "金额", old=moved.before, new=moved.after)
        for moved in change.moved_figures
    ]
    found += _sentences(before.text, after.text)
    for what, old, new in (
        ("责任单位", "、".join(before.departments), "、".join(after.departments)),
        ("政策依据", _bases(before.basis), _bases(after.basis)),
        ("有效期至", _day(before.valid_until), _day(after.valid_until)),
    ):
        if old != new:
            found.append(Change(what=what, old=old, new=new))
    return found


def _sentences(before: str, after: str) -> list[Change]:
    old, new = ([part for part in _SENTENCE.findall(text) if part] for text in (before, after))
    steps = SequenceMatcher(a=old, b=new, autojunk=False).get_opcodes()
    return [
        Change(what="正文", old="".join(old[a:b]).strip(), new="".join(new[c:d]).strip())
        for tag, a, b, c, d in steps
        if tag != "equal"
    ]


def _bases(bases: Sequence[Basis]) -> str:
    return "；".join(f"{one.title}（{one.doc_no}）" if one.doc_no else one.title for one in bases)


def _day(day: date | None) -> str:
    return f"{day.year}年{day.month}月{day.day}日" if day else ""


def expiry_campaigns(library: Library, today: date, made: Collection[str] = ()) -> list[NewCampaign]:
    """Notices of periods that end within 60 days, of those whose key is not made yet.

    Clauses whose periods end on one day for the same people share one notice: many do at a year's end.
    """
    ending: dict[tuple[date, tuple[str, ...]], list[Policy]] = {}
    for policy in library.policies:
        if policy.valid_until is not None and expiry_due(policy.valid_until, today):
            ending.setdefault((policy.valid_until, policy.tracks), []).append(policy)
    notices = [
        _with_topics(
            _expiry(day, tracks, policies, library), chain.from_iterable(map(topics_of_policy, policies))
        )
        for (day, tracks), policies in ending.items()
    ]
    return [notice for notice in notices if notice.key not in made]


def _whom(tracks: Sequence[str]) -> str:
    """Tracks as a part of a key, which has room for 200 characters: many of them by their digest."""
    named = "+".join(tracks) or "general"
    if len(named) <= _NAMED_IN_A_KEY:
        return named
    return f"{len(tracks)}-tracks:{hashlib.blake2b(named.encode(), digest_size=16).hexdigest()}"


def _expiry(
    valid_until: date, tracks: tuple[str, ...], policies: Sequence[Policy], library: Library
) -> NewCampaign:
    one = policies[0] if len(policies) == 1 else None
    return NewCampaign(
        key=f"expiry:{valid_until}:{_whom(tracks)}",
        kind=Kind.EXPIRY,
        content=Content(
            title=one.title if one else f"{len(policies)} 条政策的依据文件",
            summary=f"{library.names(policies)}所依据文件的有效期至{_day(valid_until)}。",
            policy_id=one.key if one else None,
            document=library.document_name(one.document) if one else "",
            closes_on=valid_until,
        ),
        audience=audience_of_policy(tracks),
        closes_on=valid_until,
        expires_at=closing_instant(valid_until),
    )
