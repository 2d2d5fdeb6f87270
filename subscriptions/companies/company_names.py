"""Validation of company names that people type."""

import re
import unicodedata

MAX_LENGTH = 100
_CONTROL = re.compile(r"[\x00-\x1f\x7f\u200b-\u200f\u2028-\u202e\u2066-\u2069\ufeff]")


class CompanyNameError(ValueError):
    """The text is not a valid name. `sentence` says in Chinese what to type."""

    def __init__(self, sentence: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence


def check_name(typed: str) -> str:
    """Return the name in NFKC form (full-width brackets become half-width), without control characters and extra spaces.

    Raises:
        CompanyNameError: the name is too short or too long, or has no letter.
    """
    name = " ".join(_CONTROL.sub(" ", unicodedata.normalize("NFKC", typed)).split())
    if not 2 <= len(name) <= MAX_LENGTH:
        raise CompanyNameError(f"企业名称请写 2 到 {MAX_LENGTH} 个字。")
    if not any(character.isalpha() for character in name):
        raise CompanyNameError("企业名称里应有文字。")
    return name
