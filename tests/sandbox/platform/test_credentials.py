import base64

import pytest

from sandbox.credentials import sandbox_credentials


def test_the_same_secret_gives_the_same_account():
    assert sandbox_credentials(b"one") == sandbox_credentials(b"one")
    assert sandbox_credentials(b"one") != sandbox_credentials(b"other")


@pytest.mark.parametrize("secret", [b"one", b"other", bytes(range(256))])
def test_the_credentials_have_wechats_form(secret):
    made = sandbox_credentials(secret)
    assert len(made.app_id) == 18
    assert made.app_id.startswith("wx")
    assert made.account_id.startswith("gh_")
    assert len(made.token) == 32
    assert made.token.isalnum()
    assert len(made.aes_key) == 43
    assert made.aes_key.isalnum()
    assert len(base64.b64decode(made.aes_key + "=")) == 32


def test_an_empty_secret_is_refused():
    with pytest.raises(ValueError, match="secret"):
        sandbox_credentials(b"")


def test_secrets_do_not_stand_in_the_repr():
    made = sandbox_credentials(b"one")
    for secret in (made.app_secret, made.token, made.aes_key):
        assert secret not in repr(made)
