"""Replies are kept and come back as they were."""

import pytest

from wechat.replies import Reply, Text, reply_from_bytes, reply_to_bytes


@pytest.mark.parametrize(
    "reply",
    [None, Text(""), Text("第22条\n-\ud800😀")],
)
def test_a_kept_reply_comes_back(reply: Reply) -> None:
    assert reply_from_bytes(reply_to_bytes(reply)) == reply


@pytest.mark.parametrize("broken", [b"", b"?", b"n{}", b"nx", b"-more", b"t\xff"])
def test_what_is_no_reply_is_refused(broken: bytes) -> None:
    with pytest.raises(ValueError):
        reply_from_bytes(broken)
