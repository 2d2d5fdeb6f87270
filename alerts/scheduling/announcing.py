"""The alerts for a publication of clauses, and for the coming end of a basis document's period. Pure functions.

A clause that is new, changed, gone, split or joined gives an alert to the tracks it concerns. A publication of many (a new
edition) gives one alert for each document, with the list of them: 49 messages would be none (`policies.publishing.news`).
"""

import hashlib
from collections.abc import Callable, Collection, Iterable, Mapping, Sequence
from dataclasses import replace
from datetime import date
from itertools import chain
from types import MappingProxyType

from alerts.model.campaigns.audience import audience_of_clauses, audience_of_policy, topics_of_policy
from alerts.model.campaigns.new_campaigns import NewCampaign
from alerts.model.content import AlertKind, ClauseChange, Content
from alerts.scheduling.due import closing_instant, expiry_due
from alerts.wording.clause_changes import in_short, what_changed
from alerts.wording.wording import day
from policies.library.clause_lines import OF_BASIS, whose_period
from policies.library.document_titles import short_title
from policies.library.library import Library, in_printed_order, joined
from policies.library.models import Policy
from policies.library.validity import closes_a_document
from policies.publishing.news import ClauseNews, NewsKind, news_of
from policies.publishing.revisions import Publication

_PUBLICATION = "publication:"
BY_PROFILE = ":profile"
"""Ends the key of the alert that goes to fitting profiles beside another one."""
FEW = 3
"""Up to this many clauses of one publication are announced one by one."""
_NAMED = 10
"""Clauses that the summary of an edition's alert names."""
_NAMED_IN_A_KEY = 150


def publication_campaigns(
    publication: Publication,
    all_tracks: Sequence[str],
    library: Library,
    answered: Mapping[int, Sequence[str]] = MappingProxyType({}),
) -> list[NewCampaign]:
    """Return the alerts for a publication; none if no document text changed. 本措施自…起施行 alone concerns nobody.

    Args:
        publication: what was published.
        all_tracks: ids of the tracks that people can follow.
        library: what is public now; it names the clauses.
        answered: topics of the questions that a clause answers, by the clause's key.
    """
    by_document: dict[str, list[ClauseNews]] = {}
    for one in filter(_tells_something, news_of(publication.changes)):
        by_document.setdefault(one.policy.document, []).append(one)
    found: list[NewCampaign] = []
    for document, news in by_document.items():
        topics = [_topics(one, answered) for one in news]
        if len(news) > FEW or (len(news) > 1 and _is_new_document(news, library)):
            key = f"publication:{publication.id}" + (f":document:{document}" if len(by_document) > 1 else "")
            found.append(_with_topics(_edition(key, news, all_tracks, library), chain.from_iterable(topics)))
        else:
            found += map(_with_topics, [_clause(publication, one, library) for one in news], topics)
    return found


def _tells_something(news: ClauseNews) -> bool:
    """Whether a new clause is more than 本措施自…起施行, which concerns nobody by itself."""
    return news.kind is not NewsKind.NEW or not closes_a_document(news.policy.text)


def _is_new_document(news: Sequence[ClauseNews], library: Library) -> bool:
    """Whether the news are every clause of a document that was not published before."""
    document = library.document(news[0].policy.document)
    if document is None or any(one.kind is not NewsKind.NEW for one in news):
        return False
    return len(news) == sum(not closes_a_document(one.text) for one in document.policies)


def _with_topics(campaign: NewCampaign, topics: Iterable[str]) -> NewCampaign:
    audience = campaign.audience.model_copy(update={"topics": tuple(dict.fromkeys(topics))})
    return replace(campaign, audience=audience)


def _topics(news: ClauseNews, answered: Mapping[int, Sequence[str]]) -> list[str]:
    """Return topics of the clauses before and after, and of the questions that they answer."""
    found = list(chain.from_iterable(map(topics_of_policy, (*news.before, *news.after))))
    return [*found, *chain.from_iterable(answered.get(change.key, ()) for change in news.changes)]


def superseded_keys(new: Iterable[NewCampaign]) -> list[str]:
    """Return patterns (of SQL's LIKE) for the keys of earlier alerts on changes of the same clauses."""
    changed = {
        campaign.key.split(":")[2]
        for campaign in new
        if campaign.kind is AlertKind.POLICY_CHANGED and campaign.key.startswith(_PUBLICATION)
    }
    return [f"{_PUBLICATION}%:{clause}{end}" for clause in sorted(changed) for end in ("", BY_PROFILE)]


