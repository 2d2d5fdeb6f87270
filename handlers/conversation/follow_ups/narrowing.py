"""A message that narrows the clause in focus, read before follow-ups: who the writer is, or a minimum size. Pure."""

import re
from collections.abc import Sequence

from handlers.answers.clause import clause_block
from handlers.clause_facts.documents.basis_facts import of_basis
from handlers.clause_facts.documents.document_facts import collection_asked, tell_document, unknown_number
from handlers.clause_facts.fact_lines import department_lines, heading, whole_tap
from handlers.clause_facts.measures import beside_bound, counted_of
from handlers.clause_facts.minimum_sizes import asks_how_many, how_many, of_threshold
from handlers.clause_facts.own_status import level_not_told, lines_for, meant_by
from handlers.clause_facts.own_sums import own_sum
from handlers.clause_facts.passages import as_printed, held, levels_asked, of_levels
from handlers.conversation.screen.answering import FOLLOW_UP, not_apart, quoted, unsaid
from handlers.conversation.screen.focus import places
from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.phrases import asks_outright
from handlers.framework.registry import Turn
from policies.library.amounts.amount_words import quotes_of
from policies.library.models import Policy
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from policies.search.words.normalise import compact

_LONGEST = 30
_MOST_QUOTED = 3
_NEAR = 5


def narrowed(turn: Turn, edition: Edition) -> Answer | None:
    """Answer a message that narrows the clause in focus, with the sums or passages that apply.

    The writer says which tier they are (我们是市级), gives a figure of their own, asks for the minimum size
    (得多少亩才算), or says what does not apply (不贷款 自己掏钱买呢). A document that the message means is told of
    first. Return None for any other message.
    """
    if (told := _of_document(turn, edition)) is not None:
        return told
    session, text = turn.session, turn.inbound.text
    policy = edition.index.policy(session.clause) if session.clause else None
    if policy is None or len(text) > _LONGEST:
        return None
    if found := beside_bound(policy, text, session.asked) or counted_of(policy, text, session.asked):
        return quoted(policy, found, edition)
    if amounts := meant_by(policy, text, session.asked):
        lines = [heading(policy, edition), *lines_for(policy, amounts), *department_lines(policy)]
        return Answer.on(FOLLOW_UP, "\n".join((*lines, whole_tap(policy, edition))), policy.key)
    among, sums = own_sum(policy, text)
    if sums:
        quotes = (f"· {quote}" for quote in quotes_of(policy, among)[:_MOST_QUOTED])
        return Answer.on(
            FOLLOW_UP,
            "\n".join((heading(policy, edition), *quotes, *sums, whole_tap(policy, edition))),
            policy.key,
        )
    if asks_how_many(text):
        counts = how_many(policy)
        return quoted(policy, counts, edition) if counts else unsaid(policy, edition)
    if levels := levels_asked(text):
        return _of_levels(policy, levels, session.asked, edition)
    if level := level_not_told(policy, text):
        return not_apart(policy, level, edition)
    if found := of_threshold(policy, text, session.asked):
        return quoted(policy, found, edition)
    return _of_other_kind(policy, text, edition) or _without_denied(policy, text, session.asked, edition)


def _of_document(turn: Turn, edition: Edition) -> Answer | None:
    """Tell of a document that clauses rest on, of the collection itself, or that no document has the named number."""
    text, session = turn.inbound.text, turn.session
    if (collection := collection_asked(text, edition)) is not None:
        return tell_document(collection, edition)
    shown = (session.clause,) if session.clause else tuple(places(session))
    return of_basis(text, shown, edition) or unknown_number(text, edition)


def _of_levels(policy: Policy, levels: Sequence[str], asked: str, edition: Edition) -> Answer:
    """Quote what the clause pays for these levels, and name those that it does not speak of."""
    found = of_levels(policy, levels, asked)
    missed = "、".join(f"{level}级" for level in levels if not of_levels(policy, (level,), asked))
    if not found:
        return not_apart(policy, missed, edition)
    answer = quoted(policy, found, edition)
    return answer.with_line(f"条文里没有写{missed}的。") if missed else answer


_INTO = re.compile(r"(?:进入?|在|列入|纳入)了?(?=[库规园统])")
_ASPECT = re.compile(r"[了过]")
_DENIES_BEFORE = re.compile(r"(?:[未没非不]|没有|没能)$")


