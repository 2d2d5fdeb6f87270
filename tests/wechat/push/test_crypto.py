import hashlib
import time
from base64 import b64decode, b64encode

import pytest

from tests.wechat.pushes import AES_KEY, APP_ID, OTHER_KEY, PUSHES, TOKEN, Sender, sign, text_push
from wechat.push.crypto import AesKey, CryptoErrorCode, Envelope, EnvelopeError, Mode, NoEncryptError

ENCRYPT = (
    "4j/AuRx71kQlxVlzbpsMWHFMAsfhXznmO5TH0Yo/UB02y9sGLkxjkjDWP5a+Of+dlAxKLIbjBoFIClzXsYYIC6njRUTJXSZCMRn9"
    "f6txIFbUl1wIM1oj6UNHaeA0b1zN5owr1j7BasRDPusOt1RTVAcNx/+EBxn1NoF3OLBsNPVk6T/bGqgAedPljwHonSs3ANYQ30aO"
    "Jeg+es6jkgh+uUXB/sfCjTS1Ne83o6IbM5LqP/mLIhxEcGBD5NgRNg1ljmQQPXXr/ihjUF8qtttPVpVSWCeIIOK97cIgb+4QDYyo"
    "WnL3/7ptXeudieIXn9xvUM+ZWyqjEiiiu2JJMfE6+48gjFsvWiziP0CmGEUBm52lEsxud3ljLcrPzFibE/+QP9V50MQv5HfBKGEc"
    "sFZspIOYCTnX56JCRZSPKq7AFpY="
)
AT = 1767225600
QUERY = {
    "signature": "de64474e18e20a3674ad259f8508888e27dd601d",
    "timestamp": str(AT),
    "nonce": "418273645",
    "encrypt_type": "aes",
    "msg_signature": "817462a328455460ff3c349b5c66d06e73e9e804",
}
"""The vectors of docs/wechat.md §11."""


def envelope(
    mode: Mode = Mode.SAFE, *, key: str = AES_KEY, previous: str = "", at: float | None = None
) -> Envelope:
    now = (lambda: at) if at is not None else time.time
    return Envelope(TOKEN, APP_ID, mode=mode, aes_key=key, previous_aes_key=previous, now=now)


def test_the_vectors_of_the_protocol_open() -> None:
    body = (
        f"<xml><ToUserName><![CDATA[gh]]></ToUserName><Encrypt><![CDATA[{ENCRYPT}]]></Encrypt></xml>".encode()
    )
    opened = envelope(at=AT).open(QUERY, body)

    assert opened.key is not None
    assert opened.xml == PUSHES["text"].encode()
    assert hashlib.sha256(opened.xml).hexdigest().startswith("99dab8b3bb4f80a4")


def test_the_echo_of_a_right_signature_comes_back() -> None:
    assert envelope(at=AT).check_echo({**QUERY, "echostr": "5837"}) == "5837"
    with pytest.raises(EnvelopeError):
        envelope(at=AT).check_echo({**QUERY, "signature": "0" * 40, "echostr": "5837"})


def test_an_empty_token_is_refused_at_the_start() -> None:
    with pytest.raises(ValueError, match="BOT_WECHAT_TOKEN"):
        Envelope("", APP_ID)


@pytest.mark.parametrize("mode", [Mode.COMPATIBLE, Mode.SAFE])
def test_a_mode_that_encrypts_needs_a_key(mode: Mode) -> None:
    with pytest.raises(ValueError, match="BOT_WECHAT_AES_KEY"):
        Envelope(TOKEN, APP_ID, mode=mode)


@pytest.mark.parametrize("key", ["short", "a" * 44, "a" * 42 + "="])
def test_a_malformed_key_is_refused_at_the_start(key: str) -> None:
    with pytest.raises(ValueError, match="43"):
        Envelope(TOKEN, APP_ID, mode=Mode.SAFE, aes_key=key)


