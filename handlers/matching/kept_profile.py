"""保存情况, 公司情况, 删除公司情况, 按情况提醒: the profile that a member keeps, with their consent."""

from handlers.commands.settings.pushing import paused_line
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import squeeze, whole
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from handlers.matching.progress import begin_step, progress_of
from policies.company_facts.wording import fact_line
from policies.matching.facts import as_raw
from subscriptions.profiles.profiles import KeptProfile

PROFILE = "company_profile"
_NOTHING_TOLD = "还没有可以保存的情况，先回答几个问题："
_AGREE = "同意保存"
KEEP = "keep"
"""The step in which the person was asked to consent."""
_YES = whole(r"是|是的|好|好的|可以|行|同意|愿意|要|嗯|对|没问题|ok|yes|(?:同意|可以|愿意|要)?保存", "存")
KEEPS = whole(
    r"(?:把|将)?(?:这些|这个|情况|信息|结果|公司情况|公司信息|它)?(?:都|全)?(?:保存|存|记)"
    r"(?:一?下来?|起来|下来|上|好|着)?(?:这些|情况|信息|结果|公司情况|公司信息)?"
)
"""A request to keep the facts in other words than the button's, right under the result."""
_NO = whole(
    r"不|否|不用|不要|不行|不好|不可以|不同意|不愿意|不必|先不|暂不|别|no|(?:先|暂时)?(?:不|不用|不要|别)保?存"
)
_COMPANY = r"(?:我们?|咱们?|本|这家)?(?:的|家)?(?:公司|企业|单位)"
_FACTS = r"的?(?:情况|信息|资料|档案|画像)"
_FORGET = (
    rf"(?:把|将)?{_COMPANY}(?:{_FACTS})?(?:都|全)?(?:忘掉|忘记|忘)",
    rf"(?:忘掉|忘记|忘|(?:不要|别)再?(?:保存|记住|记录|记着|记|存))(?:了|着)?{_COMPANY}(?:{_FACTS})?",
    rf"(?:把|将)?{_COMPANY}{_FACTS}(?:都|全)?(?:删除|删掉|删|清除|清掉|清空|抹掉)",
    rf"(?:删除|删掉|删|清除|清掉|清空|抹掉)(?:了)?{_COMPANY}{_FACTS}",
)
"""Requests to erase. A bare 删掉我的企业 is not among them, because it may mean the binding."""


async def ask_keep(turn: Turn, context: Context) -> Answer:
    """Ask for consent to keep the facts of this conversation."""
    progress = progress_of(turn, context)
    if progress is None or not progress.told:
        return Answer.of(PROFILE, f"{_NOTHING_TOLD}{tap('我们公司能拿什么')}")
    if await context.profiles.by_openid(turn.inbound.openid) is not None:
        return await keep(turn, context)
    begin_step(turn, context, progress, KEEP)
    return Answer.of(
        PROFILE,
        f"要保存这 {len(progress.told)} 项情况吗？只用于对照政策、测算金额，和您愿意时的提醒；"
        "您和工作人员可见；您已绑定企业的，同一企业经确认的成员也可以查看和修改。随时可以查看、修改、删除，也会出现在“导出我的数据”里。\n"
        f"{taps(_AGREE, '不保存')}",
    )


async def keep(turn: Turn, context: Context) -> Answer:
    """Keep the facts. 同意保存 is the consent."""
    progress = progress_of(turn, context)
    if progress is None or not progress.told:
        return Answer.of(PROFILE, f"{_NOTHING_TOLD}{tap('我们公司能拿什么')}")
    member_id = await context.members.ensure(turn.inbound.openid)
    kept = await context.profiles.keep(member_id, as_raw(progress.told))
    begin_step(turn, context, progress)
    whose = "您、工作人员和同一企业经确认的成员可见" if kept.shared else "您和工作人员可见"
    return Answer.of(PROFILE, f"已保存 {len(kept.facts)} 项（{whose}）。\n{_offer(kept)}")


async def consented(turn: Turn, context: Context) -> Answer | None:
    """Take yes or no after the question for consent. Return None for another message."""
    plain = squeeze(turn.text)
    if _NO.fullmatch(plain):
        return await not_keep(turn, context)
    return await keep(turn, context) if _YES.fullmatch(plain) else None


