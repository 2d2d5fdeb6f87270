"""Words beside the clauses: notes, attachments, whom to ask, closing words and signatures. Pure."""

import re
from collections import Counter
from collections.abc import Sequence

from policies.importing.document.blocks import Block, DocumentLine
from policies.importing.document.numbering import Marker, Scheme
from policies.importing.structure.nodes import Node

_DATE = r"(?:19|20)\d\d\s*+年\s*+\d{1,2}\s*+月(?:\s*+\d{1,2}\s*+日)?"
_OF_THIS = (
    r"本(?:若干|暂行|实施|试行|管理|扶持|奖励|专项|政策)*"
    r"(?:"
    r"措施|政策|办法|意见|规定|规程|操作规程|细则|清单|通知|汇编|摘编|方案|举措|条款|文件|"
    r"计划|指南|手册|目录|明白纸|规则|条例"
    r")"
)
_ASIDES = (
    (
        "note",
        re.compile(
            r"[*＊※]?\s{0,2}+[（(【]?"
            r"(?:备\s?注|注释|注|说明|特别说明|备注说明|(?:温馨|友情|特别|重要)提[示醒])\s{0,2}+"
            r"\d{0,2}[:：】]"
        ),
    ),
    (
        "attachment",
        re.compile(
            r"附\s{0,3}(?:件|表|录)(?:\s*+[\dA-Za-z一二三四五六七八九十]{1,3})?\s*+(?:[:：.．、]|\Z|《)|附[:：]"
            r"|附\s{0,3}(?:件|表|录)(?:\s*+[\dA-Za-z一二三四五六七八九十]{1,3}|\s)\s*+[^。；;，,：:]{2,30}\Z"
        ),
    ),
    (
        "contact",
        re.compile(
            r"有关涉密|(?:政策|业务)?(?:咨询|联系|服务|监督|受理|办理|举报)(?:电话|方式|人|部门|单位|地址|热线|邮箱)\s*+[:：]"
        ),
    ),
    (
        "closing",
        re.compile(
            rf"{_OF_THIS}[^，。]{{0,12}}(?:自|由|有效期|未尽|所称|与)|(?:以上|上述)(?:各条|各项|政策|措施)|特此(?:通知|公告|公示)"
            r"|自(?:20\d\d年|发布|印发|公布|下发)[^。，]{0,16}起(?:施行|执行|实施|生效)|(?:具体|最终)?(?:解释(?:权|工作)|由[^，。]{2,24}负责解释)"
            r"|未尽事宜|有效期(?:[至为限自]|\d|[一二三四五])|(?:各[^，。]{1,16})?(?:可)?参照(?:本|以上|上述)[^，。]{0,16}执行"
            r"|[（(]此件|[（(]?公开发布|抄送|主送|(?:此前|原有?)[^，。]{0,30}(?:废止|不一致|为准)"
            r"|[^。]{2,30}印发\Z"
        ),
    ),
    ("signature", re.compile(rf"{_DATE}(?:\s*+印发)?\Z")),
)
_CLOSING_HEADING = re.compile(
    r"附\s{0,4}则|其\s{0,4}[他它](?:事项)?|有关事项|保障措施|组织(?:保障|实施|领导)|工作要求|解释与施行"
)
_DOCUMENT = re.compile(
    r"(?:措施|政策|意见|办法|清单|规定|规程|细则|方案|指南|举措|条例)(?:[（(].{1,16}[)）])?\Z"
)
_MEASURES = re.compile(r"(?:措施|政策|办法|意见|举措|条例|规定)(?:[（(].{1,16}[)）])?\Z")
_MAX_TITLE = 60
_OF_A_FIELD = re.compile(r"责任|牵头|主管|配合|受理|单位|部门|科室|电话|时间|期限|地点")
_RESPONSIBLE = re.compile(r"(?:责任|牵头|主管|负责|承办|实施|办理|受理)(?:单位|部门|科室|处室)")
_SHORT_FIELD = 24
_FEWEST_FIELDS = 2
_MAX_GAP = 5
_LIST_IN_LINE = re.compile(r"[:：]\s{0,3}1\s{0,2}[.．、]")
_FIELD = re.compile(r"(?:[【\[［〔]\s*+)?([\u4e00-\u9fff]{2,8}+)(?:\s*+[:：]|\s*+[】\]］〕])")
"""支持对象： and 【支持对象】."""
_ISSUER = re.compile(r"[^，。；：:\d]{1,40}(?:政府|局|委员会|委|办公室|办|中心|部|厅|会|公司)\Z")


