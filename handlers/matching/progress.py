"""The progress of an interview in the session. It ends with the session. Nothing is kept without consent."""

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
    """Return what was asked last; "" if nothing was."""
    return str(turn.session.step.get(_ASKING, ""))


def first_reminder(turn: Turn) -> bool:
    """Whether the person has not been reminded of the last question yet. The call counts as a reminder."""
    step = turn.session.step
    if step.get(_REMINDED):
        return False
    turn.session.step = {**step, _REMINDED: True}
    return True


def progress_of(turn: Turn, context: Context) -> Progress | None:
    """Return the progress in the session. Return None if no interview is under way, or it has timed out."""
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
    """Return the progress with more facts. A fact that is told again replaces the earlier one."""
    if not more:
        return progress
    told = {**progress.told, **more}
    return replace(progress, told=told, unsure=progress.unsure - frozenset(more), last=tuple(more))
