"""Finds every sum and share of a clause, and tells support from other figures (突破1亿元 is a threshold). Pure."""

import re
from dataclasses import dataclass
from decimal import Decimal

from policies.numbers.printed import money_in, scaled, shares_in

_SHORT = re.compile(
    r"(?<![\d.．])(\d{1,7}+(?:[.．]\d{1,4}+)?)\s*+([百千]?[万亿]|[wW])"
    r"(?:"
    r"元(?![化论素件结])|"
    r"(?=[、，,；;。）)（(和及或\-—~～]|至|的?(?:奖|补|资助|支持|一次性)|\Z)"
    r")"
)
_LIST_HEAD = re.compile(
    r"(?<![\d.．〔%])((?:\d{1,7}(?:[.．]\d{1,4})?(?:[、，,]|[-—~～至到])){1,6})(?=\d{1,7}(?:[.．]\d{1,4})?\s{0,3}[百千]?[万亿])"
)
_FOREIGN = re.compile(
    r"(\d{1,9}+(?:[.．]\d{1,4}+)?)\s*+([百千]?[万亿]?)\s*+(?:美元|欧元|港元|港币|日元|英镑|美金)"
)
_PER_MILLE = re.compile(r"(\d{1,4}+(?:[.．]\d{1,4}+)?)\s*+‰")
_SCALE = re.compile(r"[\d.．\s]{1,14}([百千]?[万亿])")
_PLAIN = re.compile(r"\d+(?:[.．]\d+)?")

