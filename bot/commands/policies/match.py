"""`policybot match FILE`: which clauses may be for companies, one JSON line each."""

import json
from collections.abc import Iterator
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from policies.library.compendium import load_compendium
from policies.matching.benefits import Benefit, load_benefits
from policies.matching.facts import Fact, FactError, Facts, load_facts
from policies.matching.matching import Match, Result, match
from storage.clock import SHANGHAI

_INSTRUMENTS = {
    "equity": "股权投资等方式，不是直接补助",
    "grant_or_equity": "财政奖补或股权投资方式，视情给予",
}


def register(app: typer.Typer) -> None:
    """Add `match`."""
    app.command("match")(match_command)


def match_command(
    file: Annotated[
        Path | None, typer.Argument(metavar="FILE", exists=True, dir_okay=False, readable=True)
    ] = None,
    list_facts: Annotated[
        bool, typer.Option("--facts", help="List what can be told of a company, as JSON.")
    ] = False,
) -> None:
    """Match companies with clauses: FILE has a JSON object {"id", "facts"} a line; prints one a line.

    For example {"id": 1, "facts": {"org_kind": "enterprise", "place": "new_area", "hightech_status": "first"}}.
    `--facts` lists every fact with its question, its type and its options.

    Each result names clause and benefit, the verdict (likely, maybe, no), the facts that are missing, the deciding
    words, and what the clause's own rule comes to. Exit code 2 where a line can't be read; its number is said.
    """
    if list_facts:
        typer.echo(json.dumps([_as_told(fact) for fact in load_facts().all], ensure_ascii=False, indent=1))
        return
    if file is None:
        raise typer.BadParameter("give a FILE, or --facts")
    facts, benefits, compendium = load_facts(), load_benefits(), load_compendium()
    today = datetime.now(SHANGHAI).date()
    for company, told in _lines(file, facts):
        found = match(benefits, facts, told, compendium.policies, today)
        typer.echo(json.dumps({"id": company, **_as_json(found)}, ensure_ascii=False))


def _as_told(fact: Fact) -> dict[str, Any]:
    return fact.model_dump(exclude={"asked_when"}, exclude_defaults=True)


def _lines(file: Path, facts: Facts) -> Iterator[tuple[Any, dict[str, Any]]]:
    with file.open(encoding="utf-8-sig") as lines:
        for number, line in enumerate(lines, 1):
            if not line.strip():
                continue
            try:
                company = json.loads(line)
                yield company["id"], facts.read(company["facts"])
            except (ValueError, KeyError, TypeError, AttributeError, FactError) as error:
                typer.echo(f"policybot: {file.name}, line {number}: {error}", err=True)
                raise typer.Exit(2) from None


def _as_json(found: Match) -> dict[str, Any]:
    return {"results": [_result(result) for result in found.results], "ask_next": list(found.ask_next)}


def _result(result: Result) -> dict[str, Any]:
    benefit = result.benefit
    line: dict[str, Any] = {
        "clause": benefit.clause,
        "benefit": benefit.letter,
        "title": benefit.title,
        "verdict": result.verdict.value,
        "missing": list(result.missing),
        "why": [{"quote": reason.quote, "met": reason.met} for reason in result.why],
        "sum": result.sum and result.sum._asdict(),
    }
    if benefit.general:
        line["general"] = True
    if benefit.conditions_text:
        line["to_be_checked"] = "还须审核：" + "；".join(benefit.conditions_text)
    if benefit.instrument in _INSTRUMENTS:
        line["instrument"] = _INSTRUMENTS[benefit.instrument]
    if benefit.excludes:
        line["excludes"] = [_letter(benefit, other) for other in benefit.excludes]
    if result.caveat:
        line["caveat"] = result.caveat
    return line


def _letter(benefit: Benefit, other: str) -> str:
    return other.removeprefix(str(benefit.clause))
