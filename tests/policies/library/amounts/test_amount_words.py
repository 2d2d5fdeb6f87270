"""The passages that state the sums of a clause."""

import pytest

from policies.importing.clause_parts.sums import amounts_in
from policies.library.amounts.amount_words import quotes_of
from policies.library.library_file import load_library
from policies.library.models import Policy


def clause(text: str) -> Policy:
    return load_library().policies[0].model_copy(update={"text": text, "amounts": amounts_in(text)})


@pytest.mark.parametrize(
    ("text", "quotes"),
    [
        (
            "对租用办公用房的企业，按照每平方米每天1元、最多500平方米给予房租补贴，最长2年。",
            ("按照每平方米每天1元、最多500平方米给予房租补贴，最长2年",),
        ),
        (
            "每招用1人给予1000元补贴，同一企业累计不超过30人，期限不超过3年。",
            ("每招用1人给予1000元补贴，同一企业累计不超过30人，期限不超过3年",),
        ),
        ("给予10万元奖励；总额不超过50家。", ("给予10万元奖励",)),
        (
            "首次认定的给予10万元奖励，最长2年，再次认定的给予5万元奖励，限1次。",
            ("首次认定的给予10万元奖励，最长2年", "再次认定的给予5万元奖励，限1次"),
        ),
        ("给予10万元奖励，由区工信局办理。", ("给予10万元奖励",)),
    ],
)
def test_a_sum_is_quoted_with_the_limits_behind_it(text: str, quotes: tuple[str, ...]) -> None:
    assert quotes_of(clause(text)) == quotes


def test_what_people_have_quoted_by_hand_stays() -> None:
    for policy in load_library().policies:
        assert quotes_of(policy) == tuple(dict.fromkeys(one.quote for one in policy.amounts))
