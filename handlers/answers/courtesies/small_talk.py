"""What people say besides questions: greetings, thanks, who are you, anger. Nothing is searched or recorded.

Fillers (嗯, 是, 等一下, 哈哈) are courtesies too, so they never become questions without an answer. The words are in
`courtesies.txt`, a section for each command.
"""

import re
from pathlib import Path

from handlers.answers.courtesies.welcome_and_help import titles, tried, try_these
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import clause_tap, tap, taps
from policies.library.clause_lines import who_confirms
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("courtesies.txt"))
_GO_ON = f"好的，您慢慢来。想了解哪条政策直接说就行，也可以看 {tap('目录')}。"


async def greeting(turn: Turn, context: Context) -> Answer:
    """Greet back. Tell a person who calls for somebody (有人吗) that a program answers, and how to ask staff."""
    answer = greet(context.knowledge.index)
    if _CALLS.search(turn.text.lower()) is None:
        return answer
    return answer.with_line(f"这里由程序自动回答；想找工作人员请回复 {tap('人工')}。")


def greet(index: PolicyIndex) -> Answer:
    """Greet, and show three things to ask."""
    listed = try_these(index, "可以直接说，例如：")
    return Answer.of(Intent.NONE, f"您好，我在。想了解哪条政策？{listed}".rstrip()).offering(tried(index))


async def thanks(turn: Turn, context: Context) -> Answer:
    """Answer thanks, praise or "understood" with a short courtesy."""
    praises = _PRAISE.search(turn.text) is not None and _THANKS.search(turn.text.lower()) is None
    return Answer.of(Intent.NONE, f"{_PRAISED if praises else '不客气'}，有需要随时问我。")


async def filler(turn: Turn, context: Context) -> Answer:
    """Keep the conversation going with a word."""
    return Answer.of(Intent.NONE, _GO_ON)


async def remark(turn: Turn, context: Context) -> Answer:
    """Answer a remark about an answer or about the writer that asks nothing: say what can follow, with the clause in focus."""
    return remarked(turn.text, turn.session.clause, context.knowledge.index)


def remarked(text: str, clause: int, index: PolicyIndex) -> Answer:
    """Answer a remark in any words. `clause` is in focus; 0 for none."""
    policy, library = index.policy(clause) if clause else None, index.library
    praises = _PRAISE.search(text) is not None
    if policy is None:
        return Answer.of(Intent.NONE, f"{_PRAISED}，有需要随时问我。" if praises else _GO_ON)
    regrets = _REGRETS.search(text) is not None
    said = f"下次开始时要提醒，可以点 {tap(f'订阅 {library.name(policy)}')}。" if regrets else ""
    ways = taps("电话", "材料", "什么时候截止", "怎么申请")
    begins = _PRAISED if praises else "好的"
    return Answer.of(Intent.NONE, f"{begins}。{said}{clause_tap(policy, library)} 还可以接着问：{ways}")


async def goodbye(turn: Turn, context: Context) -> Answer:
    """Answer with a short courtesy."""
    return Answer.of(Intent.NONE, "再见，祝工作顺利。")


async def identity(turn: Turn, context: Context) -> Answer:
    """Say who answers here, and where the answers come from."""
    library = context.knowledge.index.library
    return Answer.of(
        "identity",
        f"我是政策查询的自动回复程序，不是真人。我的回答都取自{titles(library)}的条文原文，并注明依据和负责部门。\n"
        f"想和工作人员说话，请回复 {tap('人工')}；想看我能做什么，请点 {tap('帮助')}。",
    )


async def genuine(turn: Turn, context: Context) -> Answer:
    """Answer whether this is true or a fraud: where the texts come from, and who can confirm the clause in focus."""
    index = context.knowledge.index
    policy = index.policy(turn.session.clause) if turn.session.clause else None
    said = (
        f"这里的条文都取自{titles(index.library)}的原文，依据的文件和负责部门写在每条下面，可以向部门核实。"
    )
    ways = f"还不放心，可以回复 {tap('人工')} 问工作人员。"
    if policy is None:
        return Answer.of("genuine", f"{said}\n{ways}")
    whom = f"{clause_tap(policy, index.library)} 请向{who_confirms(policy)}核实；"
    return Answer.on("genuine", f"{said}\n{whom}{ways}", policy.key)


