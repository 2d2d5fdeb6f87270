"""Scripted conversations: what a turn's reply must and must not hold. Pure.

A case is a line of JSON: `{"id", "kind", "setup", "turns"}`. Of a turn's reply every regex of `any` is found, at least
one of `one_of`, none of `none`; `clause`: at least six tenths of that clause's words stand in it. Regexes are searched
without case in the reply as a person reads it (a tappable word is its label, a link its label and address), and once
more in the same text without white space.
"""

import json
import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date, timedelta
from pathlib import Path
from typing import Any

Json = dict[str, Any]
JUDGED = ("any", "one_of", "none", "clause")
_TAP = re.compile(r'<a href="weixin://bizmsgmenu\?[^"]*">(.*?)</a>', re.DOTALL)
_LINK = re.compile(r'<a href="([^"]+)">(.*?)</a>', re.DOTALL)
_DAY = re.compile(r"\{\{([+-]\d+)d\}\}")
_NAMED = re.compile(r"第\s*(\d+)\s*条")
_WORDS_KEPT = 0.6


@dataclass(frozen=True, slots=True)
class Turn:
    """One turn of a conversation and what became of it; `faults` is empty where it holds."""

    case: str
    kind: str
    number: int
    said: str
    reply: str
    faults: tuple[str, ...]
    judged: bool


def load_cases(path: Path) -> list[Json]:
    """The conversations of a file, one a line."""
    return [json.loads(line) for line in path.read_text(encoding="utf-8").splitlines() if line.strip()]


def as_read(raw: str) -> str:
    """A reply as a person reads it."""
    return _LINK.sub(r"\2 \1", _TAP.sub(r"\1", raw))


def day_of(relative: str, today: date) -> date:
    """The day of `+3d`, `-2d`, or a day as it is written."""
    if relative.endswith("d") and relative[0] in "+-":
        return today + timedelta(days=int(relative[:-1]))
    return date.fromisoformat(relative)


def faults_of(
    turn: Mapping[str, Any],
    replies: Sequence[str],
    texts: Mapping[int, str],
    today: date,
    base: str,
) -> list[str]:
    """Where a turn's reply is not what is expected.

    Args:
        turn: the turn as scripted.
        replies: all replies so far, as they are read; the last is this turn's.
        texts: the clauses' texts by number.
        today: the day of the conversation, for `{{+3d}}`.
        base: the bot's own address, for `{{base}}`.
    """
    shown = replies[-1]
    forms = (shown, re.sub(r"\s+", "", shown))

    def found(pattern: str) -> bool:
        expression = re.compile(_expected(pattern, today, base), re.IGNORECASE)
        return any(expression.search(form) for form in forms)

    faults = [f"lacks {pattern[:60]}" for pattern in turn.get("any") or () if not found(pattern)]
    choices = turn.get("one_of") or ()
    if choices and not any(map(found, choices)):
        faults.append(f"lacks any of {choices[0][:40]}…")
    faults += [f"holds {pattern[:60]}" for pattern in turn.get("none") or () if found(pattern)]
    clause = turn.get("clause")
    if clause is not None:
        number = clause if isinstance(clause, int) else _named_before(clause, replies)
        if number is None:
            faults.append(f"nothing named as {clause}")
        elif not _tells(shown, texts.get(number, "")):
            faults.append(f"is not clause {number}")
    return faults


def is_judged(turn: Mapping[str, Any]) -> bool:
    """Whether anything is expected of a turn."""
    return any(turn.get(name) not in (None, [], "") for name in JUDGED)


def _expected(pattern: str, today: date, base: str) -> str:
    """The pattern with the days and the address put in."""
    filled = _DAY.sub(lambda found: _any_writing(today + timedelta(days=int(found[1]))), pattern)
    return filled.replace("{{base}}", re.escape(base))


def _any_writing(day: date) -> str:
    year, month, number = day.year, day.month, day.day
    return (
        rf"(?:{year}年)?0?{month}月0?{number}[日号]|{year}[-/.]0?{month}[-/.]0?{number}(?!\d)"
        rf"|(?<!\d)0?{month}[-/.]0?{number}(?!\d)"
    )


def _named_before(reference: str, replies: Sequence[str]) -> int | None:
    """The clause that `0#2` means: the second one that the reply to turn 0 named."""
    turn, place = reference.split("#")
    named = list(dict.fromkeys(int(number) for number in _NAMED.findall(replies[int(turn)])))
    index = int(place)
    try:
        return named[index - 1 if index > 0 else index]
    except IndexError:
        return None


def _tells(shown: str, text: str) -> bool:
    wanted, there = _pairs(text), _pairs(shown)
    return bool(wanted) and len(wanted & there) >= _WORDS_KEPT * len(wanted)


def _pairs(text: str) -> set[str]:
    plain = re.sub(r"\W+", "", text)
    return {plain[at : at + 2] for at in range(len(plain) - 1)}


def summary(turns: Iterable[Turn]) -> dict[str, tuple[int, int, int, int]]:
    """By kind, and for all: conversations that hold, conversations, judged turns that hold, judged turns."""
    rows: dict[str, dict[str, list[Turn]]] = {}
    for turn in turns:
        for kind in (turn.kind, "all"):
            rows.setdefault(kind, {}).setdefault(turn.case, []).append(turn)
    return {
        kind: (
            sum(not any(turn.faults for turn in of_case) for of_case in cases.values()),
            len(cases),
            sum(turn.judged and not turn.faults for of_case in cases.values() for turn in of_case),
            sum(turn.judged for of_case in cases.values() for turn in of_case),
        )
        for kind, cases in sorted(rows.items(), key=lambda row: (row[0] == "all", row[0]))
    }
