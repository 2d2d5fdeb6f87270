"""Reading and writing the library file, with errors that name the clause and the field.

The file holds a list of documents, each with its clauses. A clause there does not name its document: it stands in it.
"""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import BaseModel, ConfigDict, ValidationError

from policies.library.library import Library, as_number, with_order
from policies.library.models import Document, Policy
from storage.files.json_text import JsonTextError, parse_json

LIBRARY_FILE = Path(__file__).parents[2] / "policies.json"
"""The documents that come with the program; they seed an empty database."""

_LINE_WIDTH = 100

_REASONS = {
    "missing": "缺少这个字段",
    "extra_forbidden": "没有这个字段，请检查拼写",
    "enum": "只能是 {expected} 之一",
    "int_type": "应是整数（金额以元为单位）",
    "int_parsing": "应是整数（金额以元为单位）",
    "int_from_float": "应是整数（金额以元为单位）",
    "float_type": "应是数字",
    "float_parsing": "应是数字",
    "string_type": "应是文字，用引号括起来",
    "tuple_type": "应是列表，用方括号括起来",
    "model_type": "应是对象，用花括号括起来",
    "date_from_datetime_parsing": "应是日期，如 2027-12-31",
    "date_parsing": "应是日期，如 2027-12-31",
    "date_type": "应是日期，如 2027-12-31",
    "greater_than": "应大于 {gt}",
    "less_than_equal": "不应大于 {le}",
}


class _File(BaseModel):
    """The file as it stands."""

    model_config = ConfigDict(extra="forbid")

    default: str = ""
    documents: tuple[Document, ...]


class LibraryFileError(Exception):
    """The library can't be read.

    Attributes:
        clause: label of the clause at fault, with its document's id before it if the file holds several. None: the
            fault is outside the clauses.
        field: the field at fault (`amounts[0].kind`); empty if the whole file cannot be read.
        message: what is wrong with it, in Chinese.
    """

    def __init__(self, clause: str | None, field: str, message: str) -> None:
        self.clause = clause
        self.field = field
        self.message = message
        where = [as_number(clause) if clause is not None else "", f"字段 {field}" if field else ""]
        super().__init__("，".join(part for part in where if part) + ("：" if any(where) else "") + message)


def load_library(path: Path = LIBRARY_FILE) -> Library:
    """Read a library file.

    Raises:
        LibraryFileError: the file is missing, isn't JSON in UTF-8, or doesn't fit the model.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise LibraryFileError(None, "", f"读不到 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise LibraryFileError(None, "", f"{path} 不是 UTF-8 编码") from error
    return parse_library(text)


def parse_library(text: str) -> Library:
    """Read a library from JSON text; raises `LibraryFileError`."""
    try:
        data = parse_json(text)
    except JsonTextError as error:
        raise LibraryFileError(None, "", f"{error}（应是 policies.json 那样的文件）") from error
    try:
        file = _File.model_validate(_with_documents_named(data))
    except ValidationError as error:
        raise _first_fault(error, data) from error
    return Library.of(map(with_order, file.documents), file.default)


def dump_library(library: Library) -> str:
    """Return the file's text: fields in the order of the model, short lists and objects on one line."""
    data: dict[str, Any] = {"documents": [_document(document) for document in library.documents]}
    if library.documents and library.default != library.documents[0].id:
        data["default"] = library.default
    return _lay_out(data) + "\n"


def _with_documents_named(data: Any) -> Any:
    """Return the file's data with each clause naming the document that it stands in."""
    if not isinstance(data, dict) or not isinstance(data.get("documents"), list):
        return data
    return {**data, "documents": [_with_clauses_named(document) for document in data["documents"]]}


def _with_clauses_named(document: Any) -> Any:
    if not isinstance(document, dict) or not isinstance(document.get("policies"), list):
        return document
    named = [
        {**clause, "document": document.get("id", "")} if isinstance(clause, dict) else clause
        for clause in document["policies"]
    ]
    return {**document, "policies": named}


def _document(document: Document) -> dict[str, Any]:
    data = document.model_dump(mode="json", exclude_defaults=True, exclude={"order"})
    return {**data, "policies": [_clause(policy) for policy in document.policies]}


def _clause(policy: Policy) -> dict[str, Any]:
    """Return every field of a clause, the empty ones too; in what stands inside it only what is set."""
    data = policy.model_dump(mode="json", exclude={"document"} if policy.path else {"document", "path"})
    data["basis"] = [basis.model_dump(mode="json", exclude_defaults=True) for basis in policy.basis]
    data["amounts"] = [amount.model_dump(mode="json", exclude_defaults=True) for amount in policy.amounts]
    return data


def _lay_out(value: Any, indent: str = "") -> str:
    line = json.dumps(value, ensure_ascii=False)
    nested = isinstance(value, dict | list) and value
    words = isinstance(value, list) and all(isinstance(entry, str) for entry in value)
    if not nested or words or len(indent) + len(line) <= _LINE_WIDTH:
        return line
    deeper = indent + "  "
    if isinstance(value, dict):
        parts = [f"{json.dumps(key, ensure_ascii=False)}: {_lay_out(v, deeper)}" for key, v in value.items()]
        return "{\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}}}"
    parts = [_lay_out(entry, deeper) for entry in value]
    return "[\n" + ",\n".join(deeper + part for part in parts) + f"\n{indent}]"


def _first_fault(error: ValidationError, data: Any) -> LibraryFileError:
    fault = error.errors(include_url=False)[0]
    location = list(fault["loc"])
    clause = None
    if location[:1] == ["documents"] and location[2:3] == ["policies"] and len(location) > 3:
        clause = _label(data["documents"], location[1], location[3])
        location = location[4:]
    reason = _REASONS.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
    return LibraryFileError(clause, "".join(_path(location)), reason)


def _label(documents: Any, document: Any, position: Any) -> str:
    """Return the label that the clause gives itself, or its place in the document if it gives none."""
    entry = documents[document]["policies"][position]
    label = entry.get("label") if isinstance(entry, dict) else None
    label = label if isinstance(label, str) else str(position + 1)
    return f"{documents[document].get('id', document)}/{label}" if len(documents) > 1 else label


def _path(location: list[str | int]) -> Iterator[str]:
    for step, part in enumerate(location):
        if isinstance(part, int):
            yield f"[{part}]"
        else:
            yield f".{part}" if step else part
