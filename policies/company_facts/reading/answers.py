"""Reads the answer to one question: a tapped or typed option, yes or no, a number, 不清楚. Pure."""

import re
import unicodedata
from dataclasses import dataclass
from decimal import Decimal

from policies.company_facts.reading.fact_reader import FactReader
from policies.matching.conditions import Value
from policies.matching.facts import CompanyFact
from policies.numbers.typed import bare_number, is_span, money_in

_AROUND = " \t\n。．.，,！!？?~～；;：:“”\"'（）()"
_UNSURE = re.compile(
    r"(?:我|还|也|都)?(?:不|没)(?:太)?(?:清楚|知道|确定|了解|好说|记得|懂|明白)(?:了|呢)?|跳过|"
    r"略过|说不准|说不好|下一题|不想说|待定|还没定|没定"
)
_NONE = frozenset(
    {
        "没有",
        "无",
        "没",
        "都没有",
        "都不是",
        "没有了",
        "以上都没有",
        "一个都没有",
        "都没",
        "0",
        "〇",
        "零",
        "没参加",
        "未",
        "都没有了",
        "全没有",
        "哪个都没有",
        "哪个都不是",
        "没有一个",
        "以上都不是",
        "都不沾",
    }
)
_ALL = frozenset(
    {
        "都有",
        "全有",
        "全都有",
        "都是",
        "全是",
        "全部",
        "全选",
        "都选",
        "以上都有",
        "以上都是",
        "都要",
        "都占",
        "全占",
    }
)
_YES = frozenset(
    {
        "是",
        "是的",
        "有",
        "对",
        "对的",
        "有的",
        "嗯",
        "是啊",
        "有啊",
        "yes",
        "y",
        "当然",
        "算",
        "属于",
        "在",
        "已经",
    }
)
_NO = frozenset(
    {
        "不是",
        "没有",
        "否",
        "不",
        "无",
        "没",
        "不算",
        "不属于",
        "不在",
        "no",
        "n",
        "还没",
        "还没有",
        "都没有",
    }
)
_BARE = frozenset({*_YES, *_NO, "嗯嗯", "好", "行", "可以", "ok", "没错", "哦", "对对"})
_SPACES = re.compile(r"\s+")
_LIST = re.compile(r"\d{1,2}(?:[\s,，、;；和与及]+\d{1,2})*")
_NO_ANSWER = re.compile(
    r"^"
    r"(?:"
    r"订阅|退订|取消|绑定|换绑|解绑|关注|查看|搜索|看看|忘[掉记了]|删|清[除空]|"
    r"(?:不要|别)再?(?:保存|记)|算一算|第\d"
    r")|"
    r"(?:删|忘|清)(?:掉|除|了|记)?$|多少|怎么|如何|什么|哪|谁|吗$|呢$|几[个家条]|条件|材料|电话|"
    r"[?？]"
)
"""Begins a command, or asks a question: no answer to ours, although it may name one of the options."""
_CORRECTS = re.compile(
    r"(?:"
    r"(?:哦|噢|啊|哎|嗯|等等)?[，,]?"
    r"(?:"
    r"不对|不是的|错了|我?(?:刚才|刚刚)?(?:说|写|搞|记|弄|打|填|点|选)错了?|更正(?:一下)?|"
    r"纠正(?:一下)?|改一下"
    r")"
    r"(?:了|啊|哈)?[，,。！!：:\s]*(?:应该|应当|其实|实际上?|准确(?:地)?说)?"
    r"(?:是|为|改成|改为)?|"
    r"不是[^，,。]{1,14}[，,](?:而|应该|应当)?是|(?:应该|应当)是|改成|改为"
    r")"
)
_BESIDE = 6
"""Characters beside an option's name in an answer (我们是企业); a longer text says something else too."""
_ONE = "这是一个范围，请给一个大概的数。"
_LEAST_PLAUSIBLE = 10_000
"""Below it, a sum without a unit may be meant in 万."""


@dataclass(frozen=True, slots=True)
class Answered:
    """The meaning of an answer.

    Attributes:
        value: the fact's value; None: the person does not know, and the question is not asked again.
        problem: a Chinese sentence if the answer cannot be taken; "" otherwise.
    """

    value: Value | None = None
    problem: str = ""


def read_answer(fact: CompanyFact, text: str, reader: FactReader) -> Answered | None:
    """Read a text as the answer to a fact's question. Return None if it is not an answer to it.

    Args:
        fact: what was asked. Its options are numbered from 1, in their order.
        text: in simplified characters and lower case; spaces between numbers count.
        reader: reads answers in other words than the options.
    """
    text = text.strip(_AROUND)
    if not text:
        return None
    if _UNSURE.fullmatch(text):
        return Answered()
    if asks_or_commands(_without_labels(fact, text)):
        return None
    if fact.type == "bool":
        found = _yes_or_no(text)
    elif fact.type in {"choice", "multi"}:
        found = _of_options(fact, text, reader)
    else:
        found = None if _is_of_another(fact, text, reader) else _number(fact, text)
    if found is not None:
        return found
    told = reader.read(_SPACES.sub("", text)).facts.get(fact.id)
    return None if told is None else Answered(told)


