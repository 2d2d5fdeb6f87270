"""Decides on a message: which clauses it asks for, or that the library says nothing to it.

`Decider.decide` tries in this order: the message asks nothing; it is a keyword as a whole; it names something outright
(`structured`); it compares two things; it has several needs; it has one need (`finding`), as typed or corrected. Whether one
need is answered, offered or declined: `scope`.
"""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace
from functools import partial
from itertools import islice

from policies.search.decision import Decision, Intent, Reason
from policies.search.finding import Ask, Finder, Hits
from policies.search.meaning import Nearest
from policies.search.one_need import decision_on
from policies.search.question import Reader
from policies.search.reading.comparisons import compared_things
from policies.search.reading.needs import both_asked, parts_by_connectors, parts_by_lists
from policies.search.reading.no_question import is_bare_link, is_placeholder
from policies.search.sources import SourceReadings
from policies.search.structured import StructuredReadings
from policies.search.words.normalise import Simplifier, Wrapper, compact, normalise
from policies.search.words.spelling import Correction, SpellingCorrector

PLACEHOLDER = "placeholder"
LINK = "link"
"""The stages of messages that ask nothing."""
NO_CONTENT = Decision(Intent.NONE, reasons=(Reason(PLACEHOLDER, "微信没有给出消息内容"),))
_MENDED = 4
"""How many corrected texts are tried, for each of `_MISTYPED` words."""
_MISTYPED = 3
_TOO_LONG = 120
"""From this length the model is not asked. It reads only the beginning, and nobody asks one thing in so many characters."""
_NEAR = 0.55
"""One clause serves several needs if it scores this share of the best clause for each."""
_CLEAR = 0.5
"""A part between commas is a need by itself if its log-odds are this far above the threshold."""


