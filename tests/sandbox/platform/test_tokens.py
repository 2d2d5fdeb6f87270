import pytest

from sandbox.platform.account import SandboxAccount
from sandbox.platform.errors import ApiError
from tests.sandbox.conftest import make_wechat


@pytest.fixture
def tokens(wechat):
    return wechat.platform.tokens


@pytest.fixture
def key(credentials):
    return credentials.app_id, credentials.app_secret


def code_of(tokens, token):
    try:
        tokens.check(token)
    except ApiError as error:
        return error.errcode
    return 0


def test_the_stable_token_stays_while_it_lives(tokens, key, wechat):
    first, left = tokens.stable(*key)
    assert left == 7200
    wechat.real.forward(1000)
    again, left = tokens.stable(*key)
    assert (again, left) == (first, 6200)


def test_it_renews_itself_in_its_last_five_minutes_and_both_work_then(tokens, key, wechat):
    first, _ = tokens.stable(*key)
    wechat.real.forward(7200 - 299)
    second, left = tokens.stable(*key)
    assert second != first
    assert left == 7200
    assert code_of(tokens, first) == code_of(tokens, second) == 0
    wechat.real.forward(300)
    assert code_of(tokens, first) == 42001
    assert code_of(tokens, second) == 0


def test_a_forced_one_ends_the_previous_at_once(tokens, key):
    first, _ = tokens.stable(*key)
    second, _ = tokens.stable(*key, force=True)
    assert second != first
    assert code_of(tokens, first) == 40001


def test_forcing_within_thirty_seconds_refreshes_nothing(tokens, key, wechat):
    first, _ = tokens.stable(*key, force=True)
    wechat.real.forward(29)
    assert tokens.stable(*key, force=True)[0] == first
    wechat.real.forward(1)
    assert tokens.stable(*key, force=True)[0] != first


def test_twenty_forced_a_day(tokens, key, wechat):
    seen = set()
    for _ in range(25):
        seen.add(tokens.stable(*key, force=True)[0])
        wechat.real.forward(60)
    assert len(seen) == 20


def test_a_legacy_token_lives_five_minutes_beside_the_next(tokens, key, wechat):
    first, _ = tokens.legacy(*key)
    second, _ = tokens.legacy(*key)
    assert second != first
    assert code_of(tokens, first) == 0
    wechat.real.forward(300)
    assert code_of(tokens, first) == 42001
    assert code_of(tokens, second) == 0


def test_legacy_and_stable_do_not_touch_each_other(tokens, key):
    stable, _ = tokens.stable(*key)
    tokens.legacy(*key)
    tokens.legacy(*key)
    assert code_of(tokens, stable) == 0


@pytest.mark.parametrize(("token", "code"), [("", 41001), ("short", 40014), ("x" * 136, 40001)])
def test_a_wrong_token_is_refused(tokens, token, code):
    assert code_of(tokens, token) == code


def test_a_token_thrown_out_is_no_credential_any_more(tokens, key):
    token, _ = tokens.stable(*key)
    tokens.throw_out()
    assert code_of(tokens, token) == 40001
    assert tokens.stable(*key)[0] != token


@pytest.mark.parametrize(
    ("app_id", "secret", "code"),
    [("", "s", 41002), (None, "", 41004), ("wx0000000000000000", None, 40013), (None, "wrong", 40125)],
)
def test_wrong_credentials_get_no_token(credentials, app_id, secret, code):
    tokens = make_wechat(SandboxAccount(credentials)).platform.tokens
    asked = (
        credentials.app_id if app_id is None else app_id,
        credentials.app_secret if secret is None else secret,
    )
    with pytest.raises(ApiError) as refused:
        tokens.stable(*asked)
    assert refused.value.errcode == code