async def anger(turn: Turn, context: Context) -> Answer:
    """Apologise without excuses, and offer two ways on."""
    return Answer.of(
        "anger",
        "抱歉没能帮上您。请告诉我您想了解哪方面的政策，我再查；"
        f"也可以回复 {tap('人工')}，由工作人员回复您。不想收到推送请点 {tap('停止推送')}。",
    )


_CALLS = re.compile(
    r"有人|没人|没有人|any(?:one|body)|some(?:one|body)|说话|说句话|回话|回个话|吱个?声|应一声"
)
_PRAISED = "谢谢您的肯定"
_PRAISE = re.compile(
    r"(?<!不)(?<!没)(?:棒|赞|厉害|牛|给力|不错|聪明|机灵|专业|好使|管用|很好|挺好|真好|有用|帮大忙|满意)"
)
_THANKS = re.compile(r"谢|感恩|辛苦|麻烦|3q|thx|thank|蟹蟹")
_REGRETS = re.compile(r"可惜|遗憾|错过|晚了|没赶上|亏")


async def fee(turn: Turn, context: Context) -> Answer:
    """Say whether anything costs money here."""
    return Answer.of("fee", f"在这里查询政策、订阅提醒、咨询工作人员都免费。需要人帮忙请回复 {tap('人工')}。")


async def agent(turn: Turn, context: Context) -> Answer:
    """Tell somebody who looks for an agent that one applies by oneself, and that a person here helps with questions."""
    return Answer.of(
        "agent",
        "申报由企业自己向负责部门提交，不用找人代办；这里不代报材料，也不推荐代办机构，查询和咨询都免费。\n"
        "想知道一条政策的条件、材料和负责部门，直接说政策名或条号；"
        f"拿不准怎么准备，可以回复 {tap('人工')} 请工作人员帮您问。",
    )


async def chit_chat(turn: Turn, context: Context) -> Answer:
    """Answer small talk."""
    return Answer.of(
        "chit_chat",
        f"这个我帮不上，我只会查惠企政策。想了解哪方面可以直接说，也可以看 {tap('目录')}；需要人帮忙请回复 {tap('人工')}。",
    )


async def progress(turn: Turn, context: Context) -> Answer:
    """Answer how far an application is: the library does not know, and tells nobody about others."""
    return Answer.of(
        "progress",
        "哪家企业申请了、办到哪一步，这里查不到，也不对外提供。自己的办理进度请问受理的部门："
        f"告诉我是哪一条，我说它归谁管；也可以回复 {tap('人工')}。",
    )


async def statistics(turn: Turn, context: Context) -> Answer:
    """Answer how many have applied or got it: the library holds clauses, and no figures of earlier years."""
    return Answer.of(
        "statistics",
        "往年有多少家申报、通过率多少，这里没有收录，条文里也不写。可以问负责部门："
        f"告诉我是哪一条，我说它归谁管；也可以回复 {tap('人工')} 请工作人员帮您问。",
    )


COMMANDS = (
    Command("statistics", statistics, words=("通过率",), phrases=_SAID["statistics"], small_talk=True),
    Command("progress", progress, words=("办理进度",), phrases=_SAID["progress"], small_talk=True),
    Command("greeting", greeting, words=("你好", "您好", "hello"), phrases=_SAID["greeting"], courtesy=True),
    Command("thanks", thanks, words=("谢谢", "好的"), phrases=_SAID["thanks"], courtesy=True),
    Command("goodbye", goodbye, words=("再见", "拜拜"), phrases=_SAID["goodbye"], courtesy=True),
    Command("filler", filler, words=("等一下",), phrases=_SAID["filler"], courtesy=True),
    Command("remark", remark, phrases=_SAID["remark"], courtesy=True),
    Command("genuine", genuine, phrases=_SAID["genuine"], small_talk=True),
    Command("anger", anger, words=("垃圾",), phrases=_SAID["anger"], tact=True),
    Command("fee", fee, words=("收费吗",), phrases=_SAID["fee"], small_talk=True),
    Command("agent", agent, phrases=_SAID["agent"], small_talk=True),
    Command("chit_chat", chit_chat, words=("讲个笑话",), phrases=_SAID["chit_chat"], courtesy=True),
    Command("identity", identity, words=("你是谁", "机器人"), phrases=_SAID["identity"], small_talk=True),
)
