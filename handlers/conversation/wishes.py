"""Reads which track somebody wants, or no longer wants, reminders of, in their own words: 船舶的不要了, 远洋的也要. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from handlers.commands.settings.quiet_words import read_quiet
from handlers.framework.phrases import asks_outright, squeeze
from policies.search.words.text_cache import cache_by_text

_BETWEEN = re.compile(r"[与和、及/·（）()]+")
_HEAD = 2
_KEPT = 5_000
_LINK = (
    r"(?:的|了|重新|个|一个|那个|这个|赛道|方面|这块|类|相关|提醒|消息|通知|申报通知|申报提醒|政策|我|就|还是|还|也|再|都"
    r"|也都|给我|帮我|把|全|先|以后|现在|其实|但是|那|不过|又){0,5}"
)
_TAIL = (
    r"(?:了|吧|进去|进来|不做了|不搞了|不干了|不弄了|用不着|来一个|啊|呀|哈|的|帮我留着|给我留着|留着|别动|不要动|别删|别退|提醒|消息|通知|推送|赛道|的|申报通知|申报提醒|信息|政策|一下|上|下|给我|我|回来|谢谢"
    r"|先|也|行|好){0,5}"
)
_WANTS = (
    r"(?:想收到|想收|要收|想要|要|收到|收|接收|订阅上|订阅|定阅|订月|订约|定|订上|订|关注|加回来|加回|加上|加个|添上|添|加|恢复"
    r"|留着|留下|保留|提醒|通知|告诉|来)"
)
_LEAVES = (
    r"(?:不想收|不想要|不要再|不要|不用|不需要|不收|不订|不看|不关注|别(?=再|给|发|推|提醒|通知|订|收|来|了)|退订|退定|退掉|退|取消订阅|取消关注|取消"
    r"|去掉|删掉|删|停掉|停|关掉|移除|屏蔽|暂停)(?:掉|了)?(?:再)?(?:给我们?|向我)?(?:发|推|推送|提醒|通知|收|订阅|关注)?"
)
_EXPLICIT = re.compile(
    r"推了|别推|订阅|定阅|订月|订约|关注|订上|退订|退定|取消订阅|取消关注|提醒|通知|推送|消息|退了|退掉|退吧"
    r"|(?:想|要|还|也|能|不)收(?!购|费|入|税|款|账|货|回|徒)"
)
_STRONG = re.compile(rf"{_EXPLICIT.pattern}|收|订|定|关注|加[回上进]|恢复|留")
"""Without one of these words, wanting a subject (要新材料) may as well ask for its policies."""
_GO_AROUND = (
    r"(?:我是说|只|光|重新|再次|说错了|搞错了|对了|算了|不做|不搞|不干|不弄|那|我们|我"
    r"|请|帮我|麻烦|给我|把|就是|就|还有|还|再|其实|不对|先|暂时|顺便|另外|也){0,4}"
)
_SOON = r"(?:有|出|来|开始|开放|开报|开|发|能|可以){1,2}"
_NEWS = r"(?:了|台|新|最新|任何|的|政策|消息|通知|文件|动静|动向|变化|申报|补贴|项目|报名|报|资金){0,5}"
_THEN = r"(?:的话|的时候|时|了|就|再|也|都|能不能|可不可以|能|可以|请|麻烦|记得|第一时间|及时){0,4}"
_SAY = (
    r"(?:(?:告诉|通知|提醒|喊|叫|知会)(?:给)?(?:我们?|一声|一下|下|声){0,3}|(?:说|吱|打招呼)(?:我们?)?一?声)"
    r"(?:吗|么|不|好吗|行吗|可以吗|呗|哈|啊|吧|哦)?"
)
_NOTIFY = (
    re.compile(
        rf"{_GO_AROUND}(?P<what>.{{2,12}}?)(?:那边|这边|这块|方面|的){{0,2}}(?:要是|如果|一旦|什么时候|等|一){{0,2}}{_SOON}{_NEWS}{_THEN}{_SAY}"
    ),
    re.compile(
        rf"(?:以后|要是|如果|一旦|等|再)?有(?:了|新的?|关于)?(?P<what>.{{2,10}}?)的?新?的?(?:政策|消息|通知|补贴|项目|申报)了?{_THEN}{_SAY}"
    ),
)
"""X出新政策能告诉我不: asked in the form of a question, wished all the same."""
_REST = r"(?:其他的?|别的|其余的?|剩下的?)(?:都|全|全都|统统)?(?:给我)?(?:退|退订|退掉|取消|不要|不收|去掉|删掉|停)(?:了|掉|吧)?"
_IS_NEWS = re.compile(r"^(?!.*(?:什么|啥|哪|多少|怎么)).*(?:新|动静|动向|变化|消息|通知|开|出|下来|一声|就)")
"""有什么补贴告诉我 asks; only what is not there yet can be waited for."""
_ONLY = (
    re.compile(
        r"(?:就|我)?(?:只|仅|光|单)(?:要|留|保留|留下|收|订|关注|需要)(?:着|下)?(?P<what>.{2,14}?)(?:的)?"
        r"(?:就行|就好|就够|就可以|即可|一个|这一个|提醒|消息)?(?:了|吧)?"
    ),
    re.compile(
        rf"除了?(?P<what>.{{2,14}}?)(?:以外|之外|外|的)?(?:{_REST}|(?:都|全|全都)(?:退|取消|不要|不收|停)(?:订|掉|了)?(?:吧|了)?)"
    ),
    re.compile(rf"(?:把)?(?P<what>.{{2,14}}?)的?(?:留着|留下|保留|不动|别动){_REST}"),
    re.compile(rf"(?:把)?(?:留着|留下|保留|只要|要){{1,2}}(?P<what>.{{2,14}}?)的?{_REST}"),
)
_NO_NAME = re.compile(
    r"^(?:是|要|还|时间|频率|方式|截止|到期|去年|今年|明年|上|下|几|但|了|着|过|的|掉|重新|不|又|还|看|查|找|快|到|等|有|再|先|我|你|您|这|那|什么|啥|哪|开始|截止|以后|全|所有|一|几|都|别的|其他|刚|晚|早|周|每|推|发|消息|提醒)"
)
"""Begins words that are no name of a subject, also where the message speaks of reminders (再看下我的订阅)."""
_PARTS = re.compile(r"[，,。.！!；;～~\s]+")
_MOST_PARTS = 3
_STAYS = re.compile(r"(?:别|不|先别|不要|不用)(?:是)?(?:退|取消|删|停)")
_SHAPES = (
    (True, re.compile(rf"(?:不是|不对|我|要|想){{0,3}}(?:订阅?|关注|定)的是(?P<what>.{{2,14}}?){_TAIL}")),
    (False, re.compile(rf"{_GO_AROUND}(?P<what>.{{2,14}}?){_LINK}{_LEAVES}{_TAIL}")),
    (False, re.compile(rf"{_GO_AROUND}{_LEAVES}{_LINK}(?P<what>.{{2,14}}?){_TAIL}")),
    (True, re.compile(rf"{_GO_AROUND}(?P<what>.{{2,14}}?){_LINK}{_WANTS}{_TAIL}")),
    (True, re.compile(rf"{_GO_AROUND}{_WANTS}{_LINK}(?P<what>.{{2,14}}?){_TAIL}")),
)
_POINTERS = frozenset({"这个", "那个", "这条", "那条", "帮我", "给我", "它", "这项"})
_BARE = re.compile(
    r"(?:帮我|给我|那|就|请|麻烦|可以)?(?:订上|订阅上|订阅|订一下|关注上|关注一下|加上|订)(?:它|这个|这条)?(?:吧|了|一下)?"
    r"|(?:以后|到时候?|下次|开始|开了|有了|有消息|有通知)(?:了|有了|开始了|有消息了?)?(?:就|再|请|记得)?(?:告诉|通知|提醒|叫|喊)(?:我)?(?:一声|一下)?"
)
_SIGN = re.compile(
    r"要|收|订|定|关注|加|添|来|恢复|留|提醒|通知|告诉|喊|叫|说|别|不|退|取消|去掉|删|停|关|屏蔽|除"
)
_NOT_ABOUT_REMINDERS = re.compile(
    r"补|奖|申请|条件|材料|电话|怎么|如何|多少|什么|哪|吗|呢|谁|几|第.{1,3}[条个]|[?？]"
)


class TrackLike(Protocol):
    """What is read of a track."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class TrackWish:
    """A wish.

    Attributes:
        what: a track's name, or the words that stand for a subject.
        of_focus: it means what is on the screen.
        only: all but this is no longer wanted.
        loose: its words are about reminders only where the conversation is (再加个新材料).
    """

    wants: bool
    what: str
    of_focus: bool = False
    only: bool = False
    loose: bool = False


