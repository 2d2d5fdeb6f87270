"""What is in memory stays as it is when it is moved to huge pages; only the process's own memory is moved."""

import sys

import pytest

from bot.roles.huge_pages import use_huge_pages, whole_pages

MAPS = """\
7f0000201000-7f0000a01000 rw-p 00000000 00:00 0
7f0001000000-7f0001200000 rw-p 00000000 00:00 0                          [heap]
7f0002000000-7f0002400000 r--p 00000000 00:00 0
7f0003000000-7f0003400000 rw-p 00001000 fe:00 42                         /usr/lib/libpython3.so
7f0004000000-7f0004400000 rw-s 00000000 00:01 7                          /dev/shm/shared
7f0005001000-7f00053ff000 rw-p 00000000 00:00 0                          [stack]
7f0006001000-7f00061ff000 rw-p 00000000 00:00 0
"""


def test_whole_pages_of_the_process_alone_are_moved() -> None:
    assert list(whole_pages(MAPS.splitlines())) == [
        (0x7F0000400000, 0x7F0000A00000),
        (0x7F0001000000, 0x7F0001200000),
    ]


@pytest.mark.skipif(sys.platform != "linux", reason="huge pages are asked for on Linux alone")
def test_data_are_the_same_on_huge_pages() -> None:
    texts = [f"惠企政策第{number}条" for number in range(100_000)]
    use_huge_pages()
    assert texts == [f"惠企政策第{number}条" for number in range(100_000)]
