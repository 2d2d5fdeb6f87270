"""Reads from free words whose reminders somebody wants or no longer wants: 船舶的不要了, 盯着22条 有动静喊我. Pure.

A request has a subject, which is left when the pieces (`request_words.py`) are taken away, and the meaning of the
pieces.
"""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Sequence
from dataclasses import dataclass, replace
from typing import Protocol

from handlers.commands.settings.quiet_words import read_quiet
from handlers.framework.list_places import ANY_PLACE, NUMBER
from handlers.framework.phrases import ITEM_ENDS, LONGEST, POINTER, asks_outright, goes_on_as_a_noun, squeeze
from handlers.reminder_requests.request_words import Piece, take_apart
from policies.search.words.text_cache import cache_by_text

_BETWEEN = re.compile(r"[与和、及/·（）()]+")
_JOINED = re.compile(r"和|跟|与|及|还有|以及")
_HEAD = 2
_TEXTS_KEPT = 5_000
_SHORTEST_NAME, _LONGEST_NAME = 2, 14
REFERENCE = rf"第?{NUMBER}号?条(?!件|例)|{ANY_PLACE}"
"""A clause by its number, or by its place in the list on the screen."""
_COUNT = r"(?:这|那)?(?:[两二三四五六]|\d{1,2})(?:个|项|样)|(?:这|那)[两三]条"
_ALL_OF = re.compile(_COUNT)
_POINTS = re.compile(POINTER)
_ANYTHING = re.compile(r"(?:一?点|一?些|一?个)(?:东西|啥|什么|儿)?|东西")
"""Names nothing yet (我想订点东西). The bot then offers what there is."""
_BARE = re.compile(
    r"(?:帮我|给我|那|就|请|麻烦|可以)?"
    r"(?:订上|订阅上|订阅|订一下|关注上|关注一下|加上|[盯跟](?:[着住]|紧)点?|订)(?:它|这个|这条)?"
    r"(?:吧|了|一下)?"
)
"""A request without a name means what is on the screen."""
_NOTIFY_ME = re.compile(r"(?:提醒|通知|喊|叫)(?:一?下)?(?:给)?(?:我|咱)")
_THAT = re.compile(
    r"(?:(?<=[局委办会心])(?:[主分]?管|负责|牵头)的?|的|那个|那条|这个|这条|那边|那儿|那里|[这那]一?(?:块儿?|类|方面|样|摊)){1,3}$"
)
_REFERS = re.compile(REFERENCE)
_REST = r"(?:其他的?|别的|其余的?|剩下的?)(?:都|全|全都|统统)?(?:给我)?(?:退|退订|退掉|取消|不要|不收|去掉|删掉|停)(?:了|掉|吧)?"
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
_FRAMES = re.compile(r"[只仅光单除留换改动其剩]|别的")
_INSTEAD = re.compile(
    r"(?:把)?(?P<old>.{2,14}?)的?(?:订阅|提醒)?(?:换成|改成|改为|换为)(?:订阅?|关注)?(?P<new>.{2,14}?)(?:的|吧|了|订阅|提醒)*"
)
_NO_NAME = re.compile(
    r"^"
    r"(?:"
    r"\d+[天周月日点]|是|要|还|没|时间|频率|方式|截止|到期|去年|今年|明年|下|几|但|了|着|过|"
    r"的|掉|重新|不|又|还|看|查|找|快|到|等|有|再|我|你|您|这|那|什么|啥|哪|开始|截止|以后|"
    r"所有|几|都|别的|其他|刚|晚|早|周|每|推|发|消息|提醒|继续|恢复|停止|关闭|打开|开启|撤"
    r")"
)
"""Words that begin like this name no subject, even if the message is about reminders (再看下我的订阅)."""
_MOST_PARTS = 4
_OURS = re.compile(r"(?:我们?|咱们?)?(?:这边)?(?:的|那个)?")
_IS_OVER = re.compile(
    r"(?:那个|的)?(?:项目|厂子?|生意|业务|公司|那摊)?(?:都|已经|也|早就?)?"
    r"(?:黄|停|卖|没|关|完|撤|倒闭|结束|转让|搬走|不[做干搞])(?:掉)?了"
)
"""Says of a business that it is over."""
_OF_A_NOUN = re.compile(r"订阅|退订|关注|通知|提醒|推送")
_STAYS = re.compile(r"(?:别|不|先别|不要|不用)(?:是)?(?:退|取消|删|停(?!了))")
_WHO = re.compile(r"(?:我|咱)们?(?:这边)?(?:是|做|在|管|负责|搞|干)")
_GOES_ON = re.compile(r"(?:那|算|就|还是|先|都)*不(?:暂)?停了(?:吧|啊|哈|呀)?")
"""Messages shall go on (那不停了). Beside this, one subject may be no longer wanted."""
_SIGN = re.compile(
    # 要、订、恢复
    r"要(?![什啥求素准带交多]|不要)|订|知会|关注|恢复|留|提醒|通知|告诉|喊|叫|"
    # 退、取消、屏蔽
    r"退|取[消关]|去掉|删|停|关掉|屏蔽|除|"
    # 盯、跟、换
    r"盯|跟|追|换|撤|第一时间|移除|拉黑|"
    # 去掉、照旧
    r"摘[掉了]|[拿勾划抹剔清砍][掉了]|免了|照[旧常样]|不跟了|用不着|暂停|"
    # 前后的字排除“认定”“发展”“收入”“加工”一类
    r"(?<![认评鉴确制规稳固指])定(?![向额位制])|(?<![研开])发(?![展明票电动])|收(?![入购税益])|"
    r"(?<![附增参])[加添](?![计工强快大])|"
    # 来、别、说、改
    r"来(?![不得])|(?<![特级区个])别|不(?![是能够超到知少在同])|说(?!明)|推(?![荐广进])|改[成为]"
)
"""A message without one of these requests nothing. This check settles nearly all questions."""
_ASKS_EARLY = re.compile(r"怎么|如何|多少|哪|咋")
_ASKED = re.compile(r"补|奖|条件|材料|电话|怎么|如何|多少|什么|哪|吗|呢|谁|几|[?？]")
_ASKS_OF_WISH = re.compile(r"[?？]|(.{1,2})不\1|(?:吗|么|没有|没|不)$|要不要|已经|早就|上次|怎么|如何|哪|谁")
"""Asks about the state (订阅了吗), or tells what was."""
_BENEFIT = re.compile(r"(?<=..)(?:奖补|奖励|补贴|补助|资助|奖金)的?$")  # 高企认定奖补
_POLITE = re.compile(r"[能行好]|可以|[成中](?:吗|么|不)$")


