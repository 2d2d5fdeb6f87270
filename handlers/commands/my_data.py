"""我的数据: export and erasure of a person's data at their request (PIPL, articles 45 and 47)."""

import re
from pathlib import Path

from alerts.member.own_copy import alert_line, change_line, own_copy
from handlers.commands.my_subscriptions import company, page_link
from handlers.commands.track_choice import names_of
from handlers.framework import dialogue_timeout
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.phrases import SEGMENT_ENDS, squeeze, whole
from handlers.framework.registry import Command, Dialogue, Turn
from handlers.framework.taps import tap, taps
from policies.search.words.pattern_files import read_patterns
from storage.clock import SHANGHAI
from subscriptions.members.preference_lines import summary
from wechat.texts import escape_typed

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
MY_DATA = "my_data"
EXPORT = "export_my_data"
ERASE = "erase_my_data"
ERASED = "erased_my_data"
"""The intent after an erasure. The conversation ends with it, because an erased person has no session."""

_OF_DATA = re.compile(r"数据|个人信息|隐私|资料|泄[露漏]|存(?:多久|在哪|着|了)|保存|导出|[删清]")
_LONGEST_ASKED = 24
_SAY = "确认删除"
_LINES_SHOWN = 10
_KEEPS = whole(*_SAID["keeps_data"])
"""Words for the data to stay, while its erasure awaits a confirmation."""


async def my_data(turn: Turn, context: Context) -> Answer:
    """Say what is stored, with links to export or erase it."""
    return Answer.of(
        MY_DATA,
        "我们只保存提醒所需的信息：关注状态、订阅的赛道、提醒设置、您绑定的企业、您同意保存的公司情况、提醒的发送记录，以及您与工作人员的对话。\n"
        f"{taps('导出我的数据', '删除我的数据')}",
    )


def speaks_of_data(text: str) -> bool:
    """Whether a short message is about the data kept of the writer."""
    return len(text) <= _LONGEST_ASKED and _OF_DATA.search(text) is not None


async def about_data(turn: Turn, context: Context) -> Answer:
    """Answer a question about the writer's data in other words than a command."""
    answer = await my_data(turn, context)
    return answer.with_line("删除会把订阅、设置、绑定和记录一并清掉，要您回复确认后才会删；不确认就都还在。")


async def export(turn: Turn, context: Context) -> Answer:
    """Show all data about this person in a short text, with a link to the complete file."""
    profile = await context.members.by_openid(turn.inbound.openid)
    if profile is None:
        return Answer.of(EXPORT, "我们没有保存您的个人数据。")
    held, names = await own_copy(context, profile), names_of(context)
    lines = [f"关注时间：{held.record.followed_at.astimezone(SHANGHAI):%Y-%m-%d %H:%M}"]
    lines.append(f"订阅的赛道：{'、'.join(held.tracks) or '无'}")
    if held.topics:
        lines.append(f"订阅的条款、部门和问题：{escape_typed('、'.join(held.topics))}")
    lines.append(summary(profile.preferences))
    lines.append(f"企业：{company(profile.binding) if profile.binding else '未绑定'}")
    if held.record.grants:
        left = sum(count.remaining for count in held.record.grants.values())
        lines.append(f"订阅通知授权：剩余 {left} 次")
    if held.record.changes:
        lines.append("最近的订阅变更：")
        changes = held.record.changes[:_LINES_SHOWN]
        lines += [f"· {change_line(change, names.name(change.track_id))}" for change in changes]
    if held.alerts:
        lines.append(f"最近的提醒（共 {len(held.alerts)} 条）：")
        lines += [f"· {escape_typed(alert_line(alert))}" for alert in held.alerts[:_LINES_SHOWN]]
    if held.company_facts:
        lines.append(f"公司情况：{len(held.company_facts)} 项，{tap('公司情况')}")
    if held.said:
        lines.append(f"人工对话：{len(held.said)} 句")
    lines.append(f"\n完整内容可下载：{page_link(context, profile.id)}")
    lines.append(taps("我的提醒", "删除我的数据"))
    return Answer.of(EXPORT, "\n".join(lines))