_PHRASE = "，,。；;：:\n"
_AFTER = re.compile(
    r"\s*+(?:元)?\s*+(?:人民币)?\s*+(?:[（(]?(?:含|不含)[)）]?)?\s*+(?:及|或)?(?:以上|以下|以内|以外)|\s*+[（(](?:含|不含)[)）]"
)
_GIVES = re.compile(
    r"给予|奖励|补贴|补助|资助|奖补|贴息|返还|发放|兑现|最高|不超过|不高于|上限|封顶|至多|按照|按|"
    r"每[^，。；]{0,6}|一次性|标准为|上浮|再给|减免|降低"
)
_NEEDS_VERB = (
    r"(?:首次)?(?:突破|达到|达|迈上)|(?<!不)超过|(?<!不)超|(?<!不)高于|不低于|不少于|不足|"
    r"(?<!不)低于|(?<!不)少于|不到|未达到?|(?<!不)小于|(?<!不)大于|满足?|增长|增幅|提高|占比|前|"
    r"后|强度|新增|调整为|要求由|由"
)
_NEEDS_NOUN = (
    r"(?:收入|产值|销售额|营收|营业额|零售额|交易额|进出口额|出口额|规模|投资额?|投入|资本|外资|总额|资产|估值|纳税额?|税收"
    r"|合同额|融资额|贷款额?|费用)(?:首次|累计|合计|均)?(?:为|在|由)?"
)
_NEEDS = re.compile(f"{_NEEDS_VERB}|{_NEEDS_NOUN}")
_NEEDS_OF_SHARE = re.compile(_NEEDS_VERB)
_NEEDS_AT_END = re.compile(rf"(?:{_NEEDS_VERB}|{_NEEDS_NOUN})\s*+\Z")
_NEEDS_OF_SHARE_AT_END = re.compile(rf"(?:{_NEEDS_VERB})\s*+\Z")
# 不超过1000万元的，按… : whom a clause is for, where nothing is given before.
_FOR_WHOM = re.compile(
    r"\s{0,2}的"
    r"(?:"
    r"[，,]|企业|项目|单位|部分|机构|平台|公司|商户|园区|贷款|产品|设备|合同|订单|主体|农户|"
    r"展会|活动|人员|人才|客户|消费者"
    r")"
)
_GIVEN = re.compile(r"给予|奖励|补贴|补助|资助|奖补|贴息|返还|发放|最高|一次性|上限|封顶")
_FUND = re.compile(
    r"(?:安排|设立|统筹|筹集|预算|投放|发行|组建|整合)[^，。；]{0,20}\Z|"
    r"(?:总额|总规模|总量|资金池|基金规模|盘子|总计|累计安排)(?:度)?"
    r"(?:为|不超过|达到?|约|控制在|限定在)?\s*+\Z"
)
# Of a grant, how much is paid when: 分三年按50%、30%、20%拨付, 首年兑现50%. Whoever gets it gets the whole of it.
_PAYS = r"(?:兑现|拨付|拨款|发放|支付|预拨|划拨|拨)"
_PAYS_RIGHT_BEFORE = re.compile(
    rf"{_PAYS}(?:其|该|剩余|余下|其余|全部|应)?(?:的)?(?:奖励|补助|补贴|奖补|扶持|支持|资助)?(?:资金|金额|总额|款项?|额度|金)?的?(?:比例为)?\s*\Z"
    rf"|{_PAYS}[，,]?(?:各年度?|年度|{_PAYS}|分年度?)?的?比例(?:分别|依次)?(?:为|是|按)\s*\Z"
)
_PAYS_RIGHT_AFTER = re.compile(
    rf"(?:\s*[、,，和及:：]\s*\d{{1,3}}(?:\.\d+)?\s*[%％])*+的?(?:比例|进度)?(?:[、，,]?分[^，。；、]{{1,4}}[年期次批])?(?:逐年|分期|分批|先行|依次|分别)?"
    rf"(?:予以|进行|给予)?{_PAYS}(?!补[贴助]|奖)"
)
_INSTALMENT = re.compile(
    r"首[年期]|次年|当年|第[一二三四五1-5][年期次批]|[一二三四五两1-5][年期次批]|分期|分批|逐年|"
    r"先行|预[付拨]|剩余|余下|其余|余款|尾款|验收(?:合格|通过)?[后，,]|[年期]满后"
)
_WHOLE_GRANT = re.compile(
    r"(?:应得|核定|所获|上述|该|其)?(?:奖励|补助|补贴|奖补|扶持|支持|资助)"
    r"(?:资金|金额|总额|款|额度|金)?(?:总额)?的?\s*\Z|"
    r"资金(?:总额)?的?\s*\Z"
)
_BASE = re.compile(r"的\s*\Z|[额费价款息租金出入]\s*\Z")
_SHARES_BEFORE = re.compile(
    r"(?:\s{0,9}+\d{1,3}(?:\.\d{1,9})?\s{0,9}+[%％]\s{0,9}+[、,，和及]){1,9}+\s{0,9}+\Z"
)
_EACH = re.compile(r"给予|单个|每[家户个人]|同一|单户|企业年度|每户")
_OR = r"[、和及或]|[-—–~～至到]++|[（(]不?含(?:本数)?[)）]"
_BETWEEN = re.compile(rf"\s*(?:(?:{_OR}|[，,])\s*){{1,3}}(?:首次|累计|分别)?\s*")
_BETWEEN_WHOLE = re.compile(rf"\s*(?:(?:{_OR})\s*){{1,3}}(?:首次|累计|分别)?\s*")
"""Of a list that its last figure explains: after a comma another sum begins."""
_STEP = re.compile(
    r"每"
    r"(?:"
    r"(?:"
    r"新?增[长加]?|较?上?年?增[长加]|出口|进口|实现|完成|引进|超过?|满|多|提高|销售|投资|"
    r"缴纳|采购"
    r")"
    r"[^，,。；;给奖补资最\d]{0,8}"
    r")?"
    r"\Z"
)
_THEN_GIVES = re.compile(
    r"[^，,。；;\d]{0,6}[，,]?\s{0,2}(?:再|则|另|可|增加|追加|加)?(?:给予|奖励|补助|补贴|资助|奖)[^，,。；;\d]{0,8}\d"
)
"""每增长100万元奖励1万元, 每1美元奖励0.02元: the first figure is a step."""
_BORNE = re.compile(
    r"(?:、[^，,。；;\d]{0,12}\d{1,3}(?:\.\d+)?\s?[%％])*(?:的?比例)?(?:予以|给予|进行|共同)?"
    r"(?:由[^，,。；;\d]{1,10}?)?(?:自行)?(?:承担|分担|负担|自筹|自付)"
)
_PRICE = re.compile(r"价[^，,。；;]{0,40}\Z")
_CHARGED = re.compile(r"(?:的?标准)?(?:执行|确定|计收|收取|缴纳)")
_WINDOW = 60
_AFTER_TITLE = re.compile(r"\s(?=[对按给凡])")
"""Where the sentence begins under a title that is in the same line (骨干人才奖励 对年薪20万元以上的…)."""

