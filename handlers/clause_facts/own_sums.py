"""Applies the rules of the clause in focus to the writer's own figure (认证花了80万, 捕了3000吨鱿鱼). Pure."""

import re

from handlers.clause_facts.calculation import figures_in, worked_out
from handlers.clause_facts.passages import held
from handlers.framework.phrases import asks_outright
from policies.library.models import Amount, Policy
from policies.search.index import PolicyIndex
from policies.search.words.normalise import compact

_LONGEST = 24
_A_WORD = 2
_ASKS_SUM = re.compile(
    r"呢|(?:能|可以|大概|一共){0,4}(?:补|给|拿|奖|领|有)?(?:多少|几万)(?:钱|万|元)?[?？]?$"
)
_OTHER = re.compile(
    r"那个|这个|那项|[那这哪]条|最[高多少低]|封顶|上限|一家|大家|分|比例|[%％档才起]|以[上下内]|"
    r"截止|够|行不|是不是|对不对|就是|等于|=|\d[月日号年]"
)
"""Beside these words a figure is the clause's own, a day, or a bound."""
_SPEECH = re.compile(
    # 我们公司
    r"我们?|咱们?|公司|企业|我厂|单位|"
    # 一共、大概
    r"一共|总共|总计|合计|大概|大约|差不多|左右|上下|来着|"
    # 年份
    r"去年|今年|明年|每年|一年|年|"
    # 如果、只有
    r"要是|如果|假如|那么?|换成|只有|只|就|才|也|都|按(?!揭)|(?<![执牌])照(?!明)|算(?![力法])|"
    # 一口气批了
    r"一口气|一下子|审定价?|获?(?<!首)批(?!次)(?:下来|下|到)?|"
    # 打算
    r"打算|准备|计划|预算|估计|"
    # 投资、购置、建造；前后的字排除“新建”“改造”一类
    r"固定资产|总投资|投资|投入|投|花|买|购置?|用|(?<!新)建|造价|(?<![改制智])造|捕|做|搞|弄|"
    # 费用
    r"款|费用?|额|总|"
    # 虚词
    r"不多|得|了|掉|过|的|呢|吧|啊|呀|哦|哟|是|有|在|为|共|个|元|块|钱|话|[，,。.！!？?\s]"
)
_VERB = re.compile(r"买|花|投|购|用|建|造|捕|打算|准备|预算|费|款")


def own_sum(policy: Policy, text: str) -> tuple[tuple[Amount, ...], tuple[str, ...]]:
    """Return the rules that fit the writer's own figure, and a line of working for each.

    Return nothing if the message says or asks something else, or names something that the clause does not have.
    """
    if len(text) > _LONGEST or _OTHER.search(text):
        return (), ()
    sums, counts = figures_in(text)
    figures = sums or counts
    if len(figures) != 1:
        return (), ()
    [figure] = figures
    said = _ASKS_SUM.sub("", f"{text[: figure.start]} {text[figure.end :]}")
    if asks_outright(said) or (_is_stated(policy, int(figure.value)) and not _VERB.search(text)):
        return (), ()
    among = _meant(policy, [word for word in _SPEECH.sub("\n", said).split("\n") if word])
    return (among, lines) if among and (lines := worked_out(policy, text, among)) else ((), ())


def of_another_kind(policy: Policy, text: str, index: PolicyIndex) -> bool:
    """Whether a figure stands beside a subject that the clause does not have (租了云上的显卡，付两百万).

    Words that name no subject at all (今年, 那一笔) leave the figure to the clause.
    """
    figures = sorted(
        (one for kind in figures_in(text) for one in kind), key=lambda one: one.start, reverse=True
    )
    for figure in figures:
        text = f"{text[: figure.start]} {text[figure.end :]}"
    words = [word for word in _SPEECH.sub("\n", text).split("\n") if len(word) >= _A_WORD]
    has = _names_in(policy)
    if any(word in has or held(word, has) for word in words):
        return False
    named = "".join(words)
    return bool(named) and index.names_a_subject(named) and policy.key not in index.decide(named).clauses


def _names_in(policy: Policy) -> str:
    return compact(f"{policy.title}{policy.text}{''.join(policy.keywords)}").lower()


def _meant(policy: Policy, words: list[str]) -> tuple[Amount, ...]:
    """Return the sums that the writer means; all if they name none, () if the clause does not have the named thing."""
    if not words:
        return tuple(policy.amounts)
    has = _names_in(policy)
    if not all(held(word, has) == 1 or word in has for word in words):
        return ()
    told = [
        one
        for one in policy.amounts
        if any(held(word, compact(f"{one.who}，{one.what}，{one.of}").lower()) == 1 for word in words)
    ]
    return tuple(told) or tuple(policy.amounts)


def _is_stated(policy: Policy, value: int) -> bool:
    return any(value in (one.value_cny, one.min_cny, one.max_cny, one.cap_cny) for one in policy.amounts)
