"""The index of one edition: everything that can be asked of the clauses, and the decision on a question."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import lru_cache
from itertools import islice

from policies.decision import Decision, Intent, Reason
from policies.models import Compendium, Department, Policy, TrackList
from policies.search.answering import Judgement, features, judge
from policies.search.concepts import Concepts
from policies.search.language import LanguageData, load_language
from policies.search.needs import parts_by_connectors, parts_by_lists
from policies.search.normalise import Wrapper, compact, make_simplifier, normalise
from policies.search.offices import Mention
from policies.search.postings import Postings
from policies.search.question import Question, Reader
from policies.search.ranking import Explained, explain, pairs_of, rank, terms_of
from policies.search.readings import Readings
from policies.search.repair import Mended, Repair
from policies.search.sums import figures
from policies.search.vocabulary import Role, Vocabulary

_SHOWN = 8
_MENDED = 4
"""Mended texts that are tried."""
_TEXTS_KEPT = 50_000
_DECISIONS_KEPT = 2_000
_FOUND_KEPT = 64
_KEPT = 0.5
"""A clause is listed where it scores this share of the best; for a question after one sum it must score more."""
_KEPT_FOR_A_SUM = 0.85
_SURE = 1.2
_NEAR = 0.55
_SAME_FIGURE = 0.35
_SAME_DEPARTMENT = 0.5
_CLEAR = 0.5
"""Log-odds over the threshold that a part must have, to be a need of its own where commas part it."""
_SUM_ASKED = ("多少", "最高", "几万", "百分之几", "比例", "额度", "上限", "最多", "几成", "多少钱")


@dataclass(frozen=True, slots=True)
class Taught:
    """A word an operator gave a clause; it counts as one of its keywords."""

    policy_id: int
    word: str


@dataclass(frozen=True, slots=True)
class Found:
    """What the search makes of one need, before it is decided."""

    question: Question
    clauses: tuple[tuple[int, float], ...]
    explained: Explained | None
    judgement: Judgement | None
    carriers: frozenset[int] = frozenset()

    @property
    def answers(self) -> bool:
        return bool(self.carriers) or (self.judgement is not None and self.judgement.answers)

    @property
    def score(self) -> float:
        return self.judgement.score if self.judgement else float("-inf")


class PolicyIndex:
    """Immutable; a new edition or a taught word makes a new one."""

    def __init__(
        self,
        compendium: Compendium,
        tracks: TrackList,
        departments: Sequence[Department],
        taught: Iterable[Taught],
        data: LanguageData,
    ) -> None:
        self.compendium = compendium
        self.tracks = tracks
        self.departments = tuple(departments)
        self._data = data
        self._simplify = make_simplifier()
        self._read_once = lru_cache(maxsize=_DECISIONS_KEPT)(self._decide)
        self._wrapper = Wrapper(data.language.fillers)
        concepts = Concepts(data.synonyms)
        self._vocabulary = Vocabulary()
        policies = _with_taught(compendium.policies, taught)
        self._ids = [policy.id for policy in policies]
        self._row_of = {number: row for row, number in enumerate(self._ids)}
        self._policies = {policy.id: policy for policy in compendium.policies}
        self._carriers: dict[str, list[int]] = {}
        self._learn_words(policies, concepts)
        self._reader = Reader(self._vocabulary, concepts, data.language)
        self._readings = Readings(compendium, tracks, departments, self._reader, data.language)
        self._postings = Postings()
        sections = {section.number: section for section in compendium.sections}
        terms_in = self._vocabulary.terms_in
        repeated = lru_cache(maxsize=_TEXTS_KEPT)(lambda text: terms_in(compact(text).lower()))
        for policy in policies:
            terms = terms_of(policy, sections.get(policy.section), terms_in, repeated)
            self._postings.add(terms, pairs_of(policy))
        self._figures = [_figures_of(policy) for policy in policies]
        self._repair = Repair(self._vocabulary)
        # The parts of a message and the whole are looked at more than once on the way to a decision.
        self._find = lru_cache(maxsize=_FOUND_KEPT)(self._search)

    @classmethod
    def build(
        cls,
        compendium: Compendium,
        tracks: TrackList,
        departments: Sequence[Department],
        taught: Iterable[Taught] = (),
        data: LanguageData | None = None,
    ) -> "PolicyIndex":
        """Build the index of an edition.

        Args:
            compendium: the clauses.
            tracks: the industry tracks clauses belong to.
            departments: the directory; departments no clause prints are left out.
            taught: words operators gave clauses.
            data: synonyms and everyday words; by default those that come with the program.
        """
        return cls(compendium, tracks, departments, taught, data or load_language())

    def policy(self, number: int) -> Policy | None:
        """The clause of that number, None where there is none."""
        return self._policies.get(number)

    def of_department(self, name: str) -> tuple[int, ...]:
        """All clauses a department (by its printed name) answers for."""
        return self._readings.of_department(name)

    def related(self, number: int, limit: int = 3) -> tuple[int, ...]:
        """Clauses near a clause, nearest first."""
        policy = self._policies.get(number)
        if policy is None:
            return ()
        question = self._reader.read(" ".join((policy.title, *policy.keywords[:8])).lower())
        ranked = rank(question, self._postings)[: limit + 1]
        return tuple(self._ids[row] for row, _ in ranked if self._ids[row] != number)[:limit]

    def find(self, text: str) -> Found:
        """Rank the clauses for a text as one need, structured readings left aside; for evaluation."""
        return self._find(self._wrapper.unwrap(normalise(text, self._simplify)))

    def decide(self, text: str) -> Decision:
        """Read one message; what many type or tap is read once."""
        return self._read_once(text)

    def _decide(self, text: str) -> Decision:
        plain = normalise(text, self._simplify)
        if not compact(plain):
            return Decision(Intent.NONE, reasons=(Reason("normalise", "没有文字"),))
        core = self._wrapper.unwrap(plain)
        step = Reason("normalise", core)
        is_word = compact(plain) in self._carriers
        decision = self._answer(self._find(plain)) if is_word else self._decided(core)
        return replace(decision, reasons=(step, *decision.reasons))

    def _decided(self, core: str) -> Decision:
        if self._carriers.get(compact(core)):
            return self._answer(self._find(core))
        return self._read(core) or self._several(core) or self._one(core)

    def _read(self, core: str) -> Decision | None:
        plain = compact(core)
        mentions = self._readings.directory.mentions(plain)
        return (
            self._readings.contact(core, mentions)
            or self._readings.clauses(core)
            or self._readings.sections(core)
            or self._readings.department(core, mentions)
            or self._readings.amount(core, mentions)
            or self._track(core)
        )

    def _track(self, core: str) -> Decision | None:
        decision = self._readings.track(core)
        if decision is None:
            return None
        order = {number: place for place, (number, _) in enumerate(self._find(core).clauses)}
        clauses = sorted(decision.clauses, key=lambda number: (order.get(number, len(order)), number))
        return replace(decision, clauses=tuple(clauses))

    def _one(self, core: str) -> Decision:
        found = self._find(core)
        if found.question.gaps and (word := self._repair.same_sound(compact(core))):
            return self._mended(self._find(word), Mended(word, core, word, "同音"))
        if not found.answers and not found.question.elsewhere and not found.question.places:
            for mended in islice(self._repair.mend(core), _MENDED):
                other = self._find(mended.text)
                if other.answers and other.score > found.score:
                    return self._mended(other, mended)
        return self._answer(found)

    def _mended(self, found: Found, mended: Mended) -> Decision:
        decision = self._answer(found)
        step = Reason("repair", f"{mended.how}：{mended.typed} → {mended.meant}")
        return replace(decision, reasons=(step, *decision.reasons))

    def _several(self, core: str) -> Decision | None:
        """Two or more needs, where no one clause serves them all and each is clear by itself."""
        parts = [part for part in parts_by_connectors(core) if not self._reader.is_silent(part)]
        if len(parts) > 1 and (decision := self._parted(parts, core, clear=0.0)):
            return decision
        parts = parts_by_lists(core)
        if any(self._reader.is_silent(part) for part in parts):
            return None
        return self._parted(parts, core, clear=_CLEAR) if parts else None

    def _parted(self, parts: Sequence[str], core: str, *, clear: float) -> Decision | None:
        whole = self._find(core)
        top = whole.clauses[0][0] if whole.clauses else None
        founds = [self._find(self._wrapper.unwrap(part)) for part in parts]
        reads = [self._read(self._wrapper.unwrap(part)) for part in parts]
        for found, read in zip(founds, reads, strict=True):
            if read is None and not self._is_clear(found, clear):
                return None
        if all(read is None and _serves(found, top) for found, read in zip(founds, reads, strict=True)):
            return None
        decisions = tuple(read or self._answer(found) for found, read in zip(founds, reads, strict=True))
        firsts = dict.fromkeys(decision.clauses[0] for decision in decisions if decision.clauses)
        if len(firsts) < len(parts) and not any(reads):
            return None
        rest = (clause for decision in decisions for clause in decision.clauses)
        reasons = tuple(
            Reason("need", f"{part} → {d.intent} {d.clauses[:1]}")
            for part, d in zip(parts, decisions, strict=True)
        )
        return Decision(
            Intent.MULTI, tuple(dict.fromkeys((*firsts, *rest))), parts=decisions, reasons=reasons
        )

    def _is_clear(self, found: Found, clear: float) -> bool:
        """Whether a part is a need by itself: a whole keyword or title, or well over the threshold."""
        return bool(found.carriers) or (
            found.answers and found.score >= self._data.answering.threshold + clear
        )

    def _search(self, text: str) -> Found:
        """Rank the clauses for one need and judge the best."""
        plain = compact(text)
        question = self._reader.read(plain)
        scored = {self._ids[row]: score for row, score in rank(question, self._postings)}
        self._weigh_figures(plain, scored)
        self._weigh_departments(self._readings.directory.mentions(plain), scored)
        carriers = frozenset(self._carriers.get(plain, ()))
        for number in carriers:
            scored.setdefault(number, 0.0)
        ranked = sorted(scored.items(), key=lambda pair: (pair[0] not in carriers, -pair[1], pair[0]))
        if not ranked:
            return Found(question, (), None, None)
        best, score = ranked[0]
        explained = explain(question, self._row_of[best], self._postings)
        judgement = judge(features(question, explained, score), self._data.answering)
        return Found(question, tuple(ranked), explained, judgement, carriers)

    def _weigh_figures(self, plain: str, scored: dict[int, float]) -> None:
        money, shares = figures(plain)
        if not (money or shares):
            return
        for number in scored:
            sums, rates = self._figures[self._row_of[number]]
            if sums.intersection(money):
                scored[number] += _SAME_FIGURE
            if rates.intersection(shares):
                scored[number] += _SAME_FIGURE

    def _weigh_departments(self, mentions: Sequence[Mention], scored: dict[int, float]) -> None:
        names = {department.name for mention in mentions for department in mention.departments}
        if names:
            for number in scored:
                if names.intersection(self._policies[number].departments):
                    scored[number] += _SAME_DEPARTMENT

    def _answer(self, found: Found) -> Decision:
        """The decision on one need."""
        question, explained = found.question, found.explained
        reasons = _reasons(found)
        if not found.answers:
            if (question.frame or question.asking) and not (
                question.unknown or question.elsewhere or question.tokens
            ):
                return Decision(Intent.SEARCH, ask=self._data.language.topics, reasons=reasons)
            return Decision(Intent.NONE, subject=question.text, reasons=reasons)
        best = found.clauses[0][1]
        exact = not found.carriers and any(word in question.text for word in _SUM_ASKED)
        kept = (_KEPT_FOR_A_SUM if exact else _KEPT) * best
        clauses = tuple(
            number
            for number, score in found.clauses[: max(_SHOWN, len(found.carriers))]
            if score >= kept or number in found.carriers
        )
        second = found.clauses[1][1] if len(clauses) > 1 else 0.0
        sure = len(found.carriers) <= 1 and best >= _SURE * second
        subject = "、".join(dict.fromkeys(explained.why)) if explained else ""
        return Decision(Intent.SEARCH, clauses, sure=sure, subject=subject, reasons=reasons)

    def _learn_words(self, policies: Iterable[Policy], concepts: Concepts) -> None:
        language = self._data.language
        self._vocabulary.add(map(_key, language.generic), Role.GENERIC)
        self._vocabulary.add(map(_key, language.fillers), Role.GENERIC)
        self._vocabulary.add(map(_key, language.frame), Role.FRAME)
        self._vocabulary.add(map(_key, language.asking), Role.FRAME | Role.ASKING)
        self._vocabulary.add(map(_key, language.enquiry), Role.ENQUIRY)
        self._vocabulary.add(map(_key, language.elsewhere), Role.ELSEWHERE)
        self._vocabulary.add(map(_key, language.other_places), Role.PLACE)
        self._vocabulary.add(map(_key, language.foreign), Role.FOREIGN)
        self._vocabulary.add(concepts.hints, Role.HINT)
        self._vocabulary.add(concepts.says, Role.TERM)
        self._vocabulary.add(concepts.means, Role.TERM)
        for policy in policies:
            words = dict.fromkeys(_key(word) for word in (*policy.keywords, policy.title) if word)
            self._vocabulary.add(words, Role.TERM)
            for word in words:
                self._carriers.setdefault(word, []).append(policy.id)
        everyday = (word for word in map(_key, language.everyday) if word in self._vocabulary)
        self._vocabulary.add(everyday, Role.EVERYDAY)


def _key(word: str) -> str:
    return compact(word).lower()


def _with_taught(policies: Sequence[Policy], taught: Iterable[Taught]) -> Sequence[Policy]:
    words: dict[int, list[str]] = {}
    for lesson in taught:
        words.setdefault(lesson.policy_id, []).append(lesson.word)
    if not words:
        return policies
    return [
        policy.model_copy(update={"keywords": (*policy.keywords, *words[policy.id])})
        if policy.id in words
        else policy
        for policy in policies
    ]


def _figures_of(policy: Policy) -> tuple[frozenset[int], frozenset[int]]:
    sums = {
        cny
        for amount in policy.amounts
        for cny in (amount.value_cny, amount.min_cny, amount.max_cny, amount.cap_cny)
        if cny is not None
    }
    return frozenset(sums), frozenset(round(amount.rate * 10_000) for amount in policy.amounts if amount.rate)


def _serves(found: Found, clause: int | None) -> bool:
    """Whether a clause serves a need about as well as the need's own best."""
    if not found.clauses:
        return False
    return dict(found.clauses).get(clause or 0, 0.0) >= _NEAR * found.clauses[0][1]


def _reasons(found: Found) -> tuple[Reason, ...]:
    question, explained, judgement = found.question, found.explained, found.judgement
    reasons = [Reason("words", " | ".join(span.text for span in question.cover))]
    if explained:
        reasons.append(Reason("explained", "、".join(explained.why) or "无"))
    if explained and explained.lost:
        reasons.append(Reason("unexplained", "、".join(explained.lost)))
    if question.elsewhere or question.places:
        reasons.append(
            Reason("elsewhere", "、".join((*(span.text for span in question.elsewhere), *question.places)))
        )
    reasons.append(
        Reason("ranking", "，".join(f"第{number}条 {score:.2f}" for number, score in found.clauses[:5]))
    )
    if judgement:
        parts = "，".join(f"{name}={value:.2f}" for name, value in judgement.features.items() if value)
        reasons.append(Reason("judgement", f"{judgement.score:+.2f}（{parts}）"))
    return tuple(reasons)
