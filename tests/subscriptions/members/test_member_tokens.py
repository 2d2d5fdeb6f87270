"""A link opens one member's page, for a while, for whoever opens it first."""

import pytest
from redis.asyncio import Redis

from subscriptions.members.member_tokens import BadMemberTokenError, MemberTokens, Purpose


class Time:
    def __init__(self) -> None:
        self.now = 1_770_000_000.0

    def __call__(self) -> float:
        return self.now


@pytest.fixture
def time() -> Time:
    return Time()


@pytest.fixture
def member_tokens(redis_client: Redis, time: Time) -> MemberTokens:
    return MemberTokens(b"secret", redis_client, time)


async def test_a_link_names_its_member_until_it_expires(member_tokens: MemberTokens, time: Time) -> None:
    text = member_tokens.sign(Purpose.LINK, 7)
    assert member_tokens.read(Purpose.LINK, text).member_id == 7
    time.now += 15 * 60
    with pytest.raises(BadMemberTokenError) as error:
        member_tokens.read(Purpose.LINK, text)
    assert error.value.expired


async def test_a_signature_serves_its_own_purpose_only(member_tokens: MemberTokens) -> None:
    with pytest.raises(BadMemberTokenError):
        member_tokens.read(Purpose.VISIT, member_tokens.sign(Purpose.LINK, 7))


@pytest.mark.parametrize("change", [lambda t: t[:-1], lambda t: "x" + t, lambda t: "", lambda t: t[::-1]])
async def test_a_forged_link_is_refused(member_tokens: MemberTokens, change: object) -> None:
    with pytest.raises(BadMemberTokenError) as error:
        member_tokens.read(Purpose.LINK, change(member_tokens.sign(Purpose.LINK, 7)))
    assert not error.value.expired


async def test_a_link_signed_with_another_secret_is_refused(
    member_tokens: MemberTokens, redis_client: Redis
) -> None:
    with pytest.raises(BadMemberTokenError):
        member_tokens.read(Purpose.LINK, MemberTokens(b"other", redis_client).sign(Purpose.LINK, 7))


async def test_a_link_is_used_up_by_its_first_opening(member_tokens: MemberTokens) -> None:
    link = member_tokens.read(Purpose.LINK, member_tokens.sign(Purpose.LINK, 7))
    assert [await member_tokens.claim(link) for _ in range(2)] == [True, False]


async def test_a_form_is_of_the_visit_that_it_was_made_for_and_of_no_other(
    member_tokens: MemberTokens, redis_client: Redis
) -> None:
    visits = [
        member_tokens.read(Purpose.VISIT, member_tokens.sign(Purpose.VISIT, member)) for member in (7, 7, 8)
    ]
    tokens = [member_tokens.form_token(visit) for visit in visits]
    for visit, own in zip(visits, tokens, strict=True):
        assert [token for token in tokens if member_tokens.is_form_token(visit, token)] == [own]
    elsewhere = MemberTokens(b"other", redis_client).form_token(visits[0])
    for forged in ("", elsewhere, tokens[0][:-1], member_tokens.sign(Purpose.VISIT, 7), visits[0].nonce):
        assert not member_tokens.is_form_token(visits[0], forged)
