"""What waits for an operator, and how the operators' group is told of it: a table of queries and sentences.

No sentence holds personal data: a conversation is counted, never named or quoted.
"""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass
from datetime import date, timedelta

from sqlalchemy import ColumnElement, select
from sqlalchemy.ext.asyncio import AsyncSession

from alerts.model.campaigns.campaign_states import Status
from alerts.model.content import AlertKind
from alerts.model.tables import Campaign
from policies.approval.columns import DraftColumns, RevisionState
from policies.district.models import DistrictPart
from policies.district.tables import DistrictRevision
from policies.guides.tables import GuideRevision
from policies.library.tables import RevisionRow, WindowRow
from policies.publishing.revisions import as_revision, named
from policies.publishing.statements import documents_of
from subscriptions.tables import Handoff

WINDOW_DAYS = 7
"""A window without an application address is reported this many days before it closes."""
_TITLES_SHOWN = 5
_TITLE_CHARACTERS = 40
"""How many titles, of how many characters, one notice shows."""


@dataclass(frozen=True, slots=True)
class WaitingItem:
    """One thing that waits.

    Attributes:
        key: names the thing; the group is told of it once while it waits.
        title: shown in the notice; "": it is only counted.
    """

    key: str
    title: str = ""


@dataclass(frozen=True, slots=True)
class NoticeKind:
    """One row of the table.

    Attributes:
        sentence: what waits, without a mark at the end; `{}` is the number of items. The overview of the desk says it too.
        path: the page of the desk where they are handled.
        waiting: all items that wait on a day, oldest first.
    """

    name: str
    sentence: str
    path: str
    waiting: Callable[[AsyncSession, date], Awaitable[Sequence[WaitingItem]]]

    def notice(self, items: Sequence[WaitingItem], desk: str) -> str:
        """Return the text that tells of these items; `desk` is the desk's address."""
        lines = [f"· {item.title[:_TITLE_CHARACTERS]}" for item in items[:_TITLES_SHOWN] if item.title]
        if lines and len(items) > _TITLES_SHOWN:
            lines.append(f"· 其余 {len(items) - _TITLES_SHOWN} 项请在工作台查看")
        said = f"有 {self.sentence.format(len(items))}{'：' if lines else '。'}"
        return "\n".join([said, *lines, f"处理：{desk}{self.path}"])


async def _handoffs(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    found = await session.scalars(select(Handoff.id).where(Handoff.closed_at.is_(None)).order_by(Handoff.id))
    return [WaitingItem(f"handoff:{id_}") for id_ in found]


async def _drafts(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    documents = await documents_of(session)
    waiting = select(RevisionRow).where(*_waits(RevisionRow)).order_by(RevisionRow.subject)
    found = await session.scalars(waiting)
    return [WaitingItem(f"draft:{row.id}", named(as_revision(row).content, documents)) for row in found]


async def _guides(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    found = await session.scalars(select(GuideRevision.id).where(*_waits(GuideRevision)))
    return [WaitingItem(f"guide:{id_}") for id_ in found]


async def _district(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    of_district = (*_waits(DistrictRevision), DistrictRevision.part != DistrictPart.BENEFITS)
    found = await session.scalars(select(DistrictRevision.id).where(*of_district))
    return [WaitingItem(f"district:{id_}") for id_ in found]


async def _benefits(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    of_benefits = (*_waits(DistrictRevision), DistrictRevision.part == DistrictPart.BENEFITS)
    found = await session.scalars(select(DistrictRevision.id).where(*of_benefits))
    return [WaitingItem(f"benefits:{id_}") for id_ in found]


def _waits(row: type[DraftColumns]) -> tuple[ColumnElement[bool], ColumnElement[bool]]:
    """Return drafts that wait for a second person. One that was sent back waits for its authors."""
    return row.state == RevisionState.DRAFT, row.returned_by.is_(None)


async def _broadcasts(session: AsyncSession, _today: date) -> Sequence[WaitingItem]:
    found = await session.execute(
        select(Campaign.id, Campaign.title)
        .where(Campaign.status == Status.SUBMITTED.value, Campaign.kind == AlertKind.ANNOUNCEMENT.value)
        .order_by(Campaign.id)
    )
    return [WaitingItem(f"broadcast:{id_}", title) for id_, title in found]


async def _windows(session: AsyncSession, today: date) -> Sequence[WaitingItem]:
    found = await session.execute(
        select(WindowRow.id, WindowRow.title, WindowRow.closes_on)
        .where(WindowRow.withdrawn_at.is_(None), WindowRow.url == "", WindowRow.sample.is_(False))
        .where(WindowRow.closes_on >= today, WindowRow.closes_on <= today + timedelta(days=WINDOW_DAYS))
        .order_by(WindowRow.closes_on, WindowRow.id)
    )
    return [
        WaitingItem(f"window:{id_}", f"{closes_on.month}月{closes_on.day}日截止：{title}")
        for id_, title, closes_on in found
    ]


NOTICE_KINDS = (
    NoticeKind("handoff", "{} 位用户请求人工服务，请及时回复", "/people", _handoffs),
    NoticeKind("draft", "{} 份条款草稿等待核对发布", "/policies/drafts", _drafts),
    NoticeKind("guide", "{} 份办理指南等待核对发布", "/guides", _guides),
    NoticeKind("district", "{} 项本区资料的修改等待审批", "/district", _district),
    NoticeKind("benefits", "{} 份测算条件的修改等待审批", "/matching", _benefits),
    NoticeKind("broadcast", "{} 则公告等待审批", "/broadcasts", _broadcasts),
    NoticeKind("window", f"{{}} 项申报在 {WINDOW_DAYS} 天内截止，尚未填写申报入口", "/windows", _windows),
)
"""What the group is told of, the most pressing first. Paused campaigns come before them (`notices`)."""
