"""Reading documents, scored against a folder of cases: `python -m bench.import_cases DIR`.

DIR holds documents and `truth/*.json`, one for each document (`file`, `clauses` …) and `edition-*.json` for
pairs of editions. A clause is right when its label, its section, its first and its last 14 characters are.
"""

import argparse
import json
import re
import sys
import unicodedata
from collections.abc import Iterable, Iterator
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from policies.importing.document.errors import DocumentError
from policies.importing.files.documents import read_document
from policies.importing.proposal.propose import propose
from policies.library.library_file import load_library
from policies.library.models import Document
from policies.numbers.numerals import as_integer

Json = dict[str, Any]
_KEPT = 14
TOPICS: tuple[tuple[str, frozenset[str]], ...] = tuple(
    (pattern, frozenset(codes.split()))
    for pattern, codes in (
        (r"without numbers|no numbers?\b|numbered by the import|unnumbered rows", "numbered_by_import"),
        (r"inside a cell", "inner_numbers"),
        (r"merged", "merged_cells"),
        (r"column", "columns columns_left_out"),
        (r"restart|begins? (?:anew|again)|stands (?:two|three|four|five) times|重新", "restart"),
        (
            r"twice|same number|duplicate|printed (?:again|two times)|重复的?编号",
            "duplicate restart same_text",
        ),
        (r"track(?:ed)? (?:change|move)|moved from|inserted|deleted|revision|修订", "tracked"),
        (r"hidden", "hidden"),
        (r"comment|批注", "comments"),
        (r"text ?box|文本框", "text_box"),
        (r"footnote|endnote|脚注", "footnote footnote_mark"),
        (r"table", "table_inside table_left_out numbered_by_import columns_left_out merged_cells"),
        (r"picture|scan|image|without text|no text", "pictures page_without_text"),
        (r"appendix|attachment|annex|附件|附表", "attachment table_left_out covering_notice appendix_cited"),
        (r"cover(?:ing)? (?:notice|letter)|转发|印发通知", "covering_notice closing part_left_out"),
        (r"call for applications|application (?:notice|call)|申报通知", "notice"),
        (r"deadline|window|申报时间|申报期", "notice"),
        (r"conditions, not", "part_left_out"),
        (r"note\b|notes\b|备注|注：|填报说明", "note footnote"),
        (r"contents|目录", "contents"),
        (r"jump|missing|gap|skipp|no (?:section|clause|article|number) ", "gap"),
        (
            r"no responsible department|departments? (?:is|are) (?:not )?printed|without (?:a )?department",
            "no_departments",
        ),
        (r"departments come from|from the (?:section )?heading", "departments_inherited"),
        (r"(?:new|unknown) to the system|new department", "new_department department_gone"),
        (r"title of the document changed|new title|title changed", "new_title"),
        (r"same edition|same title", "same_edition"),
        (
            r"clos(?:ing|e) paragraph|in force|valid|belongs? to no clause|附则|解释|effective",
            "closing after_clause part_left_out validity closing_article",
        ),
        (r"contact|telephone|phone|电话|联系|咨询", "contact attachment part_left_out"),
        (r"sign|落款|issued by|issuer", "signature closing"),
        (r"head(?:er|s)|foot(?:er|s)|page number|watermark|页眉|页脚|水印", "furniture watermark"),
        (r"two columns|in two columns|columns of text", "columns"),
        (r"draft|送审|征求意见", "draft_text"),
        (r"empty|no text of its own|reserved|repealed|废止", "empty"),
        (r"superse|replaces|abolish|原.{0,10}废止", "closing"),
    )
)
"""What the truth says must be told (in any words), and the warnings that tell it."""


@dataclass(slots=True)
class Score:
    """How one document was read."""

    file: str
    expected: int = 0
    read: int = 0
    right: int = 0
    departments: int = 0
    doc_nos: int = 0
    sums: int = 0
    outside: int = 0
    outside_expected: int = 0
    warned: int = 0
    to_warn: int = 0
    refused: str = ""
    must_refuse: bool = False
    may_refuse: bool = False
    remarks: list[str] = field(default_factory=list)

    @property
    def good(self) -> bool:
        if self.must_refuse or (self.refused and self.may_refuse):
            return bool(self.refused)
        return not self.refused and self.right == self.expected == self.read and self.warned == self.to_warn


def plain(text: str) -> str:
    """Without white space and with one width of characters."""
    return re.sub(r"\s+", "", unicodedata.normalize("NFKC", text))