@pytest.mark.parametrize(
    ("mode", "how", "sealed"),
    [
        (Mode.PLAIN, "plain", False),
        (Mode.COMPATIBLE, "plain", False),
        (Mode.COMPATIBLE, "sealed", True),
        (Mode.COMPATIBLE, "both", True),
        (Mode.PLAIN, "both", False),
        (Mode.SAFE, "sealed", True),
        (Mode.SAFE, "both", True),
    ],
)
def test_each_mode_takes_what_it_should(mode: Mode, how: str, sealed: bool) -> None:
    xml = text_push("你好")
    fields = xml.removeprefix("<xml>").removesuffix("</xml>")
    query, body = {
        "plain": Sender().plain(xml),
        "sealed": Sender().sealed(xml),
        "both": Sender().sealed(xml, beside=fields),
    }[how]
    opened = envelope(mode, key="" if mode is Mode.PLAIN else AES_KEY).open(query, body)

    assert (opened.key is not None) is sealed
    assert "你好".encode() in opened.xml


def test_safe_mode_refuses_what_is_not_encrypted() -> None:
    with pytest.raises(EnvelopeError, match="safe"):
        envelope(Mode.SAFE).open(*Sender().plain(text_push("你好")))


def test_a_plain_mode_that_gets_sealed_pushes_says_which_setting_is_missing() -> None:
    with pytest.raises(EnvelopeError, match="BOT_WECHAT_AES_KEY"):
        envelope(Mode.PLAIN, key="").open(*Sender().sealed(text_push("你好")))


@pytest.mark.parametrize("off", [-301, 301, -86_400])
def test_a_stale_push_is_refused(off: int) -> None:
    for pushed in (Sender().sealed, Sender().plain):
        with pytest.raises(EnvelopeError, match="stale"):
            envelope(Mode.COMPATIBLE).open(*pushed(text_push("你好"), at=time.time() + off))


@pytest.mark.parametrize("off", [-295, 295])
def test_a_clock_that_is_a_little_off_is_borne(off: int) -> None:
    assert envelope().open(*Sender().sealed(text_push("你好"), at=time.time() + off)).key


@pytest.mark.parametrize("timestamp", ["", "now", "１７６７２２５６００", "9" * 30, "-5", "1e9"])
def test_a_timestamp_that_is_no_number_is_refused(timestamp: str) -> None:
    query = {"timestamp": timestamp, "nonce": "1", "signature": sign(TOKEN, timestamp, "1")}
    with pytest.raises(EnvelopeError):
        envelope(Mode.PLAIN, key="").open(query, text_push("a").encode())


@pytest.mark.parametrize("part", ["msg_signature", "timestamp", "nonce"])
def test_any_change_of_what_is_signed_is_refused(part: str) -> None:
    query, body = Sender().sealed(text_push("你好"))
    changed = {**query, part: query[part][:-1] + ("0" if query[part][-1] != "0" else "1")}
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(changed, body)
    assert refusal.value.code is CryptoErrorCode.SIGNATURE


@pytest.mark.parametrize("given", ["", "é" * 40, "\udcff", "DE64474E18E20A3674AD259F8508888E27DD601D"])
def test_an_odd_signature_is_refused(given: str) -> None:
    with pytest.raises(EnvelopeError):
        envelope(Mode.PLAIN, key="", at=AT).open({**QUERY, "signature": given}, b"<xml></xml>")


def test_another_token_is_refused() -> None:
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(*Sender(token="another1").sealed(text_push("你好")))
    assert refusal.value.code is CryptoErrorCode.SIGNATURE


def test_another_key_is_refused() -> None:
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(*Sender(aes_key=OTHER_KEY).sealed(text_push("你好")))
    assert refusal.value.code in {CryptoErrorCode.DECRYPT, CryptoErrorCode.BUFFER, CryptoErrorCode.APP_ID}


def test_another_appid_is_refused() -> None:
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(*Sender(app_id="wxffffffffffffffff").sealed(text_push("你好")))
    assert refusal.value.code is CryptoErrorCode.APP_ID


