"""What a question names that only some clauses have: a kind of cost, of support, or of receiver (水电费, 落户, 个人)."""

import re
from collections.abc import Iterable

from policies.library.models import Policy
from policies.search.words.language import AskedItem
from policies.search.words.normalise import compact


class AskedItems:
    """The items that questions name, with the words by which a clause has one."""

    def __init__(self, items: Iterable[AskedItem]) -> None:
        self._stands = {say: item.stands for item in items for say in item.says}
        longest_first = sorted(self._stands, key=len, reverse=True)
        self._named = re.compile("|".join(map(re.escape, longest_first)) or r"(?!)")

    def unmet(self, plain: str, policy: Policy) -> int:
        """Return how many of the items that a compact text names are missing in a clause."""
        said = self._named.findall(plain)
        if not said:
            return 0
        text = compact(policy.title + policy.text + "".join(policy.keywords)).lower()
        named = {self._stands[say] for say in said if say not in text}
        return sum(not any(word in text for word in stands) for stands in named)