class TrackLike(Protocol):
    """The parts of a track that are read here."""

    @property
    def name(self) -> str: ...
    @property
    def aliases(self) -> tuple[str, ...]: ...


@dataclass(frozen=True, slots=True)
class TrackWish:
    """A request.

    Attributes:
        what: a track's name, or the words that stand for a subject.
        of_focus: it means what is on the screen.
        only: everything except this is no longer wanted.
        loose: its words mean reminders only if the conversation is about reminders (再加个新材料).
        waits: it says what the writer waits for (有了, 截止前).
    """

    wants: bool
    what: str
    of_focus: bool = False
    only: bool = False
    loose: bool = False
    waits: bool = False


class WishReader:
    """Reads requests over the published tracks. A track is also known by a part of its name, or by the part's first
    two characters, if no other track has these.
    """

    def __init__(self, tracks: Iterable[TrackLike]) -> None:
        tracks = tuple(tracks)
        parts = [(part, track.name) for track in tracks for part in _parts(track)]
        heads = [(part[:_HEAD], name) for part, name in parts if len(part) > _HEAD]
        names = {part: name for part, name in reversed(parts) if not _may_be_another(part, name, tracks)}
        count = Counter(head for head, _ in dict.fromkeys(heads))
        self._names = {head: name for head, name in heads if count[head] == 1} | names
        self._tracks = frozenset(track.name for track in tracks)
        known = "|".join(map(re.escape, sorted(filter(None, self._names), key=len, reverse=True)))
        self._known = re.compile(known or r"(?!)")
        self._named = re.compile("|".join(filter(None, (known, REFERENCE, POINTER, _COUNT))))
        self.read: Callable[[str], tuple[TrackWish, ...]] = cache_by_text(self._read, _TEXTS_KEPT)

    def _read(self, text: str) -> tuple[TrackWish, ...]:
        """Return the requests in a message; () if it asks something, or names nothing with reminders."""
        plain = squeeze(text)
        typed = plain or text[: 2 * LONGEST]
        if not _SIGN.search(typed) or _ASKS_EARLY.search(typed):
            return ()
        if any(goes_on_as_a_noun(typed[found.end() :]) for found in _OF_A_NOUN.finditer(typed)):
            return ()  # 订阅号里说的, 关注度不高
        parts = [part for part in ITEM_ENDS.split(text) if part]
        if not plain:
            return self._after_who(parts) if len(text) <= 2 * LONGEST else ()
        if not 1 < len(parts) <= _MOST_PARTS:
            return self._wishes(text, plain)
        read = [(part, self._wishes(part, squeeze(part))) for part in parts]
        if said := self._of_parts(read) or self._of_ended(parts):
            return said
        if any(asks_outright(part) and not wishes for part, wishes in read):
            return ()
        whole = self._wishes(text, plain)
        known = any(wish.what in self._tracks for wish in whole)
        return whole if known or all(read_quiet(part) is None for part in parts) else ()

    def _of_parts(self, read: Sequence[tuple[str, tuple[TrackWish, ...]]]) -> tuple[TrackWish, ...]:
        """Return the requests of a message in several parts. A part that is only a name joins the request beside it."""
        if any(asks_outright(part) or _STAYS.search(part) for part, wishes in read if not wishes):
            return ()
        sure = [wish for _, wishes in read for wish in wishes if not wish.loose and not wish.of_focus]
        bare = [name for part, wishes in read if not wishes for name in self._bare(part)]
        if sure:
            beside = [wish for _, wishes in read for wish in wishes if self._joins(wish, sure[0])]
            joined = (replace(wish, loose=False) for wish in beside)
            return (*sure, *(replace(sure[0], what=name) for name in bare), *joined)
        read = [(part, wishes) for part, wishes in read if not _GOES_ON.fullmatch(part)]
        loose = [wish for _, wishes in read for wish in wishes if wish.loose]
        if bare and loose and not any(wishes for _, wishes in read[:-1]):  # 海水淡化、人工智能都要
            return (*(replace(loose[0], what=name) for name in bare), *loose)
        return tuple(loose) if loose and all(wishes for _, wishes in read) else ()  # 船的不要了 海水淡化留着

    def _after_who(self, parts: Sequence[str]) -> tuple[TrackWish, ...]:
        """Return what a long message wants reminders of, after its writer said who they are (我是做人事的，…)."""
        if len(parts) != 2 or not _WHO.match(parts[0]) or asks_outright(parts[0]):
            return ()
        return tuple(wish for wish in self._wishes(parts[1], squeeze(parts[1])) if wish.wants and wish.waits)

    def _of_ended(self, parts: Sequence[str]) -> tuple[TrackWish, ...]:
        """Return the request to leave a track whose business is over, beside a bare stop (海水淡化项目黄了 取消提醒)."""
        ended, stops = map(squeeze, parts) if len(parts) == 2 else ("", "")
        found = self._known.search(ended)
        if (
            found is None
            or not _OURS.fullmatch(ended[: found.start()])
            or not _IS_OVER.fullmatch(ended[found.end() :])
        ):
            return ()
        taken = take_apart(stops, self._named)
        is_stop = not taken.subject and bool(taken.pieces & {Piece.LEAVE, Piece.DROP}) and read_quiet(stops)
        return (TrackWish(wants=False, what=self._names[found.group()]),) if is_stop else ()

    def _joins(self, wish: TrackWish, sure: TrackWish) -> bool:
        """Whether a request in loose words goes with a sure one beside it (订人工智能，集成电路也要)."""
        return wish.loose and wish.what in self._tracks and (sure.wants or not wish.wants)

    def _bare(self, part: str) -> tuple[str, ...]:
        """Return the subjects that a part without a verb names."""
        left = take_apart(squeeze(part), self._named)
        return self._subjects(left.subject) if left.pieces <= {Piece.SPEECH} else ()

    def _wishes(self, text: str, plain: str) -> tuple[TrackWish, ...]:
        """Return the requests that a whole message, or one part of it, makes."""
        if _FRAMES.search(plain) and (framed := self._framed(plain)):
            return framed
        asks = _ASKS_OF_WISH.search(text) is not None
        if asks and not _POLITE.search(plain):  # nearly all questions
            return ()
        taken = take_apart(plain, self._named)
        said = _said_by(taken.pieces)
        if said is None or (asks and (said.loose or not said.wants)):
            return ()
        subject = _THAT.sub("", taken.subject) or taken.subject
        if "恢复" in plain and not self._subjects(subject):  # 提前恢复吧: messages that were stopped
            return ()
        if not subject or _POINTS.fullmatch(subject) or _ANYTHING.fullmatch(subject):
            is_pointer = Piece.WANT in taken.pieces and _POINTS.fullmatch(subject) is not None
            waits = said.wants and (said.waits or is_pointer or _NOTIFY_ME.search(plain) is not None)
            is_focus = bool(subject) or waits or _BARE.fullmatch(plain)
            return (replace(said, what=subject or "这个", of_focus=True, waits=waits),) if is_focus else ()
        if names := self._subjects(subject):
            return tuple(replace(said, what=name, loose=said.wants and said.loose) for name in names)
        if taken.pieces & {Piece.WANT, Piece.KEEP} == {Piece.KEEP}:
            return ()
        is_name = (_SHORTEST_NAME if said.wants and "回" not in plain else 1) <= len(
            subject
        ) <= _LONGEST_NAME and not _NO_NAME.search(subject)
        named = _BENEFIT.sub("", subject) if said.waits else subject
        if not is_name or _ASKED.search(self._known.sub("", named)):
            return ()
        return (replace(said, what=subject),)

    def _framed(self, plain: str) -> tuple[TrackWish, ...]:
        """Return the requests that name what stays (只留, 除了) or what replaces another one (换成)."""
        for shape in _ONLY:
            found = shape.fullmatch(plain)
            if found is not None and (names := self._subjects(found["what"])):
                return (TrackWish(wants=False, what=names[0], only=True),)
        if (found := _INSTEAD.fullmatch(plain)) is not None:
            old, new = self._subjects(found["old"]), self._subjects(found["new"])
            if old and new:
                return (TrackWish(wants=False, what=old[0]), TrackWish(wants=True, what=new[0]))
        return ()

    def _subjects(self, what: str) -> tuple[str, ...]:
        """Return the names in the words: tracks (by any name) and references, one or joined; () if the words
        are anything else.
        """
        what = _THAT.sub("", what)
        if _REFERS.fullmatch(what) or _ALL_OF.fullmatch(what):
            return (what,)
        if what in self._names:
            return (self._names[what],)
        joined = [part for part in _JOINED.split(what) if part]
        if len(joined) > 1:
            each = [self._subjects(part) for part in joined]
            return tuple(name for names in each for name in names) if all(each) else ()
        found = [one.group() for one in self._known.finditer(what)]
        return tuple(self._names[one] for one in found) if len(found) > 1 and "".join(found) == what else ()


