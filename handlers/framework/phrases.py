"""Words around a command, and words that leave a dialogue. Pure.

A phrase is a pattern for a whole message without spaces and marks. The pattern need not repeat the courtesies around
it.
"""

import re
from functools import lru_cache

from policies.search.reading.yes_no import ENDS_IN_NOT

LONGEST = 24
"""Longest phrase in characters. A longer message asks something of its own."""
_BEFORE = (
    r"(?:请问|你好|您好|喂|麻烦(?:您|你)?|帮我|帮忙|我想要?|想要?|我要|我就|我还是|我|请|能不能|可不可以|可以|那给我|给我|那就|那么|那|嗯|好了?|好的|"
    r"hey|hi|hello|现在|以后|今后|往后|之后|从现在起|还是|先|就|快|哎[呀哟]?|唉|[诶欸]|啊呀|请帮我|please|iwantto|i){0,4}"
)
_AFTER = (
    r"(?:就行了?|就好了?|就够了?|就可以了?|即可|一下|吧|啊|呀|呢|啦|了|哦|噢|哈|嘛|谢谢|多谢|好吗|可以吗|行吗|行不|好不|好不好|行不行|吗|么"
    r"|先|您|你|please|thanks?){0,4}"
)
_MARKS = re.compile(r"[^\w+%]|_")
_SAID_TWICE = re.compile(r"([^\W\d]{2,8}?)\1{1,3}")


@lru_cache(maxsize=128)
def squeeze(text: str) -> str:
    """Return a message without spaces and marks, in lower case; "" if it is too long for a phrase.

    Repeated words (别转了别转了) stand once. The result is cached, because half a dozen readers ask for the same
    text.
    """
    if len(text) > 2 * LONGEST:
        return ""
    plain = _MARKS.sub("", text).casefold()
    if len(plain) > LONGEST:
        return ""
    twice = _SAID_TWICE.fullmatch(plain)
    return twice[1] if twice is not None else plain


POINTER = r"(?:刚才|刚刚|上面)?的?(?:这|那)(?:个|条|项)(?:政策|条款|补贴|项目)?|它"
"""A pattern for what points at something shown or told (这条政策, 它)."""


def whole(*patterns: str) -> re.Pattern[str]:
    """Return a pattern for whole squeezed messages that say one of these phrases, with courtesies around it."""
    return re.compile(rf"{_BEFORE}(?:{'|'.join(patterns)}){_AFTER}")


