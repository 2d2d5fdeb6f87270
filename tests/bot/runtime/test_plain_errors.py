"""What the person at the shell can mend is one line, not a stack."""

from collections.abc import Callable
from pathlib import Path

import pytest

from bot.runtime.plain_errors import exit_code


@pytest.mark.parametrize(
    "touch",
    [
        lambda folder: folder.write_text("a"),
        lambda folder: (folder / "no" / "such").read_bytes(),
        lambda folder: (folder / ("a" * 300)).write_text("a"),
        lambda folder: folder.joinpath("file").touch() or (folder / "file" / "below").mkdir(),
    ],
)
def test_a_file_in_the_wrong_place_is_one_line(touch: Callable[[Path], object], tmp_path: Path) -> None:
    with pytest.raises(OSError) as caught:
        touch(tmp_path)
    assert exit_code(caught.value) == 1


def test_a_fault_of_ours_keeps_its_stack() -> None:
    assert exit_code(ValueError("a")) is None
    assert exit_code(ConnectionResetError("a")) is None