def score(truth: Json, proposal: Json | None, refused: str = "") -> Score:
    """Compare what was read with what a careful person reads."""
    found = Score(
        truth["file"],
        expected=truth.get("count", len(truth.get("clauses", []))),
        refused=refused,
        must_refuse=bool(truth.get("refuse")),
        may_refuse=bool(truth.get("refuse_acceptable")),
    )
    if proposal is None:
        return found
    clauses = list(proposal["clauses"])
    found.read = len(clauses)
    for wanted in truth.get("clauses", []):
        clause = _taken(clauses, wanted)
        wrong = _wrong(wanted, clause)
        found.right += not wrong
        if wrong:
            found.remarks.append(f"{wanted['label']}: {wrong}")
        if clause is not None:
            _score_fields(found, wanted, clause)
    found.remarks += [f"+ {one['label']}: {one['text'][:40]}" for one in clauses]
    left_out = plain("\n".join(proposal["not_clauses"]))
    for words in truth.get("not_clauses", []):
        found.outside_expected += 1
        if plain(words) in left_out:
            found.outside += 1
        else:
            found.remarks.append(f"not among what was left out: {words}")
    unsaid = list(unsaid_of(truth, proposal))
    found.to_warn = len(truth.get("must_warn", []))
    found.warned = found.to_warn - len(unsaid)
    found.remarks += [f"not said: {one}" for one in unsaid]
    return found


def unsaid_of(truth: Json, proposal: Json) -> Iterator[str]:
    """What the operator has to learn and no warning is about. A thing that no topic knows counts as not said."""
    codes = {one["code"] for one in proposal["warnings"]}
    for one in truth.get("must_warn", []):
        wanted = [known for pattern, known in TOPICS if re.search(pattern, one, re.IGNORECASE)]
        if not any(codes & known for known in wanted):
            yield one


def _taken(clauses: list[Json], wanted: Json) -> Json | None:
    """The clause that was read for a wanted one, taken out of the list."""

    def near(one: Json) -> tuple[bool, bool, bool]:
        starts = plain(one["text"]).startswith(plain(wanted["starts"]))
        return starts, _same_label(one, wanted), plain(one["section"]) == plain(wanted["section"])

    best = max(clauses, key=near, default=None)
    if best is None or not (near(best)[0] or near(best)[1]):
        return None
    clauses.remove(best)
    return best


def _same_label(one: Json, wanted: Json) -> bool:
    return plain(one["label"]) == plain(wanted["label"])


def _wrong(wanted: Json, clause: Json | None) -> str:
    if clause is None:
        return "not read"
    text = plain(clause["text"])
    starts = {plain(one) for one in _any(wanted, "starts")}
    ends = {plain(one) for one in _any(wanted, "ends")}
    wrong = []
    if not _same_label(clause, wanted):
        wrong.append(f"label {clause['label']}")
    if plain(clause["section"]) != plain(wanted["section"]):
        wrong.append(f"section {clause['section']}")
    if not any(text.startswith(one) for one in starts):
        wrong.append(f"starts {text[:_KEPT]}")
    if not any(text.endswith(one) for one in ends):
        wrong.append(f"ends {text[-_KEPT:]}")
    return ", ".join(wrong)


def _any(wanted: Json, name: str) -> Iterable[str]:
    yield wanted[name]
    for key in (f"{name}_either", f"{name}_any"):
        also = wanted.get(key, [])
        yield from [also] if isinstance(also, str) else also


def _score_fields(found: Score, wanted: Json, clause: Json) -> None:
    named = {plain(one) for one in wanted["departments"]}
    read = {plain(one) for one in clause["departments"]}
    if read == named or (not read and wanted.get("departments_inherited")):
        found.departments += 1
    else:
        found.remarks.append(f"{wanted['label']}: departments {sorted(read)} for {sorted(named)}")
    numbers = {plain(one) for one in wanted["doc_nos"]}
    inherited = {plain(one) for one in wanted.get("doc_nos_inherited", [])}
    cited = {plain(one) for one in clause["doc_nos"]}
    if numbers - inherited <= cited <= numbers:
        found.doc_nos += 1
    else:
        found.remarks.append(f"{wanted['label']}: numbers {sorted(cited)} for {sorted(numbers)}")
    sums = sorted((one["cny"] or 0, one["rate"] or 0) for one in wanted["sums"])
    said = sorted((one["cny"] or 0, one["rate"] or 0) for one in clause["sums"])
    if sums == said:
        found.sums += 1
    else:
        quotes = [f"{one['quote']}={one['cny'] or one['rate']}" for one in clause["sums"]]
        found.remarks.append(
            f"{wanted['label']}: sums {quotes} for {[one['quote'] for one in wanted['sums']]}"
        )