class WishReader:
    """Reads wishes over the published tracks. A track is also known by a part of its name, or by the part's first two
    characters, where no other track has these.
    """

    def __init__(self, tracks: Iterable[TrackLike]) -> None:
        tracks = tuple(tracks)
        parts = [(part, track.name) for track in tracks for part in _parts(track)]
        heads = [(part[:_HEAD], name) for part, name in parts if len(part) > _HEAD]
        names = dict(reversed([(part, name) for part, name in parts]))
        count = Counter(head for head, _ in dict.fromkeys(heads))
        self._names = {head: name for head, name in heads if count[head] == 1} | names
        self._tracks = frozenset(track.name for track in tracks)
        known = sorted(filter(None, self._names), key=len, reverse=True)
        self._known = re.compile("|".join(map(re.escape, known)) or r"(?!)")
        self.read: Callable[[str], tuple[TrackWish, ...]] = cache_by_text(self._read, _KEPT)

    def _read(self, text: str) -> tuple[TrackWish, ...]:
        """The wishes in a message; () where it asks something, or names neither a track nor what is reminded of."""
        plain = squeeze(text)
        if not plain or not _SIGN.search(plain):
            return ()
        whole = self._wish(text, plain)
        parts = [part for part in _PARTS.split(text) if part]
        several = 1 < len(parts) <= _MOST_PARTS
        known = whole is not None and whole.what in self._tracks
        if several and not known and any(read_quiet(part) is not None for part in parts):
            return ()
        if (whole is not None and not whole.loose) or not several:
            return () if whole is None else (whole,)
        read = [(part, self._wish(part, squeeze(part))) for part in parts]
        said = tuple(wish for _, wish in read if wish is not None and not wish.loose)
        if any(asks_outright(part) or _STAYS.search(part) for part, wish in read if wish is None):
            return ()
        return said or (() if whole is None else (whole,))

    def _wish(self, text: str, plain: str) -> TrackWish | None:
        """The wish that a message, or a part of one, is as a whole."""
        for shape in _NOTIFY:
            found = shape.fullmatch(plain)
            if found is not None and not _NO_NAME.search(found["what"]) and _IS_NEWS.search(plain):
                return TrackWish(wants=True, what=self._names.get(found["what"], found["what"]))
        if not plain or _NOT_ABOUT_REMINDERS.search(self._known.sub("", text)):
            return None
        if _BARE.fullmatch(plain):
            return TrackWish(wants=True, what="这个", of_focus=True)
        for shape in _ONLY:
            found = shape.fullmatch(plain)
            if found is not None and found["what"] in self._names:
                return TrackWish(wants=False, what=self._names[found["what"]], only=True)
        return self._of_shapes(plain)

    def _of_shapes(self, plain: str) -> TrackWish | None:
        loose: TrackWish | None = None
        for wants, shape in _SHAPES:
            found = shape.fullmatch(plain)
            if found is None:
                continue
            if found["what"] in _POINTERS:
                return TrackWish(wants, found["what"], of_focus=True)
            name = self._names.get(found["what"])
            if name is not None:
                weak = wants and not _STRONG.search(plain.replace(found["what"], "", 1))
                return TrackWish(wants, name, loose=weak)
            if _NO_NAME.search(found["what"]):
                continue
            if _EXPLICIT.search(plain.replace(found["what"], "", 1)):
                return TrackWish(wants, found["what"])
            loose = loose or TrackWish(wants, found["what"], loose=True)
        return loose


def _parts(track: TrackLike) -> Iterable[str]:
    for name in (track.name, *track.aliases):
        yield squeeze(name)
        yield from (part for part in map(squeeze, _BETWEEN.split(name)) if len(part) >= _HEAD)
