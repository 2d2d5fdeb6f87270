"""The last question carried on to something else: 那小企业呢, 省级的, 换成金枪鱼. Pure.

In this order: a passage of the clause in focus that speaks of what is named; another subject, asked the same; both
together; at last a sentence that the clause does not distinguish it.
"""

import re
from collections.abc import Sequence
from dataclasses import dataclass

from handlers.clause_facts.calculation import worked_out
from handlers.clause_facts.facts import BESIDE_TEXT, Fact
from handlers.clause_facts.other_places import is_level, of_level, of_other_place
from handlers.clause_facts.own_sums import of_another_kind
from handlers.clause_facts.passages import first_stated, holds_all, passages
from handlers.conversation.reading.follow_up import FollowUp
from handlers.conversation.screen.answering import not_apart, of, quoted, subject_of, whole
from handlers.conversation.screen.lists import of_list_with
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from policies.library.models import Policy
from policies.search.decision import Decision, Intent
from policies.search.index import PolicyIndex
from policies.search.reading.needs import both_asked
from policies.search.words.normalise import compact

_OF_THEIR_OWN = frozenset({Intent.CLAUSE, Intent.DEPARTMENT, Intent.SECTION, Intent.TRACK, Intent.CONTACT})
"""A message that names one of these outright is a question of its own."""
_A_NAME = 3
_OF_LEVEL = re.compile(r"(?P<level>国家|省|市|区|县)级的?(?P<what>.{3,12})")
_BEFORE_LEVEL = 4
"""So many characters before a thing may name its level (新认定的市级智能工厂)."""
_SHORTEST = 2
"""Characters of what may be named; one alone (人呢) names nothing."""
_OF_PERSONS = re.compile(r"[我你您谁咱]|自己|算了|就?[这那](?:些|样|么)")
"""Words about the speakers (那算了我自己看). They name nothing that a clause may distinguish."""
_BODY = re.compile(r"(?:型|类|性质)?的?(?:企业|公司|单位|机构|项目)$")
"""Nearly every clause says 企业; the word before it makes the difference (小企业, 外资企业)."""
_COMPANIES = re.compile(
    r"(?:我们?)?(?:是)?"
    r"(?:"
    r"规模以[上下]|规[上下]|外地|外市|外省|本地|新成立|刚成立|新注册|刚注册|新办|上市|亏损|分|"
    r"子|母|个体户|民营|私营|国有|外资|合资|独资|初创|个体|集体|大|中小微?|小微|中|小|微"
    r")"
    r"(?:型|类)?的?(?:企业|公司|单位|工商户|厂)?"
)
"""A size or an owner says who asks, not what is asked. It never leads from the clause in focus to another one."""


@dataclass(frozen=True, slots=True)
class _Carried:
    """What is asked now: the words of the question and its facts, from this message or from the last question."""

    asked: str
    facts: Sequence[Fact]
    before: str

    @classmethod
    def of(cls, said: FollowUp, before: FollowUp | None, last: str) -> "_Carried":
        asked = said.asked or (before.asked if before else "")
        facts = said.facts or (before.facts if before else ())
        return cls(asked, facts, before.rest if before and before.rest else last)


