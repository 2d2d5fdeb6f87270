"""Reads numbers of clauses that a message joins and asks something of together (27和28是一个部门管吗). Pure."""

import re
from collections.abc import Container

from policies.numbers.numerals import as_integer

_N = r"(?:\d{1,3}|[二三四五六七八九]?十[一二三四五六七八九]?)"
_ONE = rf"(?:第\s?)?{_N}(?:条|号)?"
_JOIN = r"(?:\s*(?:、|,|，|/|和|跟|与|同|及|还有|vs)\s*|\s+)"
_BEFORE = r"(?:那么?|还有|看看?|看一?下|对比|比较|比一?比|一?下|把|请问|说说|问下?|想问|麻烦|咱|我|的)*"
_AFTER = (
    r"(?="
    r"\s*(?:这|那)?(?:[两三几]|俩|仨)?(?:条|个|者)?(?:政策|条款)?[，,？?：:\s]*"
    r"(?:"
    r"是|都|也|呢|有|哪|谁|比|对比|相比|相差|差|区别|不同|啥|什么|一样|同一|一个|一回|"
    r"分别|各|归|由|的|讲|写|说|怎|能不能|电话|材料|$"
    r")"
    r")"
)
_JOINED = re.compile(rf"^\s*{_BEFORE}(?P<numbers>{_ONE}(?:{_JOIN}{_ONE}){{1,3}}){_AFTER}")
_OF_BOTH = re.compile(
    # 是不是同一个
    r"(?:是|同)?(?:同一|一)个?(?:部门|局|单位|地方|文件|口子|政策|东西|意思|人)|一样|一回事|"
    r"一码事|重复|"
    # 区别、差多少
    r"区别|不同|差别|差异|差多少|差在|相差|哪(?:一?[条个]|家|边)|"
    # 谁、分别、这两条
    r"谁|分别|各[自是给补归有]|[两]条|[这那](?:[两三几]|俩|仨)|"
    # 对比
    r"对比|比一?比|比较|都?归|"
    # 问哪一项
    r"电话|材料|依据|文号|条件|部门"
)
"""What is asked of clauses together. Numbers of anything else (30和50的公司) are seldom asked so."""
_SAYS_CLAUSE = re.compile(r"第\s?\d|条|号")
_NUMBER = re.compile(_N)
_JOINS = re.compile(r"[、,，/和跟与同及 ]|还有|vs")


def in_full(text: str, known: Container[int | None]) -> str:
    """Write joined numbers of clauses in full (27和28 becomes 第27条第28条). Any other text stays as it is.

    Args:
        text: the message, normalised.
        known: the numbers that clauses have. Numbers without a clause are something else (800和900哪个划算).
    """
    if not _JOINS.search(text) or (found := _JOINED.match(text)) is None:
        return text
    typed, rest = found["numbers"], text[found.end() :]
    numbers = [as_integer(numeral) for numeral in _NUMBER.findall(typed)]
    if None in numbers or any(number not in known for number in numbers):
        return text
    if not (_SAYS_CLAUSE.search(typed) or _OF_BOTH.search(rest)):
        return text
    written = "".join(f"第{number}条" for number in numbers)
    return f"{text[: found.start('numbers')]}{written}{rest}"