def latest_of_each_clause(new: Sequence[NewCampaign]) -> list[NewCampaign]:
    """If several alerts tell changes of the same clause, return only the last one."""
    last = {_subject(campaign): campaign.key for campaign in new}
    return [campaign for campaign in new if last[_subject(campaign)] == campaign.key]


def _subject(campaign: NewCampaign) -> str:
    """Return what an alert is about: the changed clause, or the alert itself."""
    is_change = campaign.kind is AlertKind.POLICY_CHANGED and campaign.key.startswith(_PUBLICATION)
    return campaign.key.split(":")[2] if is_change else campaign.key


def _clause(publication: Publication, news: ClauseNews, library: Library) -> NewCampaign:
    policy = news.policy
    return NewCampaign(
        key=f"publication:{publication.id}:{policy.key}",
        kind=AlertKind.NEW_POLICY if news.kind is NewsKind.NEW else AlertKind.POLICY_CHANGED,
        content=Content(
            title=policy.title,
            summary=_summary(news, library),
            policy_id=news.replacement if news.kind is NewsKind.GONE else policy.key,
            document=library.document_name(policy.document),
            changes=_changes(news, library),
        ),
        audience=audience_of_policy(news.tracks),
    )


def _summary(news: ClauseNews, library: Library) -> str:
    """Say what happened to a clause, by its number. The alert names the document beside the summary.

    Its earlier number is given with 原 if another clause has that number now.
    """
    home = news.policy.document
    before, after = (_named(policies, library, home) for policies in (news.before, news.after))
    match news.kind:
        case NewsKind.NEW:
            origin = news.changes[0].kin
            old = library.get(origin.key) if origin else None
            return f"新增政策{after}{f'，由{_called(old, library, home)}拆出' if old else ''}。"
        case NewsKind.GONE:
            new = library.get(news.replacement or 0)
            then = f"由{_called(new, library, home)}接替" if new else "如需办理请先咨询责任单位"
            return f"原{before}已不在现行文件中，{then}。"
        case NewsKind.SPLIT:
            return f"原{before}已拆分为{after}。"
        case NewsKind.JOINED:
            return f"原{before}已合并为{after}。"
    renumbered = f"，原为{before}" if before != after else ""
    return f"{after}{in_short(news.changes[0])}{renumbered}。"


def _named(policies: Sequence[Policy], library: Library, home: str) -> str:
    return "、".join(_called(one, library, home) for one in _in_order(policies, library))


def _called(policy: Policy, library: Library, home: str) -> str:
    """Return a clause's number, with its document if that is another one."""
    return library.number(policy) if policy.document == home else library.name(policy)


def _in_order(policies: Sequence[Policy], library: Library) -> Sequence[Policy]:
    document = library.document(policies[0].document) if policies else None
    return in_printed_order(document, policies) if document else policies


def _changes(news: ClauseNews, library: Library) -> tuple[ClauseChange, ...]:
    """Return what changed, old and new. For clauses that were split or joined, return the whole texts."""
    if news.kind is NewsKind.CHANGED:
        return tuple(what_changed(news.changes[0]))
    if news.kind not in {NewsKind.SPLIT, NewsKind.JOINED}:
        return ()
    sides = (_in_order(policies, library) for policies in (news.before, news.after))
    old, new = ("\n".join(f"{library.name(one)}：{one.text}" for one in side) for side in sides)
    return (ClauseChange(what="条文", old=old, new=new),)


def _edition(
    key: str, news: Sequence[ClauseNews], all_tracks: Sequence[str], library: Library
) -> NewCampaign:
    counts = {kind: sum(one.kind is kind for one in news) for kind in _COUNTED}
    said = "、".join(f"{_COUNTED[kind]}{n}条" for kind, n in counts.items() if n)
    title, summary = _as_a_whole(news, library)
    concerned = [one.tracks for one in news if not closes_a_document(one.policy.text)]
    return NewCampaign(
        key=key,
        kind=AlertKind.NEW_POLICY,
        content=Content(
            title=title,
            summary=f"{summary}{said}：{_names(news, library)}。",
            changes=tuple(_in_list(one, library) for one in news),
        ),
        audience=audience_of_clauses(concerned, all_tracks),
    )


