"""Reads what a short message says of what was shown before: 第二个, 下一条, 电话多少, 那小企业呢, 跟22条比. Pure.

The message is taken apart from left to right: places in a list, steps, pointers (这条), facts asked for (`facts`), words
of speech. What is left over is a subject, `rest`; a message without one is about what is on the screen.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass
from typing import Literal

from handlers.telling.facts import WORDINGS, Fact
from policies.search.reading.numerals import as_integer
from policies.search.words.normalise import Simplifier, compact, normalise
from policies.search.words.pattern_sieve import PatternSieve
from policies.search.words.text_cache import cache_by_text

LONGEST = 40
"""A follow-up has at most so many characters; a longer message is a question of its own."""
LAST = -1
_KEPT = 10_000

_N = r"(?:\d{1,3}|[一二两三四五六七八九十]{1,3})"
_KIND = r"(?:个|条|项|款)"
_PLACE = (
    rf"(?:倒数)第(?P<from_end>{_N}){_KIND}|第(?P<at>{_N})(?:个|项|款)(?!月|人|亿|企业|公司)"
    r"|(?P<first>前者|头一?个|首个|最前面(?:那|的|一){0,2}个|最上面(?:那|的|一){0,2}(?:个|条)|开头那(?:个|条))"
    r"|(?P<second>后者)"
    r"|(?P<last>最后面?(?:那|的|一){0,2}(?:个|条|项|款)|末(?:一|尾)?(?:个|条)|最下面(?:那|的|一){0,2}(?:个|条))"
)
_CLAUSE = rf"(?:第(?P<clause>{_N})号?|(?<![\d.])(?P<bare>\d{{1,3}})号?)(?:条(?!件|例)款?|号政策|号条款)"
_GROUP = (
    r"(?P<group>前|这|那|以上|上面|它)(?P<many>俩|仨|[2-9]|[两二三四五六七八九十]|几)(?:个|条|项|款)?(?:政策|条款|都)?"
    r"(?!月|天|年|周|日)|(?P<among>[2-9两二三四五六七八九])(?:个|条|项)(?:里面|里头|里|当中|之中|之间)"
)
_STEP = (
    r"(?P<forth>(?:再|看|再来|翻到|跳到)?(?:下|后|往下翻?|往后翻?|往后|接下来的?|后面|下面|再往后|再下)(?:那|的|一|边){0,2}(?:个|条|项)|(?:the)?next(?:one)?)"
    r"|再来(?:一)?(?:个|条)|(?P<back>(?:再|看|回到|返回|返回到|退回|翻回|回)?(?:上|前|前面|上面|往前翻?|往上翻?|往回翻?|往回|再往前|再上|之前)(?:那|的|一|边){0,2}(?:个|条|项)|previous(?:one)?)"
)
_POINTER = (
    r"这(?:个|一个|条|一条|项|款|条政策|个政策|项政策|条款|个补贴|个奖励|里)?(?!些)|那(?:条|个(?!体)|项|个政策|条政策|项政策)|它们?"
    r"|该(?:条|项|政策|条款)|此(?:条|项|政策)|本条(?:款)?|刚才?(?:说|看|讲|发|查|问){0,1}的?(?:那|这){0,1}(?:个|条|项)?(?:政策)?"
    r"|上面(?:说|讲|发|提到)的?(?:那|这){0,1}(?:个|条|项)?|上述(?:政策)?|thisone|thatone|this|that|it(?!y)"
)
_COMPARE = (
    r"(?:哪一?(?:个|条|项|种)|谁)(?:更|最|比较|给的?|给得|补的?|补得|能|钱|补贴|奖励|金额|力度){0,3}(?:更|最)?(?:多|高|划算|好|合适|大|值|有利|厉害)"
    r"|(?:相比|对比|比较|比一比|比一下|比起来|区别|不同|不一样|差别|差多少|差在哪)|比(?!例|赛|如)"
)
_MORE = re.compile(
    r"(?:那|请问|除此之外|除了这个|除了这些|另外){0,2}(?:还)?(?:有没有|有|能)?(?:别的|其他的?|其它的?|另外的?|类似的?|相近的?|相关的?|更多的?|剩下的?|同类的?|哪些|什么)?"
    r"(?:的)?(?:政策|条款|补贴|奖励|项目|选择)?(?:可以)?(?:推荐|申请|申报|看|报)?(?:吗|么|没有|没|呢|不|了)?"
)
_LIST_AGAIN = re.compile(
    r"(?:把|请|麻烦|看看?|回到|返回|再看)?(?:刚才|刚刚|上面|前面|之前)?(?:的|那个|那)?(?:列表|清单|名单|目录列表)(?:再|重新)?"
    r"(?:发|看|列|给我|来|出来|显示)?(?:一?下|一?遍|一?次)?(?:吧|呢)?|(?:再|重新)(?:列|发|看)(?:一?下|一?遍|一?次)?(?:列表|清单)(?:吧)?"
)
_DENIED = re.compile(
    r"(?:我)?(?:要|想要|想|问|想问|要问|说|找|要找|看|想看|指)?的?(?:也|都|并|又)?不是(?:问|说|想问|要|找|指|看)?的?(?:这|那|它)(?:一)?"
    r"(?:个|条|些|项|款|方面|政策|补贴|意思)*(?:的|吧|啊|呀|了|哦)?"
)
_MORE_WORDS = re.compile(r"还|别的|其他|其它|另外|类似|相近|相关|更多|剩下|同类")
_MARKS_ON = re.compile(
    r"^(?:那么|那要是|那如果|那|如果|要是|假如|换成|改成|换|若|就|而|比如)|(?:呢|的话|咧|行不行|行吗|算不算|算吗|算么|算数吗|可不可以|可以吗|怎么样|呐)$|^.{1,5}的$"
)
_LISTS = re.compile(
    r"哪些|哪几|(?:什么|啥)(?!时候|时间|日子)|项目|有没有|有.{0,6}[吗么没]$|清单|列表|几个|几项|多少个"
)
_LEADING = re.compile(r"^(?:那么|那|如果|要是|假如|换成|改成|换做|若是|若|比如|是)+")
_TELLS = re.compile(r"[^\W\d_]")
"""A piece of digits alone (封顶都是20) names no subject."""
_TRAILING = re.compile(
    r"(?:也?算不算|也?算吗|也?算么|算数吗|也?行吗|可不可以|可以吗|知道不|知不知道|知道吗|的话|呢|咧|呐|吗|(?<![什怎那])么|啊|呀|吧|怎么样|行不行)$"
)

_Kind = Literal["group", "place", "clause", "step", "comparing", "pointer"] | Fact
_WORDINGS: Sequence[tuple[_Kind, str]] = (
    ("group", _GROUP),
    ("place", _PLACE),
    ("clause", _CLAUSE),
    ("step", _STEP),
    ("comparing", _COMPARE),
    *((row.fact, pattern) for row in WORDINGS for pattern in row.patterns),
    ("pointer", _POINTER),
)
_PATTERNS = tuple((kind, re.compile(pattern)) for kind, pattern in _WORDINGS)
"""Of several that match at one place, the first counts."""
_PATTERNS_IN = PatternSieve([pattern for _, pattern in _PATTERNS])

_SILENT_WORDS = (
    "请问|麻烦|您好|你好|老师|同志|小编|你们|我们|咱们|他们|人家|公司|企业|单位|告诉|知道|了解|咨询|打听|想要|想|"
    "一下|能不能|可不可以|有没有|是不是|可以|需要|应该|具体|到底|究竟|大概|一般|总共|全部|所有|现在|目前|今天|今年|谢谢|"
    "多谢|好的|帮忙|什么|多少|怎么|如何|哪里|哪儿|这里|里面|其中|关于|有关|方面|情况|信息|内容|问题|事情|来着|一个|一些|一点|一份|一张|一套|"
    "以及|还是|或者|那么|然后|政策|条款|补贴|奖补|补助|奖励|扶持|支持|申报|申请|项目|文件|中文|这么|这样|那样|照这样|算下来|赶紧|快点|直接|另外|也|又|再|都|就|还|"
    "请|问|您|你|我|咱|俺|他|给|发|说|讲|看|能|可|会|要|得|是|的|地|了|吗|么|呢|吧|啊|呀|哦|噢|嘛|呗|哈|嗯|额|呃|唉|哎|那|"
    "有|没|不|个|条|项|下|些|点|帮|查|到|在|对|把|来|去|算|啥|几|哪|多|少|最|和|跟|与|同|急|快|行|好|事|办|写|些|亲|大|姐|哥|"
    "please|tell|me|the|a|is|what|s|do|i|and|of|for|about"
)
_SILENT = re.compile(rf"(?:{_SILENT_WORDS})")


@dataclass(frozen=True, slots=True)
class FollowUp:
    """A message, taken apart.

    Attributes:
        facts: what is asked of a clause, in the order of the message.
        asked: the words that ask for them, as typed.
        places: places in the list on the screen, from 1; negative from its end.
        by_clause: the step is one in the document (下一条), not in the list (下一个).
        step: 1 for the next clause, -1 for the one before.
        clauses: numbers of clauses.
        pointer: it says 这条, 它 …
        compare: it compares.
        more: it asks for others of the kind.
        rest: the subject that it names, "" where there is none.
        goes_on: it carries the last question on (呢, 那, 换成).
        together: how many of the list's first clauses it means (这俩, 前三个); 0: it does not say so.
        list_again: it asks for the list once more.
        denied: what was shown is not what was meant (不是这个).
        lists: it asks for a list (哪些, 什么项目), not for the one on the screen.
    """

    facts: tuple[Fact, ...] = ()
    asked: str = ""
    places: tuple[int, ...] = ()
    step: int = 0
    clauses: tuple[int, ...] = ()
    pointer: bool = False
    compare: bool = False
    more: bool = False
    rest: str = ""
    goes_on: bool = False
    lists: bool = False
    together: int = 0
    by_clause: bool = False
    list_again: bool = False
    denied: bool = False

    @property
    def says_something(self) -> bool:
        """Whether any of it may be a follow-up."""
        return bool(
            self.facts
            or self.places
            or self.step
            or self.clauses
            or self.pointer
            or self.compare
            or self.more
            or self.goes_on
            or self.together
            or self.list_again
        )


class FollowUpReader:
    """Reads messages over one library.

    Args:
        names: words of the library (keywords, titles, tracks). A word of a fact inside them asks for nothing (新材料).
        simplify: makes traditional characters simplified ones.
    """

    def __init__(self, names: Iterable[str], simplify: Simplifier) -> None:
        self._simplify = simplify
        plain = {compact(name).lower() for name in names}
        own = sorted((name for name in plain if any(_pieces_in(name))), key=len, reverse=True)
        self._names = re.compile("|".join(map(re.escape, own)) or r"(?!)")
        self.read: Callable[[str], FollowUp | None] = cache_by_text(self._read, _KEPT)

    def _read(self, text: str) -> FollowUp | None:
        """What a message says of what was shown; None where it surely says nothing of it."""
        plain = compact(normalise(text[: 2 * LONGEST], self._simplify))
        if not plain or len(plain) > LONGEST:
            return None
        if _MORE_WORDS.search(plain) and _MORE.fullmatch(plain):
            return FollowUp(more=True)
        if _DENIED.fullmatch(plain):
            return FollowUp(denied=True)
        if _LIST_AGAIN.fullmatch(plain):
            return FollowUp(list_again=True)
        found = _Found([name.span() for name in self._names.finditer(plain)])
        rest = found.taken_out_of(plain)
        goes_on = _MARKS_ON.search(plain) is not None
        rest = _LEADING.sub("", rest)
        while shorter := _TRAILING.search(rest):
            rest = rest[: shorter.start()]
        pieces = [piece for piece in rest.split("\n") if piece]
        told = any(_TELLS.search(_SILENT.sub("", piece)) for piece in pieces)
        subject = "".join(pieces) if told else ""
        read = FollowUp(
            tuple(dict.fromkeys(found.facts)),
            "".join(found.asked),
            tuple(found.places),
            found.step,
            tuple(found.clauses),
            found.pointer,
            found.compare,
            together=found.together,
            by_clause=found.by_clause,
            rest=_trimmed(subject),
            goes_on=goes_on,
            lists=_LISTS.search(plain) is not None,
        )
        return read if read.says_something else None


class _Found:
    """The pieces that a pass over a message found."""

    def __init__(self, names: Sequence[tuple[int, int]]) -> None:
        self._names = names
        self.facts: list[Fact] = []
        self.asked: list[str] = []
        self.places: list[int] = []
        self.clauses: list[int] = []
        self.step = self.together = 0
        self.pointer = self.compare = self.by_clause = False

    def taken_out_of(self, plain: str) -> str:
        """Note the pieces of a message; what is left of it. A line's end in place of a piece keeps the words around it apart."""
        left: list[str] = []
        at = 0
        for kind, piece in _pieces_in(plain):
            start, end = piece.span()
            if not any(begin < end and start < until for begin, until in self._names):
                self._take(kind, piece)
                left += (plain[at:start], "\n")
                at = end
        return "".join((*left, plain[at:]))

    def _take(self, kind: _Kind, piece: re.Match[str]) -> None:
        if isinstance(kind, Fact):
            self.facts.append(kind)
            self.asked.append(piece.group())
        elif kind == "group":
            self.together = _many(piece["many"] or piece["among"] or "")
        elif kind == "place":
            self.places.append(_place(piece.groupdict()))
        elif kind == "clause":
            self.clauses.append(as_integer(piece["clause"] or piece["bare"] or "") or 0)
        elif kind == "step":
            self.step += -1 if piece["back"] else 1
            self.by_clause = piece.group().endswith("条")
        elif kind == "comparing":
            self.compare = True
        else:
            self.pointer = True