def says_yes_or_no(text: str) -> bool:
    """Whether a text is a bare yes or no, which answers no question for a choice or a number."""
    return text.strip(_AROUND).rstrip("的了啊呀吧哦") in _BARE


def asks_or_commands(text: str) -> bool:
    """Whether a text asks or commands something. Then it tells no fact, even if it names an option."""
    return _NO_ANSWER.search(text) is not None


def correction(text: str) -> str | None:
    """Return what a text says instead (不对，是2000万; 不是500万，是800万); "" for nothing; None if it corrects nothing."""
    text = text.strip(_AROUND)
    found = _CORRECTS.match(text)
    return None if found is None else text[found.end() :].strip(_AROUND)


def _without_labels(fact: CompanyFact, text: str) -> str:
    """Return the text without the options that it names: 新材料 is a track, and asks for no 材料."""
    for option in fact.options:
        text = text.replace(_plain_label(option.label), "")
    return text


def _yes_or_no(text: str) -> Answered | None:
    if text in {"1", *_YES}:
        return Answered(True)
    return Answered(False) if text in {"2", *_NO} else None


def _of_options(fact: CompanyFact, text: str, reader: FactReader) -> Answered | None:
    ids = [option.id for option in fact.options]
    if fact.type == "multi" and text in _ALL:
        return Answered(tuple(ids))
    if text in _NONE:
        return Answered(()) if fact.type == "multi" else Answered("none") if "none" in ids else None
    chosen = _numbered(text, len(ids))
    if chosen is not None:
        problem = f"请回复 1 到 {len(ids)} 之间的序号。"
        if not chosen or (fact.type == "choice" and len(chosen) > 1):
            return Answered(problem="这个问题只选一项。" if chosen else problem)
        values = tuple(ids[number - 1] for number in chosen)
        return Answered(values if fact.type == "multi" else values[0])
    named = [option.id for option in fact.options if _names(text, option.label)]
    if fact.type == "multi":
        told = reader.read(_SPACES.sub("", text)).facts.get(fact.id)
        named = [one for one in ids if one in named or (isinstance(told, tuple) and one in told)]
    if not named:
        return None
    return Answered(tuple(named) if fact.type == "multi" else named[0])


def _numbered(text: str, most: int) -> tuple[int, ...] | None:
    """Return the numbers of options; () if one does not exist; None if the text is not a list of numbers."""
    if not _LIST.fullmatch(text):
        return None
    numbers = tuple(dict.fromkeys(int(one) for one in re.findall(r"\d+", text)))
    return numbers if all(1 <= number <= most for number in numbers) else ()


def _names(text: str, label: str) -> bool:
    """Whether a text names an option: by its whole label, or by the label without what is in brackets."""
    label = _plain_label(label)
    short = re.sub(r"\(.*?(?:\)|$)", "", label).strip(_AROUND)
    return text in {label, short} or (len(short) > 1 and short in text and len(text) <= len(short) + _BESIDE)


def _plain_label(label: str) -> str:
    return unicodedata.normalize("NFKC", label).lower().strip(_AROUND)


def _is_of_another(fact: CompanyFact, text: str, reader: FactReader) -> bool:
    """Whether the only sum in a text is named as something else than what was asked (营收3000万元)."""
    amounts = reader.read(_SPACES.sub("", text)).amounts if fact.type == "yuan" else []
    if len(amounts) != 1 or amounts[0].fact == fact.id:
        return False
    noun, asked = amounts[0].noun, f"{fact.label} {fact.question}"
    return not any(noun[at : at + 2] in asked for at in range(max(1, len(noun) - 1)))


def _number(fact: CompanyFact, text: str) -> Answered | None:
    if text in _NONE:
        value: int | Decimal | None = 0
    else:
        value = bare_number(text.removesuffix(fact.unit) if fact.unit else text)
        if value is None:
            if is_span(text):
                return Answered(
                    problem="这是一个范围，请给一个大概的数，例如 600 万元。" if fact.type == "yuan" else _ONE
                )
            sums = list(money_in(text)) if fact.type == "yuan" else []
            value = sums[0].value if len(sums) == 1 else None
        elif fact.type == "yuan" and 0 < value < _LEAST_PLAUSIBLE and "元" not in text and "块" not in text:
            return Answered(problem=f"请带上单位，例如 {value} 万元 或 {value} 元。")
    if value is None:
        return None
    read = fact.read(value)
    return Answered(read) if read is not None else Answered(problem="这个数看起来不对，请核对后再发一次。")
