"""Reads which fact is asked from single words, if no wording of `facts` fits (具体数呢, 要什么证, 几号截). Pure.

The message counts only if every word is one of these or is filler. Any other word names a subject.
"""

import re

from handlers.clause_facts.facts import Fact

_ROOTS: tuple[tuple[Fact, str, str], ...] = (
    (
        Fact.PAYOUT,
        r"批下来|批|到手|到账|下来|打款|拨|审完|审|久|长|时间|时|月|天",
        r"多久|多长|几天|几个月|时候|啥时|快|慢|时间",
    ),
    (
        Fact.TIME,
        r"截|收摊|关门|停报|开报|结束|到期|时候|几号|日子|剩",
        r"几|啥|什么|哪|多|快|还|没|吗|了",
    ),
    (
        Fact.TIME,
        r"截|开始|开|到期|时候|日子|关口|月份?|往年|每年|年年|赶趟|来得及|才|又|批|期|轮|期限|当口|节点",
        r"几[月号]|啥时|时候|日子|哪[天月]|往年|每年|赶趟|节点|关口",
    ),
    (
        Fact.VALIDITY,
        r"管用|顶用|好使|用|算数|作数|有效|执行|实行|废止?|作废|过期|失效|停用?|时效|效|期",
        r"还.{0,3}(?:用|使|执行|作数|算数)|(?:现在|今年|眼下|目前).{0,2}(?:能|可以)?用",
    ),
    (
        Fact.USE,
        r"花销|花费|花|用途|用|干嘛|干|使|钱|款|资金|专款|拿到?手?|准|方面|途|限定|规定|法|上头|头|往",
        r"花|用|干[嘛啥什]",
    ),
    (
        Fact.AMOUNT,
        r"数字|数目|数|钱|款|万元?|元|额|一样多?|一个?样|样|相同|同样|档次?|层|级|省|市|国家|区|里|边|两|俩|仨|价|封顶|上限|顶格|最高"
        r"|种|分|减半|一半|翻倍|翻番|差别?|区别|敢情|合着|原来|比例|按|几成|统一|各",
        r"数|钱|款|元|额|样|价|档|封顶|上限|顶格|最高|减半|一半|翻|差|区别|比例|成|相同",
    ),
    (Fact.PHONE, r"联系|号码|打|谁", r"联系|号码|打"),
    (
        Fact.ENTRY,
        r"手机|电脑|微信|网上?|线上|线下|小程序|app|平台|现场|当面|上门|亲自|跑|一?趟|弄|办|交|填|报|搞|操作|提交|传|上|成|用|里",
        r"手机|电脑|微信|网|线[上下]|小程序|app|平台|现场|当面|亲自|上门|跑[^跑]*趟",
    ),
    (Fact.PLACE, r"办公|地方|地点|地儿|楼|窗口|大厅|递|交到", ""),
    (
        Fact.OFFICE,
        r"谁|归|管|负责|主管|局|科室|处室|衙门|单位|部门|领导|牵头|找|送|递|交|往|该|问|跟|要|去",
        r"谁|哪|归|什么|啥|衙门",
    ),
    (
        Fact.MATERIALS,
        r"证明|证件|证|单子|单据|报告|附件|手续|资料|文书|东西|带|准备|交|备|公章|盖章|章|复印件?|原件|执照|表格?|模板|样表|下载|下|份|从",
        r"要|需|带|备|交|哪|什么|啥|几份|下",
    ),
    (Fact.FIT, r"够格|够得上|格|资格|够|符合|条件|门槛|达标", ""),
    (Fact.STEPS, r"步骤|流程|办法|走|弄|搞|申|跑|操作|手续", r"怎么|咋|如何|怎样|哪|啥|什么"),
)
"""A fact, its words, and words of which the message must have one ("": not needed)."""
_PATTERNS = tuple((fact, re.compile(words), re.compile(beside)) for fact, words, beside in _ROOTS)
LONGEST_BY_ROOTS = 14
"""Longest compact message that is read by single words."""
_LEFT = re.compile(r"[^\W_]")
_YOU, _MONEY = re.compile(r"[你您]"), re.compile(r"[钱款资]")
_SUM = re.compile(r"(?:\d|[一二两三四五六七八九十百千])[多来]?个?[万亿元块]")
_ASKS = re.compile(r"[哪啥吗么]|什么|怎|能|可以|只|必须|不")


def facts_by_roots(left: str, plain: str) -> tuple[Fact, ...]:
    """Return the fact that is asked. Return () if another word is left, or if no fact explains all words.

    Args:
        left: the message without words of speech and without what has been read of it.
        plain: the compact message.
    """
    if len(plain) > LONGEST_BY_ROOTS:
        return ()
    for fact, words, beside in _PATTERNS:
        if beside.search(plain) and words.search(left) and not _LEFT.search(words.sub("", left)):
            return () if _asks_nothing_of(fact, plain) else (fact,)
    return ()


def _asks_nothing_of(fact: Fact, plain: str) -> bool:
    """Whether 干嘛 and 用 ask about the bot (你能干嘛), not about money, or 花 says what was spent (花了500万)."""
    if fact is not Fact.USE:
        return False
    *before, behind_you = _YOU.split(plain)
    of_the_bot = bool(before) and not _MONEY.search(behind_you)
    return of_the_bot or (_SUM.search(plain) is not None and not _ASKS.search(plain))


_SIGNS: tuple[tuple[Fact, str], ...] = (
    (Fact.PAYOUT, r"给钱|发钱|到手|打款|到账|审完|批完|批下来"),
    (Fact.USE, r"花(?![园卉生])|用(?:在|到|途|来|去|处)|干[嘛啥什]|去处|往哪使|专款"),
    (Fact.ENTRY, r"手机|支付宝|微信|app|网上|线上|电脑|小程序"),
    (Fact.OFFICE, r"哪个口|对接|谁管|归谁|哪家管|衙门|哪个单位"),
    (Fact.TIME, r"几月|哪天|啥时|截止|日子|赶趟"),
    (Fact.MATERIALS, r"材料|盖章|公章|证明|复印|表格|填表"),
    (Fact.AMOUNT, r"待遇|一样多|差多少|多少钱|几成|比例"),
    (Fact.CONDITIONS, r"门槛|条件|资格|资质"),
)
_SIGN_PATTERNS = tuple((fact, re.compile(words)) for fact, words in _SIGNS)


def fact_by_sign(plain: str) -> Fact | None:
    """Return the fact whose word a message has, if nothing else could read it and it names no subject.

    Args:
        plain: the compact message.
    """
    found = next((fact for fact, words in _SIGN_PATTERNS if words.search(plain)), None)
    return None if found is None or _asks_nothing_of(found, plain) else found
