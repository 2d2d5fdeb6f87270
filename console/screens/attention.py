"""Collects what waits for an operator, each with the page where it can be done."""

from collections.abc import Awaitable, Callable, Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import ColumnElement, func, select

from alerts.ledger.overview import attention
from alerts.ledger.restored import doubtful, restored
from alerts.notices.notice_kinds import NOTICE_KINDS
from console.services.desk import DESK, Desk
from policies.approval.columns import DraftColumns, RevisionState
from policies.district.models import DistrictPart
from policies.district.tables import DistrictRevision
from policies.guides.tables import GuideRevision
from policies.library.tables import RevisionRow, WindowRow
from policies.windows.typed_dates import OPEN_ENDED
from storage.clock import day_of
from storage.sql.base import Base
from storage.working_days import calendar_warning
from subscriptions.tables import Member

_LIBRARY = "/console/policies"
_NAMED = 3


@dataclass(frozen=True, slots=True)
class Todo:
    """One thing to do: a sentence, and the page to do it on ("": nothing can be done here)."""

    sentence: str
    path: str = ""


async def todos(request: web.Request) -> list[Todo]:
    """Return everything that waits, the most urgent first. It reads counters, not the ledger's rows."""
    desk = request.app[DESK]
    found = [await kind(desk) for kind in KINDS]
    return [todo for todos in found for todo in todos]


async def _to_begin(desk: Desk) -> list[Todo]:
    """Return what a new installation lacks before it can answer."""
    lacking = []
    if not (await desk.store.published()).policies:
        said = "政策库还是空的：请导入政策文件（在服务器上也可以运行 policybot documents add 文件 --id 编号）"
        lacking.append(Todo(said, "/console/policies/import"))
    if not (await desk.store.district()).texts.district:
        lacking.append(Todo("还没有填写本区的名称和对外文字", "/console/district/texts"))
    return lacking


async def _since_backup(desk: Desk) -> list[Todo]:
    async with desk.database.read() as session:
        found = await doubtful(session) if await restored(session) else []
    return [
        Todo(
            f"推送“{one.title}”在备份之后可能已经发出（待发 {one.waiting} 条）：已发出的请取消",
            f"/console/campaigns/{one.campaign_id}",
        )
        for one in found
    ]


async def _benefits(desk: Desk) -> list[Todo]:
    """Return the clauses whose benefits a change of their text has put out of answers."""
    library, found = await desk.store.published(), []
    for clause, stopped in desk.matching.catalogue.stopped.items():
        if library.get(clause) is not None:
            ids = "、".join(one.benefit.id for one in stopped)
            said = f"{library.name_of(clause)}的条文有修改，测算条目 {ids} 已停用：请按现在的条文改好"
            found.append(Todo(said, f"/console/matching/clauses/{clause}"))
    return found


async def _outlived(desk: Desk) -> list[Todo]:
    library, today = await desk.store.published(), day_of(desk.clock())
    over = [policy for policy in library.policies if policy.valid_until and policy.valid_until < today]
    if not over:
        return []
    more = f"等 {len(over)} 条" if len(over) > _NAMED else ""
    named = library.names(over[:_NAMED]) + more
    return [Todo(f"{named}的有效期已过：请确认是否继续执行，改有效期或撤下", _LIBRARY)]


async def _sending(desk: Desk) -> list[Todo]:
    async with desk.database.read() as session:
        sending = await attention(session)
    paused = [
        Todo(f"推送“{one.title}”已暂停：{one.reason or '由人工暂停'}", f"/console/campaigns/{one.id}")
        for one in sending.paused
    ]
    unsent = [
        Todo(
            f"公告“{one.title}”发送失败：{one.reason or '原因见详情。'}请决定重发或取消。",
            f"/console/campaigns/{one.id}",
        )
        for one in sending.unsent
    ]
    letters = [
        Todo(sentence.format(n), f"/console/campaigns/dead-letters?state={state}")
        for n, sentence, state in (
            (sending.unknown, "{} 条推送结果不明，需要您决定", "unknown"),
            (sending.failed, "{} 条推送失败，可查看原因后重试", "failed"),
        )
        if n
    ]
    return [*paused, *unsent, *letters]


