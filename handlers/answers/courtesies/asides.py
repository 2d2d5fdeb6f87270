"""Answers words beside the point: thanks with more words (谢谢啊 我这就去办), or words to somebody else (王姐在不, 发错群了)."""

import re

from handlers.answers.courtesies.small_talk import thanks
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.phrases import ITEM_ENDS, asks
from handlers.framework.registry import Command, FreeText, Turn
from handlers.framework.taps import tap
from policies.search.decision import Intent

_THANKS = re.compile(
    r"(?:谢(?!绝|幕)|[多感]谢|感恩|辛苦(?!费|岗)|麻烦(?:你|您)?了)"
    r"(?:谢|您|你|了|啦|啊|呀|哈|哦|噢|们|大家|老师|师傅|领导|亲){0,4}"
)
_SAYS_MORE = re.compile(
    r"[\da-z第二三四五六七八九]|[上下]一|页|看|查|发|给|要|帮|来|开|换|退|订|删|绑|改|推|停|继续|"
    r"接着|还有|另|再(?![见说聊找会])|告诉|提醒"
)
"""Words of a request or a question beside thanks."""
_LONGEST_TEXT, _LONGEST_ASIDE = 30, 12


def _thanked(text: str, context: Context) -> str | None:
    """Return the message if it only thanks. Return None for every other one."""
    if len(text) > _LONGEST_TEXT or _THANKS.search(text) is None:  # nearly all messages
        return None
    asides = [
        aside for part in ITEM_ENDS.split(_THANKS.sub(" ", text)) if (aside := part.strip("的了呀啊哈okOK"))
    ]
    index = context.knowledge.index
    for aside in asides:
        if len(aside) > _LONGEST_ASIDE or _SAYS_MORE.search(aside.lower()) or asks(aside):
            return None
        if index.names_a_subject(aside) or index.departments_named(aside):
            return None
    return text


async def _thanks(turn: Turn, context: Context, said: str) -> Answer:
    return await thanks(turn, context)


async def somebody_else(turn: Turn, context: Context) -> Answer:
    """Tell a person who calls somebody by name that this is no group and no colleague, in few words."""
    return Answer.of(
        Intent.NONE,
        f"您好，这里是政策查询的自动回复，您要找的人不在这里。要找工作人员请回复 {tap('人工')}；想了解哪条政策直接说就行。",
    )


async def slip(turn: Turn, context: Context) -> Answer:
    """Answer somebody who wrote here by mistake."""
    return Answer.of(Intent.NONE, "没关系，不用在意。想了解哪条政策，随时直接说。")


_SURNAME = (
    r"[赵钱孙李周吴郑王冯陈卫蒋沈韩杨朱秦许何吕张孔曹严金魏陶姜戚谢邹柏章苏潘葛范彭鲁韦马苗方俞任袁柳史唐费薛雷贺倪汤罗郝安常于"
    r"傅齐康伍余顾孟黄穆萧尹姚邵汪毛戴宋庞熊纪项董梁杜阮蓝季贾江郭梅林钟徐邱骆高夏蔡田樊胡霍万卢莫丁邓洪石崔龚程陆翁焦侯段武刘"
    r"龙叶白邢付肖迟]"
)
_TITLE = (
    r"(?:姐|哥|总|工|老师|主任|科长|处长|局长|经理|会计"
    r"|师傅|叔|姨|婶|律师|所长|书记|秘书|部长|院长|校长|董|老板|大夫|同学|先生|女士)"
)
_NAMED = rf"(?:{_SURNAME}{_TITLE}|[小老大]{_SURNAME}(?:{_TITLE})?)"
_HERE = (
    r"(?:在不在|在吗|在么|在不|在没|在线吗|在|忙吗|忙不|忙着呢|您好|你好|好"
    r"|早|下午好|上午好|晚上好|到了吗|到没|吃了吗|回我|接电话)"
)
_WELL = r"(?:噢|哦|啊|呀|哎呀|唉|嗷|哟|额|呃){0,2}"
_SORRY = r"对不起|不好意思|抱歉|sorry"
_SLIP = (
    r"(?:刚才|刚刚|刚|我|又|不小心|手滑|手抖|好像){0,4}"
    r"(?:发|打|找|走|进|问|聊)错(?:了)?(?:群|人|地方|窗口|号|对话框?|聊天|门|消息|微信|公众号)(?:了)?"
)

COMMANDS = (
    Command(
        "somebody_else",
        somebody_else,
        phrases=(
            rf"{_NAMED}(?:啊|呀|哎)?{_HERE}(?:啊|呀|哦)?",
            rf"(?:你|您|这|请问)(?:是|是不是|不是)?(?:我们)?{_NAMED}(?:本人|的微信|的号|吗|么|不|吧){{1,2}}",
            rf"(?:找|我找|帮我找|麻烦找)(?:一下)?{_NAMED}(?:接|听|说|在)?(?:电话|话|吗|不)?",
            r"(?:这|这里|这儿|这个)(?:不)?是"
            r"(?:我们?|咱们?|公司|单位|你们|家长|业主|工作|同学|那个|哪个|什么){1,3}的?(?:微信)?群"
            r"(?:聊)?(?:吗|么|吧|不)?",
        ),
        courtesy=True,
    ),
    Command(
        "slip",
        slip,
        phrases=(
            rf"{_WELL}(?:{_SORRY})?{_SLIP}(?:{_SORRY})?",
            r"(?:oops|sorry|mybad|ohno){0,2}wrong(?:chat|person|number|window|group|account|one)(?:sorry)?",
        ),
        courtesy=True,
    ),
)
FREE_TEXTS = (FreeText("thanks", _thanked, lambda said: True, _thanks),)
