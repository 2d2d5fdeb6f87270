"""The clause itself, verbatim, with its basis documents and the departments responsible for it."""

from collections.abc import Iterable
from datetime import date

from handlers.application_windows.window_lines import window_lines
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.taps import clause_tap, taps
from policies.guides.guide_lines import guide_lines
from policies.library.clause_lines import basis_text, period_over
from policies.library.library import Library
from policies.library.models import Policy
from policies.search.decision import Decision, Intent
from wechat.texts import link

_ELSEWHERE = 3
"""How many clauses of other documents with the same number are offered."""
FEEDBACK = "这个回答有用吗？" + taps("有用", "没用")


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """Show one or several clauses, in the order of their numbers in the question.

    If a number means several clauses, show a list to choose from.
    """
    if decision.groups:
        heading = f"这个编号有{len(decision.clauses)}条："
        return show(Listing(Intent.CLAUSE, heading, decision.clauses), edition.index)
    blocks = [clause_block(clause_id, edition) for clause_id in decision.clauses]
    blocks.append(_elsewhere(decision, edition.index.library))
    return Answer.of(Intent.CLAUSE, "\n\n".join((*filter(None, blocks), FEEDBACK)), decision.clauses)


def _elsewhere(decision: Decision, library: Library) -> str:
    """Say that other documents have a clause with that number too; "" if none has."""
    policy = library.get(decision.clauses[0]) if len(decision.clauses) == 1 else None
    if policy is None or policy.document != library.default:
        return ""
    others = library.same_number(policy)
    more = f"等{len(others)}条" if len(others) > _ELSEWHERE else ""
    taps_ = "\n".join(clause_tap(other, library) for other in others[:_ELSEWHERE])
    return f"其他文件也有这个编号{more}：\n{taps_}" if others else ""


def only_clause(intent: Intent, heading: str, clause_id: int, edition: Edition) -> Answer:
    """Return a list with one clause: the heading, then the whole clause."""
    block = clause_block(clause_id, edition)
    return Answer.of(intent, f"{heading}\n\n{block}\n\n{FEEDBACK}", (clause_id,))


def clause_block(clause_id: int, edition: Edition) -> str:
    """Return a published clause as a text; "" if it is no longer published."""
    policy = edition.index.policy(clause_id)
    if policy is None:
        return ""
    guide = edition.guides.of_clause(clause_id)
    applying = [*window_lines(clause_id, edition), *(guide_lines(guide) if guide else ())]
    name = edition.index.library.name(policy)
    return clause_text(policy, name, applying, edition.today, edition.page_of(clause_id))


def clause_text(policy: Policy, name: str, applying: Iterable[str], today: date, address: str) -> str:
    """Write name, title, verbatim text, basis with 文号, departments, how and when to apply, and a link to its page.

    Args:
        policy: the clause.
        name: how the library calls it.
        applying: lines on its application windows and its guide.
        today: the business day in Shanghai.
        address: of the clause's page.
    """
    lines = [f"{name} {policy.title}", policy.text]
    lines += [f"依据：{basis_text(basis)}" for basis in policy.basis]
    if policy.departments:
        lines.append(f"部门：{'、'.join(policy.departments)}")
    lines += filter(None, [period_over(policy, today)])
    lines += applying
    lines.append(link("查看网页（金额表、相关条款）", address))
    return "\n".join(lines)
