"""A stand-in for an openid wherever the openid must not be stored: Redis keys and values, logs, metrics."""

import hashlib

_BYTES = 20


def pseudonym(secret: bytes, openid: str) -> str:
    """Return a keyed hash of an openid, 40 hexadecimal digits: the same for one person, useless without the secret.

    Raises:
        ValueError: the secret is empty, so anyone could compute the hash.
    """
    if not secret:
        raise ValueError("a pseudonym needs a secret")
    if len(secret) > hashlib.blake2b.MAX_KEY_SIZE:
        secret = hashlib.blake2b(secret).digest()
    return hashlib.blake2b(openid.encode(), key=secret, digest_size=_BYTES).hexdigest()
