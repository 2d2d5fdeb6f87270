"""我的提醒 (a member's alerts) and 已申报 (applied, so no more reminders)."""

from collections.abc import Iterable, Sequence

from alerts.member.inbox import ReceivedAlert
from alerts.wording import wording
from handlers.application_windows.window_lines import titled
from handlers.commands.open_windows import concerned_clauses
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.last_act import forget_other, note_other
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import number_tap, tap, taps
from policies.windows.window import Window
from storage.clock import SHANGHAI
from wechat.texts import escape_typed

MY_ALERTS = "my_alerts"
APPLIED = "applied"
NOT_APPLIED = "not_applied"

IN_FULL = 3
"""How many unread alerts one reply shows in full. The next 我的提醒 shows the others."""
SHOWN = 10


async def my_alerts(turn: Turn, context: Context) -> Answer:
    """Show the member's unread alerts in full. Without unread alerts, show the latest ones in one line each."""
    turn.session.unread = 0
    member_id = await context.members.id_of(turn.inbound.openid)
    waiting = await context.alerts.unread(turn.inbound.openid)
    told = await context.alerts.hand_over(member_id, IN_FULL if waiting else SHOWN) if member_id else []
    unread = [one for one in told if one.unread]
    if unread:
        return Answer.of(MY_ALERTS, _handed_over(unread, waiting, context))
    if told:
        lines = [_told_line(one, context) for one in told]
        return Answer.of(MY_ALERTS, "\n".join([f"最近 {len(lines)} 条提醒：", *lines]))
    return Answer.of(
        MY_ALERTS,
        f"您还没有收到过提醒。订阅赛道后，申报开始、截止之前和政策有更新时会提醒您：{taps('订阅', '近期可申报')}",
    )


def _handed_over(unread: Sequence[ReceivedAlert], waiting: int, context: Context) -> str:
    whole = [wording.one((one.kind, one.content), context.today(), context.public_url) for one in unread]
    left = max(0, waiting - len(unread))
    if left:
        whole.append(f"还有 {left} 条未读：{tap('继续查看', wording.MY_REMINDERS)}")
    return "\n\n".join(whole)


def _told_line(one: ReceivedAlert, context: Context) -> str:
    alert = (one.kind, one.content)
    sample = "（示例）" if one.content.sample else ""
    title = escape_typed(one.content.title) + sample
    clause = (
        f"　{number_tap(one.content.policy_id, context.knowledge.index.library)}"
        if one.content.policy_id
        else ""
    )
    when = one.at.astimezone(SHANGHAI)
    return f"{when:%-m月%-d日}　{wording.heading(alert)}：{title}{clause}"


async def applied(turn: Turn, context: Context) -> Answer:
    """Stop a window's reminders. Without a number, ask which window is meant."""
    window = await _window_of(turn, context)
    if window is None:
        return await _which(turn, context)
    member_id = await context.members.ensure(turn.inbound.openid)
    if not await context.alerts.applied(member_id, window.id):
        return await _which(turn, context)
    note_other(turn, _resumes(window))
    return Answer.of(
        APPLIED,
        f"好的，“{titled(window)}”不再提醒您。如果点错了，可以{tap('恢复提醒', _resumes(window))}。",
    )


def _resumes(window: Window) -> str:
    """Return the words that undo 已申报 for a window."""
    return f"恢复提醒 {window.id}"


async def not_applied(turn: Turn, context: Context) -> Answer:
    """Undo 已申报. Without a number, undo the only one; if there are several, ask which one."""
    member_id = await context.members.id_of(turn.inbound.openid)
    paused = await _paused(member_id, context)
    if not turn.rest and len(paused) > 1:
        ways = [tap(titled(one), _resumes(one)) for one in paused]
        return Answer.of(NOT_APPLIED, "\n".join(["要恢复哪一项的提醒？点一下即可：", *ways]))
    window = paused[0] if not turn.rest and paused else await _window_of(turn, context)
    if window is None or member_id is None or not await context.alerts.not_applied(member_id, window.id):
        return Answer.of(NOT_APPLIED, f"没有需要恢复的提醒。{taps('近期可申报', '我的提醒')}")
    forget_other(turn, _resumes(window))
    return Answer.of(NOT_APPLIED, f"好的，“{titled(window)}”截止前会继续提醒您。")


async def _paused(member_id: int | None, context: Context) -> list[Window]:
    """Return the windows that the member said 已申报 for and that are not closed."""
    if member_id is None:
        return []
    done = await context.alerts.applied_windows(member_id)
    today = context.today()
    return [one for one in await context.windows.all() if one.id in done and today <= one.closes_on]


async def _window_of(turn: Turn, context: Context) -> Window | None:
    number = turn.rest.strip("#第号 ")
    if not (number.isascii() and number.isdigit() and len(number) < 10):
        return None
    return await context.windows.get(int(number))


async def _which(turn: Turn, context: Context) -> Answer:
    """Ask which window is meant, with the open windows of the member's tracks as links."""
    member_id = await context.members.id_of(turn.inbound.openid)
    windows = await context.windows.open_on(context.today(), await concerned_clauses(member_id, context))
    done = await context.alerts.applied_windows(member_id) if member_id else frozenset()
    choices = [window for window in windows if window.id not in done]
    if not choices:
        return Answer.of(APPLIED, f"现在没有正在提醒您的申报项目。{taps('近期可申报', '我的订阅')}")
    return Answer.of(APPLIED, "\n".join(["您已申报了哪一项？点一下就不再提醒：", *_choices(choices)]))


def _choices(windows: Iterable[Window]) -> list[str]:
    return [tap(titled(window), f"已申报 {window.id}") for window in windows]


async def unread_notice(turn: Turn, context: Context, answer: Answer) -> str:
    """Say 您有 N 条未读提醒 once in a conversation, and again if the number has grown."""
    if answer.intent == MY_ALERTS:
        return ""
    count = await context.alerts.unread(turn.inbound.openid)
    if count <= turn.session.unread:
        return ""
    turn.session.unread = count
    return f"您有 {count} 条未读提醒，{tap('点此查看', wording.MY_REMINDERS)}"


COMMANDS = (
    Command(MY_ALERTS, my_alerts, words=("我的提醒", "提醒", "未读提醒", "查看提醒"), menu_key=Key.MY_ALERTS),
    Command(
        APPLIED,
        applied,
        words=("已申报", "我已申报"),
        phrases=(
            r"(?:我们|我|公司|这个|这条|那个)?(?:已经|都|早就|昨天|刚)?(?:申报|报|申请|提交|递交)(?:过|了|好|完|上)(?:了|啦|的)?",
        ),
        prefixes=("已申报 ", "已申报#"),
    ),
    Command(NOT_APPLIED, not_applied, words=("恢复提醒",), prefixes=("恢复提醒 ",)),
)
POSTSCRIPTS = (unread_notice,)