INSTALMENT = "instalment"
"""Of a share: the part of a grant that is paid at one of several times."""


@dataclass(frozen=True, slots=True)
class SupportSum:
    """A figure of a clause: a sum in yuan (None in other currencies), or a share.

    Attributes:
        quote: as printed.
        why_not: what it is, if an enterprise does not get it (threshold, fund), or gets it as a part of a grant
            (instalment); "" if an enterprise may get it.
    """

    quote: str
    cny: int | None
    rate: float | None
    start: int
    end: int
    why_not: str = ""


def sums_in(text: str) -> list[SupportSum]:
    """Return every sum and share of a text, in order."""
    found: list[SupportSum] = []
    for one in sorted(_figures(text), key=lambda figure: (figure.start, -figure.end)):
        if found and one.start < found[-1].end:
            continue
        found.append(one)
    judged: list[SupportSum] = []
    for one in found:
        before = judged[-1] if judged else None
        listed = (
            before is not None and _BETWEEN.fullmatch(text[before.end : one.start]) and _alike(before, one)
        )
        why_not = before.why_not if before and listed and not _own_words(text, one) else _why_not(text, one)
        judged.append(SupportSum(one.quote, one.cny, one.rate, one.start, one.end, why_not))
    return _lists_judged_whole(text, judged)


def support_in(text: str) -> list[SupportSum]:
    """Return the sums and shares that an enterprise may get."""
    return [one for one in sums_in(text) if not one.why_not]


def _figures(text: str) -> list[SupportSum]:
    found = [SupportSum(text[m.start : m.end], m.cny, None, m.start, m.end) for m in money_in(text)]
    found += [
        SupportSum(text[s.start : s.end], None, s.rate, s.start, s.end)
        for s in shares_in(text)
        if 0 < s.rate <= 10
    ]
    for match in _SHORT.finditer(text):
        found.append(SupportSum(match[0], scaled(match[1], match[2]), None, *match.span()))
    for match in _FOREIGN.finditer(text):
        found.append(SupportSum(match[0], None, None, *match.span()))
    for match in _PER_MILLE.finditer(text):
        found.append(
            SupportSum(match[0], None, float(Decimal(match[1].replace("．", ".")) / 1000), *match.span())
        )
    return found + _shared_scales(text)


def _shared_scales(text: str) -> list[SupportSum]:
    """In 200、100、50万元 the first figures take the unit of the last."""
    found = []
    for head in _LIST_HEAD.finditer(text):
        scale = _SCALE.match(text, head.end())
        if scale is None:
            continue
        for number in _PLAIN.finditer(head[0]):
            start = head.start() + number.start()
            found.append(
                SupportSum(number[0], scaled(number[0], scale[1]), None, start, start + len(number[0]))
            )
    return found


def _alike(before: SupportSum, one: SupportSum) -> bool:
    return (before.rate is None) == (one.rate is None)


def _own_words(text: str, one: SupportSum) -> bool:
    """Whether words right at a figure tell what it is, such as 以上 after it."""
    return bool(_AFTER.match(text, one.end))


