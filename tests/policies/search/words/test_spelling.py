"""Words mistyped: by sound, by spelling, in pinyin."""

import pytest
from pypinyin import lazy_pinyin

from policies.search.words.sounds import as_spoken, keys_of, sound_key
from policies.search.words.spelling import SpellingCorrector
from policies.search.words.vocabulary import Vocabulary, WordRole


@pytest.fixture(scope="module")
def corrector() -> SpellingCorrector:
    vocabulary = Vocabulary()
    vocabulary.add(
        ["算力券", "银行", "海水淡化", "先进制造业集群", "省级资金", "技改", "育苗"], WordRole.TERM
    )
    vocabulary.add(["怎么", "申报", "怎么申报"], WordRole.FRAME)
    vocabulary.add(["升级", "资金"], WordRole.GENERIC)
    return SpellingCorrector(vocabulary)


@pytest.mark.parametrize(
    ("typed", "meant"),
    [
        ("算力劝", "算力券"),
        ("尹行", "银行"),
        ("升级资金", "省级资金"),
        ("先进制造叶集群", "先进制造业集群"),
        ("先近制早叶集群", "先进制造业集群"),
        ("记改", "技改"),
    ],
)
def test_a_whole_message_is_known_by_its_sound(corrector: SpellingCorrector, typed: str, meant: str) -> None:
    correction = corrector.whole_word(typed)
    assert correction is not None
    assert (correction.meant, correction.how) == (meant, "同音")


@pytest.mark.parametrize(
    ("typed", "why"),
    [
        ("算力券", "it is right"),
        ("鱼苗", "two characters that are another word"),
        ("天气", "sounds like nothing known"),
        ("券", "one character"),
    ],
)
def test_what_may_be_meant_as_typed_stays(corrector: SpellingCorrector, typed: str, why: str) -> None:
    assert corrector.whole_word(typed) is None, why


@pytest.mark.parametrize(
    ("typed", "text", "how"),
    [
        ("算力劝怎么申报", "算力券怎么申报", "同音"),
        ("先进治造业集裙怎么申报", "先进制造业集群怎么申报", "同音"),
        ("先进制造业集人怎么申报", "先进制造业集群怎么申报", "形近"),
        ("先进制造集群", "先进制造业集群", "相近"),
        ("haishuidanhua", "海水淡化", "拼音"),
        ("suanliquan zenme shenbao", "算力券怎么申报", "拼音"),
    ],
)
def test_one_stretch_is_put_right(corrector: SpellingCorrector, typed: str, text: str, how: str) -> None:
    assert (text, how) in [(correction.text, correction.how) for correction in corrector.corrections(typed)]


def test_an_everyday_word_is_not_cut_in_two_for_a_near_spelling() -> None:
    vocabulary = Vocabulary()
    vocabulary.add(["现代海洋产业园"], WordRole.TERM)
    assert "形近" not in {
        correction.how for correction in SpellingCorrector(vocabulary).corrections("现代海洋产业政府")
    }
    assert "形近" in {
        correction.how for correction in SpellingCorrector(vocabulary).corrections("现代海洋产业原在哪")
    }


@pytest.mark.parametrize(
    "text",
    [
        "银行贷款贴息",
        "重庆的长江实业",
        "养殖场的空调",
        "海水淡化能补多少",
        "买5g设备还得快",
        "女企业家绿色贷款",
        "行",
    ],
)
def test_a_text_is_spoken_as_its_phrases_are(text: str) -> None:
    assert as_spoken(text) == lazy_pinyin(text, errors=list)  # type: ignore[arg-type]


def test_a_word_is_known_as_spoken_and_character_by_character() -> None:
    assert set(keys_of("银行")) == {sound_key(["yin", "hang"]), sound_key(["yin", "xing"])}
    assert sound_key(["zhong", "ying"]) == sound_key(["zong", "yin"])
