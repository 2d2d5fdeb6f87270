"""`policybot match FILE`: which clauses may be for companies, one JSON line each."""

import json
import sys
from collections.abc import Iterable, Iterator, Mapping
from contextlib import nullcontext
from datetime import datetime
from pathlib import Path
from typing import Annotated, Any

import typer

from bot.runtime.process import read_settings
from policies.district.folder import library_folder, rules_in
from policies.district.models import DistrictPart
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.matching.as_json import as_json, fact_as_json
from policies.matching.catalogue import load_catalogue
from policies.matching.facts import FactError, Facts, load_facts
from policies.matching.matching import match
from storage.clock import SHANGHAI
from storage.files.json_text import parse_json


def register(app: typer.Typer) -> None:
    """Add `match`."""
    app.command("match")(match_command)


def match_command(
    file: Annotated[Path | None, typer.Argument(metavar="FILE")] = None,
    list_facts: Annotated[
        bool, typer.Option("--facts", help="List what can be told of a company, as JSON.")
    ] = False,
    as_of: Annotated[
        datetime | None,
        typer.Option(
            "--as-of", formats=["%Y-%m-%d"], help="The day as of which it holds; today if not given."
        ),
    ] = None,
) -> None:
    """Match companies with clauses: FILE (or - for standard input) has a JSON object {"id", "facts"} a line; prints one a line.

    For example {"id": 1, "facts": {"org_kind": "enterprise", "place": "new_area", "hightech_status": "first"}}.
    `--facts` lists every fact with its question, its type and its options.

    Each result names clause and benefit, the verdict (likely, maybe, no), the facts that are missing, the deciding
    words, and what the clause's own rule comes to. Exit code 2 if a line can't be read; its number is said.
    """
    if list_facts:
        typer.echo(
            json.dumps(
                [fact_as_json(fact) for fact in load_facts(_rules()).all], ensure_ascii=False, indent=1
            )
        )
        return
    if file is None:
        raise typer.BadParameter("give a FILE, - for standard input, or --facts")
    if str(file) != "-" and not file.is_file():
        raise typer.BadParameter(f"there is no file {file}")
    folder, rules = library_folder(read_settings().library), _rules()
    library = load_library(folder.documents) if folder.documents else Library()
    catalogue = load_catalogue(rules, {policy.key: policy.text for policy in library.policies})
    today = (as_of or datetime.now(SHANGHAI)).date()
    with nullcontext(sys.stdin) if str(file) == "-" else file.open(encoding="utf-8-sig") as lines:
        for company, told in _companies(
            lines, "standard input" if str(file) == "-" else file.name, catalogue.facts
        ):
            found = match(catalogue.benefits, catalogue.facts, told, library.policies, today)
            typer.echo(json.dumps({"id": company, **as_json(found)}, ensure_ascii=False))


def _rules() -> Mapping[DistrictPart, Any]:
    """Return the rules of the folder that the settings name."""
    return rules_in(library_folder(read_settings().library))


def _companies(lines: Iterable[str], name: str, facts: Facts) -> Iterator[tuple[Any, dict[str, Any]]]:
    for number, line in enumerate(lines, 1):
        if not line.strip().removeprefix("\ufeff"):
            continue
        try:
            company = parse_json(line.removeprefix("\ufeff"))
            yield company["id"], facts.read(company["facts"])
        except (ValueError, KeyError, TypeError, AttributeError, FactError) as error:
            typer.echo(f"policybot: {name}, line {number}: {error}", err=True)
            raise typer.Exit(2) from None