def _of_other_kind(policy: Policy, text: str, edition: Edition) -> Answer | None:
    """Find the clause for those whom this clause's title leaves out (进了库呢, if this one is for 未入库企业)."""
    title = compact(policy.title)
    plain = _INTO.sub("入", _ASPECT.sub("", compact(text)))
    if "未" not in title and "非" not in title:
        return _of_denied_kind(policy, plain, edition)
    for at in range(len(plain) - 1):
        kind = plain[at : at + 2]
        if kind in title and not held(kind, title) and not _DENIES_BEFORE.search(plain[:at]):
            near = map(edition.index.policy, edition.index.related(policy.key, _NEAR))
            other = next((one for one in near if one is not None and held(kind, one.text) == 1), None)
            if other is not None:
                lead = f"{edition.index.library.name(policy)}写的是未{kind}的。{kind}的看这一条："
                return Answer.on(Intent.SEARCH, f"{lead}\n\n{clause_block(other.key, edition)}", other.key)
    return None


_DENIED_KIND = re.compile(r"(?:没能|没有|[未没非]|不是)(?P<kind>[\u4e00-\u9fff]{2})")


def _of_denied_kind(policy: Policy, plain: str, edition: Edition) -> Answer | None:
    """Find the clause whose title is for those whom the message says they are (我们其实没入库, if this one is for 入库企业)."""
    kinds = [found["kind"] for found in _DENIED_KIND.finditer(plain) if held(found["kind"], policy.text) == 1]
    if not kinds:
        return None  # nearly all messages: what is related takes long to find
    near = [one for key in edition.index.related(policy.key, _NEAR) if (one := edition.index.policy(key))]
    for kind in kinds:
        other = next((one for one in near if any(f"{no}{kind}" in compact(one.title) for no in "未非")), None)
        if other is not None:
            lead = f"{edition.index.library.name(policy)}写的是{kind}的。未{kind}的看这一条："
            return Answer.on(Intent.SEARCH, f"{lead}\n\n{clause_block(other.key, edition)}", other.key)
    return None


_DENIED = re.compile(
    r"(?:那么?|要是|如果|假如|我们?|咱们?|可是?|但)*(?:不是|没有?|不)(?:走|用|靠|去|办|做|想|打算|要)*(?P<what>[\u4e00-\u9fff]{2,4}?)"
    r"(?:的|了|的话|啊|呢)?[，,、\s]+(?P<instead>.{2,16})"
)
_ONLY = re.compile(r"^(?:只是|就是|而是|只|就)|的?(?:[那这]种|[那这]个)?呢?$")
_MOST_ASKED = 60
_KINDS = re.compile(r"贴息|贷款|补贴|补助|奖补|奖励")


def _without_denied(policy: Policy, text: str, asked: str, edition: Edition) -> Answer | None:
    """Find the nearest clause on the same subject that does not mention what is denied (不贷款 自己掏钱买呢)."""
    said = _DENIED.fullmatch(text.strip())
    if said is None or not asked or asks_outright(said["instead"].removesuffix("呢")):
        return None
    if not _speaks_of(said["what"], policy):
        return None
    instead = as_printed(_ONLY.sub("", compact(said["instead"])))
    others = (one for one in policy.amounts if said["what"] not in one.who)
    if own := quotes_of(policy, (one for one in others if held(instead, compact(one.who)))):
        return quoted(policy, own, edition)  # 不牵头，只是参与外省的呢
    before = _KINDS.sub("", asked[-_MOST_ASKED:].replace(said["what"], ""))
    other = _first_without(said["what"], f"{before} {said['instead']}", policy.key, edition.index)
    if other is None:
        return None
    lead = f"{edition.index.library.name(policy)}是关于{said['what']}的。不涉及{said['what']}的，相近的是："
    return Answer.on(Intent.SEARCH, f"{lead}\n\n{clause_block(other.key, edition)}", other.key)


def _first_without(what: str, question: str, key: int, index: PolicyIndex) -> Policy | None:
    near = dict.fromkeys((*index.decide(question).clauses, *index.nearest(question)))
    others = (other for one in near if one != key and (other := index.policy(one)) is not None)
    return next((other for other in others if not _speaks_of(what, other)), None)


def _speaks_of(what: str, policy: Policy) -> bool:
    return what in f"{policy.title}{policy.text}"