@pytest.mark.parametrize("used", [AES_KEY, OTHER_KEY])
def test_while_a_key_is_rotated_both_are_taken_and_answered_with_the_same(used: str) -> None:
    """WeChat knows the new key when it is changed there, minutes after this machine has it."""
    both, wechat = envelope(key=OTHER_KEY, previous=AES_KEY), Sender(aes_key=used)
    opened = both.open(*wechat.sealed(text_push("问")))
    assert opened.key is not None
    assert "回" in wechat.open_reply(both.seal("<xml><Content>回</Content></xml>", opened.key))


def signed(encrypt: str) -> tuple[dict[str, str], bytes]:
    now = str(int(time.time()))
    query = {"timestamp": now, "nonce": "1", "msg_signature": sign(TOKEN, now, "1", encrypt)}
    return query, f"<xml><Encrypt><![CDATA[{encrypt}]]></Encrypt></xml>".encode()


@pytest.mark.parametrize(
    "encrypt",
    [
        "A",
        "AAA=A",
        b64encode(b"x" * 15).decode(),
        b64encode(b"x" * 16).decode(),
        b64encode(b"x" * 64).decode(),
        "====",
    ],
)
def test_correctly_signed_junk_is_refused(encrypt: str) -> None:
    with pytest.raises(EnvelopeError):
        envelope().open(*signed(encrypt))


def test_a_length_that_points_beyond_the_buffer_is_refused() -> None:
    key = AesKey(AES_KEY)
    plain = b"r" * 16 + (9999).to_bytes(4) + b"<xml/>" + APP_ID.encode()
    pad = 32 - len(plain) % 32
    encryptor = key._cipher.encryptor()
    sealed = encryptor.update(plain + bytes([pad]) * pad) + encryptor.finalize()
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(*signed(b64encode(sealed).decode()))
    assert refusal.value.code is CryptoErrorCode.BUFFER


@pytest.mark.parametrize("body", [b"", b"<xml></xml>", b"<xml><Encrypt></Encrypt></xml>", b"{}"])
def test_said_to_be_sealed_but_without_encrypt(body: bytes) -> None:
    query, _ = Sender().sealed(text_push("a"))
    with pytest.raises(NoEncryptError):
        envelope().open(query, body)


def test_a_full_block_of_padding_is_right() -> None:
    message = b"m" * 26
    sealed = AesKey(AES_KEY).encrypt(message, APP_ID.encode())
    assert len(b64decode(sealed)) == 96
    assert AesKey(AES_KEY).decrypt(sealed.encode(), APP_ID.encode()) == message


def test_a_reply_opens_on_wechats_side() -> None:
    assert Sender().open_reply(envelope().seal("<xml><Content>您好😀</Content></xml>", AesKey(AES_KEY))) == (
        "<xml><Content>您好😀</Content></xml>"
    )


def test_two_seals_of_one_reply_differ() -> None:
    one = envelope()
    key = AesKey(AES_KEY)
    assert one.seal("<xml/>", key) != one.seal("<xml/>", key)


def test_an_error_says_its_number_and_nothing_that_was_sent() -> None:
    query, body = Sender(aes_key=OTHER_KEY).sealed(text_push("机密"))
    with pytest.raises(EnvelopeError) as refusal:
        envelope().open(query, body)
    assert str(int(refusal.value.code)) in str(refusal.value)
    assert query["msg_signature"] not in str(refusal.value)


@pytest.mark.parametrize("set_by", [-420, 420])
def test_pushes_are_taken_after_the_clock_was_set(set_by: int) -> None:
    clock = {"wall": float(AT), "steady": 50.0}
    envelope = Envelope(TOKEN, APP_ID, now=lambda: clock["wall"], steady=lambda: clock["steady"])
    clock["wall"] += set_by + 60
    clock["steady"] += 60
    for sent_at in (AT + 60, AT + 60 + set_by):
        envelope.check_echo(_query_at(sent_at))
    with pytest.raises(EnvelopeError, match="stale"):
        envelope.check_echo(_query_at(AT + 60 + 2 * set_by))


def _query_at(sent_at: int) -> dict[str, str]:
    stamp = str(sent_at)
    return {"signature": sign(TOKEN, stamp, "1"), "timestamp": stamp, "nonce": "1", "echostr": "x"}