GIVES_UP_A_PERSON = (
    r"(?:人工|客服|工作人员|转人工|转接)(?:服务|请求)?(?:就|也|都|那边|那个|给我){0,2}(?:撤|取消|退|结束|关|停|免|算|不用|不要|不需要)(?:掉|了|吧|回|来){0,2}",
    r"(?:不用|别|不|甭|不必|不要|不需要|无需|先别|先不|用不着)(?:再|麻烦|给我|帮我|去|叫|找|转|派|接|等|让|请|联系){0,3}(?:给|到)?(?:人工?|客服|工作人员|真人|专人|大活人|转接)(?:了|来|帮忙|回|联系我|服务){0,2}",
)
"""Patterns that say that no person is wanted any more (人工撤掉, 不用叫人了)."""
_OBJECT = r"(?:这个|那个|它|公司|企业|单位|赛道|数据|设置|资料|信息|表格?|政策匹配)"
"""What dialogues are about."""
_LEAVES = whole(
    r"算(?:了|啦)(?:吧)?(?:不(?!用?(?:再)?(?:通知|提醒|推|发)).{1,3}了)?|不问了|没问题问了",
    r"取消(?:操作|掉|吧|办理)?|退出|放弃|返回|离开|终止|到此为止|结束(?:吧|人工|对话|服务|会话)?",
    r"(?:算了|那算了)?(?:不|别|甭|先不|暂时不|暂不|不想|不用|不必)(?:再)?(?:办|删|删除|绑|绑定|订|订阅|退|退订|弄|改|设|设置|选|换|要|用|需要|必|填|搞|麻烦|转|等|找|解绑|注销)(?:了|人工|它|那个|吧|您|你|人|数据|企业)?",
    r"(?:不用|不要|取消|退出|结束|关闭|不需要)(?:人工|客服|转人工|工作人员)(?:服务|客服)?",
    *GIVES_UP_A_PERSON,
    rf"(?:算了)?(?:先不|先别|暂时不|暂不|不想|不|别|甭)(?:再)?(?:办理?|删除?|绑定?|订阅?|退订?|弄|改|设置?|换|填|搞|挑|测|匹配|做|算|管){_OBJECT}(?:的事儿?)?(?:了)?",
    rf"(?:{_OBJECT}|绑定|匹配|测评)(?:的事儿?)?(?:先|暂时)?(?:(?:放一?放|搁一?搁|放下|搁着|搁下|放一边|往后放|拖一拖|留着)(?:再说)?|(?:以后|回头|下次|改天|晚点|有空)?再说)",
    rf"(?:{_OBJECT}|订阅|退订|绑定|匹配|测评)(?:的事儿?)?(?:就|也)?(?:(?:先不|先别|暂时不|暂不)(?:再)?(?:弄|办|搞|填|做|绑|测)(?:它)?了?|不(?:再)?(?:弄|办|搞|填|做|绑|测)(?:它)?了)",
    rf"(?:退出|结束|取消|终止)(?:{_OBJECT}|绑定|匹配|测评|测算|流程|问答|填写|订阅流程)",
    r"不(?:测|挑|匹配|绑定)了",
    r"取消(?:转接|转人工|人工请求)|没(?:什么)?事(?:儿)?(?:了)?|没(?:有)?(?:别的)?问题了|不需要|不用(?:麻烦)?",
    r"(?:下次|以后|改天|回头|晚点|等会儿?|待会儿?|一会儿?|过会儿?|有空)(?:再)?(?:说|弄|办|来|看|绑|订|问)?(?:吧)?",
    r"再说(?:吧)?|(?:我)?后悔了|点错了|订错了|退错了|发错了|按错了|输错了|搞错了|弄错了|打错了",
    r"(?:那)?算(?:了|啦)(?:吧)?(?:下次|以后|改天|回头|晚点|等会儿?|有空)?(?:再)?(?:说|看|弄|办|问)(?:吧)?|(?:那)?(?:算了)?(?:不|先不)(?:问|看|等|聊|说|玩|讲|谈|答|填)了(?:改天|下次|回头|以后)?(?:再说)?",
    r"cancel(?:that|it|this)?|quit|exit|nevermind|forgetit|goback|nothing|nothanks?",
    r"(?:nevermind)?(?:ino|no|dont|donot)(?:longer)?need(?:for)?(?:a|an|the)?(?:person|human|agent|it|help|staff|anyone)?(?:anymore|now)?",
)


def leaves(text: str) -> bool:
    """Whether a message ends what is under way: 算了, 不删了, 先不绑了, 不用人工了 我打通电话了 …"""
    pieces = [text] if text.isascii() else SEGMENT_ENDS.split(text)
    first, *others = [piece for piece in pieces if piece] or [""]
    if (
        len(others) > 1
        or len(text) > 2 * LONGEST
        or any(map(asks_outright, others))
        or any(_wishes(one) for one in others if not _gives_up(squeeze(one)))
    ):
        return False
    plain = squeeze(first)
    return bool(plain) and _LEAVES.fullmatch(plain) is not None


_CANCELS = whole(r"(?:都|全)?取消(?:掉|吧|了)?")


def cancels(text: str) -> bool:
    """Whether a message only says to cancel (取消吧). With a list on the screen, it may mean the listed things."""
    return _CANCELS.fullmatch(squeeze(text)) is not None


def _gives_up(plain: str) -> bool:
    return _PUTS_OFF.fullmatch(plain) is not None or _LEAVES.fullmatch(plain) is not None


def _wishes(text: str) -> bool:
    return _WISHES.search(text) is not None


_PUTS_OFF = whole(
    r"(?:我)?(?:再)?(?:看看|想想|考虑考虑|考虑一下|了解了解)(?:再(?:说|看|定))?|(?:回头|以后)?再(?:说|看|定)"
)
SEGMENT_ENDS = re.compile(r"[，,。.！!；;～~\s]+")
"""Marks and spaces between the parts of a message."""
ITEM_ENDS = re.compile(r"[，,。.！!；;～~、\s]+")
"""The same, with the mark between items (海水淡化、人工智能)."""
_WISHES = re.compile(r"别|推|发|退|订|要|收|看|查|第|恢复|还原|回来|撤")
_OPENINGS = whole(
    r"(?:老师|师傅|领导|同志|各位|大家|客服)?(?:好|您好|你好|在吗|早|下午好|上午好|晚上好|打扰了?|麻烦了?)|喂|(?:哎|唉|啊|呀|哟|呦|哇|嘿|天哪|天啊|我的天|妈呀|完了|糟了|急){1,4}|(?:麻烦|拜托){1,3}|哦|嗯{1,3}|额|呃|那个|哎|唉|诶|欸|好的?|行|ok|hi|hello|hey|nvm",
    r"(?:诶|哎|哦)?(?:等等|等一?下|稍等|不对|不是|说错了|搞错了|打错了|发错了|对了|还有|另外|顺便|其实|算了)|太多了|看不懂|没看懂|不好意思",
    r"(?:等的时候|顺便|再|想|就)?(?:问|请教|打听)(?:一?下|个事|个问题)?(?:你|您)?(?:一?下)?|(?:没|没有)别的(?:意思)?",
)