def carry_on(said: FollowUp, before: FollowUp | None, session: Session, edition: Edition) -> Answer | None:
    """Carry the last question on to what this message names. Return None if the message is a question of its own.

    Args:
        said: the message.
        before: the last question, taken apart.
        session: knows the clause in focus and the last question.
        edition: what answers are made of.
    """
    index = edition.index
    if len(compact(said.rest)) < _SHORTEST and not is_level(said.rest):
        return None
    policy = index.policy(session.clause) if session.clause else None
    if policy is not None and (elsewhere := of_other_place(said.rest, edition, policy.title)) is not None:
        return elsewhere
    decision = index.decide(said.rest)
    if decision.intent in _OF_THEIR_OWN or _is_of_another_kind(policy, said, index):
        return None
    carried = _Carried.of(said, before, session.asked)
    if policy is not None and (surely := _surely_of(policy, said, session, edition)) is not None:
        return surely
    decision = _with_question(decision, said.rest, carried, index)
    is_elsewhere = policy is not None and _is_elsewhere(said.rest, decision, policy, index)
    if policy is not None and not is_elsewhere:
        told = _told_of(policy, said.rest, session.asked, edition)
        if told is not None:
            return told
    subject = subject_of(decision)
    if subject and (policy is None or is_elsewhere or _may_lead_to(subject, said.rest, policy, index)):
        session.asked = f"{said.rest}{carried.asked}"
        beside = [fact for fact in carried.facts if fact in BESIDE_TEXT]
        told = of((subject,), beside, edition, decision) if beside else whole(subject, decision, edition)
        return told.resting_on(session.asked, decision) if told is not None else None
    if policy is None and (narrowed := _of_list(said.rest, session, edition)) is not None:
        return narrowed
    if policy is not None and _is_another_matter(said.rest, decision, policy):
        return None
    return _together(said.rest, carried, policy, edition)


def _is_of_another_kind(policy: Policy | None, said: FollowUp, index: PolicyIndex) -> bool:
    """Whether the clause in focus would be applied to a figure of another matter. No answer is better than that one."""
    if policy is None or not worked_out(policy, said.rest):
        return False
    return of_another_kind(policy, said.typed, index)


_OF_TEXT = frozenset({Fact.AMOUNT, Fact.CONDITIONS, Fact.BASIS})
_JOINS = re.compile(r".{2}(?:和|跟|与|及|还有|以及).{2}")


def told_with(beside: Sequence[Fact], asked: Sequence[Fact]) -> Sequence[Fact]:
    """Return the facts to tell of a subject: those beside the text, and those of the text that are asked with them.

    补几成？归哪个局？ asks both. A fact of the text alone is a question to the search.
    """
    return [fact for fact in asked if fact in beside or fact in _OF_TEXT] if beside else ()


def of_each(said: FollowUp, text: str, edition: Edition) -> Answer | None:
    """Tell the same facts of each of several subjects (技改跟海水淡化的电话, 技改和海水淡化分别最高补多少).

    Return None if the message names one subject, if a subject is in doubt, or if it only asks how much without saying
    that it asks so of each: then the search answers.
    """
    beside = [fact for fact in said.facts if fact in BESIDE_TEXT]
    each = said.together > 0 or both_asked(text)
    facts = told_with(beside, said.facts) or (said.facts if each and said.facts == (Fact.AMOUNT,) else ())
    if not facts or not (each or _JOINS.search(said.rest)):
        return None
    decision = edition.index.decide(said.rest if _JOINS.search(said.rest) else text)
    keys = [subject_of(part) for part in decision.parts] if decision.intent is Intent.MULTI else []
    if len(keys) < _SHORTEST or not all(keys):
        return None
    told = of(keys, facts, edition, decision)
    return told.resting_on(said.rest, decision) if told is not None else None


def _told_of(policy: Policy, named: str, asked: str, edition: Edition) -> Answer | None:
    """Quote what the clause in focus says of the named thing, or say that it means only another level of it.

    Return None if the clause does not speak of it.
    """
    if _is_of_another_level(policy, named):
        return not_apart(policy, named, edition)
    found = _spoken_of(policy, named, asked)
    return quoted(policy, found, edition, named) if found else None


def _is_of_another_level(policy: Policy, named: str) -> bool:
    """Whether a clause speaks of the named thing, but never at that level (省级智能工厂, where it says 市级)."""
    found = _OF_LEVEL.fullmatch(compact(named))
    plain = compact(policy.text)
    if found is None or found["what"] not in plain:
        return False
    pieces = plain.split(found["what"])[:-1]
    return not any(found["level"] in piece[-_BEFORE_LEVEL:] for piece in pieces)