def pair_faults(truth: Json, pairs: list[Json]) -> list[str]:
    """Pairs of two editions that are told otherwise than a careful person tells them."""
    faults = []
    said = {(_name(one["old"]), _name(one["new"])): one["kind"] for one in pairs}
    for wanted in truth["pairs"]:
        key = (_name(wanted["old"]), _name(wanted["new"]))
        kind = said.pop(key, "unchanged" if key[0] == key[1] else None)
        if not _same_kind(kind, wanted["kind"]):
            faults.append(f"{key[0]} → {key[1]}: {kind} for {wanted['kind']}")
    extra = [(key, kind) for key, kind in said.items() if not (kind == "unchanged" and key[0] == key[1])]
    return faults + [f"{old} → {new}: {kind} for nothing" for (old, new), kind in extra]


def _name(label: str | int | None) -> str:
    """A clause as both sides write it: the truth has the number of 第四条."""
    article = re.fullmatch(r"第(.+)条", str(label or ""))
    return str(as_integer(article[1]) or article[1]) if article else str(label or "")


def _same_kind(said: str | None, wanted: str) -> bool:
    def folded(kind: str) -> set[str]:
        return {"renumbered" if part == "moved" else part for part in kind.split("+")}

    return said is not None and folded(said) == folded(wanted)


def table(scores: list[Score]) -> Iterable[str]:
    """A line for each case, then the sums."""
    yield f"{'case':<14}{'clauses':>8}{'read':>6}{'right':>6}{'dept':>6}{'nos':>5}{'sums':>6}{'outside':>9}{'warned':>8}"
    for one in scores:
        state = "ok" if one.good else "WRONG"
        if one.refused:
            state += f" refused: {one.refused[:60]}"
        outside = f"{one.outside}/{one.outside_expected}"
        yield (
            f"{one.file:<14}{one.expected:>8}{one.read:>6}{one.right:>6}{one.departments:>6}{one.doc_nos:>5}"
            f"{one.sums:>6}{outside:>9}{f'{one.warned}/{one.to_warn}':>8}  {state}"
        )
    counted = [one for one in scores if not one.must_refuse and not (one.refused and one.may_refuse)]
    expected = sum(one.expected for one in counted)
    right = sum(one.right for one in counted)
    read = sum(one.departments for one in counted), sum(one.sums for one in counted)
    yield (
        f"clauses right {right} of {expected} ({right / max(1, expected):.1%}); departments {read[0]}, sums {read[1]}; "
        f"warnings said {sum(one.warned for one in counted)} of {sum(one.to_warn for one in counted)}; "
        f"cases wholly right {sum(one.good for one in scores)} of {len(scores)}"
    )


def known_of(truth: Json, folder: Path, known: Document) -> Document:
    """The edition that a case is compared with: the one it names, else the project's own document."""
    first = folder / truth.get("first_edition", "")
    if not first.is_file():
        return known
    return propose(read_document(first.name, first.read_bytes())).document


def read_case(file: Path, known: Document) -> tuple[Json | None, str]:
    """A document as read, or why it was refused."""
    try:
        proposal = propose(read_document(file.name, file.read_bytes()), known)
    except DocumentError as error:
        return None, str(error)
    return proposal.report.model_dump(), ""


def main() -> None:
    """Print the whole table: documents, then editions, then what a person has to compare by eye."""
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("folder", type=Path)
    parser.add_argument("--brief", action="store_true", help="only the tables")
    asked = parser.parse_args()
    known = load_library().documents[0]
    scores, notes, editions = [], [], []
    for path in sorted((asked.folder / "truth").glob("*.json")):
        truth = json.loads(path.read_text(encoding="utf-8"))
        if "file" not in truth:
            continue
        file = asked.folder / truth["file"]
        if not file.exists():
            editions.append(f"{file.name}: not in the folder")
            continue
        proposal, refused = read_case(file, known_of(truth, asked.folder, known))
        if "pairs" in truth:
            faults = pair_faults(truth, (proposal or {}).get("pairs", []))
            faults += [f"not said: {one}" for one in (unsaid_of(truth, proposal) if proposal else ())]
            editions.append(f"{file.name}: {len(truth['pairs'])} pairs, {len(faults)} wrong {faults[:5]}")
            continue
        scores.append(score(truth, proposal, refused))
        notes.append(f"# {file.name}")
        notes += [f"  - {remark}" for remark in scores[-1].remarks]
        notes += [f"  must say: {said}" for said in truth.get("must_warn", [])]
        notes += [
            f"  said:     {one['code']}: {one['message']}" for one in (proposal or {}).get("warnings", [])
        ]
    print("\n".join([*table(scores), *editions, *([] if asked.brief else notes)]))
    sys.exit(not all(one.good for one in scores))


if __name__ == "__main__":
    main()
