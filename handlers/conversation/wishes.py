"""Reads which track somebody wants, or no longer wants, reminders of, in their own words: 船舶的不要了, 远洋的也要. Pure."""

import re
from collections import Counter
from collections.abc import Callable, Iterable
from dataclasses import dataclass
from typing import Protocol

from handlers.framework.phrases import squeeze
from policies.search.words.text_cache import cache_by_text

_BETWEEN = re.compile(r"[与和、及/·（）()]+")
_HEAD = 2
_KEPT = 5_000
_LINK = (
    r"(?:的|个|一个|那个|这个|赛道|方面|这块|类|相关|提醒|消息|通知|申报通知|申报提醒|政策|我|就|还是|还|也|再|都"
    r"|也都|给我|帮我|把|全|先|以后|现在|其实|但是|那|不过|又){0,5}"
)
_TAIL = (
    r"(?:了|吧|啊|呀|哈|的|帮我留着|给我留着|留着|别动|不要动|别删|别退|提醒|消息|通知|推送|赛道|的|申报通知|申报提醒|信息|政策|一下|上|下|给我|我|回来|谢谢"
    r"|先|也|行|好){0,5}"
)
_WANTS = (
    r"(?:想收|要收|想要|要|收到|收|接收|订阅上|订阅|定阅|订月|订约|定|订上|订|关注|加回来|加回|加上|加|恢复"
    r"|留着|保留|提醒|通知|告诉)"
)
_LEAVES = (
    r"(?:不想收|不想要|不要再|不要|不用|不需要|不收|不订|不关注|别再|别|退订|退定|退掉|退|取消订阅|取消关注|取消"
    r"|去掉|删掉|删|停掉|停|关掉|移除)(?:再)?(?:给我们?|向我)?(?:发|推|推送|提醒|通知|收|订阅|关注)?"
)
_EXPLICIT = re.compile(
    r"推了|别推|订阅|定阅|订月|订约|关注|订上|退订|退定|取消订阅|取消关注|提醒|通知|推送|消息"
)
_GO_AROUND = r"(?:说错了|搞错了|对了|算了|那|我|请|帮我|麻烦|给我|把|就是|就|还有|再|其实|不对){0,3}"
_SHAPES = (
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
_SIGN = re.compile(r"要|收|订|定|关注|加|恢复|留|提醒|通知|告诉|别|不|退|取消|去掉|删|停|关")
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
    """A wish. `what` is a track's name, or the words that stand for a subject; `of_focus`: it means what is on the screen."""

    wants: bool
    what: str
    of_focus: bool = False


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

        self.read: Callable[[str], TrackWish | None] = cache_by_text(self._read, _KEPT)

    def _read(self, text: str) -> TrackWish | None:
        """The wish in a message; None where it asks something, or names neither a track nor what is reminded of."""
        plain = squeeze(text)
        if not plain or not _SIGN.search(plain) or _NOT_ABOUT_REMINDERS.search(text):
            return None
        if _BARE.fullmatch(plain):
            return TrackWish(wants=True, what="这个", of_focus=True)
        for wants, shape in _SHAPES:
            found = shape.fullmatch(plain)
            if found is None:
                continue
            if found["what"] in _POINTERS:
                return TrackWish(wants, found["what"], of_focus=True)
            name = self._names.get(found["what"])
            if name is not None:
                return TrackWish(wants, name)
            if _EXPLICIT.search(plain.replace(found["what"], "", 1)):
                return TrackWish(wants, found["what"])
        return None


def _parts(track: TrackLike) -> Iterable[str]:
    for name in (track.name, *track.aliases):
        yield squeeze(name)
        yield from (part for part in map(squeeze, _BETWEEN.split(name)) if len(part) >= _HEAD)