_COUNTED = {
    NewsKind.NEW: "新增",
    NewsKind.CHANGED: "调整",
    NewsKind.SPLIT: "拆分",
    NewsKind.JOINED: "合并",
    NewsKind.GONE: "删去",
}


def _as_a_whole(news: Sequence[ClauseNews], library: Library) -> tuple[str, str]:
    """Return the title, and how the summary begins."""
    document = library.document(news[0].policy.document)
    if document is None:
        return "政策文件更新", "新版"
    name = f"《{document.short_name or short_title(document.title)}》"
    if _is_new_document(news, library):
        return f"新政策文件{name}", ""
    return f"{name}更新", "新版"


def _names(news: Sequence[ClauseNews], library: Library) -> str:
    """Return the clauses by number; the document is said before them."""
    shown = "、".join(_name(one, library, library.number) for one in news[:_NAMED])
    return f"{shown}等" if len(news) > _NAMED else shown


def _name(news: ClauseNews, library: Library, said: Callable[[Policy], str] | None = None) -> str:
    """Return the clause's present name. A gone or split clause keeps its old name, for its number may now be another's."""
    called = said or library.name
    if news.kind in {NewsKind.GONE, NewsKind.SPLIT}:
        return f"原{called(news.before[0])}"
    return called(news.policy)


def _in_list(news: ClauseNews, library: Library) -> ClauseChange:
    """Return a clause's line in the list of an edition's: what changed of it first."""
    name = f"{_name(news, library, library.number)} {news.policy.title}"
    if news.kind is NewsKind.CHANGED:
        first = what_changed(news.changes[0])[0]
        return first.model_copy(update={"what": f"{name}：{first.what}"})
    return ClauseChange(
        what=name, old="", new="新增" if news.kind is NewsKind.NEW else _summary(news, library)
    )


def expiry_campaigns(library: Library, today: date, made: Collection[str] = ()) -> list[NewCampaign]:
    """Return notices of periods that end within 60 days, if their key is not made yet.

    Clauses whose periods end on the same day for the same people share one notice. Many do at the end of a year.
    """
    ending: dict[tuple[date, tuple[str, ...]], list[Policy]] = {}
    for policy in library.policies:
        if policy.valid_until is not None and expiry_due(policy.valid_until, today):
            ending.setdefault((policy.valid_until, policy.tracks), []).append(policy)
    notices = [
        _with_topics(
            _expiry(ends_on, tracks, policies, library), chain.from_iterable(map(topics_of_policy, policies))
        )
        for (ends_on, tracks), policies in ending.items()
    ]
    return [notice for notice in notices if notice.key not in made]


def _whom(tracks: Sequence[str]) -> str:
    """Return tracks as a part of a key. A key has room for 200 characters, so many tracks become a digest."""
    named = "+".join(tracks) or "general"
    if len(named) <= _NAMED_IN_A_KEY:
        return named
    return f"{len(tracks)}-tracks:{hashlib.blake2b(named.encode(), digest_size=16).hexdigest()}"


def _expiry(
    valid_until: date, tracks: tuple[str, ...], policies: Sequence[Policy], library: Library
) -> NewCampaign:
    one = policies[0] if len(policies) == 1 else None
    documents = {policy.document for policy in policies}
    home = documents.pop() if len(documents) == 1 else ""
    named = joined([library.number(policy) for policy in policies]) if home else library.names(policies)
    of_basis = all(whose_period(policy) == OF_BASIS for policy in policies)
    return NewCampaign(
        key=f"expiry:{valid_until}:{_whom(tracks)}",
        kind=AlertKind.EXPIRY,
        content=Content(
            title=one.title if one else f"{len(policies)} 条政策{'的依据文件' if of_basis else ''}",
            summary=f"有效期至{day(valid_until)}：{named}{'所依据的文件' if of_basis else ''}。",
            policy_id=one.key if one else None,
            document=library.document_name(home),
            closes_on=valid_until,
        ),
        audience=audience_of_policy(tracks),
        closes_on=valid_until,
        expires_at=closing_instant(valid_until),
    )
