"""JSON that a person wrote or another program made: every way in which it can be none is one error."""

import json
from typing import Any


class JsonTextError(ValueError):
    """The text is not readable JSON. The message says why, in Chinese."""


def parse_json(text: str) -> Any:
    """Return the value of a JSON text.

    Raises:
        JsonTextError: it is not JSON, is nested too deep, or has a number of thousands of digits.
    """
    try:
        return json.loads(text)
    except json.JSONDecodeError as error:
        raise JsonTextError(f"不是合法的 JSON：第 {error.lineno} 行第 {error.colno} 列附近有误") from None
    except RecursionError:
        raise JsonTextError("不是合法的 JSON：括号嵌套过深") from None
    except ValueError:
        raise JsonTextError("不是合法的 JSON：有一个数字过长") from None
