"""台账: the rows of a campaign. They can be exported and retried; rows of unknown outcome are decided here."""

from collections.abc import AsyncIterator
from dataclasses import dataclass

from aiohttp import web
from sqlalchemy import ColumnElement, select

from alerts.ledger.dead_letters import confirm_unknown, retry, told_today
from alerts.ledger.overview import unsent
from alerts.model.campaigns.campaign_states import STATUS_NAMES, CampaignError, Status
from alerts.model.rows.row_states import RowState
from alerts.model.tables import Campaign, CampaignCount, Delivery
from console.access.audit import record
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.web.downloads import Row, send_csv, send_xlsx
from console.web.formats import channel_name, moment
from console.web.pages import NoticeStyle, done, operator_of, page, refused

_CAMPAIGNS = "/console/campaigns"
_PAGE = 100
_EXPORT_PAGE = 2_000
_HEADER = ("成员", "结果", "渠道", "微信错误码", "说明", "次数", "时间")

STATE_NAMES = {
    RowState.PENDING: "待发送",
    RowState.CLAIMED: "待发送",
    RowState.TRYING: "发送中",
    RowState.SENT: "已发送",
    RowState.DELIVERED: "已送达",
    RowState.ACCEPTED: "微信已受理",
    RowState.INBOX: "留在提醒箱",
    RowState.FAILED: "失败",
    RowState.SKIPPED: "未发送",
    RowState.UNREACHABLE: "无法送达",
    RowState.UNKNOWN: "结果不明",
}
SHOWN_STATES = tuple(state for state in RowState if state not in {RowState.CLAIMED, RowState.TRYING})
DEAD = (RowState.FAILED, RowState.UNKNOWN)


@dataclass(frozen=True, slots=True)
class CampaignWithDeadLetters:
    """A campaign with dead letters."""

    id: int
    title: str
    status: str
    reason: str
    failed: int
    unknown: int


def in_state(state: str) -> ColumnElement[bool]:
    """Select rows of a state as operators know it: a row that is being sent still waits."""
    open_states = (RowState.PENDING, RowState.CLAIMED, RowState.TRYING)
    return Delivery.state.in_(open_states) if state == RowState.PENDING else Delivery.state == state


async def dead_letters_page(request: web.Request) -> web.StreamResponse:
    """Show campaigns with failed or unknown rows, from their counters, and failed campaigns without a row."""
    state = request.query.get("state", "")
    states = (state,) if state in DEAD else DEAD
    query = (
        select(CampaignCount.campaign_id)
        .where(CampaignCount.state.in_(states), CampaignCount.n > 0)
        .distinct()
        .order_by(CampaignCount.campaign_id.desc())
        .limit(_PAGE)
    )
    async with request.app[DESK].database.read() as session:
        without_rows = [] if state else await unsent(session)
        ids = [*(await session.scalars(query)).all(), *(one.id for one in without_rows)]
        campaigns = (await session.scalars(select(Campaign).where(Campaign.id.in_(ids)))).all()
        rows = await session.execute(
            select(CampaignCount.campaign_id, CampaignCount.state, CampaignCount.n).where(
                CampaignCount.campaign_id.in_(ids), CampaignCount.state.in_(DEAD)
            )
        )
    counts = {(campaign_id, state): n for campaign_id, state, n in rows}
    troubled = [
        CampaignWithDeadLetters(
            one.id,
            one.title,
            STATUS_NAMES[Status(one.status)],
            one.reason or "",
            *(counts.get((one.id, state.value), 0) for state in DEAD),
        )
        for one in sorted(campaigns, key=lambda one: -one.id)
    ]
    return await page(
        request, "dead_letters.html", troubled=troubled, state=state, states=STATE_NAMES, dead=DEAD
    )


async def retry_failed(request: web.Request) -> web.StreamResponse:
    """Try a campaign's dead letters again."""
    return await _retry(request, "重试失败", RowState.FAILED)


async def resend_unknown(request: web.Request) -> web.StreamResponse:
    """Send rows of unknown outcome again: some members may get it twice."""
    return await _retry(request, "重发结果不明", RowState.UNKNOWN)


