"""A new edition: what hangs on its clauses goes with them, what hangs on one that goes is decided, and who hears of it."""

from datetime import date
from pathlib import Path

import pytest
from prometheus_client import CollectorRegistry
from sqlalchemy import select

from alerts.lease.lease import HeldLease
from alerts.model.tables import Campaign, Delivery
from alerts.scheduling.campaign_progress import CampaignProgress
from alerts.scheduling.tick import Tick, TickMetrics
from bot.runtime.clause_belongings import clause_belongings
from policies.approval.errors import EditConflictError
from policies.guides.drafts import GuideDrafts
from policies.guides.guide import Guide
from policies.guides.store import GuideStore
from policies.importing.edition_import import REPLACEMENT, EditionImport, Fates
from policies.importing.imports import Imports
from policies.importing.pairing.pairs import Choices
from policies.library.library import Library
from policies.library.tables import WindowRow
from policies.publishing.documents import Documents
from policies.publishing.drafts import Drafts
from policies.publishing.revisions import Publication, UndecidedError
from policies.publishing.store import PolicyStore
from policies.questions.lessons import Lessons
from storage.sql.database import Database
from subscriptions.members.topics import clause_topic
from tests.alerts.conftest import People
from tests.kit.clocks import SetClock
from tests.kit.databases import ON_SQLITE
from tests.policies.importing.editions import Parts, as_text, seed
from tests.policies.second_document import FILE, second_document

pytestmark = pytest.mark.usefixtures("kept_readings")
WITHOUT_12 = (Path(__file__).parents[2] / "data" / "import" / "e1.txt").read_bytes()
OPENS, CLOSES = date(2026, 11, 2), date(2026, 12, 20)


def without_48() -> bytes:
    """The edition without the last clause but one, so that one clause alone has another number."""
    document, parts = seed()
    parts[-1][2].pop(-2)
    return as_text(document, parts)


WITHOUT_48 = without_48()


class Town:
    """An operator's desk without its pages, and the scheduler."""

    def __init__(self, database: Database, store: PolicyStore, clock: SetClock, held: HeldLease) -> None:
        self.database, self.store, self.clock, self._held = database, store, clock, held
        self.drafts = Drafts(database, clock, belongings=clause_belongings(clock))
        self.imports = Imports(database, clock, store, self.drafts)
        self._tick = Tick(database, store, clock, TickMetrics.register(CollectorRegistry()))
        self._progress = CampaignProgress(database, clock)

    async def compare(self, raw: bytes, name: str = "second.txt") -> EditionImport:
        return await self.get(await self.imports.read(name, raw, author="li"))

    async def get(self, import_id: int) -> EditionImport:
        one = await self.imports.get(import_id)
        assert one is not None
        return one

    async def publish(self, one: EditionImport, fates: Fates | None = None) -> Publication:
        """Decide, make the drafts, and let another person publish them."""
        if fates:
            await self.imports.decide(one, fates)
            one = await self.get(one.id)
        drafts = await self.imports.make_drafts(one, author="li")
        return await self.drafts.publish(drafts, publisher="wang")

    async def told(self) -> list[tuple[str, str, set[int]]]:
        """The alerts that the next tick makes: title, summary, members."""
        made = await self._tick(self._held)
        await self._progress.start(self._held)
        await self._progress.list_all(self._held)
        async with self.database.read() as session:
            found = []
            for campaign_id in made:
                campaign = await session.get_one(Campaign, campaign_id)
                members = await session.scalars(
                    select(Delivery.member_id).where(
                        Delivery.campaign_id == campaign_id, Delivery.state != "skipped"
                    )
                )
                found.append((campaign.title, campaign.content["summary"], set(members)))
            return found


@pytest.fixture
def town(database: Database, store: PolicyStore, clock: SetClock, held: HeldLease) -> Town:
    return Town(database, store, clock, held)


async def windows_of(database: Database) -> list[tuple[str, int, bool]]:
    """Title, clause and whether it is withdrawn, of every window."""
    async with database.read() as session:
        rows = await session.scalars(select(WindowRow).order_by(WindowRow.id))
        return [(row.title, row.policy_id, row.withdrawn_at is not None) for row in rows]


async def words_of(database: Database) -> list[tuple[str, int]]:
    return sorted((word.word, word.policy_id) for word in await Lessons(database).all())


async def test_the_edition_without_clause_12(town: Town, people: People, database: Database) -> None:
    lessons, guides = Lessons(database, town.clock), GuideDrafts(database, town.clock)
    windows = [await people.window(number, OPENS, CLOSES) for number in (22, 45, 49)]
    await lessons.teach(45, "海水制淡水", "li")
    await guides.publish_at_once({49: Guide(phone="0532-86988888", checked_on=OPENS)}, author="li")
    (energy,) = await people.add("green-energy")
    (asked,) = await people.add()
    await people.topics(asked, clause_topic(12))
    others = await people.add("desalination", "ai", "marine-services", n=2)
    await town.told()  # the openings of today

    one = await town.compare(WITHOUT_12)
    assert await town.drafts.open() == (), "a file alone makes nothing"
    await town.publish(one, {12: {"followers": None}})

    library = await town.store.published()
    assert [library.name_of(key) for key in (22, 45, 49)] == ["第21条", "第44条", "第48条"]
    assert library.get(12) is None
    assert [key for _, key, _ in await windows_of(database)] == [22, 45, 49]
    assert len(windows) == 3
    assert await words_of(database) == [("海水制淡水", 45)]
    assert (await GuideStore(database).book()).of_clause(49) is not None
    assert await town.told() == [
        (
            "能源绿色转型项目支持（海上风电、光伏、生物质、地热、核能）",
            "原第12条已不在现行文件中，如需办理请先咨询责任单位。",
            {energy, asked},
        )
    ]
    assert not {energy, asked} & set(others)
    assert await town.told() == []