async def not_keep(turn: Turn, context: Context) -> Answer:
    """Keep nothing, and erase what was kept before."""
    if await context.profiles.by_openid(turn.inbound.openid) is not None:
        return await erase(turn, context)
    progress = progress_of(turn, context)
    if progress is not None:
        begin_step(turn, context, progress)
    return Answer.of(PROFILE, "好的，不保存；这次说的情况在对话结束后自动清除。")


async def show(turn: Turn, context: Context) -> Answer:
    """Answer 公司情况: show what is kept."""
    kept = await context.profiles.by_openid(turn.inbound.openid)
    if kept is None:
        return Answer.of(PROFILE, f"没有保存您公司的情况。{tap('我们公司能拿什么')}")
    return Answer.of(
        PROFILE, "\n".join([*kept_lines(kept, context), taps("修改情况", "删除公司情况"), _offer(kept)])
    )


def kept_lines(kept: KeptProfile, context: Context) -> list[str]:
    """Return what is kept, one line for each fact."""
    facts = context.matching.facts
    told = facts.read_kept(kept.facts)
    whose = "（企业成员共用）" if kept.shared else ""
    lines = [
        f"· {fact_line(facts.by_id[fact], told[fact])}" for fact in sorted(told, key=facts.order.__getitem__)
    ]
    return [f"您保存的公司情况{whose}，共 {len(lines)} 项：", *lines]


async def erase(turn: Turn, context: Context) -> Answer:
    """Withdraw the consent. What is kept is erased at once."""
    member_id = await context.members.id_of(turn.inbound.openid)
    gone = member_id is not None and await context.profiles.erase(member_id)
    turn.session.leave_dialogue()
    return Answer.of(PROFILE, "公司情况已删除，也不再按情况提醒您。" if gone else "没有保存过您公司的情况。")


async def want_alerts(turn: Turn, context: Context) -> Answer:
    """Answer 按情况提醒: alert the member to what fits, even without a track, and not to what plainly does not fit."""
    return await _set_alerts(turn, context, wanted=True)


async def want_no_alerts(turn: Turn, context: Context) -> Answer:
    """Take back the choice of 按情况提醒."""
    return await _set_alerts(turn, context, wanted=False)


async def _set_alerts(turn: Turn, context: Context, *, wanted: bool) -> Answer:
    member_id = await context.members.id_of(turn.inbound.openid)
    if member_id is None or not await context.profiles.want_alerts(member_id, wanted=wanted):
        return Answer.of(PROFILE, f"要先保存公司情况，才能按情况提醒。{tap('我们公司能拿什么')}")
    if not wanted:
        return Answer.of(PROFILE, "好的，之后只按您订阅的赛道提醒。")
    done = Answer.of(
        PROFILE,
        "已设好：新政策、新申报期与您保存的情况对得上的，没有订阅赛道也会告诉您，并说明原因；"
        f"明显不符合的不再打扰您。不需要了请点{tap('不按情况提醒')}。",
    )
    return done.with_line(await paused_line(turn, context))


def _offer(kept: KeptProfile) -> str:
    if kept.alerts:
        return f"正在按情况提醒您。{taps('不按情况提醒', '公司情况')}"
    return f"要不要有对得上的政策、申报期就告诉您？{taps('按情况提醒', '公司情况')}"


COMMANDS = (
    Command(PROFILE, ask_keep, words=("保存情况", "保存公司情况")),
    Command(PROFILE, keep, words=(_AGREE,)),
    Command(PROFILE, not_keep, words=("不保存", "不要保存", "别保存", "不要保存了")),
    Command(PROFILE, show, words=("公司情况", "我的公司情况", "企业情况", "查看公司情况")),
    Command(PROFILE, erase, words=("删除公司情况", "删除企业情况", "清除公司情况"), phrases=_FORGET),
    Command(PROFILE, want_alerts, words=("按情况提醒", "按公司情况提醒")),
    Command(PROFILE, want_no_alerts, words=("不按情况提醒", "不按公司情况提醒")),
)