async def _retry(request: web.Request, action: str, state: RowState) -> web.StreamResponse:
    desk, operator = request.app[DESK], operator_of(request)
    path, number = await _path(request)
    try:
        async with desk.database.write() as session:
            told = await told_today(session, number, state, desk.clock())
            count = await retry(session, number, desk.clock(), states=(state,))
            if count:
                record(session, operator.name, action, ("campaign", number), after={"条数": count})
    except CampaignError as error:
        return await refused(request, path, str(error))
    if not count:
        return await done(request, path, "没有可重发的记录", NoticeStyle.WARNING)
    if told:
        said = f"{count} 条将重新发送，其中 {told} 位成员今天已收到同一申报期的提醒，将跳过"
        return await done(request, path, said, NoticeStyle.WARNING)
    return await done(request, path, f"{count} 条将重新发送")


async def confirm(request: web.Request) -> web.StreamResponse:
    """Record rows without an answer from WeChat as sent."""
    desk, operator = request.app[DESK], operator_of(request)
    path, number = await _path(request)
    async with desk.database.write() as session:
        count = await confirm_unknown(session, number, desk.clock())
        if count:
            record(session, operator.name, "视为已送达", ("campaign", number), after={"条数": count})
    if not count:
        return await done(request, path, "没有结果不明的记录", NoticeStyle.WARNING)
    return await done(request, path, f"{count} 条已记为已发送")


async def export_csv(request: web.Request) -> web.StreamResponse:
    """Send the whole ledger of a campaign; members by number, no openid."""
    _, number = await _path(request)
    await _note_export(request, number)
    return await send_csv(request, f"deliveries-{number}", _HEADER, _rows(request, number))


async def export_xlsx(request: web.Request) -> web.StreamResponse:
    _, number = await _path(request)
    await _note_export(request, number)
    return await send_xlsx(request, f"deliveries-{number}", _HEADER, _rows(request, number))


async def _rows(request: web.Request, number: int) -> AsyncIterator[Row]:
    """Yield all rows by member id, a page at a time: an export holds no transaction while the browser reads."""
    columns = (
        Delivery.member_id,
        Delivery.state,
        Delivery.channel,
        Delivery.errcode,
        Delivery.reason,
        Delivery.attempts,
        Delivery.settled_at,
    )
    after = 0
    while True:
        query = (
            select(*columns)
            .where(Delivery.campaign_id == number, Delivery.member_id > after)
            .order_by(Delivery.member_id)
            .limit(_EXPORT_PAGE)
        )
        async with request.app[DESK].database.read() as session:
            rows = (await session.execute(query)).all()
        for member_id, state, channel, errcode, reason, attempts, settled_at in rows:
            yield (
                member_id,
                STATE_NAMES[RowState(state)],
                channel_name(channel),
                errcode or "",
                reason or "",
                attempts,
                moment(settled_at),
            )
        if len(rows) < _EXPORT_PAGE:
            return
        after = rows[-1].member_id


async def _note_export(request: web.Request, number: int) -> None:
    async with request.app[DESK].database.write() as session:
        record(session, operator_of(request).name, "导出台账", ("campaign", number))


async def _path(request: web.Request) -> tuple[str, int]:
    """Return the page and the number of the campaign that a request names."""
    number = int(request.match_info["id"])
    async with request.app[DESK].database.read() as session:
        if await session.get(Campaign, number) is None:
            raise web.HTTPNotFound(text="没有这个推送。")
    return f"{_CAMPAIGNS}/{number}", number


ROUTES = (
    Route("GET", "/campaigns/dead-letters", dead_letters_page, Role.VIEWER),
    Route("POST", r"/campaigns/{id:[0-9]{1,9}}/retry", retry_failed, Role.EDITOR),
    Route(
        "POST",
        r"/campaigns/{id:[0-9]{1,9}}/unknown/resend",
        resend_unknown,
        Role.EDITOR,
        confirm="重发结果不明的？其中已收到的人会再收到一次。",
    ),
    Route("POST", r"/campaigns/{id:[0-9]{1,9}}/unknown/confirm", confirm, Role.EDITOR),
    Route("GET", r"/campaigns/{id:[0-9]{1,9}}/deliveries.csv", export_csv, Role.VIEWER),
    Route("GET", r"/campaigns/{id:[0-9]{1,9}}/deliveries.xlsx", export_xlsx, Role.VIEWER),
)
