"""The progress of an interview in the session. It ends with the session; nothing is kept without consent."""

from dataclasses import replace
from typing import Any

from handlers.framework import dialogue_timeout
from handlers.framework.context import Context
from handlers.framework.registry import Turn
from policies.company_facts.interview import TOPICS, Progress
from policies.matching.conditions import ToldFacts
from policies.matching.facts import as_raw

MATCH = "match"
"""The dialogue."""
_STATE, _ASKING, _REMINDED = "match", "asking", "reminded"


def begin_step(turn: Turn, context: Context, progress: Progress, asking: str = "") -> None:
    """Store the progress and the question that was asked (a fact's id, or another step's name)."""
    state: dict[str, Any] = {
        "told": as_raw(progress.told),
        "unsure": sorted(progress.unsure),
        "clause": progress.clause,
        "asked": progress.asked,
        "until": progress.until,
        "last": list(progress.last),
        "trail": list(progress.trail),
    }
    if progress.topics is not None:
        state["topics"] = list(progress.topics)
    dialogue_timeout.begin(turn, context, MATCH, **{_STATE: state, _ASKING: asking})


def asking(turn: Turn) -> str:
    """What was asked last; "" for nothing."""
    return str(turn.session.step.get(_ASKING, ""))


def first_reminder(turn: Turn) -> bool:
    """Whether the person was not yet reminded of the question that was asked; from now on they were."""
    step = turn.session.step
    if step.get(_REMINDED):
        return False
    turn.session.step = {**step, _REMINDED: True}
    return True


def progress_of(turn: Turn, context: Context) -> Progress | None:
    """The progress in the session; None where no interview is under way, or it has timed out."""
    state = turn.session.step.get(_STATE)
    if (
        turn.session.dialogue != MATCH
        or not isinstance(state, dict)
        or dialogue_timeout.is_expired(turn, context)
    ):
        return None
    topics = state.get("topics")
    return Progress(
        told=context.matching.facts.read_kept(state.get("told", {})),
        unsure=frozenset(state.get("unsure", ())),
        topics=None if topics is None else tuple(topics),
        clause=state.get("clause"),
        asked=state.get("asked", 0),
        until=state.get("until", context.matching.plan.enough),
        last=tuple(fact for fact in state.get("last", ()) if fact in context.matching.facts.by_id),
        trail=tuple(
            one for one in state.get("trail", ()) if one == TOPICS or one in context.matching.facts.by_id
        ),
    )


def with_told(progress: Progress, more: ToldFacts) -> Progress:
    """The progress with more facts told; a fact that is told again is corrected."""
    if not more:
        return progress
    told = {**progress.told, **more}
    return replace(progress, told=told, unsure=progress.unsure - frozenset(more), last=tuple(more))
