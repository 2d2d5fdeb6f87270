"""我的订阅: what a member follows, their settings and company, and the link to their own page (`/me`)."""

from pathlib import Path

from alerts.member.names import topic_name
from handlers.commands.track_choice import names_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from policies.search.words.pattern_files import read_patterns
from subscriptions.companies.bindings import Binding
from subscriptions.members.member_tokens import Purpose
from subscriptions.members.preference_lines import summary
from wechat.texts import escape_typed, link

_SAID = read_patterns(Path(__file__).with_name("commands.txt"))
MY_SUBSCRIPTIONS = "my_subscriptions"


def page_link(context: Context, member_id: int) -> str:
    """Return a line with a link that opens this member's page for 15 minutes."""
    address = f"{context.public_url}/me?t={context.member_tokens.sign(Purpose.LINK, member_id)}"
    return f"{link('在网页上管理', address)}（15 分钟内有效，仅限本人）"


async def my_subscriptions(turn: Turn, context: Context) -> Answer:
    """Show all subscriptions, settings and the company, and a link to the page where they can be changed."""
    profile = await context.members.by_openid(turn.inbound.openid)
    tracks = await context.members.tracks(profile.id) if profile else ()
    topics = await context.members.topics(profile.id) if profile else ()
    if profile is None or not (tracks or topics):
        return Answer.of(
            MY_SUBSCRIPTIONS, f"您还没有订阅赛道。订阅后，开始申报时和截止之前会提醒您：{tap('订阅')}"
        )
    names, library = names_of(context), context.knowledge.index.library
    lines = []
    if tracks:
        lines += [f"您订阅了 {len(tracks)} 个赛道：", *(f"· {names.name(track_id)}" for track_id in tracks)]
    if topics:
        heading = "还订阅了" if tracks else "您订阅了"
        lines.append(f"{heading} {len(topics)} 项：")
        lines += [f"· {escape_typed(topic_name(topic, library))}" for topic in topics]
    lines.append(f"\n{summary(profile.preferences)}")
    if profile.binding:
        lines.append(f"企业：{company(profile.binding)}")
    lines.append(f"\n{taps('订阅', '退订', '提醒设置')}")
    lines.append(page_link(context, profile.id))
    return Answer.of(MY_SUBSCRIPTIONS, "\n".join(lines))


def company(binding: Binding) -> str:
    """Return the member's company in a line."""
    state = "已确认" if binding.confirmed else "待工作人员确认"
    return f"{escape_typed(binding.name or binding.uscc)}（{state}）"


COMMANDS = (
    Command(
        MY_SUBSCRIPTIONS,
        my_subscriptions,
        words=("我的订阅", "我的赛道", "查看订阅", "我订阅了什么", "我订阅了哪些", "订阅管理", "我的设置"),
        phrases=_SAID["my_subscriptions"],
        menu_key=Key.MY_SUBSCRIPTIONS,
    ),
)
