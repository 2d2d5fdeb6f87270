"""A link opens one member's page, for a while, for whoever opens it first."""

import pytest
from redis.asyncio import Redis

from subscriptions.members.links import BadPassError, Passes, Purpose


class Time:
    def __init__(self) -> None:
        self.now = 1_770_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def passes(redis_client: Redis, time: Time) -> Passes:
    return Passes(b"secret", redis_client, time)


async def test_a_link_names_its_member_until_it_expires(passes: Passes, time: Time) -> None:
    text = passes.sign(Purpose.LINK, 7)
    assert passes.read(Purpose.LINK, text).member_id == 7
    time.now += 15 * 60
    with pytest.raises(BadPassError) as error:
        passes.read(Purpose.LINK, text)
    assert error.value.expired


async def test_a_signature_serves_its_own_purpose_only(passes: Passes) -> None:
    with pytest.raises(BadPassError):
        passes.read(Purpose.VISIT, passes.sign(Purpose.LINK, 7))


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t[::-1]])
async def test_a_forged_link_is_refused(passes: Passes, change: object) -> None:
    with pytest.raises(BadPassError) as error:
        passes.read(Purpose.LINK, change(passes.sign(Purpose.LINK, 7)))
    assert not error.value.expired


async def test_another_houses_link_is_refused(passes: Passes, redis_client: Redis) -> None:
    with pytest.raises(BadPassError):
        passes.read(Purpose.LINK, Passes(b"other", redis_client).sign(Purpose.LINK, 7))


async def test_a_link_is_used_up_by_its_first_opening(passes: Passes) -> None:
    link = passes.read(Purpose.LINK, passes.sign(Purpose.LINK, 7))
    assert [await passes.claim(link) for _ in range(2)] == [True, False]


async def test_a_form_is_of_the_visit_that_it_was_made_for_and_of_no_other(
    passes: Passes, redis_client: Redis
) -> None:
    visits = [passes.read(Purpose.VISIT, passes.sign(Purpose.VISIT, member)) for member in (7, 7, 8)]
    tokens = [passes.form_token(visit) for visit in visits]
    for visit, own in zip(visits, tokens, strict=True):
        assert [token for token in tokens if passes.is_form_token(visit, token)] == [own]
    elsewhere = Passes(b"other", redis_client).form_token(visits[0])
    for forged in ("", elsewhere, tokens[0][:-1], passes.sign(Purpose.VISIT, 7), visits[0].nonce):
        assert not passes.is_form_token(visits[0], forged)
