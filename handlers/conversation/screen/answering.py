"""Builds the answers to follow-ups from facts and passages of clauses. Pure."""

from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import chain, islice

from handlers.answers.clause import clause_block
from handlers.clause_facts.calculation import worked_out
from handlers.clause_facts.fact_lines import department_lines, heading, tell, whole_tap
from handlers.clause_facts.facts import Fact
from handlers.clause_facts.passages import first_stated, lines_of, of_case, stated
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from handlers.framework.taps import tap
from policies.guides.guide_lines import guide_lines
from policies.library.clause_lines import who_confirms
from policies.library.models import Policy
from policies.search.decision import Decision, Intent
from policies.search.words.normalise import compact

FOLLOW_UP = "follow_up"
_OFFERED = 3
_LONGEST_ASKED = 80
_WORD = 3
"""A message that asks for what a guide says shares at least this many characters with the guide."""


def of(
    keys: Sequence[int],
    facts: Sequence[Fact],
    edition: Edition,
    decision: Decision | None = None,
) -> Answer | None:
    """Tell these facts of one or a few clauses."""
    policies = [policy for key in keys if (policy := edition.index.policy(key)) is not None]
    if not policies:
        return None
    text = "\n\n".join(tell(facts, policy, edition) for policy in policies)
    intent = decision.intent if decision is not None else FOLLOW_UP
    answer = Answer.of(intent, text, [policy.key for policy in policies])
    return replace(answer, about=policies[0].key if len(policies) == 1 else 0)


def of_focus(facts: Sequence[Fact], session: Session, edition: Edition, case: str = "") -> Answer | None:
    """Tell facts of the clause in focus. If its sums are asked, also calculate them for the figure of the last question.

    Args:
        facts: what is asked.
        session: knows the clause in focus and the last question.
        edition: what answers are made of.
        case: what the writer told before. If it selects some of the clause's sums, only these are shown.
    """
    policy = edition.index.policy(session.clause)
    answer = of((session.clause,), facts, edition)
    if answer is None or policy is None or Fact.AMOUNT not in facts:
        return answer
    name, found = of_case(policy, case) if tuple(facts) == (Fact.AMOUNT,) else ("", ())
    if found:
        has_sum = not set(found).isdisjoint(stated(policy))
        said = f"写到“{name}”的是：" if has_sum else f"没有单独写“{name}”的金额，写的是："
        lines = [heading(policy, edition), f"条文{said}", *(f"· {quote}" for quote in found)]
        answer = Answer.on(FOLLOW_UP, "\n".join((*lines, whole_tap(policy, edition))), policy.key)
    return answer.with_line("\n".join(worked_out(policy, session.asked[:_LONGEST_ASKED])))


def whole(key: int, decision: Decision, edition: Edition) -> Answer | None:
    """Show in full the clause that the question now means."""
    policy = edition.index.policy(key)
    if policy is None:
        return None
    return Answer.on(decision.intent, clause_block(key, edition), key)


def quoted(policy: Policy, found: Sequence[str], edition: Edition, named: str = "") -> Answer:
    """Quote passages of the clause in focus."""
    lines = [heading(policy, edition), *(f"· {passage}" for passage in found), *lines_of(policy, named)]
    lines += [*department_lines(policy), whole_tap(policy, edition)]
    return Answer.on(FOLLOW_UP, "\n".join(lines), policy.key)


def not_apart(policy: Policy, named: str, edition: Edition) -> Answer:
    """Say that the clause does not distinguish the named thing. Then quote what it states for all."""
    said = stated(policy)
    lines = [heading(policy, edition), *_not_written(f"“{named}”", said)]
    lines += [] if said else [whole_tap(policy, edition)]
    lines.append(f"是否适用请向{who_confirms(policy)}确认。")
    return Answer.on(FOLLOW_UP, "\n".join(lines), policy.key)


def _not_written(what: str, said: Sequence[str]) -> list[str]:
    """Return the lines that say: the clause does not write what was asked, and what it does state."""
    return [f"条文没有单独写{what}{'，写的是：' if said else '。'}", *(f"· {quote}" for quote in said)]


