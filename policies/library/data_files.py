"""Reading the small lists an operator may replace (tracks, departments)."""

from pathlib import Path
from typing import TypeVar

from pydantic import BaseModel, ValidationError

_Model = TypeVar("_Model", bound=BaseModel)


class DataFileError(Exception):
    """A data file can't be used; the message names the file, the place in it and what is wrong."""


def read_data_file(path: Path, model: type[_Model]) -> _Model:
    """Read a JSON file into a model.

    Raises:
        DataFileError: the file is missing, isn't JSON in UTF-8, or doesn't fit the model.
    """
    try:
        return model.model_validate_json(path.read_text(encoding="utf-8-sig"))
    except OSError as error:
        raise DataFileError(f"读不到 {path}：{error.strerror}") from error
    except UnicodeDecodeError as error:
        raise DataFileError(f"{path} 不是 UTF-8 编码") from error
    except ValidationError as error:
        fault = error.errors(include_url=False)[0]
        where = ".".join(map(str, fault["loc"])) or "文件"
        raise DataFileError(f"{path} 的 {where} 有误：{fault['msg']}") from error