async def _counted(desk: Desk) -> list[Todo]:
    counted = [(await row.count(desk), row) for row in COUNTED]
    return [Todo(row.sentence.format(n), row.path) for n, row in counted if n]


async def _calendar(desk: Desk) -> list[Todo]:
    last = select(func.max(WindowRow.closes_on)).where(
        WindowRow.withdrawn_at.is_(None), WindowRow.closes_on < OPEN_ENDED
    )
    async with desk.database.read() as session:
        furthest = await session.scalar(last)
    warning = calendar_warning(day_of(desk.clock()), furthest)
    return [Todo(warning)] if warning else []


KINDS: tuple[Callable[[Desk], Awaitable[Sequence[Todo]]], ...] = (
    _to_begin,
    _since_backup,
    _benefits,
    _outlived,
    _sending,
    _counted,
    _calendar,
)
"""What may wait, the most urgent first."""


_Count = Callable[[Desk], Awaitable[int]]


@dataclass(frozen=True, slots=True)
class CountedTodo:
    """A kind of things that are only counted: a sentence with their number, and the page for doing them."""

    count: _Count
    sentence: str
    path: str


async def _handoffs(desk: Desk) -> int:
    return await desk.handoffs.unanswered()


async def _old_guides(desk: Desk) -> int:
    book, today = await desk.guides.book(), day_of(desk.clock())
    return sum(guide.is_old(today) for guide in book.all().values())


async def _words(desk: Desk) -> int:
    return sum(one.waits for one in await desk.lessons.all())


async def _claims(desk: Desk) -> int:
    return await _rows(desk, Member, Member.company_id.is_not(None), Member.company_confirmed.is_(False))


async def _questions(desk: Desk) -> int:
    return await desk.questions.count()


def _waiting(name: str) -> CountedTodo:
    """Return what the operators' group is told of too, with the same words (`alerts.notices.notice_kinds`)."""
    kind = next(kind for kind in NOTICE_KINDS if kind.name == name)

    async def count(desk: Desk) -> int:
        async with desk.database.read() as session:
            return len(await kind.waiting(session, day_of(desk.clock())))

    return CountedTodo(count, kind.sentence, f"/console{kind.path}")


def _sent_back(table: type[DraftColumns], *where: ColumnElement[bool]) -> _Count:
    """Count the drafts that were sent back and wait for their authors."""

    async def count(desk: Desk) -> int:
        returned = (table.state == RevisionState.DRAFT, table.returned_by.is_not(None))
        return await _rows(desk, table, *returned, *where)

    return count


async def _rows(desk: Desk, table: type[Base] | type[DraftColumns], *where: ColumnElement[bool]) -> int:
    async with desk.database.read() as session:
        return await session.scalar(select(func.count()).select_from(table).where(*where)) or 0


_OF_BENEFITS = DistrictRevision.part == DistrictPart.BENEFITS

COUNTED = (
    CountedTodo(_handoffs, "{} 个人工对话等待回复", "/console/people"),
    _waiting("broadcast"),
    _waiting("draft"),
    CountedTodo(_sent_back(RevisionRow), "{} 份条款草稿已退回，等待修改", "/console/policies/drafts"),
    _waiting("guide"),
    CountedTodo(_sent_back(GuideRevision), "{} 份办理指南已退回，等待修改", "/console/guides"),
    CountedTodo(_old_guides, "{} 条办理指南超过半年未核对", "/console/guides"),
    _waiting("district"),
    CountedTodo(
        _sent_back(DistrictRevision, ~_OF_BENEFITS), "{} 项本区资料已退回，等待修改", "/console/district"
    ),
    _waiting("benefits"),
    CountedTodo(
        _sent_back(DistrictRevision, _OF_BENEFITS), "{} 份测算条件已退回，等待修改", "/console/matching"
    ),
    CountedTodo(_words, "{} 个词语等待另一位同事确认", "/console/questions"),
    CountedTodo(_claims, "{} 位成员的企业等待确认", "/console/subscribers"),
    CountedTodo(_questions, "{} 组问题没有答好", "/console/questions"),
)
"""What is counted, the most urgent first."""