def _why_not(text: str, one: SupportSum) -> str:
    begins = max([text.rfind(mark, 0, one.start) for mark in _PHRASE]) + 1
    left = text[max(begins, one.start - _WINDOW) : one.start]
    left = _AFTER_TITLE.split(left)[-1]
    gives = [match.end() for match in _GIVES.finditer(left)]
    given = max(gives, default=-1)
    if one.rate is None and _FUND.search(left) and not _EACH.search(left):
        return "fund"
    if _AFTER.match(text, one.end) and not _given_right_before(left, given):
        return "threshold"
    if one.rate is not None and (why := _why_no_rate(text, left, one)):
        return why
    if one.rate is None and _STEP.search(left) and _THEN_GIVES.match(text, one.end):
        return "threshold"
    if one.cny is None and one.rate is None:
        return "threshold" if given < 0 else ""
    if _FOR_WHOM.match(text, one.end) and not _GIVEN.search(left[left.rfind("对") + 1 :]):
        return "threshold"
    of_share = one.rate is not None
    needs = [m for m in (_NEEDS_OF_SHARE if of_share else _NEEDS).finditer(left) if m.end() > given]
    at_end = (_NEEDS_OF_SHARE_AT_END if of_share else _NEEDS_AT_END).search(left)
    if at_end and not _given_right_before(left[: at_end.start()], given):
        return "threshold"
    if needs and needs[-1].end() == len(left.rstrip()):
        return "" if _given_right_before(left[: needs[-1].start()], given) else "threshold"
    return ""


def _why_no_rate(text: str, left: str, one: SupportSum) -> str:
    """Say what a share is that no enterprise gets: a part of a grant in time, an office's part, or a lower price."""
    if _is_instalment(text, one):
        return INSTALMENT
    if _BORNE.match(text, one.end):
        return "fund"
    return "price" if _PRICE.search(left) and _CHARGED.match(text, one.end) else ""


def _is_instalment(text: str, one: SupportSum) -> bool:
    """Whether a share says how much of a grant is paid when. A share of an enterprise's spending is not an instalment."""
    begins = max(text.rfind(mark, 0, one.start) for mark in "。；;\n") + 1
    left = text[max(begins, one.start - _WINDOW) : one.start]
    phrase = left[max(left.rfind(mark) for mark in "，,：:") + 1 :]
    if not _INSTALMENT.search(left + text[one.end : one.end + _WINDOW // 3]):
        return False
    if _PAYS_RIGHT_BEFORE.search(phrase) or _PAYS_RIGHT_BEFORE.search(left):
        return True
    first = _SHARES_BEFORE.sub("", left)
    said = first[max(first.rfind(mark) for mark in "，,：:") + 1 :]
    own_base = bool(_BASE.search(said)) and not _WHOLE_GRANT.search(said)
    return bool(_PAYS_RIGHT_AFTER.match(text, one.end)) and not own_base


def _given_right_before(left: str, given: int) -> bool:
    """Whether the words right before a figure grant it (给予不低于). With a company or project between, it is a condition."""
    if given < 0:
        return False
    between = left[given:]
    return not re.search(
        r"企业|项目|单位|机构|平台|达到|突破|(?<!不)超过|收入|产值|销售|营收|投资|增长|的", between
    )


def _lists_judged_whole(text: str, judged: list[SupportSum]) -> list[SupportSum]:
    """In 10亿元、5亿元、1亿元以上 all figures of the list are what the last one is."""
    whole = list(judged)
    for at in range(len(whole) - 2, -1, -1):
        one, after = whole[at], whole[at + 1]
        listed = _BETWEEN_WHOLE.fullmatch(text[one.end : after.start]) and _alike(one, after)
        if listed and after.why_not and not one.why_not and _own_words(text, after):
            whole[at] = SupportSum(one.quote, one.cny, one.rate, one.start, one.end, after.why_not)
    return whole
