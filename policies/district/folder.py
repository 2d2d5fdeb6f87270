"""A library as a folder: `policies.json`, and beside it a file for each part of the district's data."""

import json
from dataclasses import dataclass
from pathlib import Path
from typing import Any

from pydantic import BaseModel

from policies.district.models import (
    MODELS,
    RULES,
    DepartmentList,
    District,
    DistrictPart,
    Places,
    Rules,
    Texts,
)
from policies.district.rules import named
from policies.library.data_files import DataFileError, read_data_file
from policies.library.models import TrackList

_PROJECT = Path(__file__).parents[2]
NONE = "none"
"""The value of `BOT_LIBRARY` for an installation that begins empty."""


@dataclass(frozen=True, slots=True)
class LibraryFolder:
    """Where the files of a library are. None: there is no such file, and this part begins empty.

    Attributes:
        documents: the file of documents with their clauses (`policies.json`).
        lists: the folder of the other files.
    """

    documents: Path | None
    lists: Path | None

    def file(self, name: str) -> Path | None:
        """Return a file of the folder by its name without `.json`; None if it is not there."""
        path = self.lists / f"{name}.json" if self.lists else None
        return path if path and path.exists() else None

    def district(self) -> District:
        """Return the district's data; a part whose file is missing is empty.

        Raises:
            DataFileError: a file can't be read or doesn't fit.
        """
        tracks, departments = self.file(DistrictPart.TRACKS), self.file(DistrictPart.DEPARTMENTS)
        places, texts = self.file(DistrictPart.PLACES), self.file(DistrictPart.TEXTS)
        empty = District()
        rules = {part: file for part in RULES if (file := self.file(part))}
        return District(
            read_data_file(tracks, TrackList) if tracks else empty.tracks,
            read_data_file(departments, DepartmentList).root if departments else empty.departments,
            read_data_file(places, Places) if places else empty.places,
            read_data_file(texts, Texts) if texts else empty.texts,
            {part: read_data_file(file, Rules).root for part, file in rules.items()},
        )


OWN_FOLDER = LibraryFolder(_PROJECT / "policies.json", _PROJECT / "library")
"""The library that comes with the program."""


def library_folder(setting: str) -> LibraryFolder:
    """Return the folder that `BOT_LIBRARY` names.

    Raises:
        DataFileError: there is no such folder, or no file of a library in it.
    """
    if not setting:
        return OWN_FOLDER
    if setting == NONE:
        return LibraryFolder(None, None)
    folder = Path(setting)
    if not folder.is_dir():
        raise DataFileError(f"BOT_LIBRARY：没有文件夹 {folder}；空库请写 {NONE}")
    documents = folder / "policies.json"
    found = LibraryFolder(documents if documents.exists() else None, folder)
    if found.documents is None and not any(map(found.file, DistrictPart)):
        raise DataFileError(f"BOT_LIBRARY：{folder} 里没有 policies.json，也没有 tracks.json 等文件")
    return found


def load_district(folder: LibraryFolder = OWN_FOLDER) -> District:
    """Return the data of the district that comes with the program, or of another folder; raises `DataFileError`."""
    return folder.district()


def rules_in(folder: LibraryFolder = OWN_FOLDER) -> dict[DistrictPart, Any]:
    """Return the rules for matching companies from a folder, with the district's names; raises `DataFileError`."""
    district = folder.district()
    return {part: named(rules, district.texts) for part, rules in district.rules.items()}


def dump_part(content: BaseModel) -> str:
    """Return the text of a part's file: an entry of a list on a line of its own."""
    data = content.model_dump(mode="json", exclude_defaults=True)
    return _lay_out(data, "") + "\n"


def write_district(folder: Path, district: District) -> list[Path]:
    """Write the file of each part, and return the files. A missing folder is made."""
    folder.mkdir(parents=True, exist_ok=True)
    written = []
    for part in (part for part in MODELS if part not in RULES or district.rules.get(part)):
        path = folder / f"{part}.json"
        path.write_text(dump_part(district.part(part)), encoding="utf-8")
        written.append(path)
    return written


def _lay_out(value: object, indent: str) -> str:
    """JSON with objects of objects and lists of objects over several lines, everything inside on one."""
    deeper = f"{indent}  "
    if isinstance(value, dict) and (not indent or any(isinstance(inner, dict) for inner in value.values())):
        pairs = (
            f"{deeper}{json.dumps(k, ensure_ascii=False)}: {_lay_out(v, deeper)}" for k, v in value.items()
        )
        return "{\n" + ",\n".join(pairs) + f"\n{indent}}}"
    if isinstance(value, list) and any(isinstance(inner, dict) for inner in value):
        return "[\n" + ",\n".join(deeper + json.dumps(v, ensure_ascii=False) for v in value) + f"\n{indent}]"
    return json.dumps(value, ensure_ascii=False)