def _pieces_in(plain: str) -> Iterator[tuple[_Kind, re.Match[str]]]:
    """The pieces of a message from left to right, none of them overlapping, as one pattern of all would find them."""
    candidates = _PATTERNS_IN.may_match(plain)
    nearest = {place: piece for place in candidates if (piece := _PATTERNS[place][1].search(plain))}
    while nearest:
        first = min(nearest, key=lambda place: (nearest[place].start(), place))
        piece = nearest[first]
        yield _PATTERNS[first][0], piece
        overlapping = [place for place, other in nearest.items() if other.start() < piece.end()]
        for place in overlapping:
            later = _PATTERNS[place][1].search(plain, piece.end())
            if later is None:
                del nearest[place]
            else:
                nearest[place] = later


def _many(said: str) -> int:
    return {"俩": 2, "仨": 3, "几": 4}.get(said) or as_integer(said) or 2


def _place(groups: dict[str, str | None]) -> int:
    if groups["first"] or groups["second"]:
        return 1 if groups["first"] else 2
    if groups["last"]:
        return LAST
    if groups["from_end"]:
        return -(as_integer(groups["from_end"]) or 1)
    return as_integer(groups["at"] or "") or 0


def _trimmed(subject: str) -> str:
    """A subject without words of speech at its ends."""
    before = ""
    while before != subject:
        before = subject
        subject = _EDGE_BEFORE.sub("", _EDGE_AFTER.sub("", subject)) or subject
    return subject


_EDGE_BEFORE = re.compile(
    r"^(?:请问|麻烦|还是|说回|回到|回去|再说|前面|之前|刚才|我们|咱们|我|你们|你|您|想|问|问一下|那|那个|是|的|给|跟|和|与|同|如果)"
)
_EDGE_AFTER = re.compile(r"(?:那种|这种|那类|那块|那个|的|是|呢|吗|啊|呀|吧|了|和|跟|与)$")
