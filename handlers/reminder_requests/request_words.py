"""The parts of a request besides its subject: verbs, what is waited for, words of speech. Data and a reader. Pure.

A request has its subject in one place, and everything else before or after it, in any order: 帮我盯着 + 海水淡化,
海水淡化 + 有动静 + 喊我. So the pieces are taken from both ends until the subject is left.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from enum import Enum, auto

from policies.search.words.pattern_sieve import PatternSieve


class Piece(Enum):
    """What a piece of a request says.

    Attributes:
        WANT: to get reminders (盯着, 订阅, 提醒我).
        ASK_FOR: to get something. It is a reminder only if reminders are the topic (要, 来一个).
        TELL: to be told (告诉我, 发我). It is a reminder if something is waited for.
        NEWS: what is waited for (有动静, 快截止了).
        LATER: that it is waited for (以后).
        LEAVE: to get no more reminders (退订, 别盯了).
        DROP: to have no more of it. It means reminders if these are the topic (不要了, 取消).
        KEEP: to leave it as it is (留着).
        MESSAGES: that messages are meant (的通知). Then 要 requests reminders.
        SPEECH: nothing (帮我, 一下).
    """

    WANT = auto()
    ASK_FOR = auto()
    TELL = auto()
    NEWS = auto()
    LATER = auto()
    LEAVE = auto()
    DROP = auto()
    KEEP = auto()
    MESSAGES = auto()
    SPEECH = auto()


_ME = r"(?:我们?|咱们?|一声|一下|下|声)"
_CAN = r"(?:能不能|可不可以|可以|(?<![智节功性新产职才核机效])能(?![源耗效级量力]))"
_SOON = rf"(?:就|再|请|记得|麻烦|也|都|要|及时|第一时间|马上|{_CAN}|给我|向我){{0,4}}"
_NOT = r"(?:别|不要|不用|不需要|不必|不想|甭|不再|先不|不)(?:再|给我们?|向我|老|总|继续|想|要){0,3}"
_FOLLOW = (
    r"(?:订阅|定阅|订月|订约|关注|盯|跟踪|跟进|跟(?:[着住]|紧点?)|追踪|留意|(?<!预)订(?!单|货)|提醒|通知|推送?|喊|叫"
    r"|收(?!购|费|入|税|款|账|货|回|徒|益))"
)
_UP = r"(?:着点?|住|上|下来|下|一下|一?眼|紧|好|到|起来|给我们?|我|了|进去|进来)"
_THINGS = r"(?:推送|提醒|通知|消息|信息|订阅|关注)"
_NEW = (
    r"(?:动静|动向|消息|通知(?!我|咱|一声|一下)|信儿?|变化|变动|更新|进展|公告|政策|文件|申报|补贴|项目|资金|报名|新增"
    r"|(?:最新|新)(?:的)?)"
)
_WHEN = r"(?:要是|如果|一旦|只要|每次|但凡|等(?:到)?|什么时候|啥时候|何时|哪天)"

PIECES: tuple[tuple[Piece, str], ...] = (
    (
        Piece.LEAVE,
        rf"{_NOT}{_FOLLOW}{_UP}{{0,2}}{_THINGS}?|(?:退订|退定|取消(?:订阅|关注|提醒|通知)|取关|退(?=[了掉吧下]|$))(?:掉|了|我|吧|下)?",
    ),
    (
        Piece.DROP,
        rf"(?:{_NOT}(?:要|看|想看|想要|发|来|管|做|搞|弄|需要)|(?<!不)不(?:要|用|需要)|退(?![休税出役还款伍一回步换])|取消|去掉|删除|删掉?|移除|屏蔽|拉黑|停掉?(?!产|车|止)|关掉|撤(?![资退销回])掉?|暂停|(?:摘|拿|勾|划|抹|剔|清|砍)(?:掉|了|出去)|免了|不跟了|不再跟了?)(?:了|掉|吧)?",
    ),
    (
        Piece.NEWS,
        rf"(?:{_WHEN})?(?:一)?(?:有|出|来)(?:了)?(?:新|下)的?一?(?:轮|批|期|拨|年度)(?:了|的话|的时候|时|的)?"
        rf"|(?:{_WHEN})?(?:一)?(?:有|出)了?(?:这|那)(?:个)?(?:方面|类|块|种)的?{_NEW}?(?:了|的话|的时候|时)?"
        rf"|(?:{_WHEN})?(?:一)?(?:又|还|再)?(?:有|出|来|发)(?:了|任何|些|点|个|出|台|的|关于|新|最新|(?:什么|啥)(?!政策|补贴|项目|资金|申报|文件)){{0,4}}{_NEW}{{1,2}}(?:了|出来|下来|发布|的话|的时候|时候|时|的|可以|能){{0,3}}"
        rf"|(?:{_WHEN})?(?:申报|报名|受理|申请)?(?:快|要|就要|临近|即将|正式|离|一)?(?:截止|到期|结束|开始|开放|开报|启动|更新|变动|变化|有变|能报|可以报|出来|下来|开(?!发|展|采|拓|关)){{1,2}}"
        r"(?:申报|报名|受理|申请|报)?(?:日期|时间)?(?:了|前|之前|以前|时|的时候|时候|的话|的){0,3}"
        rf"|(?:一)?有了(?:的话|的时候|时)?|提前(?:几天|一下|一点|一些|些)?|{_WHEN}(?:有|出|开|能报|可以报)(?:了)?|(?:一)?有(?:了|关于)?(?=.{{2,14}}{_NEW})",
    ),
    (
        Piece.LATER,
        r"(?:以后|今后|往后|之后|将来|到时候?|届时|下次|第一时间(?!知道|了解|收到)|每次)(?:的话|就)?",
    ),
    (
        Piece.WANT,
        rf"{_SOON}(?:提醒|通知|喊|叫(?!做)|知会|推送?)(?:给)?{_ME}{{1,3}}|第一时间(?:知道|了解|收到)|(?:吱|打)(?:个)?(?:招呼|一?声)"
        rf"|(?:想|要|希望|需要)?(?:收到|接收|订阅|定阅|订月|订约|关注|盯|跟踪|跟进|跟(?:[着住]|紧点?)|追踪|留意|收藏|推送|(?<!预)订(?!单|货|的(?!是)|过|了)|加(?:个|进|入|到|上|一个)?(?:我的|到|进)?(?:订阅|关注|提醒|收藏)(?:里|列表)?"
        rf"|想收|要收|收(?=.{{0,12}}(?:消息|提醒|通知)))(?:的是)?{_UP}{{0,2}}|(?:加|订|(?<![认评鉴确制规核稳固指选])定|添)(?:上|回来|回|进去|进来)|恢复",
    ),
    (
        Piece.TELL,
        rf"{_SOON}(?:告诉|发(?!展|明|电|动|票)|讲|说(?!明))(?:给)?{_ME}{{1,3}}|{_SOON}(?:跟|和|对)我们?(?:说|讲)(?:一?声|一下|下)?|(?:就|再|都|也){{1,2}}(?:推送?|发|通知|提醒|说)",
    ),
    (
        Piece.KEEP,
        r"(?:(?:帮我|给我)?(?:留着|留下|保留|留)|(?:别|不要|先别|不)(?:动|删|退|取消)|照旧|照常|照样|接着要)(?:着|吧|它)?",
    ),
    (
        Piece.ASK_FOR,
        r"(?:想要|还要|也要|要|来(?:一)?(?:个|点|份)|再来|(?<![参增追附叠])加(?:个|一个|上)?(?![工氢快计大强装起])|添(?:个|一个|上)?|收(?!购|费|入|税|款|账|货|回|徒|益)|(?<![认评鉴确制规核稳固指选])定(?![点位制向额]))",
    ),
    (Piece.MESSAGES, r"(?:最新|新)?(?:的)?(?:申报|政策)?(?:消息|通知|动静|信息|提醒|推送)"),
    (
        Piece.SPEECH,
        r"帮忙|帮我们?|给我们?|替我|麻烦|请|我想|我们?|咱们?|您|你们?|把|将|关于|有关|所有|全部|那么|那个?|这块|方面|相关|"
        r"赛道|类的?|政策|申报|补贴|(?:现在|今天|今年|其实|还是|对了|不过|但是|但|另外|顺便|还有|以及|好的|好|嗯|行|哎|唉|诶|算了|说错了|搞错了|不对|不是|就是|只是)|"
        rf"不(?:做|搞|干|弄)了?|用不着|{_CAN}|行不行|好不好|[行好成中](?:吗|么|不|嘛)|可以吗|"
        r"一个|一下|一声|下(?!游|一)|一起|同时|全(?!国|省|市|球|链)|都(?!市)|也|就(?!业)|再(?!生|制|次)|还|先(?!进)|又|想|上(?!市|云|规|游)|到|重新|"
        r"谢谢您?|多谢|辛苦|得了|吧|了|啊|呀|哈|呗|嘛|哦|噢|啦|呢|吗|么|的话|的|"
        r"着|个|[只光](?=退|取消|把)|(?<=[我声下])不",
    ),
)
"""If several match at one place, the first one counts."""
_HEAD = re.compile("|".join(f"(?P<{piece.name}>{pattern})" for piece, pattern in PIECES))
_TAILS = tuple((piece, re.compile(rf"(?:{pattern})$")) for piece, pattern in PIECES)
_TAILS_IN = PatternSieve([pattern for _, pattern in _TAILS])


_LONGEST = 16
"""Characters of the longest piece."""


@dataclass(frozen=True, slots=True)
class Taken:
    """A message without its pieces: what is left of it, and what the pieces say."""

    subject: str
    pieces: frozenset[Piece]


def take_apart(plain: str, names: re.Pattern[str]) -> Taken:
    """Take the pieces from both ends of a squeezed message.

    Args:
        plain: the message, without spaces and marks.
        names: finds names of subjects. Nothing is taken from one (人工智能, 新材料).
    """
    pieces: list[Piece] = []
    first, last = _names_in(plain, names)
    at, end = 0, len(plain)
    while (head := _head(plain, at, first)) is not None:
        piece, at = head
        pieces.append(piece)
    tails = [_TAILS[place] for place in _TAILS_IN.may_match(plain)]
    while (found := _tail(plain, max(at, last), end, tails)) is not None:
        piece, end = found
        pieces.append(piece)
    return Taken(plain[at:end], frozenset(pieces))


def _names_in(plain: str, names: re.Pattern[str]) -> tuple[int, int]:
    """Return where the first name of a subject begins and where the last one ends; the whole text if there is none."""
    spans = [found.span() for found in names.finditer(plain)]
    return (spans[0][0], spans[-1][1]) if spans else (len(plain), 0)


def _head(plain: str, start: int, end: int) -> tuple[Piece, int] | None:
    """Return the piece that begins here and ends before another piece, and where it ends."""
    found = _HEAD.match(plain, start)
    if found is not None and found.end() > end:
        found = _HEAD.match(plain, start, end)
    return (Piece[found.lastgroup or ""], found.end()) if found is not None and found.end() > start else None


def _tail(
    plain: str, start: int, end: int, tails: Sequence[tuple[Piece, re.Pattern[str]]]
) -> tuple[Piece, int] | None:
    """Return the piece at the end of a part of a text, and where it begins."""
    for piece, pattern in tails:
        found = pattern.search(plain, max(start, end - _LONGEST), end)
        if found is not None and found.start() < end:
            return piece, found.start()
    return None
