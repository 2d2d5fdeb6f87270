"""What a publication, or the end of a period, tells to whom."""

from collections.abc import Iterable
from dataclasses import replace
from datetime import UTC, date, datetime
from typing import Any

import pytest

from alerts.channels.template.values import template_values
from alerts.model.campaigns.audience import Audience
from alerts.model.content import AlertKind, ClauseChange
from alerts.scheduling.announcing import expiry_campaigns, publication_campaigns
from alerts.wording import wording
from alerts.wording.clause_changes import what_changed
from policies.library.changes import PolicyChange, changes_between
from policies.library.library import Library
from policies.library.library_file import load_library
from policies.library.models import Policy
from policies.publishing.news import is_news
from policies.publishing.revisions import Publication
from tests.policies.second_document import NAME, TITLE, second_document

LIBRARY = load_library()
CLAUSES = {policy.key: policy for policy in LIBRARY.policies}
TRACKS = ("ai", "desalination", "ships")


def publication(changes: Iterable[PolicyChange]) -> Publication:
    return Publication(7, "wang", "", datetime(2026, 11, 2, tzinfo=UTC), tuple(changes))


def changed(number: int, **fields: object) -> PolicyChange:
    before = CLAUSES[number]
    return PolicyChange(number, before, before.model_copy(update=fields))


def raised() -> PolicyChange:
    """Clause 2 with its 200万元 raised to 300万元."""
    before = CLAUSES[2]
    amount = before.amounts[0]
    new = amount.model_copy(
        update={"quote": amount.quote.replace("最高200万元", "最高300万元"), "max_cny": 3_000_000}
    )
    text = before.text.replace("最高200万元", "最高300万元")
    return changed(2, text=text, amounts=(new,))


def test_a_new_clause_is_announced_to_its_tracks() -> None:
    (new,) = publication_campaigns(publication([PolicyChange(45, None, CLAUSES[45])]), TRACKS, LIBRARY)
    assert (new.kind, new.content.policy_id, new.key) == (AlertKind.NEW_POLICY, 45, "publication:7:45")
    assert new.audience.tracks == ("desalination",)


def test_a_changed_clause_says_which_figures_moved_and_which_sentences_differ() -> None:
    (new,) = publication_campaigns(publication([raised()]), TRACKS, LIBRARY)
    assert new.kind is AlertKind.POLICY_CHANGED
    assert new.audience.general
    figure, sentence = new.content.changes
    assert "200万" in figure.old
    assert "300万" in figure.new
    assert "最高200万元" in sentence.old
    assert "最高300万元" in sentence.new
    assert sentence.old in CLAUSES[2].text, "the old words are the document's"
    assert "200万" in new.content.summary
    assert "300万" in new.content.summary


def test_departments_bases_and_periods_are_shown_old_and_new() -> None:
    change = changed(45, departments=("区海洋发展局",), valid_until=date(2029, 12, 31))
    assert [(one.what, one.new) for one in what_changed(change)] == [
        ("责任单位", "区海洋发展局"),
        ("有效期至", "2029年12月31日"),
    ]


@pytest.mark.parametrize(
    "change",
    [
        changed(45, title="另一个短标题", keywords=("淡化",)),
        changed(45, text=CLAUSES[45].text.replace("，", "， ")),
    ],
    ids=["only our own words", "only spaces"],
)
def test_what_the_document_did_not_change_is_no_news(change: PolicyChange) -> None:
    assert not is_news(change)
    assert publication_campaigns(publication([change]), TRACKS, LIBRARY) == []


def test_a_clause_that_is_gone_is_told_without_a_link_to_it() -> None:
    (new,) = publication_campaigns(publication([PolicyChange(45, CLAUSES[45], None)]), TRACKS, LIBRARY)
    assert new.content.policy_id is None
    assert "原第45条已不在现行文件中" in new.content.summary


def test_a_clause_that_changes_tracks_concerns_the_old_and_the_new_ones() -> None:
    (new,) = publication_campaigns(
        publication([changed(45, tracks=("ships",), departments=("区海洋发展局",))]), TRACKS, LIBRARY
    )
    assert new.audience.tracks == ("desalination", "ships")


def test_a_new_edition_is_one_alert_with_the_list_of_what_changed() -> None:
    marine = [changed(number, departments=("区海洋发展局",)) for number in (37, 38, 39, 41)]
    (new,) = publication_campaigns(publication(marine), TRACKS, LIBRARY)
    assert new.key == "publication:7"
    assert new.content.summary == "新版调整4条：第37条、第38条、第39条、第41条。"
    assert new.audience.tracks == ("aquaculture", "aquatic-seed", "distant-fishing", "ships")
    assert new.content.changes[0] == ClauseChange(
        what=f"第37条 {CLAUSES[37].title}：责任单位",
        old="、".join(CLAUSES[37].departments),
        new="区海洋发展局",
    )