def _said_by(pieces: frozenset[Piece]) -> TrackWish | None:
    """Return what the pieces of a message request; its subject is filled in later. Return None if they request nothing."""
    if pieces & {Piece.LEAVE, Piece.DROP}:
        return TrackWish(wants=False, what="", loose=Piece.LEAVE not in pieces)
    waits = bool(pieces & {Piece.WANT, Piece.TELL}) and bool(pieces & {Piece.NEWS, Piece.LATER})
    if waits:
        return TrackWish(wants=True, what="", waits=True)
    if Piece.WANT in pieces or {Piece.ASK_FOR, Piece.MESSAGES} <= pieces:
        return TrackWish(wants=True, what="")
    if pieces & {Piece.ASK_FOR, Piece.KEEP}:
        return TrackWish(wants=True, what="", loose=True)
    return None


def _may_be_another(part: str, of: str, tracks: Iterable[TrackLike]) -> bool:
    """Whether another track's name also begins like this (新能源). Then it means neither, and the bot asks back."""
    return any(track.name not in (of, part) and track.name.startswith(part) for track in tracks)


def _parts(track: TrackLike) -> Iterable[str]:
    for name in (track.name, *track.aliases):
        yield squeeze(name)
        yield from (part for part in map(squeeze, _BETWEEN.split(name)) if len(part) >= _HEAD)