async def asked_before(turn: Turn, context: Context) -> Answer:
    """Answer 把我问过的都清了: what was asked is not kept with the person. Offer to erase what is kept."""
    return Answer.of(
        MY_DATA,
        "您问的话、说的公司情况都不记在您名下：对话只临时存着，半小时没有新消息就自动清除，公司情况要您同意才保存。没能答上的问题去掉个人信息后留作改进。\n"
        f"长期存着的是订阅、设置、绑定、您同意保存的公司情况、提醒记录和人工对话，"
        f"要一并删除请点 {tap('删除我的数据')}，还会请您确认；不点就都还在。",
    )


async def who_sees(turn: Turn, context: Context) -> Answer:
    """Say who can see what was asked and what is kept."""
    return Answer.of(
        MY_DATA,
        "别人看不到：您问的内容只在您自己的微信里，您的单位、同事和别的用户都看不到，也不会自动发给别的部门。\n"
        "工作人员在后台能看到订阅和绑定的企业；转人工时，能看到您最近问过的几句和之后的对话。\n"
        f"{taps('我的数据', '删除我的数据')}",
    )


async def ask_erase(turn: Turn, context: Context) -> Answer:
    """Say what will be erased, and ask for words that nobody types by accident."""
    dialogue_timeout.begin(turn, context, ERASE)
    return Answer.of(
        ERASE,
        "将永久删除您的订阅、提醒设置、企业绑定、公司情况、提醒记录和人工对话，删除后无法恢复，也不会再收到提醒。\n"
        f"确认请回复 {tap(_SAY)}，不删除请回复 {tap('取消')}。",
    )


async def erase(turn: Turn, context: Context) -> Answer | None:
    """Erase after 确认删除. Nothing is erased for somebody who wants to keep it. Return None for other messages."""
    if _keeps(turn.text):
        turn.session.leave_dialogue()
        return await nothing_erased(turn, context)
    if turn.text.strip('。.“”"') != _SAY:
        return None
    over = dialogue_timeout.is_expired(turn, context)
    turn.session.leave_dialogue()
    if over:
        return Answer.of(ERASE, f"等待时间较长，没有删除。需要请重新发送：{tap('删除我的数据')}")
    turn.session.forget()
    erased = await context.erasing.erase(turn.inbound.openid)
    if erased.remains:
        return Answer.of(ERASED, "您的数据已删除，不会再收到提醒；存储文件中的残留将由工作人员清理。")
    if erased.redis_keys is None:
        return Answer.of(ERASED, "您的数据已删除，不会再收到提醒；缓存中的对话一天内自行清除。")
    return Answer.of(
        ERASED, "您的数据已全部删除，数据库、缓存和存储文件中均已无您的记录。以后需要时，可以随时重新订阅。"
    )


def _keeps(text: str) -> bool:
    """Whether every part of a short message says that the data shall stay (那别删，我还要用)."""
    if len(text) > _LONGEST_ASKED:
        return False
    parts = list(filter(None, map(squeeze, SEGMENT_ENDS.split(text))))
    return bool(parts) and all(_KEEPS.fullmatch(part) for part in parts)


async def nothing_erased(turn: Turn, context: Context) -> Answer:
    """Answer 别删我的数据: say that everything is still there."""
    return Answer.of(MY_DATA, f"好的，没有删除任何数据，您的信息和订阅都还在。{taps('我的数据', '我的订阅')}")


COMMANDS = (
    Command(
        MY_DATA,
        nothing_erased,
        phrases=_SAID["nothing_erased"],
    ),
    Command(MY_DATA, asked_before, phrases=_SAID["asked_before"]),
    Command(MY_DATA, who_sees, phrases=_SAID["who_sees"]),
    Command(
        MY_DATA,
        my_data,
        words=("我的数据", "个人数据", "隐私", "我的信息"),
        phrases=_SAID["my_data"],
        menu_key=Key.MY_DATA,
    ),
    Command(EXPORT, export, words=("导出我的数据", "导出数据", "导出我的信息", "下载我的数据")),
    Command(
        ERASE,
        ask_erase,
        words=("删除我的数据", "删除数据", "注销", "删除我的信息", "清除我的数据", "删除账号", _SAY),
        phrases=_SAID["erase"],
    ),
)
DIALOGUES = (Dialogue(ERASE, erase),)