def test_an_edition_that_touches_a_general_clause_concerns_every_subscriber() -> None:
    gone: list[Policy] = [CLAUSES[number] for number in (1, 37, 38, 39)]
    (new,) = publication_campaigns(publication(changes_between(gone, [])), TRACKS, LIBRARY)
    assert new.audience.tracks == TRACKS
    assert new.content.summary.startswith("新版删去4条：原第1条、原第37条")


def test_a_new_document_concerns_those_whose_tracks_its_clauses_carry() -> None:
    second = second_document()
    library = Library.of([*LIBRARY.documents, second], LIBRARY.default)
    assert second.policies[-1].text.startswith("本措施自2026年4月1日起施行")

    def audience(*tracks: tuple[str, ...]) -> Audience:
        carrying = [
            policy.model_copy(update={"tracks": tracks[at % len(tracks)]})
            for at, policy in enumerate(second.policies[:-1])
        ]
        (new,) = publication_campaigns(
            publication(changes_between([], [*carrying, second.policies[-1]])), TRACKS, library
        )
        assert new.content.title == f"新政策文件《{TITLE}》"
        return new.audience.model_copy(update={"topics": ()})

    assert audience(("ai",), ("ships", "ai")) == Audience(tracks=("ai", "ships"))
    assert audience(()) == Audience(general=True), "who switched 通用 off hears nothing"
    assert audience(("ai",), ()) == Audience(tracks=TRACKS)


def test_a_period_that_every_clause_gets_with_its_document_is_no_news() -> None:
    renewed = [changed(number, valid_until=date(2031, 12, 31)) for number in (37, 38, 39, 41)]
    same_before = [replace(one, before=replace_period(one.before)) for one in renewed]
    assert publication_campaigns(publication(same_before), TRACKS, LIBRARY) == []
    assert len(publication_campaigns(publication(same_before[:2]), TRACKS, LIBRARY)) == 2


def replace_period(policy: Policy | None) -> Policy | None:
    return policy and policy.model_copy(update={"valid_until": date(2028, 12, 31)})


def test_periods_that_end_on_one_day_for_the_same_people_share_a_notice() -> None:
    notices = expiry_campaigns(LIBRARY, date(2027, 11, 1))
    assert len(notices) == len({notice.audience for notice in notices}) < 8
    assert {notice.closes_on for notice in notices} == {date(2027, 12, 31)}
    nev = next(notice for notice in notices if notice.audience.tracks == ("nev",))
    assert (nev.content.policy_id, nev.content.title) == (19, CLAUSES[19].title)
    assert nev.content.summary == "有效期至2027年12月31日：第19条所依据的文件。"
    assert all(len(notice.key) <= 200 for notice in notices)


def test_an_expiry_is_announced_once_from_the_sixtieth_day_before() -> None:
    assert expiry_campaigns(LIBRARY, date(2027, 10, 31)) == []
    keys = {notice.key for notice in expiry_campaigns(LIBRARY, date(2027, 11, 1))}
    assert expiry_campaigns(LIBRARY, date(2027, 11, 2), keys) == []
    assert expiry_campaigns(LIBRARY, date(2028, 1, 1)) == []


def test_two_audiences_with_many_tracks_each_have_their_notice() -> None:
    """Their names alike for longer than a key has room."""
    many = [f"track-{number:02}-{'x' * 20}" for number in range(12)]
    policies = [
        CLAUSES[number].model_copy(update={"valid_until": date(2027, 12, 31), "tracks": tracks})
        for number, tracks in ((1, tuple(many)), (2, (*many, "z")))
    ]
    library = Library.of([LIBRARY.documents[0].model_copy(update={"policies": tuple(policies)})])
    keys = [notice.key for notice in expiry_campaigns(library, date(2027, 11, 1))]
    assert len(set(keys)) == 2
    assert all(len(key) <= 200 for key in keys)


@pytest.mark.parametrize(
    ("fields", "said"),
    [
        ({"departments": ("区海洋发展局",)}, "第45条责任单位改为区海洋发展局。"),
        ({"valid_until": date(2029, 12, 31)}, "第45条有效期改为2029年12月31日。"),
        (
            {"departments": ("区海洋发展局",), "valid_until": date(2029, 12, 31)},
            "第45条有调整：责任单位、有效期。",
        ),
        (
            {"text": CLAUSES[45].text.replace("符合条件的", "须在年底前完工。符合条件的")},
            "第45条增加“须在年底前完工”。",
        ),
        (
            {"text": CLAUSES[45].text.replace("符合条件的", "")},
            "第45条改为“海水淡化工程用海可依法依规申请减缴或免缴海域使用金”。",
        ),
    ],
)
def test_a_changed_clause_says_in_its_summary_what_changed(fields: dict[str, Any], said: str) -> None:
    (new,) = publication_campaigns(publication([changed(45, **fields)]), TRACKS, LIBRARY)
    assert new.content.summary == said


