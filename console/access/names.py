"""What the name of an account or of an API key may be. The audit log and 双人审核 know people by it."""

from console.access.errors import OperatorError
from storage.visible_text import reads_as_another

_LONGEST_NAME = 60


def check_name(name: str) -> None:
    """Refuse a name that can't be told from another.

    Raises:
        OperatorError: it is empty or long, has spaces around it, or holds characters that nobody sees.
    """
    if not name.strip():
        raise OperatorError("请填写名称")
    if len(name) > _LONGEST_NAME:
        raise OperatorError(f"名称有 {len(name)} 字，最多 {_LONGEST_NAME} 字")
    if name != name.strip() or reads_as_another(name):
        raise OperatorError("名称前后不能有空格，也不能有看不见的字符，请重新输入")
