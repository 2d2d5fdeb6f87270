"""What a document is called: its title without what surrounds it, and a short name that fits on a phone. Pure."""

import re

LONGEST_NAME = 20
"""Characters of a short name that a person enters."""
_LONG = 16
"""Longer titles get a shorter name: before a clause's number they take a line of a phone by themselves."""
_SHORTEST_NAME = 5
_BEGINNING, _END = 10, 9
"""How many characters of a title stay if no shorter name can be made: its subject and its kind."""
_TRIAL = re.compile(r"（[^（）]{1,6}）$")
_WHERE = re.compile(
    r"^(?:[^省市区县的]{2,6}?(?:省|自治区|市|新区|开发区|高新区|区|县)){1,3}"
    r"(?:人民政府|管委会|管理委员会)?(?:关于)?(?:印发|发布)?(?=.{5})"
)
_NOTICE = re.compile(r".{0,40}?关于(?:印发|发布|公布)[《〈]?(.{2,}?)[》〉]?的(?:通知|公告|决定)")
_ISSUED = re.compile(r".{2,30}?(?:人民政府|委员会|管委会|办公室|工作局)(关于.+)")
_AIM = re.compile(
    r".{0,30}?(?:关于)?(?:进一步|大力|全力|积极|加快|加力)*"
    r"(?:促进|支持(?!政策|措施)|鼓励|扶持|推动|推进|培育|加快)(?P<subject>.+)"
)
_GROWTH = re.compile(r"(?:高质量|创新|健康|集聚|融合|快速|跨越){0,6}发展(?:的)?(?=.)|的(?=若干)")


def short_title(title: str) -> str:
    """Return a document's title without the notice around it and who issued it: 某市关于印发《若干措施》的通知 → 若干措施."""
    found = _NOTICE.fullmatch(title) or _ISSUED.fullmatch(title)
    return found[1] if found else title


def short_name(title: str) -> str:
    """Return a long title by its subject and its kind alone: 某区关于促进现代服务业高质量发展的若干措施 → 现代服务业若干措施."""
    whole = short_title(title)
    if len(whole) <= _LONG:
        return whole
    aim = _AIM.fullmatch(whole)
    name = _GROWTH.sub("", aim["subject"]) if aim else _WHERE.sub("", whole)
    return cut_name(name if len(name) >= _SHORTEST_NAME else whole)


def cut_name(name: str) -> str:
    """Return a name that fits before a clause's number; of a longer one its beginning and its end, which hold
    subject and kind.
    """
    if len(name) <= LONGEST_NAME:
        return name
    name = _TRIAL.sub("", name)
    return name if len(name) <= LONGEST_NAME else f"{name[:_BEGINNING]}…{name[-_END:]}"
