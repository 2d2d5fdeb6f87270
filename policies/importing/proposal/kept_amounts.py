"""Which sums of a clause stay when its text changes, and what a person said about them. Pure."""

from rapidfuzz import fuzz

from policies.library.models import Amount, Policy

_SAME_QUOTE = 60


def kept_amounts(before: tuple[Amount, ...], proposed: Policy) -> tuple[Amount, ...]:
    """Return the known sums whose quote still stands in the text, and the new sums.

    A new sum takes over what a person wrote for the sum that it replaces.
    """
    kept = [amount for amount in before if amount.quote in proposed.text]
    lost = [amount for amount in before if amount not in kept]
    fresh = [
        _described(amount, lost)
        for amount in proposed.amounts
        if not any(amount.quote in one.quote or one.quote in amount.quote for one in kept)
    ]
    return tuple(sorted((*kept, *fresh), key=lambda amount: proposed.text.find(amount.quote)))


def _described(amount: Amount, lost: list[Amount]) -> Amount:
    """Return a new sum with what a person wrote for the sum that it replaces; that sum is taken out of `lost`."""
    likeness, at = max(((_likeness(one, amount), -at) for at, one in enumerate(lost)), default=(0.0, 0))
    if likeness < _SAME_QUOTE:
        return amount
    model = lost.pop(-at)
    labels = {name: getattr(model, name) for name in ("what", "who", "cap_per", "per", "choice")}
    return amount.model_copy(update={name: value for name, value in labels.items() if value})


def _likeness(before: Amount, now: Amount) -> float:
    return fuzz.ratio(before.quote, now.quote) if before.kind is now.kind else 0.0
