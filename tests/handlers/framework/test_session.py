"""A session survives storing; a broken one is an empty one."""

import pytest

from handlers.framework.session import Session


def test_a_session_comes_back_as_it_was_stored() -> None:
    session = Session(
        listing=[22, 26], groups=[(0, "区海洋发展局")], heading="两条", page=1, step={"picked": [1]}
    )
    restored = Session.from_json(session.to_json())
    assert restored.listing == [22, 26]
    assert [tuple(group) for group in restored.groups] == [(0, "区海洋发展局")]
    assert (restored.heading, restored.page, restored.step) == ("两条", 1, {"picked": [1]})


def test_an_empty_session_takes_two_bytes() -> None:
    assert Session().to_json() == b"{}"


@pytest.mark.parametrize("raw", [None, b"", b"{", b"[]", b"null", b"\xff", b'{"from": "an older version"}'])
def test_a_missing_broken_or_older_session_is_empty(raw: bytes | None) -> None:
    assert Session.from_json(raw) == Session()
