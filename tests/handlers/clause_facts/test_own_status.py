"""What somebody says they are chooses among the sums of the clause in focus; a statement that chooses none counts for nothing."""

import pytest

from handlers.clause_facts.own_status import meant_by, nearest_to
from policies.library.library_file import load_library

LIBRARY = load_library()


def whom(label: str, text: str) -> list[str]:
    [policy] = LIBRARY.labelled(label)
    return [one.who for one in meant_by(policy, text)]


@pytest.mark.parametrize("text", ["我们是市级", "咱是市里认定的那种", "属于市里批的", "我家是市级集聚区"])
def test_a_level_chooses_its_receiver(text: str) -> None:
    assert whom("48", text) == ["新获评市级现代海洋特色产业集聚区"]


@pytest.mark.parametrize("text", ["我们不是牵头 只是参与", "不是牵头的，就参与了一下", "要是只是参与呢"])
def test_what_is_denied_is_left_out(text: str) -> None:
    assert whom("30", text) == ["参与其他省市全国重点实验室建设的单位"]


@pytest.mark.parametrize("text", ["我们只是参与外面的省市", "只是参与别的城市的", "我们是参与方，在别的市"])
def test_most_of_a_longer_name_is_enough_in_other_words(text: str) -> None:
    assert whom("30", text) == ["参与其他省市全国重点实验室建设的单位"]


@pytest.mark.parametrize(
    "text", ["我们是小企业", "我们是做海水淡化的", "我买了三千万的", "我们是市级的能报吗", "是不是真的"]
)
def test_what_tells_no_receivers_apart_is_no_standing(text: str) -> None:
    assert whom("48", text) == []


def test_a_question_finds_the_sums_of_its_receiver() -> None:
    [policy] = LIBRARY.labelled("32")
    assert {one.who for one in nearest_to(policy, "博士后站给多少")} == {"新设博士后站(基地)"}
    assert len(nearest_to(policy, "给多少")) == len(policy.amounts)
