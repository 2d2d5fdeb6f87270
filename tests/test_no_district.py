"""The code knows no district: its names and places are data (`library/`, `policies.json`, `policies/data`)."""

import tomllib
from pathlib import Path

from policies.district.folder import load_district
from policies.library.library_file import load_library

ROOT = Path(__file__).parent.parent
PACKAGES = tomllib.loads((ROOT / "pyproject.toml").read_text())["tool"]["importlinter"]["root_packages"]
DATA = ROOT / "policies" / "data"
WRITTEN = {".py", ".html", ".js", ".css", ".svg", ".txt", ".json", ".yaml"}


def words_of_the_district() -> list[str]:
    """Names, places and the query office of the library that comes with the program. Names of tracks are words of any trade."""
    district, library = load_district(), load_library()
    texts, contact = district.texts, library.contact
    assert contact is not None
    plain = {"新区"}  # a word for any new area, and part of other words
    return sorted(
        {
            *(place for places in district.places.levels.values() for place in places),
            *district.places.own,
            *district.places.others,
            *(document.title for document in library.documents),
            *(texts.district, texts.short, texts.city, texts.account),
            *(contact.office, contact.address, contact.phone, contact.form, contact.download, contact.url),
            "海洋",
        }
        - plain
    )


SOURCES = sorted(
    path
    for package in PACKAGES
    for path in (ROOT / package).rglob("*")
    if path.suffix in WRITTEN and DATA not in path.parents
) + [ROOT / name for name in ("Makefile", "Dockerfile", "compose.yaml", ".env.example", "pyproject.toml")]


def test_no_source_names_the_district() -> None:
    words = words_of_the_district()
    named = {
        str(path.relative_to(ROOT)): found
        for path in SOURCES
        if (found := [word for word in words if word in path.read_text(encoding="utf-8")])
    }
    assert named == {}