_PUTS_ASIDE = whole(
    r"(?:不|别|不用|不要|先不|暂时不|先别|不急着?|不想)(?:再)?(?:订阅?|关注|退订?|提醒|通知|收藏)(?:了|它|这个|这条)?",
    r"(?:先)?(?:不说|不管|不提)(?:这个|那个|别的|订阅|提醒)(?:了)?",
)
"""Words that put something aside before a question (先不订阅，这个怎么申请)."""


def main_part(text: str) -> str:
    """Return a message without the courtesies and second thoughts before it (老师好 …, 对了 …, 诶等等 …)."""
    rest = text.strip()
    while not rest.isascii():
        found = SEGMENT_ENDS.search(rest)
        if found is None or not found.start() or not rest[found.end() :]:
            return rest
        first = squeeze(rest[: found.start()])
        puts_aside = _PUTS_ASIDE.fullmatch(first) is not None and asks_outright(rest[found.end() :])
        if not puts_aside and _OPENINGS.fullmatch(first) is None:
            return rest
        rest = rest[found.end() :]
    return rest


_OUTRIGHT = (
    r"[?？]|吗|呢|多少|怎么|如何|咋|什么|啥|哪|谁|几(?:个|号|天|月|万|点|次|年|回|家|批|成)|有没有|能不能|可不可以|是不是|为什么"
    rf"|how|what|when|where|{ENDS_IN_NOT}"
)
_ASKS_OUTRIGHT = re.compile(_OUTRIGHT)
_ASKS = re.compile(
    rf"{_OUTRIGHT}|补(?:贴|助|多)|奖(?:励|补|多)|条件|材料|电话|地址|流程|依据|截止|申报|申请|政策|第.{{1,3}}(?:条|个|部分)|贷款|税"
)
_ASKS_A_SUM = re.compile(r"几[百千万亿成]|[补奖贴](?:多少|几)|一[吨亩台艘米家]")
_A_CLAUSE = re.compile(
    r"(?:《[^《》]{1,60}+》)?+(?:第[^第条]{1,8}+条(?:之.)?|[（(][^（()）]{1,4}+[）)]|\d{1,4}+条)"
)
_BETWEEN_CLAUSES = re.compile(r"[、，,和与及\s]")
_LONGEST_NAMES = 200


def names_clauses(text: str) -> bool:
    """Whether a text holds only names of clauses: 第10条, 第三条和第五条, 《若干措施》（二）."""
    parts = list(filter(None, _BETWEEN_CLAUSES.split(text[:_LONGEST_NAMES])))
    return bool(parts) and all(_A_CLAUSE.fullmatch(part) for part in parts)


def asks_outright(text: str) -> bool:
    """Whether a message has the words of a question, not only names of subjects."""
    return _ASKS_OUTRIGHT.search(text) is not None


def asks_a_sum(text: str) -> bool:
    """Whether a message asks for a sum (鱿鱼一吨几百来着). No reminder and nothing else of the bot has one."""
    return _ASKS_A_SUM.search(text) is not None


def asks(text: str) -> bool:
    """Whether a message asks something. Then it does not answer the bot's question."""
    return _ASKS.search(text) is not None


_SUBJECT = re.compile(
    r"^(?:还有|那|就是|刚才说的|之前说的|我是|我们是|我们|我)?(?:搞|做|干|从事|经营|开|养|给|想看|想问|要看|看看?|说说?|查)?(?P<subject>.{2,12}?)"
    r"(?:(?:的|那)?(?:请|麻烦|直接|就|你|您)*(?:告诉|跟我说|给我说|讲)(?:我|我们|下|一下|讲)*(?:都)?(?:有|能拿|能报|能享受)?(?:啥|什么|哪些)?(?:政策|补贴|的)?|那个|那条|那项|的事儿?|这块|方面|行业|生意|业务|的)?$"
)


def main_subject(text: str) -> str:
    """Return the subject that a message names in passing (我搞养殖的, 还有用地那个); "" if the whole message is the subject."""
    plain = squeeze(text)
    found = _SUBJECT.fullmatch(plain) if plain else None
    return found["subject"] if found is not None and found["subject"] != plain else ""
