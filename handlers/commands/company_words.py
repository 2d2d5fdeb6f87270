"""Reads a company's name and credit code from a message, together or one of them. Pure."""

import re
from dataclasses import dataclass

from subscriptions.companies.company_names import CompanyNameError, check_name
from subscriptions.companies.credit_code import CreditCodeError, check

_CODE = re.compile(r"(?<![0-9A-Za-z])[0-9A-Za-z](?:[ \-–—_]{0,2}[0-9A-Za-z]){9,24}(?![0-9A-Za-z])")
_LABEL = re.compile(
    r"^(?:(?:我们?|咱们?|俺们?|本|这边|这里)的?(?:公司|企业|单位|厂子?)?|(?:公司|企业|单位))"
    r"(?:的)?(?:全称|名称|名字)?(?:就?是|叫做?|为)[:：]?|"
    r"(?:企业|公司|单位)?(?:全称|名称|名字)(?:是|为|叫)?[:：]?|"
    r"(?:统一)?(?:社会)?信用代码(?:是|为)?[:：]?|代码(?:是|为|[:：])"
)
"""Words before a name or a code that are not part of it (我们公司叫…, 代码是…)."""
_AROUND = " \t\n,，、;；。.:：“”\"'"
_NAMED_SO = re.compile(
    r"(?:"
    r"公司|集团|厂|中心|研究院|研究所|学院|医院|大学|学校|合作社|商行|事务所|工作室|经营部|"
    r"农场|渔场|养殖场|总社|协会|商会|店"
    r")"
    r"(?:[（(].{1,20}[)）])?$"
)
_ASKS = re.compile(r"[?？]|吗$|呢$|什么|哪些|怎么|如何|多少|有没有|能不能|是否")


@dataclass(frozen=True, slots=True)
class CompanyWords:
    """What a message says about a company; "" if it does not say it.

    Attributes:
        problem: a Chinese sentence if the code or the name is not valid.
    """

    uscc: str = ""
    name: str = ""
    problem: str = ""

    @property
    def says_something(self) -> bool:
        """Whether there is a name, a code, or an invalid code."""
        return bool(self.uscc or self.name or self.problem)


def read_company(text: str, *, name_expected: bool = False) -> CompanyWords:
    """Read a credit code, valid or not, and a company's name.

    Args:
        text: 某某公司 91350100M000100Y43; 企业名称：…，信用代码：…
        name_expected: the bot asked for a name, so a text without 公司, 集团 … counts too, unless it is a question.
    """
    found = _CODE.search(text)
    uscc, problem = "", ""
    if found:
        try:
            uscc = check(found[0])
        except CreditCodeError as error:
            problem = error.sentence
        text = text[: found.start()] + " " + text[found.end() :]
    name, name_fault = _name(text, expected=name_expected or bool(found))
    return CompanyWords(uscc, name, problem or name_fault)


def _name(text: str, *, expected: bool) -> tuple[str, str]:
    labelled = _LABEL.search(text) is not None
    rest = _LABEL.sub(" ", text).strip(_AROUND)
    if not rest or _ASKS.search(rest):
        return "", ""
    if not (labelled or _NAMED_SO.search(rest) or (expected and len(rest) >= 4)):
        return "", ""
    try:
        return check_name(rest), ""
    except CompanyNameError as error:
        return "", error.sentence