@ON_SQLITE
async def test_an_edition_whose_sections_change_places_tells_nobody_anything(
    town: Town, people: People
) -> None:
    await people.add("ai", "desalination", "green-energy")
    document, parts = seed()
    parts[2], parts[3] = parts[3], parts[2]
    publication = await town.publish(await town.compare(as_text(document, parts)))
    assert len(publication.changes) == 7
    library = await town.store.published()
    assert library.name_of(6) == "第4条"
    assert library.documents[0].sections[2].title == parts[2][0]
    assert await town.told() == []


def split_in_two(parts: Parts, part: int, clause: int) -> None:
    texts = parts[part][2]
    cut = texts[clause].index("。", len(texts[clause]) // 3) + 1
    first = texts[clause][: cut - 1] + "（市海洋发展局、市财政局）。"
    texts[clause : clause + 1] = [first, texts[clause][cut:]]


def changed(parts: Parts, part: int, clause: int, old: str, new: str) -> None:
    texts = parts[part][2]
    assert old in texts[clause]
    texts[clause] = texts[clause].replace(old, new)


async def test_what_is_told_counts_truly_and_names_the_document(town: Town, people: People) -> None:
    """One new, one changed, one gone, one split, two joined; everything behind them renumbered."""
    (member,) = await people.add("ai")
    document, parts = seed()
    split_in_two(parts, 11, 3)  # 38
    parts[2][2][0] += parts[2][2].pop(1)  # 4 and 5
    changed(parts, 3, 2, "50万元", "80万元")  # 8
    parts[4][2].pop(1)  # 12
    parts[5][2].append(
        "按照《青岛市绿色债券办法（青政办发〔2026〕21号）》，鼓励企业发行绿色债券。对成功发行绿色债券用于先进技术产品转化的企业，按照发行金额的1%给予补助，最高200万元（区财政局）。"
    )
    one = await town.compare(as_text(document, parts))
    await town.publish(one, {12: {}})
    [(title, summary, members)] = await town.told()
    assert title == "《先进技术产品转化应用试点政策摘编》更新"
    counts, _, named = summary.partition("：")
    assert counts == "新版新增1条、调整1条、拆分1条、合并1条、删去1条"
    assert set(named.rstrip("。").split("、")) == {"第4条", "第7条", "原第12条", "第19条", "原第38条"}
    assert members == {member}


@ON_SQLITE
async def test_one_clause_that_is_split_is_told_as_that(town: Town, people: People) -> None:
    await people.add("aquatic-seed", "distant-fishing", "aquaculture")
    document, parts = seed()
    split_in_two(parts, 11, 3)
    await town.publish(await town.compare(as_text(document, parts)))
    [(_, summary, _)] = await town.told()
    assert summary == "原第38条已拆分为第38条、第39条。"


async def test_what_hangs_on_a_clause_that_goes_is_handed_over_or_ended(
    town: Town, people: People, database: Database
) -> None:
    lessons, guides = Lessons(database, town.clock), GuideDrafts(database, town.clock)
    await people.window(48, OPENS, CLOSES, "集聚区申报")
    await people.window(48, date(2026, 1, 5), date(2026, 3, 1), "去年的")
    for word in ("海洋园区", "集聚区奖"):
        await lessons.teach(48, word, "li")
    await lessons.teach(49, "集聚区奖", "li")
    await guides.publish_at_once({48: Guide(phone="0532-48", checked_on=OPENS)}, author="li")
    (asked,) = await people.add()
    await people.topics(asked, clause_topic(48))
    await town.told()
    one = await town.compare(WITHOUT_48)
    held = await town.imports.held(one)
    assert {name: kind.count for name, kind in held[48].items()} == {
        "windows": 1,
        "words": 2,
        "guides": 1,
        "followers": 1,
    }
    with pytest.raises(UndecidedError):
        await town.imports.make_drafts(one, author="li")
    assert await town.drafts.open() == ()
    heir = "48"  # of the new edition: clause 49 before
    fates: Fates = {
        48: {
            "windows": heir,
            "words": heir,
            "guides": None,
            "followers": heir,
            REPLACEMENT: heir,
        }
    }
    await town.publish(one, fates)
    assert await windows_of(database) == [("集聚区申报", 49, False), ("去年的", 49, False)]
    assert await words_of(database) == [("海洋园区", 49), ("集聚区奖", 49)]
    assert (await GuideStore(database).book()).of_clause(48) is None
    [(_, summary, members)] = await town.told()
    assert summary == "原第48条已不在现行文件中，由第48条接替。"
    assert members == {asked}
    await people.window(49, OPENS, CLOSES)
    assert asked in (await town.told())[0][2], "who followed 48 follows 49 now"


async def test_an_ended_window_is_called_off_for_who_was_told_of_it(
    town: Town, people: People, database: Database
) -> None:
    await people.window(48, OPENS, CLOSES, "集聚区申报")
    await people.add("ships")
    await town.told()
    await town.publish(await town.compare(WITHOUT_48), {48: {"windows": None}})
    assert await windows_of(database) == [("集聚区申报", 48, True)]


async def test_nothing_is_published_while_something_hangs_undecided(
    town: Town, people: People, database: Database
) -> None:
    """A window that came after the drafts were made."""
    one = await town.compare(WITHOUT_48)
    drafts = await town.imports.make_drafts(one, author="li")
    await people.window(48, OPENS, CLOSES, "集聚区申报")
    with pytest.raises(UndecidedError, match=r"原第48条.*还有申报期 1 项"):
        await town.drafts.publish(drafts, publisher="wang")
    assert (await town.store.published()).name_of(49) == "第49条"
    assert await windows_of(database) == [("集聚区申报", 48, False)]


async def test_a_wrong_file_is_given_up_at_once(town: Town) -> None:
    one = await town.compare("某县若干措施\n1.对首次入规企业给予10万元奖励。\n2.对技改给予200万元。".encode())
    assert any("可能选错了文件" in remark for remark in one.proposal.remarks)
    await town.imports.make_drafts(one, author="li")
    one = await town.get(one.id)
    waiting = await town.imports.waiting()
    assert [row.id for row in waiting] == [one.id]
    assert await town.imports.give_up(one) >= 50
    assert await town.drafts.open() == ()
    assert await town.imports.waiting() == []
    again = await town.compare(WITHOUT_48)
    assert len(await town.imports.make_drafts(again, author="li")) >= 2


@ON_SQLITE
async def test_a_corrected_pair_takes_along_what_hangs_on_the_clause(
    town: Town, people: People, database: Database
) -> None:
    await people.window(2, OPENS, CLOSES, "第二条")
    document, parts = seed()
    parts[0][2][1] = (
        "全新的表述：对落户的无人艇企业免费提供岸线与试验水域，由新区统一安排引航（区海洋发展局）。"
    )
    one = await town.compare(as_text(document, parts))
    assert {(pair.old, pair.new) for pair in one.proposal.report.pairs} == {("2", None), (None, "2")}
    await town.imports.compare_again(one, Choices({"2": "2"}))
    one = await town.get(one.id)
    assert [(pair.old, pair.new, pair.kind) for pair in one.proposal.report.pairs] == [("2", "2", "changed")]
    await town.publish(one)
    library = await town.store.published()
    assert _text(library, 2).startswith("全新的表述")
    assert await windows_of(database) == [("第二条", 2, False)]


def _text(library: Library, key: int) -> str:
    policy = library.get(key)
    assert policy is not None
    return policy.text


async def test_an_open_import_follows_what_is_published_meanwhile(town: Town) -> None:
    one = await town.compare(WITHOUT_48)
    other = await town.compare(WITHOUT_48)
    await town.publish(other)
    one = await town.get(one.id)
    assert one.proposal.changes == ()
    assert await town.imports.make_drafts(one, author="li") == ()


@ON_SQLITE
async def test_an_edition_of_the_second_document_leaves_the_first_alone(town: Town, people: People) -> None:
    await Documents(town.database, town.clock).add(second_document(), by="cli:li", note="")
    (follower,) = await people.add("ai")
    (asked,) = await people.add()
    library = await town.store.published()
    third = library.by_label("第三条", "lingang")
    assert third is not None
    await people.topics(asked, clause_topic(third.key))
    await town.told()
    lines = [line for line in FILE.read_text("utf-8").splitlines() if not line.startswith("第三条")]
    one = await town.get(
        await town.imports.read("2.txt", "\n".join(lines).encode(), document="lingang", author="li")
    )
    assert [(pair.old, pair.new, pair.kind) for pair in one.proposal.report.pairs] == [
        ("第三条", None, "gone")
    ]
    await town.publish(one, {third.key: {"followers": None}})
    after = await town.store.published()
    assert after.documents[0] == library.documents[0]
    assert after.by_label("第三条", "lingang") is None
    [(_, summary, members)] = await town.told()
    assert summary == "原第三条已不在现行文件中，如需办理请先咨询责任单位。"
    assert asked in members
    assert members <= {asked, follower}


async def test_two_people_on_one_import(town: Town) -> None:
    one = await town.compare(WITHOUT_48)
    await town.imports.decide(one, {48: {"windows": None}})
    with pytest.raises(EditConflictError):
        await town.imports.make_drafts(one, author="li")
    with pytest.raises(EditConflictError):
        await town.imports.compare_again(one, Choices())
