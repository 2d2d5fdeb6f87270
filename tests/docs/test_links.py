"""Links and paths in the docs lead somewhere: to a page, a heading or an anchor of it, a file of the house."""

import re
import subprocess
from pathlib import Path

from tests.docs.literal_commands import ROOT

PAGES = [ROOT / "README.md", ROOT / "CONTRIBUTING.md", *sorted((ROOT / "docs").glob("*.md"))]
OF_THE_HOUSE = ("adding", "alerts", "architecture", "conversation", "decisions", "library", "search")
_LINK = re.compile(r"\]\((?!https?:)([^)#\s]*)(?:#([^)\s]+))?\)")
_SPAN = re.compile(r"`([^`\n]+)`")
_PATH = re.compile(r"[\w.-]+/(?:[\w.-]+/)*(?:[\w.-]+\.(?:py|json|jsonl|md|txt))?")
_CODE = re.compile(r"[a-z_]+(?:/[a-z_0-9]+)+(?:\.[A-Za-z_]\w*)*|[a-z_]+(?:\.[a-z_0-9]+){2,}")
"""A module without its ending (alerts/ledger/claim), or with dots (alerts.ledger.claim): the docs write neither."""


def anchors(page: Path) -> set[str]:
    text = page.read_text(encoding="utf-8")
    headings = re.findall(r"^#+ (.+)$", text, re.MULTILINE)
    slugs = {re.sub(r"[^\w\- ]", "", heading.lower()).replace(" ", "-") for heading in headings}
    return slugs | set(re.findall(r'<a id="([^"]+)">', text))


def test_links_lead_to_a_page_and_a_place_on_it() -> None:
    broken = [
        (page.name, target, anchor)
        for page in PAGES
        for target, anchor in _LINK.findall(page.read_text(encoding="utf-8"))
        if not (there := page.parent / target if target else page).exists()
        or (anchor and anchor not in anchors(there))
    ]
    assert not broken


def test_each_decision_has_an_anchor_of_its_own() -> None:
    text = (ROOT / "docs" / "decisions.md").read_text(encoding="utf-8")
    ids = re.findall(r"^- <a id=\"([^\"]+)\"></a>", text, re.MULTILINE)
    assert len(ids) == len(set(ids)) == len(re.findall(r"^- ", text, re.MULTILINE))


def test_paths_are_written_from_the_root_and_exist() -> None:
    listed = subprocess.run(["git", "ls-files"], cwd=ROOT, capture_output=True, text=True, check=True)
    files = set(listed.stdout.split("\n"))
    folders = {f"{folder}/" for file in files for folder in map(str, Path(file).parents)}
    wrong = []
    for name in OF_THE_HOUSE:
        text = (ROOT / "docs" / f"{name}.md").read_text(encoding="utf-8")
        prose = re.sub(r"^```.*?^```", "", text, flags=re.MULTILINE | re.DOTALL)
        for span in _SPAN.findall(prose):
            is_path = _PATH.fullmatch(span)
            if span not in files | folders if is_path else _CODE.fullmatch(span):
                wrong.append((name, span))
    assert not wrong
