"""Validation of 统一社会信用代码 (GB 32100-2015): is a code valid, and if not, which part is wrong?

The check character makes the sum of the characters' values, with weights 3^(i-1), zero modulo 31. 31 is prime and
3 is a primitive root of it. So the check finds every change of one character, and every swap of two different
neighbours.
"""

import re
import unicodedata
from dataclasses import dataclass

ALPHABET = "0123456789ABCDEFGHJKLMNPQRTUWXY"
LENGTH = 18
_VALUES = {character: value for value, character in enumerate(ALPHABET)}
_WEIGHTS = (*(pow(3, place, 31) for place in range(LENGTH - 1)), 1)
_BETWEEN = re.compile(r"[\s\-–—_·.]+")
_LOOKS_LIKE = {"I": "1", "O": "0", "Z": "2", "S": "5", "V": "U"}

# Codes of registering departments in the standard and its amendments. The list grows, so it is only used to explain.
_DEPARTMENTS = "123456789ANY"
# 10 (the centre), the provinces of GB/T 2260, 66 (新疆生产建设兵团).
_PROVINCES = frozenset(
    str(number)
    for decade in (range(10, 16), range(21, 24), range(31, 38), range(41, 47), range(50, 55), range(61, 67))
    for number in decade
) | {"71", "81", "82"}


@dataclass(frozen=True, slots=True)
class CodePart:
    """A part of the code: its name, its first and its last position, from 1."""

    name: str
    first: int
    last: int

    @property
    def where(self) -> str:
        """The part in Chinese: 第 3–8 位（登记管理机关行政区划码）."""
        positions = str(self.first) if self.first == self.last else f"{self.first}–{self.last}"
        return f"第 {positions} 位（{self.name}）"


DEPARTMENT = CodePart("登记管理部门代码", 1, 1)
KIND = CodePart("机构类别代码", 2, 2)
REGION = CodePart("登记管理机关行政区划码", 3, 8)
BODY = CodePart("主体标识码", 9, 17)
CHECK = CodePart("校验码", 18, 18)
PARTS = (DEPARTMENT, KIND, REGION, BODY, CHECK)


class CreditCodeError(ValueError):
    """The code is not valid. `part` is the part that is most likely wrong; `sentence` says so in Chinese."""

    def __init__(self, part: CodePart | None, sentence: str) -> None:
        super().__init__(sentence)
        self.part = part
        self.sentence = sentence


def check(typed: str) -> str:
    """Return the code in its standard form: 18 characters without spaces, upper case.

    Raises:
        CreditCodeError: the code is not valid.
    """
    code = _BETWEEN.sub("", unicodedata.normalize("NFKC", typed)).upper()
    if len(code) != LENGTH:
        raise CreditCodeError(None, f"统一社会信用代码应为 18 位，您输入的是 {len(code)} 位。")
    if not (_VALUES.keys() >= set(code) and code[2:8].isdecimal()):
        raise _wrong_character(code)
    if sum(_VALUES[character] * weight for character, weight in zip(code, _WEIGHTS, strict=True)) % 31:
        raise _wrong_sum(code)
    return code


def _wrong_character(code: str) -> CreditCodeError:
    position, character = next(
        (position, character)
        for position, character in enumerate(code, 1)
        if character not in _VALUES or (REGION.first <= position <= REGION.last and character.isalpha())
    )
    part = next(part for part in PARTS if part.first <= position <= part.last)
    if character not in _VALUES:
        meant = _LOOKS_LIKE.get(character)
        hint = (
            f"代码中不使用字母 I、O、S、V、Z，是否应为“{meant}”？"
            if meant
            else "代码只由数字和大写字母组成。"
        )
        return CreditCodeError(part, f"{part.where}中的第 {position} 位“{character}”不对：{hint}")
    return CreditCodeError(part, f"{part.where}应全为数字，第 {position} 位是“{character}”。")


def _wrong_sum(code: str) -> CreditCodeError:
    """Return the error for a wrong checksum. The rules of the other parts show where the fault most likely is."""
    if code[0] not in _DEPARTMENTS:
        part = DEPARTMENT
    elif code[2:4] not in _PROVINCES:
        part = REGION
    elif _organisation_check(code[8:16]) != code[16]:
        part = BODY
    else:
        return CreditCodeError(
            CHECK,
            f"校验未通过：{BODY.where}自身无误，请核对第 1–8 位，以及{CHECK.where}。",
        )
    return CreditCodeError(part, f"校验未通过，请核对{part.where}。")


def _organisation_check(body: str) -> str:
    """Return the check character of an organisation code, position 17 (GB 11714-1997)."""
    weights = (3, 7, 9, 10, 5, 8, 4, 2)
    rest = -sum(int(character, 36) * weight for character, weight in zip(body, weights, strict=True)) % 11
    return "X" if rest == 10 else str(rest)
