"""The API's own count adds up, whatever is sent again and when."""

from sandbox.platform.deliveries import Deliveries
from tests.kit.properties import given, st

SENDS = st.lists(
    st.tuples(st.sampled_from("ab"), st.sampled_from(["1", "2"]), st.floats(0, 900, allow_nan=False)),
    max_size=40,
)


@given(SENDS)
def test_each_send_is_a_first_a_repeat_swallowed_or_a_double(sends):
    count, now = Deliveries(), 0.0
    last: dict[tuple[str, str], float] = {}
    doubles = swallowed = 0
    for openid, client_id, gap in sends:
        now += gap
        before = last.get((openid, client_id))
        if count.remembered(openid, client_id, now) is not None:
            assert before is not None
            assert now - before < 600
            swallowed += 1
            continue
        doubles += before is not None
        assert before is None or now - before >= 600
        count.record("template", openid, client_id, 1, now)
        last[openid, client_id] = now
    figures = count.summary()
    assert (figures["delivered"], figures["doubles"], figures["swallowed"]) == (len(last), doubles, swallowed)
    assert figures["delivered"] + figures["doubles"] + figures["swallowed"] == len(sends)
