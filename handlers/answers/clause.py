"""The clause itself, verbatim, with its basis documents and the departments responsible for it."""

from collections.abc import Iterable
from datetime import date

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.taps import taps
from policies.library.clause_lines import basis_text, in_chinese_order, period_over
from policies.library.models import Policy
from policies.search.decision import Decision, Intent
from policies.windows.window import Window
from wechat.texts import link

FEEDBACK = "这个回答有用吗？" + taps("有用", "没用")


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """One or several clauses, in the order of their numbers in the question."""
    blocks = [clause_block(clause_id, edition) for clause_id in decision.clauses]
    return Answer.of(Intent.CLAUSE, "\n\n".join((*filter(None, blocks), FEEDBACK)), decision.clauses)


def only_clause(intent: Intent, heading: str, clause_id: int, edition: Edition) -> Answer:
    """A list with one clause: the heading, then the whole clause."""
    block = clause_block(clause_id, edition)
    return Answer.of(intent, f"{heading}\n\n{block}\n\n{FEEDBACK}", (clause_id,))


def clause_block(clause_id: int, edition: Edition) -> str:
    """A published clause as a text; "" if it is no longer published."""
    policy = edition.index.policy(clause_id)
    if policy is None:
        return ""
    name = edition.index.library.name(policy)
    return clause_text(policy, name, edition.open_for(clause_id), edition.today, edition.page_of(clause_id))


def clause_text(policy: Policy, name: str, windows: Iterable[Window], today: date, address: str) -> str:
    """Its name, title, verbatim text, basis with 文号, departments, open windows, and a link to the clause's page."""
    lines = [f"{name} {policy.title}", policy.text]
    lines += [f"依据：{basis_text(basis)}" for basis in policy.basis]
    if policy.departments:
        lines.append(f"部门：{'、'.join(policy.departments)}")
    lines += filter(None, [period_over(policy, today)])
    lines += map(window_text, windows)
    lines.append(link("查看网页（金额表、相关条款）", address))
    return "\n".join(lines)


def window_text(window: Window) -> str:
    """An open application window: title, closing day, and where to apply."""
    sample = "（示例）" if window.sample else ""
    way_in = f"　{link('申报入口', window.url)}" if window.url else ""
    until = "长期受理" if window.open_ended else f"{in_chinese_order(window.closes_on)}截止"
    return f"正在申报{sample}：{window.title}，{until}{way_in}"