def test_a_second_document_is_named_in_its_alerts() -> None:
    second = second_document()
    library = Library.of([*LIBRARY.documents, second])
    name = f"《{TITLE}》"
    (whole,) = publication_campaigns(publication(changes_between((), second.policies)), TRACKS, library)
    assert whole.content.title == f"新政策文件{name}"
    assert whole.content.summary.startswith("新增8条：第一条、第二条、")
    one = PolicyChange(3, None, second.policies[2])
    (new,) = publication_campaigns(publication([one]), TRACKS, library)
    assert new.content.summary == "新增政策第三条。"
    text = wording.one((new.kind, new.content), date(2026, 11, 2), "https://policy.example")
    assert text.startswith(f"【新政策】{second.policies[2].title}（《{NAME}》）")


def test_the_news_of_a_clause_stands_before_its_documents_name_on_a_card() -> None:
    library = Library.of([*LIBRARY.documents, second_document()])
    (new,) = publication_campaigns(publication([raised()]), TRACKS, library)
    card = template_values(
        {"thing2": "{summary}"}, wording.facts([(new.kind, new.content)], date(2026, 11, 2))
    )
    assert card["thing2"].startswith("第2条最高300万元（原最高200万元）"[:12])
    assert "《" not in card["thing2"]


def test_a_new_document_of_few_clauses_gives_one_alert_and_its_closing_words_none() -> None:
    few = second_document().policies[:2]
    closing = few[1].model_copy(
        update={"key": 9, "label": "第三条", "text": "本措施自2026年11月1日起施行。", "amounts": ()}
    )
    document = second_document().model_copy(update={"policies": (*few, closing)})
    library = Library.of([*LIBRARY.documents, document])
    (whole,) = publication_campaigns(publication(changes_between((), document.policies)), TRACKS, library)
    assert whole.content.title == f"新政策文件《{TITLE}》"
    assert whole.content.summary == "新增2条：第一条、第二条。"
    alone = publication([PolicyChange(9, None, closing)])
    assert publication_campaigns(alone, TRACKS, library) == []


def test_a_clause_that_only_got_another_number_is_no_news() -> None:
    moved = [changed(number, label=str(number - 1)) for number in range(13, 50)]
    assert publication_campaigns(publication(moved), TRACKS, LIBRARY) == []


def test_the_news_of_a_raised_sum_fits_a_templates_field() -> None:
    """年度设备投资额的12%，最高600万元 became …最高800万元; what stayed is left out."""
    amounts = tuple(
        one.model_copy(update={"cap_cny": 8_000_000}) if one.cap_cny == 6_000_000 else one
        for one in CLAUSES[22].amounts
    )
    text = CLAUSES[22].text.replace("600万元", "800万元")
    (new,) = publication_campaigns(publication([changed(22, text=text, amounts=amounts)]), TRACKS, LIBRARY)
    card = template_values(
        {"thing2": "{summary}"}, wording.facts([(new.kind, new.content)], date(2026, 11, 2))
    )
    assert card["thing2"].startswith("第22条最高800万元（原600万")
    assert new.content.summary.startswith("第22条最高800万元（原600万元）：符合相应标准的企业")


def test_the_news_of_a_long_sentence_is_the_piece_that_differs() -> None:
    old = "按照《青岛市加快先进制造业高质量发展若干政策措施》，支持企业实施技术改造，最高奖补600万元，分两年拨付。"
    before = CLAUSES[45].model_copy(update={"text": old, "amounts": ()})
    after = before.model_copy(update={"text": old.replace("分两年", "一次性")})
    (new,) = publication_campaigns(publication([PolicyChange(45, before, after)]), TRACKS, LIBRARY)
    assert new.content.summary == "第45条改为“一次性拨付”。"


def test_a_clause_that_also_got_another_number_says_so_behind_the_news() -> None:
    moved = changed(45, label="44", departments=("区海洋发展局",))
    library = Library.of([LIBRARY.documents[0].model_copy(update={"policies": (moved.after,)})])
    (new,) = publication_campaigns(publication([moved]), TRACKS, library)
    assert new.content.summary == "第44条责任单位改为区海洋发展局，原为第45条。"