def goes_on_list(aside: Node, marker: Marker) -> bool:
    """Whether a number continues a list that began in the first line of a note or attachment (注：1.…). A clause is longer."""
    if marker.scheme != Scheme.DOT or not _LIST_IN_LINE.search(aside.title):
        return False
    before = sum(bool(re.match(r"\d{1,3}[.．、]", line.text)) for line in aside.own)
    expected = marker.number == before + 2
    return expected and (aside.aside == "attachment" or len(marker.rest) <= len(aside.title) * 1.5)


def goes_on_later(aside: Node, last: Marker, marker: Marker) -> bool:
    """Whether the row of clauses goes on after words beside them with a number missing (7., a note, 9.)."""
    if aside.aside == "attachment" or marker.bare or marker.scheme > Scheme.DOT:
        return False
    return last.number + 1 < marker.number <= last.number + _MAX_GAP


def repeated_fields(blocks: Sequence[Block]) -> frozenset[str]:
    """Return names of fields (支持对象：, 咨询电话：) that stand at the beginning of several lines."""
    counts = Counter(
        match[1]
        for block in blocks
        if isinstance(block, DocumentLine) and (match := _FIELD.match(block.text))
    )
    repeated = frozenset(name for name, count in counts.items() if count > 1)
    return repeated if len(repeated) > 1 else frozenset()


def field_cards(blocks: Sequence[Block]) -> dict[int, int]:
    """Return where each title with fields below it begins (支持对象：…, 支持标准：…), and where its fields end."""
    repeated = repeated_fields(blocks)
    found: dict[int, int] = {}
    at = 0
    while at < len(blocks):
        end = at + 1
        while end < len(blocks) and _is_field(blocks[end], repeated):
            end += 1
        title = blocks[at]
        if end - at > _FEWEST_FIELDS and isinstance(title, DocumentLine) and not _is_field(title, repeated):
            found[at] = end
        at = end
    return found


def _is_field(block: Block, repeated: frozenset[str]) -> bool:
    name = _FIELD.match(block.text) if isinstance(block, DocumentLine) else None
    return name is not None and name[1] in repeated


def is_closing_heading(text: str) -> bool:
    """Whether a heading without a number stands over the closing part of a document: 附则."""
    return bool(_CLOSING_HEADING.fullmatch(text))


def is_document_title(text: str) -> bool:
    """Whether a text is the title of another document in the same file."""
    return bool(_DOCUMENT.search(text)) and len(text) <= _MAX_TITLE


def may_begin_document(aside: Node) -> bool:
    """Whether another document may begin after words beside the clauses; after 附件 only under a title of measures, which grant
    something, unlike a guide or a form.
    """
    title = aside.parts[-1].text if aside.parts and isinstance(aside.parts[-1], DocumentLine) else ""
    return aside.aside != "attachment" or bool(_MEASURES.search(title) and len(title) <= _MAX_TITLE)


def is_whole_field(text: str, repeated: frozenset[str]) -> bool:
    """Whether a line is a field by itself (责任科室：区商务局), which ends without a full stop.

    Args:
        text: the line.
        repeated: fields that stand in several clauses (see `repeated_fields`).
    """
    field_name = _FIELD.match(text)
    if field_name is None:
        return False
    if _RESPONSIBLE.fullmatch(field_name[1]):
        return True
    return field_name[1] in repeated and (
        len(text) <= _SHORT_FIELD or bool(_OF_A_FIELD.search(field_name[1]))
    )


def kind_of_aside(line: DocumentLine, after: Block | None, repeated: frozenset[str]) -> str:
    """Return which kind of text outside the clauses begins here (note, attachment, contact, closing, signature).

    Args:
        line: a complete line.
        after: what follows it.
        repeated: fields of several clauses (see `repeated_fields`). A line with one of these belongs to a clause.

    Returns:
        "" if the line begins no such text.
    """
    field_name = _FIELD.match(line.text)
    if field_name and field_name[1] in repeated:
        return ""
    for kind, pattern in _ASIDES:
        if pattern.match(line.text):
            return kind
    signed = isinstance(after, DocumentLine) and _ASIDES[-1][1].match(after.text)
    return "signature" if signed and _ISSUER.match(line.text) else ""
