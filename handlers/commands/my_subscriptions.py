"""我的订阅: what a member follows, their settings and company, and the link to their own page (`/me`)."""

from alerts.member.names import topic_name
from handlers.commands.track_choice import names_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.menu import Key
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from subscriptions.companies.bindings import Binding
from subscriptions.members.member_tokens import Purpose
from subscriptions.members.preference_lines import summary
from wechat.texts import escape_typed, link

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
        phrases=(
            r"(?:我|我们)?(?:都|现在|目前|已经|一共){0,2}(?:订阅|关注|订|定阅)(?:了)?(?:什么|啥|哪些|哪几个|多少|几个)(?:赛道|政策|内容|东西)?",
            r"(?:查看?|看看?|显示|管理)?(?:我的?|我们的)?(?:订阅|关注|赛道)(?:情况|列表|记录|清单|内容|管理)",
            r"(?:再|先|让我|我)?(?:查看?|看看?|看下|看一下|查下|查一下|瞅瞅?|瞅一眼|看一眼)(?:我的?|我)?(?:订阅|关注|赛道)(?:的)?(?:赛道|内容|了什么|了啥|列表)?",
            r"(?:我)?(?:有没有|是不是|到底)?(?:订|订阅|关注)过(?:东西|什么|啥|哪些|赛道|提醒|政策)?(?:没有?|吗|么|不)?",
            r"(?:我|那|一共|总共){0,2}(?:现在)?(?:还(?:剩|有)|还?剩下?的?(?:还)?(?:有|是)?)(?:几个|多少|哪一?个|哪几个|哪几?样|哪些|几样|谁)(?:订阅|赛道)?(?:没退|没停)?",
            r"(?:我的?|我们的?)?(?:订阅|关注|订的(?:东西|那些|几个)?)(?:的)?(?:再|先|都|给我|帮我|来|拿来){0,2}"
            r"(?:看看?|查查?|瞅瞅?|瞄|瞧瞧?|列|报|翻|捋|过目|念)(?:一?下|一眼|一遍|出来|来)?(?:看看?|我)?",
            r"(?!.{0,6}(?:单|货|合同|设备|机)).{2,8}?(?:的)?(?:还)?(?:订阅|订|关注|盯)(?:着|上|好|成功?|了|过)(?:吗|么|没有?|不)",
            r"(?!.{0,20}(?:补|奖|申|条|政策|条件|材料))(?=.{0,14}(?:我|现在|到底|一共|目前))(?=.{0,16}(?:订|(?<![认评鉴确制规核稳固指选])定[了的]|关注|盯(?:着|了|的)|跟(?:着|踪|了|的)|追(?:着|踪)|收藏|收(?:到|哪|什么|啥|的)|推送))"
            r"(?=.{0,18}(?:什么|啥|哪些|哪几|几个|多少个|还在|还有|还剩|没停|给我停|还推|有没有)).{4,18}",
            r"(?:我|现在|目前|一共|总共){0,3}还(?:剩|订|关注)(?:下|着)?(?:什么|啥|哪些|哪几个)(?:订阅|提醒|赛道)?",
            r".{2,8}?的?(?:订阅|提醒|关注)还?(?:在|有|留着|保留)(?:着)?(?:吗|么|不|没)|我?(?:没|没有)(?:订|订阅|关注)(?:过|上)?",
            r"(?:我)?(?:还)?(?:订|定|关注|订阅)(?:上|好|成功)?(?:了)(?:吗|么|没|没有)|(?:我)?(?:船舶|.{2,6})的?(?:没给我|没有给我|有没有给我|没)停吧?",
        ),
        menu_key=Key.MY_SUBSCRIPTIONS,
    ),
)
