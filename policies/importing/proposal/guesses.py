"""The forms of support and the tracks that the words of a new clause suggest. Pure."""

from collections.abc import Collection, Iterable

from policies.library.models import Policy, Support, Track

_SUPPORT = {
    Support.EQUITY: ("股权投资", "股权直投", "先投后股", "直投"),
    Support.INTEREST: ("贴息",),
    Support.TAX: ("税收", "所得税", "加计扣除", "购置税"),
    Support.LAND: ("用地",),
    Support.SEA: ("海域使用金",),
    Support.INSURANCE: ("保险补偿",),
    Support.TALENT: ("人才", "博士后", "院士"),
    Support.PROCUREMENT: ("政府采购",),
    Support.VOUCHER: ("创新券", "算力券"),
}


def guessed(policy: Policy, tracks: Collection[Track], titles: str = "") -> Policy:
    """Return a new clause with the forms of support and tracks that its words suggest; a person completes it before publishing.

    Args:
        policy: the clause.
        tracks: those that people can follow.
        titles: of its document and its part; a clause that names no track belongs to those which they name.
    """
    support = [form for form, words in _SUPPORT.items() if any(word in policy.text for word in words)]
    if policy.amounts and not support:
        support = [Support.GRANT]
    named = _named(tracks, policy.text) or _named(tracks, titles)
    return policy.model_copy(update={"support": tuple(support), "tracks": tuple(named)})


def _named(tracks: Iterable[Track], words: str) -> list[str]:
    return [track.id for track in tracks if track.name in words]
