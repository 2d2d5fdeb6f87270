"""Reads requests for fewer messages from single words, if no wording of `quiet_words` fits (一星期汇总一回行不). Pure.

A message counts only if every word is about messages or is filler. It is replaced by the button text with the same meaning.
"""

import re
from collections.abc import Callable

from handlers.framework.phrases import squeeze
from policies.search.words.text_cache import cache_by_text

_N = r"(?:\d{1,2}|[一二两三四五六半俩仨几])"
_WORDS: tuple[tuple[str, str], ...] = (
    (
        "weekend",
        r"周末|双休日?|星期[六天日](?!一)|礼拜[六天日]|周[六日]|休息日|休息天|节假日|放假",
    ),
    (
        "week",
        r"(?:每|一|按)个?(?:星期|礼拜|周)[一1]?(?![次回遍趟])|(?:每|一|按)个?(?:星期|礼拜|周)|周报|礼拜一",
    ),
    ("day", r"(?:每|一|按)天|当天|日报|每日"),
    (
        "span",
        rf"{_N}个?(?:月|来月)|{_N}个?(?:星期|礼拜|周)(?!一[回次])|{_N}天|半拉月|一阵子?|一段时间|这阵子?|这段(?:时间)?|最近",
    ),
    ("together", r"汇总|归拢|归总|归置|攒|合并?|集中|打包|归一?块|一块儿?|一起|一并|一趟|凑|统一|并|合"),
    ("often", r"天天|太多|太勤|这么多|那么多|太频繁|频繁"),
    ("once", r"一[次回遍趟条份]|[一1]次"),
    ("deadline", r"(?:快|要|临)?(?:到期|截止)|快到(?:日子|点)"),
    ("only", r"只|光|就|仅|单"),
    ("night", r"[大后]?半夜|夜里头?|夜间|大?晚上|深夜|睡觉时?间?|天黑|下班后?"),
    ("noon", r"午休|午睡|中午|晌午"),
    (
        "no",
        r"别一?条条|别|甭|不要|不用|不许|不准|莫|勿|免|少|不再|(?<!行)不(?![行成是])|消停|安静|清静|歇|暂?停|关|闭|撂|打住",
    ),
    (
        "again",
        r"恢复|打开|开开|开启|开通|重新|接着|继续|照旧|照常|照样|如常|弄开|回来|还是要|又要|又想|启用|续上|放开|开",
    ),
    (
        "send",
        r"发送?|推送?|提醒|通知|消息|信息|响|震|吵|烦|[打勿]?扰|骚扰|来(?:信|消息)|动静|手机|收|叫|喊|弹",
    ),
)
_WORD = re.compile("|".join(f"(?P<{name}>{words})" for name, words in _WORDS))
_SPEECH = re.compile(
    # 改成
    r"改成|改为|换成|调成|形式|就够|够(?!不够|吗|么)|"
    # 早点、现在、后悔了
    r"算了|还是|早点|早些|提前|现在|立马|马上|反悔了?|后悔了?|"
    # 我、想要
    r"给我|帮我|我们?|咱|把|想|要|"
    # 语气词
    r"吧|了|啊|呀|呗|哈|嘛|"
    # 行不行、好不好
    r"得了|行不行|行不|行吗|行|成不|成|中不|就中|中|好不好|好吗|好|"
    # 能、请
    r"可以|能不能|能|请|麻烦|整|儿|"
    # 单个的字
    r"先|再|也|都|又|的|往|这|那|一下|会儿?|点|得|吗|么|不|里|上|起来|下|到|来|给|弄|这么|那么|老|"
    r"总"
)
_LONGEST_TEXT = 16
_TEXTS_KEPT = 5_000
WAYS = {
    "weekly": "每周汇总",
    "daily": "每天汇总",
    "weekends": "周末别发",
    "night": "晚上别发",
    "resume": "恢复推送",
    "deadlines": "只要截止提醒",
    "stop": "停止推送",
}
"""What can be meant, and the button texts that say it."""
OPEN = "少发一点"
"""Button texts after which the possible settings are offered."""
_WHEN_OPEN = re.compile(r"开了?(?:就|再)?(?:提醒|通知|喊|叫|告诉)")
"""The writer waits for an application to open (开了提醒我)."""
_STOPPED = re.compile(r"(?:别|甭|不要|不用|不再|不)(?:再|给我|老|一直)*(?:停|关)")


def _said_in_single_words(text: str) -> str:
    """Return the button text that a message means (每周汇总, 恢复推送); "" if it says anything else."""
    plain = squeeze(text)
    said = kinds_said(plain) if 2 < len(plain) <= _LONGEST_TEXT else None
    if not said:
        return ""
    if "together" in said or ("once" in said and said & {"week", "day"}):
        return WAYS["weekly"] if "week" in said else WAYS["daily"] if "day" in said else OPEN
    if {"once", "span", "send"} <= said:  # 一个月发一次: no such rhythm
        return OPEN
    if _WHEN_OPEN.search(plain):
        return ""
    if _STOPPED.search(plain) or ("again" in said and "no" not in said):
        return WAYS["resume"]
    if "only" in said and "deadline" in said:
        return WAYS["deadlines"]
    if "no" in said and not said & {"again", "deadline"}:
        return _fewer(said, plain)
    return ""


said_in_single_words: Callable[[str], str] = cache_by_text(_said_in_single_words, _TEXTS_KEPT)


def _fewer(said: frozenset[str], plain: str) -> str:
    if "weekend" in said:
        return WAYS["weekends"]
    if "night" in said:
        return WAYS["night"]
    if (span := _span(plain)) and said & {"send", "span", "week", "day"}:
        return f"暂停{span}"
    return OPEN if "send" in said else ""


def _span(plain: str) -> str:
    found = re.search(rf"(?P<number>{_N})个?(?P<unit>月|星期|礼拜|周|天)", plain)
    if found is None:
        return ""
    number = {"俩": "两", "仨": "三", "几": ""}.get(found["number"], found["number"])
    return f"{number}{'' if found['unit'] == '天' else '个'}{found['unit']}" if number else ""


def kinds_said(plain: str) -> frozenset[str] | None:
    """Return the kinds of words of a message without marks; None if any word is of no kind."""
    said: set[str] = set()
    at = 0
    while at < len(plain):
        found = _WORD.match(plain, at) or _SPEECH.match(plain, at)
        if found is None:
            return None
        if found.re is _WORD:
            said.add(found.lastgroup or "")
        at = found.end()
    return frozenset(said)