def _together(named: str, carried: _Carried, policy: Policy | None, edition: Edition) -> Answer | None:
    """Search the last question together with the new words.

    If that finds no other clause, say that the clause in focus makes no such distinction.
    """
    asked = f"{carried.before}{named}"
    together = edition.index.decide(asked)
    other = together.clauses[0] if together.clauses else 0
    if policy is None or (
        other and other != policy.key and _may_lead_to(other, named, policy, edition.index)
    ):
        told = of((other,), (Fact.WHOLE,), edition)
        return told.resting_on(asked, together) if told is not None else None
    return None if _OF_PERSONS.search(named) else not_apart(policy, named, edition)


def _surely_of(policy: Policy, said: FollowUp, session: Session, edition: Edition) -> Answer | None:
    """Answer from the clause in focus if the message gives a figure for its rule, a kind of company, or a case of it.

    These never lead to another clause.
    """
    named = said.rest
    if worked_out(policy, named) and (sums := worked_out(policy, said.typed)):
        return quoted(policy, (*first_stated(policy), *sums), edition)
    if _COMPANIES.fullmatch(named):
        return _of_companies(policy, named, session.asked, edition)
    if said.supposes and holds_all(policy, named):
        return quoted(policy, _spoken_of(policy, named, session.asked), edition, named)
    return None


def _is_another_matter(named: str, decision: Decision, policy: Policy) -> bool:
    """Whether the search finds other clauses for the named thing, though it is not sure which one (首套设备)."""
    offered = decision.intent is Intent.MAYBE or (decision.intent is Intent.SEARCH and not decision.ask)
    return offered and bool(decision.clauses) and policy.key not in decision.clauses and len(named) >= _A_NAME


def _of_companies(policy: Policy, named: str, asked: str, edition: Edition) -> Answer:
    """Quote what the clause in focus says of companies of a size or an owner, or say that it does not distinguish them."""
    found = _spoken_of(policy, named, asked)
    return quoted(policy, found, edition, named) if found else not_apart(policy, named, edition)


def _of_list(named: str, session: Session, edition: Edition) -> Answer | None:
    narrowed = of_list_with(named, session, edition)
    return of_level(named, edition) if narrowed is None and is_level(named) else narrowed


def _with_question(decision: Decision, named: str, carried: _Carried, index: PolicyIndex) -> Decision:
    """Search the subject together with the last question's words, if these can tell clauses apart (补多少)."""
    if not carried.asked or (subject_of(decision) and Fact.AMOUNT not in carried.facts):
        return decision
    asked = index.decide(f"{named}{carried.asked}")
    return asked if subject_of(asked) or not subject_of(decision) else decision


def _is_elsewhere(named: str, decision: Decision, policy: Policy, index: PolicyIndex) -> bool:
    """Whether the message names another clause: by title or keyword, or by a subject that this clause does not have."""
    if not decision.clauses or not decision.sure or policy.key in decision.clauses:
        return False
    if len(named) >= _A_NAME and index.names_a_subject(named) and compact(named) not in compact(policy.text):
        return True
    other = index.policy(decision.clauses[0])
    return other is not None and named.lower() in {word.lower() for word in (*other.keywords, other.title)}


def _spoken_of(policy: Policy, named: str, asked: str = "") -> tuple[str, ...]:
    """Find the passages of a clause that speak of the named thing, not only of companies."""
    kind = _BODY.sub("", named)
    return passages(policy, named if not kind or named in compact(policy.text) else kind, asked)


def _may_lead_to(key: int, named: str, policy: Policy, index: PolicyIndex) -> bool:
    """Whether a follow-up may go from the clause in focus to this one.

    It may if the message says a name of this clause, or if this clause is in the same document and speaks of the
    named thing.
    """
    other = index.policy(key)
    if other is None:
        return False
    names = {word.lower() for word in (*other.keywords, other.title)}
    with_title = other.model_copy(update={"text": f"{other.title}。{other.text}"})
    return named.lower() in names or (
        other.document == policy.document and bool(_spoken_of(with_title, named))
    )
