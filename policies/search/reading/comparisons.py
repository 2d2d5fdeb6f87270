"""Reads comparisons: which of two things brings more, or how they differ (概念验证和中试哪个给得多)."""

import re

_MEASURE = r"(?:奖金|奖励|补贴|补助|奖补|金额|额度|比例|上限|封顶|标准|力度|钱数?)"
_ASKED = re.compile(
    r"(?:这|那)?(?:俩|两(?:个|种|项|条)?)?(?:相比|比起来|比较起来|对比|比一比|比较)?(?:的话)?"
    r"(?:"
    r"(?:到底|究竟)?(?:哪|那)(?:一)?(?:个|种|边|家|项|条|头)?(?:能|会)?(?:给|补|奖|拿|发|报|支持)?"
    r"(?:的)?(?:钱|补贴|奖励|金额|额度|力度|封顶|上限|比例|标准)?"
    r"(?:得|的)?(?:更|比较)?(?:多|高|大|划算|合算|实惠)(?:一些|一点|些|点)?"
    r"|谁(?:能|会)?(?:给|补|奖|拿|发)?(?:的)?(?:钱|金额|额度)?(?:得|的)?(?:更|比较)?(?:多|高|大)(?:一些|一点|些|点)?"
    r"|(?:补|奖|给|支持|金额|额度|标准)?(?:有|是)?(?:什么|啥|哪些|多大)(?:的)?(?:区别|不同|差别|差异|不一样)"
    r"|(?:的)?(?:区别|差别|差异|不同)(?:在哪|是什么|是啥|在哪里|大吗|大不大)?"
    r"|(?:差|相差)(?:多少|几倍|多大)(?:钱)?"
    rf"|(?:给|补|奖|拿)?(?:的|得)?{_MEASURE}?(?:都|是)?(?:一样|同样)(?:多|高)?(?:吗|么|不)"
    r"|(?<=还是)(?P<chosen>.{2,12}?)(?:更|比较)?(?:划算|合算|实惠)"
    r")"
)
_MUCH = r"(?:给|补|奖|拿)?(?:的|得)?(?:更|比较)?(?:多|高|划算|合算)(?:一些|一点|些|点)?"
_EACH = re.compile(rf"(?:是)?(?P<one>.{{2,12}}?){_MUCH}[，, ]*还是(?P<other>.{{2,12}}?){_MUCH}[吗呢啊]?")
"""The measure said of each (单项冠军给得多还是小巨人给得多)."""
_OF_EACH = re.compile(
    rf"(?:的)?{_MEASURE}?(?:分别|各自?)(?:是|给|补|奖|有)?(?:多少|几成|百分之几|几个点)(?:钱)?[？?，,]"
)
"""The measure asked of each before it is compared (比例各多少？上限一样吗)."""
_DENIES = re.compile(r"^(?:没有?|未|非|不是|不)(?=.{2})")
_GOT = re.compile(
    r"(?:要是|如果)?(?:都)?(?:拿|评|批|申请|认定|报|办)(?:下来?|到手?|上|成)(?:了|以后|的话|之后)*"
)
_GETS = re.compile(r"^(?:拿|评|选|报|做)(?:上|到|下)?(?=.{2})")
"""Words that say no more than that it is had (拿下来, 评小巨人)."""
_BEFORE = re.compile(r"^(?:对比|比较|比一比)(?:一下|下)?")
_JOINED = re.compile(r"(?:、|,|，|/|和|跟|与|还是|同|比|vs)")
_AROUND = " \t,，。、:：的呢吗啊"
_SHORTEST = 2


def compared_things(text: str) -> tuple[str, str] | None:
    """Return the two things that a question compares. Return None if it does not compare two things."""
    bare = _BEFORE.sub("", text)
    if (each := _EACH.fullmatch(bare)) is not None:
        return _GETS.sub("", each["one"]), _GETS.sub("", each["other"])
    asked = _ASKED.search(bare)
    if asked is None and bare == text:
        return None
    rest = bare
    if asked is not None:
        rest = f"{bare[: asked.start()]}{asked['chosen'] or ' '}{bare[asked.end() :]}"
    parts = [thing for part in _JOINED.split(_OF_EACH.sub(" ", rest)) if (thing := part.strip(_AROUND))]
    things = [_GETS.sub("", part) for part in parts if not _GOT.fullmatch(part)]
    if len(things) != 2 or min(map(len, things)) < _SHORTEST:
        return None
    one, other = things
    return one, _with_head(one, other)


def _with_head(one: str, other: str) -> str:
    """Return the second thing with the head that it shares with the first, if it only denies the first (创新券入库的跟没入库的).

    People say 没入库, documents write 未入库.
    """
    kind = _DENIES.sub("", other)
    head = one.removesuffix(kind)
    if kind == other or head == one or len(head) < _SHORTEST:
        return other
    return f"{head}{'未' if other.startswith('没') else other.removesuffix(kind)}{kind}"
