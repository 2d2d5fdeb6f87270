"""What companies are matched by: the district's names in it, and reading a part of it into a model. Pure."""

import json
from collections.abc import Mapping
from typing import Any, TypeVar

from pydantic import BaseModel, ValidationError

from policies.district.models import DistrictPart, Texts
from policies.library.data_files import DataFileError

_Model = TypeVar("_Model", bound=BaseModel)


def named(rules: Any, texts: Texts) -> Any:
    """Return rules as JSON with {district}, {short} and {city} filled in."""
    short = texts.short or texts.district or "本区"
    names = {"district": texts.district or short, "short": short, "city": texts.city or "本市"}
    written = json.dumps(rules, ensure_ascii=False)
    for name, value in names.items():
        written = written.replace(f"{{{name}}}", json.dumps(value, ensure_ascii=False)[1:-1])
    return json.loads(written)


def read_rules(rules: Mapping[DistrictPart, Any], part: DistrictPart, model: type[_Model]) -> _Model | None:
    """Return a part of the rules as a model; None if the library has no such part.

    Raises:
        DataFileError: it doesn't fit the model.
    """
    if not rules.get(part):
        return None
    try:
        return model.model_validate(rules[part])
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"])) or "文件"
        raise DataFileError(f"{part}.json 的 {where} 有误：{fault['msg']}") from error
