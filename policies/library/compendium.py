"""Reading and writing the compendium file, with errors that name the clause and the field."""

import json
from collections.abc import Iterator
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from policies.library.models import Compendium, Policy

COMPENDIUM_FILE = Path(__file__).parents[2] / "policies.json"
"""The edition that comes with the program; it seeds an empty database."""

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


class CompendiumError(Exception):
    """The compendium can't be read.

    Attributes:
        clause: number of the clause at fault; None where the fault lies outside the clauses.
        field: the field at fault (`amounts[0].kind`); empty where the file as a whole can't be read.
        message: what is wrong with it, in Chinese.
    """

    def __init__(self, clause: int | None, field: str, message: str) -> None:
        self.clause = clause
        self.field = field
        self.message = message
        where = [f"第 {clause} 条" if clause is not None else "", f"字段 {field}" if field else ""]
        super().__init__("，".join(part for part in where if part) + ("：" if any(where) else "") + message)


def load_compendium(path: Path = COMPENDIUM_FILE) -> Compendium:
    """Read a compendium file.

    Raises:
        CompendiumError: the file is missing, isn't JSON in UTF-8, or doesn't fit the model.
    """
    try:
        text = path.read_text(encoding="utf-8-sig")
    except OSError as error:
        raise CompendiumError(None, "", f"读不到 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise CompendiumError(None, "", f"{path} 不是 UTF-8 编码") from error
    return parse_compendium(text)


def parse_compendium(text: str) -> Compendium:
    """Read a compendium from JSON text; raises `CompendiumError`."""
    try:
        data = json.loads(text)
    except json.JSONDecodeError as error:
        raise CompendiumError(
            None, "", f"不是合法的 JSON：第 {error.lineno} 行第 {error.colno} 列附近有误"
        ) from error
    except RecursionError as error:
        raise CompendiumError(None, "", "不是合法的 JSON：括号嵌套过深") from error
    try:
        return Compendium.model_validate(data)
    except ValidationError as error:
        raise _first_fault(error, data) from error


def dump_compendium(compendium: Compendium) -> str:
    """The file's text: fields in the order of the model, short lists and objects on one line."""
    data = compendium.model_dump(mode="json", exclude_defaults=True)
    data["policies"] = [_clause(policy) for policy in compendium.policies]
    return _lay_out(data) + "\n"


def _clause(policy: Policy) -> dict[str, Any]:
    """Every field of a clause, the empty ones too; in what stands inside it only what is set."""
    data = policy.model_dump(mode="json")
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


def _first_fault(error: ValidationError, data: Any) -> CompendiumError:
    fault = error.errors(include_url=False)[0]
    location = list(fault["loc"])
    clause = None
    if location[:1] == ["policies"] and len(location) > 1 and isinstance(location[1], int):
        clause = _clause_number(data, location[1])
        location = location[2:]
    reason = _REASONS.get(fault["type"], fault["msg"]).format(**fault.get("ctx", {}))
    return CompendiumError(clause, "".join(_path(location)), reason)


def _clause_number(data: Any, position: int) -> int:
    """The number the clause gives itself; its place in the file where it gives none."""
    entry = data["policies"][position]
    number = entry.get("id") if isinstance(entry, dict) else None
    return number if isinstance(number, int) else position + 1


def _path(location: list[str | int]) -> Iterator[str]:
    for step, part in enumerate(location):
        if isinstance(part, int):
            yield f"[{part}]"
        else:
            yield f".{part}" if step else part