def unsaid(policy: Policy, edition: Edition) -> Answer:
    """Say that the clause in focus does not tell what was asked. Then say what it states, and whom to ask."""
    lines = [
        heading(policy, edition),
        *_not_written("这一点", first_stated(policy)),
        f"可以向{who_confirms(policy)}确认；也可以回复 {tap('人工')} 请工作人员帮您问。",
        whole_tap(policy, edition),
    ]
    return Answer.on(FOLLOW_UP, "\n".join(lines), policy.key)


def of_guide(policy: Policy, text: str, edition: Edition) -> Answer | None:
    """Quote what operators entered for the clause, if it holds a word of the message (备案证要不要)."""
    guide = edition.guides.of_clause(policy.key)
    if guide is None:
        return None
    told = compact(" ".join((guide.conditions, *guide.materials, guide.steps, guide.where))).lower()
    plain = compact(text).lower()
    if not any(plain[at : at + _WORD] in told for at in range(len(plain) - _WORD + 1)):
        return None
    lines = [heading(policy, edition), *guide_lines(guide), whole_tap(policy, edition)]
    return Answer.on(FOLLOW_UP, "\n".join(lines), policy.key)


def which(on_screen: Sequence[int], asked: str, edition: Edition) -> Answer:
    """Ask which clause of a long list is meant."""
    policies = filter(None, map(edition.index.policy, on_screen))
    library = edition.index.library
    lines = [
        tap(f"{library.name(policy)} {policy.title}", f"{library.name(policy)}{asked}") for policy in policies
    ]
    answer = Answer.of(FOLLOW_UP, "\n".join(("想问其中哪一条？点一下即可：", *lines)), on_screen)
    return replace(answer, about=0)


def not_known(subject: str, facts: Sequence[Fact]) -> Answer:
    """Say that the library does not know how to reach this subject. No other telephone number is given."""
    what = "电话" if Fact.PHONE in facts else "地址" if Fact.PLACE in facts else "办公时间"
    return Answer.of(
        FOLLOW_UP,
        f"这里没有登记“{subject}”的{what}，文件里也没有写。想问某条政策归谁管，直接说政策或条号；"
        f"需要人帮忙请回复 {tap('人工')}。",
    )


def no_rhythm() -> Answer:
    """Answer when something usually opens, if no policy is named (一般啥时候才有): earlier years are not kept here."""
    said = (
        "申报时间由负责部门逐次通知，这里只登记已公布的，没有收录往年的规律。\n"
        f"想问哪一条，直接说政策名或条号；想在开始时收到提醒，请点 {tap('订阅')}。"
    )
    return replace(Answer.of(FOLLOW_UP, said), asked=False)


def which_policy(edition: Edition, asked: str = "") -> Answer:
    """Ask which policy is meant: the message asks about a clause, and none is on the screen. A few can be tapped.

    Args:
        edition: what answers are made of.
        asked: the words that ask. A tapped clause sends them with its name.
    """
    library = edition.index.library
    likely = list(islice(_likely_meant(edition), _OFFERED))
    lines = [
        tap(f"{library.name(policy)} {policy.title}", f"{library.name(policy)}{asked}") for policy in likely
    ]
    said = "想问哪一条政策？直接说政策名或条号就行" + ("，例如：" if lines else "。")
    ways = f"也可以看 {tap('目录')}；需要人帮忙请回复 {tap('人工')}。"
    answer = replace(Answer.of(FOLLOW_UP, "\n".join((said, *lines, ways))), asked=False)
    return answer.offering(f"{library.name(policy)}{asked}" for policy in likely)


def _likely_meant(edition: Edition) -> Iterator[Policy]:
    """Offer clauses if none is named: first those that can be applied for now, then the library's examples."""
    index = edition.index
    is_open = [window.policy_id for window in edition.windows if window.is_open(edition.today)]
    examples = filter(None, (index.examples.sentence, index.examples.word, index.examples.clause))
    named = (key for example in examples for key in index.decide(example).clauses[:1])
    for key in dict.fromkeys(chain(is_open, named)):
        if (policy := index.policy(key)) is not None:
            yield policy


def subject_of(decision: Decision) -> int:
    """Return the clause that a subject surely names; 0 if there is none."""
    if decision.intent is Intent.CLAUSE or (decision.intent is Intent.SEARCH and not decision.ask):
        return decision.clauses[0] if decision.clauses else 0
    return decision.clauses[0] if len(decision.clauses) == 1 else 0