class Decider:
    """Decides on one message at a time; it keeps no state between them."""

    def __init__(
        self,
        *,
        simplify: Simplifier,
        wrapper: Wrapper,
        reader: Reader,
        readings: StructuredReadings,
        sources: SourceReadings,
        finder: Finder,
        find: Callable[[str], Hits],
        corrector: SpellingCorrector,
        exact_matches: Mapping[str, Sequence[int]],
        threshold: float,
        topics: tuple[str, ...],
    ) -> None:
        """Args:
        simplify: makes traditional characters simplified ones.
        wrapper: takes words of speech (请问, 谢谢) off a message.
        reader: tells whether a part says anything about a subject.
        readings: finds what a message names outright.
        sources: finds what a message points at: a page, a basis document.
        finder: finds the clauses for a need.
        find: finds the clauses by words alone, cached.
        corrector: corrects what was mistyped.
        exact_matches: keys of clauses by each whole keyword and title, compact.
        threshold: log-odds from which a question is in scope.
        topics: choices to ask back with, if a question names no subject.
        """
        self._simplify, self._wrapper, self._reader = simplify, wrapper, reader
        self._readings = readings
        self._sources = sources
        self._find = find
        self._find_afresh = finder.find_afresh
        self._besides = finder.asked_besides
        self._corrector = corrector
        self._exact_matches = exact_matches
        self._threshold = threshold
        self._decided = partial(decision_on, topics=topics)

    def decide(self, text: str, nearest: Ask | None = None) -> Decision:
        """Decide on one message, as it was typed.

        Args:
            text: the message.
            nearest: asks the sentence model about a text. None: words alone decide.
        """
        if is_placeholder(text):
            return NO_CONTENT
        return self.decide_normalised(normalise(text, self._simplify), nearest)

    def decide_normalised(self, typed: str, nearest: Ask | None = None) -> Decision:
        """Decide on one message that is normalised and is not a placeholder."""
        if not compact(typed):
            return Decision(Intent.NONE, reasons=(Reason("normalise", "没有文字"),))
        if linked := self._linked(typed):
            return linked
        core = self._besides(self._wrapper.unwrap(typed))
        decision = (
            self._as_word(typed, core)
            or self._read(core)
            or self._compared(core, nearest)
            or self._several(core, nearest)
            or self._one(core, nearest)
        )
        return decision.because(Reason("normalise", core))

    def _linked(self, typed: str) -> Decision | None:
        """Return the clause of a link to one of our pages. Any other link alone asks nothing."""
        if decision := self._sources.page(typed):
            return decision
        return Decision(Intent.NONE, reasons=(Reason(LINK, typed),)) if is_bare_link(typed) else None

    def _as_word(self, typed: str, core: str) -> Decision | None:
        """Decide on a message that is one whole keyword or title, with or without words of speech around it."""
        forms = tuple(dict.fromkeys((typed, core)))
        for form in forms:
            if compact(form) in self._exact_matches:
                return self._decided(self._find(form))
        for form in forms:
            if mended := self._corrector.whole_word(compact(form)):
                return self._decided(self._find(mended.text)).because(_repair(mended))
        return None

    def _read(self, core: str) -> Decision | None:
        mentions = self._readings.directory.mentions(compact(core))
        return (
            self._readings.contact(core, mentions)
            or self._readings.clauses(core)
            or self._readings.sections(core)
            or self._sources.basis(core)
            or self._readings.department(core, mentions)
            or self._readings.amount(core, mentions)
            or self._track(core)
        )

    def _found_by(self, part: str, nearest: Ask | None) -> Hits:
        """Find clauses for a part of a message. The model is asked only if the words leave a doubt."""
        found = self._find(part)
        return (
            found if nearest is None or not self._in_doubt(found) else self._find_afresh(part, nearest(part))
        )

    def _in_doubt(self, found: Hits) -> bool:
        return not found.exact_matches and found.score < self._threshold + found.doubt

    def _compared(self, core: str, nearest: Ask | None) -> Decision | None:
        """Decide on a comparison of two things, each with its own clause, or both with the same clause."""
        things = compared_things(core)
        if things is None:
            return None
        if not all(self._find(thing).in_scope for thing in things):
            return None
        founds = [self._found_by(thing, nearest) for thing in things]
        if not all(found.in_scope for found in founds):
            return None
        parts = tuple(self._decided(found) for found in founds)
        clauses = tuple(dict.fromkeys(part.clauses[0] for part in parts))
        one = len(clauses) == 1
        return Decision(
            Intent.SEARCH if one else Intent.MULTI,
            clauses,
            sure=one,
            parts=parts,
            compared=things,
            unsure=nearest is None and any(map(self._in_doubt, founds)),
            reasons=(Reason("compared", " / ".join(things)),),
        )

    def _track(self, core: str) -> Decision | None:
        decision = self._readings.track(core)
        if decision is None:
            return None
        order = {key: place for place, (key, _) in enumerate(self._find(core).clauses)}
        clauses = sorted(decision.clauses, key=lambda key: (order.get(key, len(order)), key))
        return decision.with_clauses(tuple(clauses))

    def _one(self, core: str, nearest: Ask | None) -> Decision:
        found, steps = self._corrected(core, nearest)
        decision = self._decided(found)
        for mended in reversed(steps):
            decision = decision.because(_repair(mended))
        unsure = nearest is None and not decision.ask and self._is_unsure(found, decision)
        return replace(decision, unsure=True) if unsure else decision

    def _corrected(self, core: str, nearest: Ask | None) -> tuple[Hits, list[Correction]]:
        """Find clauses for a corrected text if it clearly says more than the typed text; else for the typed text.

        The words choose the likeliest correction. Then the search that found the typed text judges it.
        """
        said = nearest(core) if nearest is not None else None
        best, steps = self._judged(core, said), list[Correction]()
        if best.exact_matches or best.question.elsewhere or best.question.places:
            return best, steps
        for _ in range(_MISTYPED):
            if best.in_scope and not best.question.gaps:
                break
            tried = islice(self._corrector.corrections(best.question.text), _MENDED)
            mended = max(tried, key=lambda each: self._find(each.text).score, default=None)
            if mended is None or self._find(mended.text).score <= self._find(best.question.text).score:
                break  # by words it is no better: the model, which takes long, is not asked
            if said is not None and self._is_hopeless(mended.text, said):
                break
            said = nearest(mended.text) if nearest is not None else None
            other = self._judged(mended.text, said)
            if not other.in_scope:
                break
            if other.score < best.score + (_CLEAR if best.in_scope else 0):
                break
            best = other
            steps.append(mended)
        return best, steps

    def _judged(self, text: str, said: Nearest | None) -> Hits:
        """Find clauses for a text, by words alone or together with the model's result."""
        return self._find(text) if said is None else self._find_afresh(text, said)

    def _is_hopeless(self, mended: str, said: Nearest) -> bool:
        """Whether a corrected text would not even be offered, by what the model said of the typed text.

        Such a correction is only similar by chance (世界杯 → 税界杯). The model is slow, so it is not asked about it.
        """
        found = self._judged(mended, said)
        return not (found.in_scope or found.is_near)

    def _is_unsure(self, found: Hits, decision: Decision) -> bool:
        """Whether the words leave a doubt: which clause comes first, or whether it answers at all."""
        question = found.question
        if found.exact_matches or question.asks_of_elsewhere or len(question.text) > _TOO_LONG:
            return False
        return not decision.sure or self._in_doubt(found)

    def _several(self, core: str, nearest: Ask | None) -> Decision | None:
        """Decide on two or more needs. Each must be clear by itself, and no single clause serves them all."""
        parts = [part for part in parts_by_connectors(core) if not self._says_no_need(part)]
        if len(parts) > 1 and (decision := self._parted(parts, core, nearest, clear=0.0)):
            return decision
        listed = parts_by_lists(core)
        parts = [part for part in listed if not self._says_no_need(part)]
        if len(parts) < len(listed) and not both_asked(core):
            return None
        clear = 0.0 if both_asked(core) else _CLEAR
        return self._parted(parts, core, nearest, clear=clear) if len(parts) > 1 else None

    def _says_no_need(self, part: str) -> bool:
        """Whether a part names no subject, or only a sum. A sum belongs to the need beside it."""
        if self._reader.is_silent(part) or self._readings.is_figure(part):
            return True
        return both_asked(part) and not self._find(part).clauses

    def _parted(
        self, parts: Sequence[str], core: str, nearest: Ask | None, *, clear: float
    ) -> Decision | None:
        needs: list[tuple[Hits | None, Decision]] = []
        for part in map(self._wrapper.unwrap, parts):
            if read := self._read(part):
                needs.append((None, read))
                continue
            if not self._is_clear(self._find(part), clear):
                return None
            found = self._found_by(part, nearest)
            if not found.in_scope:
                return None
            needs.append((found, self._decided(found)))
        founds = [found for found, _ in needs if found is not None]
        if len(founds) == len(needs) and self._serves_all(core, founds):
            return None
        decisions = tuple(decision for _, decision in needs)
        firsts = dict.fromkeys(decision.clauses[0] for decision in decisions if decision.clauses)
        if len(firsts) < len(parts) and len(founds) == len(needs):
            return None
        rest = (clause for decision in decisions for clause in decision.clauses)
        reasons = tuple(
            Reason("need", f"{part} → {d.intent} {d.clauses[:1]}")
            for part, d in zip(parts, decisions, strict=True)
        )
        clauses = tuple(dict.fromkeys((*firsts, *rest)))
        unsure = nearest is None and any(map(self._in_doubt, founds))
        return Decision(Intent.MULTI, clauses, parts=decisions, unsure=unsure, reasons=reasons)

    def _is_clear(self, found: Hits, clear: float) -> bool:
        """Whether a part is a need by itself: it is a whole keyword or title, or well above the threshold."""
        return bool(found.exact_matches) or (found.in_scope and found.score >= self._threshold + clear)

    def _serves_all(self, core: str, founds: Sequence[Hits]) -> bool:
        """Whether the best clause for the whole text serves each need about as well as the best clause for that need."""
        whole = self._find(core).clauses
        return bool(whole) and all(
            found.score_of(whole[0][0]) >= _NEAR * found.clauses[0][1] for found in founds
        )


def _repair(mended: Correction) -> Reason:
    return Reason("repair", f"{mended.how}：{mended.typed} → {mended.meant}")
