"""Reads the departments that a clause names as responsible, as printed. Pure."""

import re
from collections.abc import Collection, Iterator

_OPENING, _CLOSING = "（(〔【［[", "）)〕】］]"
_ROLE = r"(?:责任|牵头|主管|实施|落实|配合|参与|承办|负责|协办|协同|主办|执行|经办|兑现)"
_LABEL = re.compile(
    rf"{_ROLE}(?:责任)?(?:单位|部门|主体|科室|处室|机构)\s*+(?:及电话)?(?:为|是)?(?:[:：]|[】\]］〕][:：]?|(?<=为))|(?:牵头|配合|主办|协办)[:：]"
)
"""责任单位：, 【责任单位】, 责任部门为, 牵头：."""
_DOES_IT = re.compile(
    r"(?:\A|[。；;，,])(?:[^。；;，,]{0,14}?由)?([^。；;，,]{2,80}?)(?:具体|牵头|分别|共同|按照?(?:各自)?职责(?:分工)?)*"
    r"(?:(?:负责|承办)(?:实施|落实|组织实施|办理|兑现|审核|承办|推进)?|组织实施|组织落实)[。；;]?\Z"
)
"""具体工作由县文旅局会同县金融办负责。 at the end of a clause; who only interprets it (负责解释) is not responsible."""
_WITH = re.compile(r"会同|联合(?![会社体])|商(?=[\u4e00-\u9fff]{2,12}[局委办])")
_BODY = re.compile(
    r"[\u4e00-\u9fff]{1,24}"
    r"(?:"
    r"局|委|办|部|中心|联|协|会|厅|院|所|处|行|公司|集团|政府|办公室|营业部|街道|税务|海关|社|"
    r"站|馆|队|组|校"
    r")|"
    r"[\u4e00-\u9fff]{2,12}局[\u4e00-\u9fff]{1,8}科"
)
_NO_BODY = re.compile(r"(?:不?含|不?包括|例?如|即|指|下同|以下|其中|详见|对|新|每)")
_TAIL = re.compile(
    r"(?:等)?(?:有关|相关)?(?:部门|单位)?(?:按照?(?:各自)?职责(?:分工)?)?(?:分别|共同|具体)?"
    r"(?:负责|牵头|配合|落实|实施|承办)(?:落实|实施)?\Z|"
    r"等(?:部门|单位)?\Z"
)
_DOES = re.compile(r"(?:按照?(?:各自)?职责(?:分工)?)?(?:分别|共同|具体)?(?:负责|牵头|配合|落实|实施|承办)\Z")
_LEAD = re.compile(r"(?:由|以上|本条|本项|上述)(?:政策|事项|条款)?(?:由)?|由")
_END = re.compile(r"[\s。.；;：:]*+\Z")
_FIELD_END = re.compile(r"[。；;\n【]|\s(?=[\u4e00-\u9fff]{2,8}[:：])")
_NO_NAME = re.compile(r"\d|电话|联系人|邮箱|地址")
_WITH_PHONE = re.compile(r"[（(〔][^（）()〔〕]{0,12}\d{5,}[^（）()〔〕]{0,12}[)）〕]")
_PHONE = re.compile(r"(?:电话)?[:：]?(?:0\d{2,3}[-—]?)?\d{7,8}\Z|(?:电话)?[:：]?1\d{10}\Z")
_OFFICE = re.compile(r"^[\u4e00-\u9fff]{1,12}(?:局|委|办|厅|委员会|办公室|管委会)\Z")
_NUMBER = re.compile(r"^[（(]?[\d一二三四五六七八九十]{1,4}[)）]?[、.．\s]*")
_MAX_GROUP = 300
_TAIL_LENGTH = 400


def departments_in(text: str, known: Collection[str] = ()) -> tuple[str, ...]:
    """Return the departments in the bracket that ends a clause, in brackets with a label, after 责任单位：, in 由…负责。

    Args:
        text: the clause.
        known: printed names in the directory of departments; other names are told by how they end.
    """
    found: list[str] = []
    for _, end, inside in _groups(text):
        if _LABEL.match(inside.strip()):
            found += names_in(inside)
        elif _END.match(text, end) or _TAIL.search(inside):
            names = names_in(inside)
            if names and all(name in known or _is_body(name) for name in names):
                found += names
    return tuple(dict.fromkeys(found or _of_fields(text) or _of_sentence(text) or _who_does_it(text, known)))


