"""The clause itself, verbatim, with what it rests on and who answers for it."""

from handlers.answer import Answer
from handlers.context import Context
from handlers.registry import Turn
from handlers.taps import tap, taps
from policies.decision import Decision, Intent
from policies.models import Basis, Policy
from wechat.texts import link

FEEDBACK = "这个回答有用吗？" + taps("有用", "没用")


async def answer(decision: Decision, turn: Turn, context: Context) -> Answer:
    """One clause or several by their numbers; a number the compendium hasn't is said so."""
    if not decision.clauses:
        return _no_such_clause(decision, context)
    return await clauses_in_full(Intent.CLAUSE, decision.clauses, context)


async def clauses_in_full(intent: Intent, clause_ids: tuple[int, ...], context: Context) -> Answer:
    """Each clause whole, best first."""
    blocks = [await clause_block(clause_id, context) for clause_id in clause_ids]
    return Answer.of(intent, "\n\n".join((*filter(None, blocks), FEEDBACK)), clause_ids)


async def clause_block(clause_id: int, context: Context) -> str:
    """Number, title, text, basis, departments, open windows and the page of one clause."""
    policy = context.knowledge.index.policy(clause_id)
    if policy is None:
        return ""
    lines = [f"第{policy.id}条 {policy.title}", policy.text]
    lines += [f"依据：{basis_text(basis)}" for basis in policy.basis]
    lines.append(f"部门：{'、'.join(policy.departments)}")
    lines += filter(None, [period_over(policy, context)])
    lines += await _open_windows(policy, context)
    lines.append(link("查看网页（金额表、相关条款）", context.page_of(policy.id)))
    return "\n".join(lines)


def basis_text(basis: Basis) -> str:
    """The basis document as 《title》（文号）; a title that carries marks of its own keeps them."""
    title = basis.title if basis.title.startswith(("《", "〈")) else f"《{basis.title}》"
    return f"{title}（{basis.doc_no}）" if basis.doc_no else title


def period_over(policy: Policy, context: Context) -> str:
    """A word of care where the period that the basis names is over; the clause isn't called void."""
    until = policy.valid_until
    if until is None or until >= context.today():
        return ""
    who = "、".join(policy.departments)
    return f"请留意：依据文件写明的期限（至{until:%Y年%-m月%-d日}）已过，是否继续执行请向{who}确认。"


async def _open_windows(policy: Policy, context: Context) -> list[str]:
    lines = []
    for window in await context.windows.open_for(policy.id, context.today()):
        sample = "（示例）" if window.sample else ""
        way_in = f"　{link('申报入口', window.url)}" if window.url else ""
        lines.append(f"正在申报：{window.title}{sample}，{window.closes_on:%Y年%-m月%-d日}截止{way_in}")
    return lines


def _no_such_clause(decision: Decision, context: Context) -> Answer:
    numbers = [policy.id for policy in context.knowledge.index.compendium.policies]
    return Answer.of(
        Intent.CLAUSE,
        f"摘编里的条款是第{min(numbers)}条到第{max(numbers)}条，没有您说的这一条。可以试试 {tap(f'第{min(numbers)}条')}，"
        f"或直接说想了解的事，例如 {tap('首台套')}。",
    )
