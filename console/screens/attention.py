"""What waits for an operator, each with the page where it can be done."""

from collections.abc import Sequence
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import func, select

from alerts.ledger.overview import Attention, attention
from alerts.ledger.restored import doubtful, restored
from alerts.model.campaign_states import Status
from alerts.model.content import Kind
from alerts.model.tables import Campaign
from console.services.desk import DESK, Desk
from policies.district.models import Part
from policies.library.library import Library
from policies.library.models import Policy
from policies.library.tables import Window
from policies.windows.typed_dates import OPEN_ENDED
from storage.clock import day_of
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
    """Everything that waits, the most urgent first. It reads counters, not the ledger's rows."""
    desk = request.app[DESK]
    async with desk.database.read() as session:
        sending = await attention(session)
        submitted = await session.scalar(
            select(func.count())
            .select_from(Campaign)
            .where(Campaign.status == Status.SUBMITTED, Campaign.kind == Kind.ANNOUNCEMENT)
        )
        claims = await session.scalar(
            select(func.count())
            .select_from(Member)
            .where(Member.company_id.is_not(None), Member.company_confirmed.is_(False))
        )
        furthest = await session.scalar(
            select(func.max(Window.closes_on)).where(
                Window.withdrawn_at.is_(None), Window.closes_on < OPEN_ENDED
            )
        )
        since_backup = await doubtful(session) if await restored(session) else []
    library, drafts = await desk.store.published(), len(await desk.drafts.open())
    guide_drafts, book, today = (
        len(await desk.guides.drafts()),
        await desk.guides.book(),
        day_of(desk.clock()),
    )
    old_guides = sum(guide.is_old(today) for guide in book.all().values())
    proposed = {part for part, now in (await desk.district.parts()).items() if now.proposal}
    words = sum(one.waits for one in await desk.lessons.all())
    counted = (
        (await desk.handoffs.unanswered(), "{} 个人工对话等待回复", "/console/people"),
        (submitted or 0, "{} 则公告等待审批", "/console/broadcasts"),
        (drafts, "{} 份条款草稿等待核对发布", "/console/policies/drafts"),
        (guide_drafts, "{} 份办理指南等待核对发布", "/console/guides"),
        (old_guides, "{} 条办理指南超过半年未核对", "/console/guides"),
        (len(proposed - {Part.BENEFITS}), "{} 项本区资料的修改等待审批", "/console/district"),
        (len(proposed & {Part.BENEFITS}), "{} 份测算条件的修改等待审批", "/console/matching"),
        (words, "{} 个词语等待另一位同事确认", "/console/questions"),
        (claims or 0, "{} 位成员的企业等待确认", "/console/subscribers"),
        (await desk.questions.count(), "{} 组问题没有答好", "/console/questions"),
    )
    over = [policy for policy in library.policies if policy.valid_until and policy.valid_until < today]
    warning = calendar_warning(today, furthest)
    return [
        *await _to_begin(desk),
        *(
            Todo(
                f"推送“{one.title}”在备份之后可能已经发出（待发 {one.waiting} 条）：已发出的请取消",
                f"/console/campaigns/{one.campaign_id}",
            )
            for one in since_backup
        ),
        *_todos_of_benefits(desk, library),
        *(
            [Todo(f"{_named(over, library)}的有效期已过：请确认是否继续执行，改有效期或撤下", _LIBRARY)]
            if over
            else []
        ),
        *_todos_of_sending(sending),
        *(Todo(sentence.format(n), path) for n, sentence, path in counted if n),
        *([Todo(warning)] if warning else []),
    ]


def _todos_of_benefits(desk: Desk, library: Library) -> list[Todo]:
    """The clauses whose benefits a change of their text has put out of answers."""
    found = []
    for clause, stopped in desk.matching.catalogue.stopped.items():
        if library.get(clause) is not None:
            ids = "、".join(one.benefit.id for one in stopped)
            said = f"{library.name_of(clause)}的条文有修改，测算条目 {ids} 已停用：请按现在的条文改好"
            found.append(Todo(said, f"/console/matching/clauses/{clause}"))
    return found


def _named(policies: Sequence[Policy], library: Library) -> str:
    """The first clauses by name, and how many there are."""
    more = f"等 {len(policies)} 条" if len(policies) > _NAMED else ""
    return library.names(policies[:_NAMED]) + more


def _todos_of_sending(sending: Attention) -> list[Todo]:
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


async def _to_begin(desk: Desk) -> list[Todo]:
    """What a new installation lacks before it can answer."""
    lacking = []
    if not (await desk.store.published()).policies:
        said = "政策库还是空的：请导入政策文件（在服务器上也可以运行 policybot documents add 文件 --id 编号）"
        lacking.append(Todo(said, "/console/policies/import"))
    if not (await desk.store.district()).texts.district:
        lacking.append(Todo("还没有填写本区的名称和对外文字", "/console/district/texts"))
    return lacking