def names_in(words: str) -> tuple[str, ...]:
    """Return the names in a list: 市国资委；配合单位：市发展改革委. 各区、县（市）政府 is one name."""
    words = _WITH.sub("、", _LABEL.sub("、", words))
    names: list[str] = []
    waiting = ""
    for piece in _pieces(words):
        whole = _PHONE.sub("", _WITH_PHONE.sub("", re.sub(r"\s+", "", piece)))
        name = _LEAD.sub("", _TAIL.sub("", whole), count=1)
        name = _TAIL.sub("", name)
        if name == "各":  # 各有关部门配合
            name = _DOES.sub("", whole)
        if waiting:
            name, waiting = f"{waiting}、{name}", ""
        if re.fullmatch(r"各[区县市镇]", name):
            waiting = name
        elif name and not _NO_NAME.search(name):
            names.append(name)
    return tuple(dict.fromkeys([*names, waiting] if waiting else names))


def led_by(heading: str) -> tuple[str, ...]:
    """Return the departments that a heading names for all clauses below it: 一、强化科技创新（区科技局牵头）."""
    found: list[str] = []
    title = _NUMBER.sub("", heading)
    if _OFFICE.search(title):  # 一、区科技局
        return (title,)
    for _, _, inside in _groups(heading):
        if _LABEL.match(inside) or _TAIL.search(inside):
            found += [name for name in names_in(inside) if _is_body(name)]
    return tuple(dict.fromkeys(found))


def responsible_end(text: str) -> int:
    """Return where the final bracket with the departments begins; the length of the text if there is none."""
    before = max(0, len(text) - _TAIL_LENGTH)
    for start, end, _ in _groups(text[before:]):
        if _END.match(text, before + end) and departments_in(text[before + start : before + end]):
            return before + start
    return len(text)


def _is_body(name: str) -> bool:
    if _NO_BODY.match(name):
        return False
    return bool(
        _BODY.fullmatch(re.sub(r"[（(〔].{0,20}?[)）〕]", "", name))
        or re.fullmatch(r"各.{0,12}(?:政府|街道|镇街|乡镇|镇|区县|县区|部门|管委会)", name)
    )


def _groups(text: str) -> Iterator[tuple[int, int, str]]:
    """Yield each outermost bracket: where it begins, where it ends, and what is inside."""
    depth, start = 0, 0
    for at, character in enumerate(text):
        if character in _OPENING:
            if depth == 0:
                start = at
            depth += 1
        elif character in _CLOSING and depth:
            depth -= 1
            if depth == 0 and at - start <= _MAX_GROUP:
                yield start, at + 1, text[start + 1 : at]


def _pieces(words: str) -> Iterator[str]:
    """Yield the words between the marks 、 ， ； outside brackets."""
    depth, start = 0, 0
    for at, character in enumerate(words):
        if character in _OPENING:
            depth += 1
        elif character in _CLOSING:
            depth = max(0, depth - 1)
        elif depth == 0 and character in "、，,;；/\n":
            yield words[start:at]
            start = at + 1
    yield words[start:]


def _of_sentence(text: str) -> list[str]:
    """Return the names in the bracket at the end of a sentence, if the clause goes on after it."""
    found: list[str] = []
    for start, end, inside in _groups(text):
        names = names_in(inside)
        ends_sentence = text[end : end + 1] in {"。", "；"} or text[:start].endswith(("。", "；"))
        if ends_sentence and names and all(_OFFICE.search(name) for name in names):
            found = list(names)
    return found


def _who_does_it(text: str, known: Collection[str]) -> tuple[str, ...]:
    """Return names in the sentence that ends a clause: 由县商务局牵头负责。"""
    said = _DOES_IT.search(text)
    names = names_in(said[1]) if said else ()
    return names if all(name in known or _is_body(name) for name in names) else ()


def _of_fields(text: str) -> list[str]:
    """Return names after a 责任单位： outside brackets."""
    found: list[str] = []
    for label in _LABEL.finditer(text):
        most = label.end() + _MAX_GROUP
        end = _FIELD_END.search(text, label.end(), most)
        found += names_in(text[label.end() : end.start() if end else most])
    return found
