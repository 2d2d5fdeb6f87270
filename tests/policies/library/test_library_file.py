"""`policies.json` holds the document: every clause verbatim, every sum with its quote."""

import json
from datetime import date
from pathlib import Path

import pytest

from policies.district.models import DepartmentList
from policies.library.checking import check
from policies.library.data_files import DataFileError, read_data_file
from policies.library.folding import folded
from policies.library.library import Library
from policies.library.library_file import LIBRARY_FILE, LibraryFileError, dump_library, load_library
from policies.library.models import AmountKind, Department, Document, TrackList

DOCUMENT = Path(__file__).parents[2] / "data" / "compendium.txt"


@pytest.fixture(scope="module")
def printed() -> str:
    """The document with every line joined to the next, as page breaks are."""
    return "".join(line.strip() for line in DOCUMENT.read_text(encoding="utf-8").splitlines())


def test_the_compendium_is_sound(
    library: Library, tracks: TrackList, departments: tuple[Department, ...]
) -> None:
    assert check(library, tracks, departments) == ()


def test_all_49_clauses_stand_there_as_printed(library: Library, printed: str) -> None:
    assert [policy.key for policy in library.policies] == list(range(1, 50))
    at = 0
    for policy in library.policies:
        start = printed.index(policy.text, at)
        assert printed[at:start].rstrip(" .").endswith(str(policy.key))
        at = start + len(policy.text)


def test_nothing_of_the_document_is_left_out(compendium: Document, library: Library, printed: str) -> None:
    """What remains of the clauses' part when every known text is taken out are numbers and marks."""
    rest = printed[printed.rindex(compendium.preamble) :]
    for text in (
        compendium.preamble,
        compendium.contact.text,
        *(policy.text for policy in library.policies),
    ):
        assert rest.count(text) == 1
        rest = rest.replace(text, " ")
    for section in compendium.sections:
        rest = rest.replace(f"、{section.title}{section.preamble}", " ", 1)
    left = rest.split()
    assert [word.strip(".") for word in left if word[0].isdigit()] == [str(n) for n in range(1, 50)]
    names = [word for word in left if not word[0].isdigit()]
    assert names == ["一", "二", "三", "四", "五", "六", "七", "八", "九", "十", "十一", "十二"]


def test_slips_of_the_source_stay(library: Library) -> None:
    texts = {policy.key: policy.text for policy in library.policies}
    assert "建设成效显著、建设成效显著的市级新型研发机构" in texts[30]
    assert "积极加工信部" in texts[1]
    assert "（青政办字〔2024〕53）" in texts[15]
    assert texts[45].startswith("支持海水淡化规模化利用。")


def test_twelve_sections_and_their_clauses(compendium: Document, library: Library) -> None:
    counts = [
        sum(policy.section == section.number for policy in library.policies)
        for section in compendium.sections
    ]
    assert counts == [2, 1, 2, 5, 4, 6, 2, 2, 5, 2, 3, 15]


@pytest.mark.parametrize(
    ("numbers", "doc_no"),
    [
        ([1], "青财经委发〔2023〕3号"),
        ([7, 8, 24], "青工信字〔2023〕83号"),
        ([5, 9, 22, 29], "青政发〔2024〕11号"),
        ([3, 10, 26, 30], "青政字〔2024〕20号"),
        ([4, 6, *range(12, 15), *range(16, 22), 23, 25, 31, 33, 34], "青政办字〔2025〕13号"),
        ([2], "青西新人组发〔2024〕2号"),
        ([11], "鲁政发〔2024〕15号"),
        ([27], "青科字〔2022〕20号"),
        ([28], "青西新管办发〔2023〕26号"),
        ([32], "青发〔2022〕8号"),
        (list(range(35, 50)), "青政办发〔2025〕10号"),
    ],
)
def test_each_basis_has_its_number(library: Library, numbers: list[int], doc_no: str) -> None:
    having = [p.key for p in library.policies if [basis.doc_no for basis in p.basis] == [doc_no]]
    assert having == numbers


def test_clause_15_rests_on_two_documents(library: Library) -> None:
    assert [basis.doc_no for basis in library.policies[14].basis] == [
        "青政办字〔2024〕53",
        "青科字〔2024〕15号",
    ]


def test_periods_end_with_the_year_the_basis_names(library: Library) -> None:
    ends = {policy.key: policy.valid_until for policy in library.policies}
    assert ends[11] == date(2025, 12, 31)
    assert {number for number, end in ends.items() if end == date(2028, 12, 31)} == {3, 10, 26, 30}
    assert sum(end == date(2027, 12, 31) for end in ends.values()) == 16
    assert all(ends[number] is None for number in (1, 2, 5, 7, 8, *range(35, 50)))


def test_a_choice_holds_two_bases_of_one_sum(library: Library) -> None:
    choices = [(p.key, a.of, a.cap_cny) for p in library.policies for a in p.amounts if a.choice]
    assert choices == [(38, "配套设备投资额", 5_000_000), (38, "新增总投资额", 5_000_000)]


def test_the_odd_kinds_of_sum(library: Library) -> None:
    by_kind = {
        kind: sorted({p.key for p in library.policies for a in p.amounts if a.kind is kind})
        for kind in AmountKind
    }
    assert by_kind[AmountKind.POOL] == [46]
    assert by_kind[AmountKind.UNCAPPED] == [3]
    assert by_kind[AmountKind.RANGE] == [32]
    assert by_kind[AmountKind.PER_UNIT] == [5, 37, 39, 43]
    assert by_kind[AmountKind.RATE] == [22, 27, 28, 29, 38, 39, 41, 45]


def test_every_department_of_the_directory_is_printed(
    library: Library, departments: tuple[Department, ...]
) -> None:
    printed = {name for policy in library.policies for name in policy.departments}
    assert printed == {department.name for department in departments}
    assert library.policies[46].departments == (
        *("市发展改革委", "市科技局", "市工业和信息化局", "市市场监管局", "市民营经济局", "市委金融办"),
        *("市海洋发展局", "市财政局"),
    )


def test_nineteen_provisional_tracks(tracks: TrackList, library: Library) -> None:
    assert tracks.provisional
    assert len(tracks.tracks) == 19
    used = {track for policy in library.policies for track in policy.tracks}
    assert used == {track.id for track in tracks.tracks}


def test_the_contact_is_the_last_paragraph(compendium: Document, library: Library) -> None:
    contact = compendium.contact
    assert (contact.office, contact.address, contact.phone) == (
        "青岛古镇口核心区管委",
        "融合路681号",
        "13210876217",
    )
    assert folded(contact.address) in folded(contact.text)


def test_the_file_is_what_would_be_written(library: Library) -> None:
    assert dump_library(library) == LIBRARY_FILE.read_text(encoding="utf-8")


def broken(change: str) -> str:
    data = json.loads(LIBRARY_FILE.read_text(encoding="utf-8"))
    exec(
        change,
        {"data": data, "document": data["documents"][0], "clause": data["documents"][0]["policies"][21]},
    )
    return json.dumps(data, ensure_ascii=False)


@pytest.mark.parametrize(
    ("change", "said"),
    [
        ("del clause['text']", "第22条，字段 text：缺少这个字段"),
        ("clause['text'] = ''", "第22条，字段 text："),
        ("clause['titel'] = 'x'", "第22条，字段 titel：没有这个字段，请检查拼写"),
        ("clause['amounts'][0]['kind'] = 'most'", "第22条，字段 amounts[0].kind：只能是 'max', 'fixed'"),
        (
            "clause['amounts'][1]['cap_cny'] = '两千万'",
            "第22条，字段 amounts[1].cap_cny：应是整数（金额以元为单位）",
        ),
        (
            "clause['amounts'][1]['cap_cny'] = 0.5",
            "第22条，字段 amounts[1].cap_cny：应是整数（金额以元为单位）",
        ),
        ("clause['amounts'][0]['rate'] = 12", "第22条，字段 amounts[0].rate：不应大于 1"),
        ("clause['valid_until'] = '明年'", "第22条，字段 valid_until：应是日期，如 2027-12-31"),
        ("clause['keywords'] = '技改'", "第22条，字段 keywords：应是列表，用方括号括起来"),
        ("clause['key'] = 'x'", "第22条，字段 key：应是整数"),
        ("document['policies'][21] = 5", "第22条：应是对象，用花括号括起来"),
        ("del document['contact']['phone']", "字段 documents[0].contact.phone：缺少这个字段"),
        ("data.clear()", "字段 documents：缺少这个字段"),
    ],
)
def test_a_broken_file_names_clause_and_field(tmp_path: Path, change: str, said: str) -> None:
    file = tmp_path / "policies.json"
    file.write_text(broken(change), encoding="utf-8")
    with pytest.raises(LibraryFileError) as caught:
        load_library(file)
    assert str(caught.value).startswith(said)


@pytest.mark.parametrize(
    ("content", "said"),
    [
        (b"", "不是合法的 JSON：第 1 行"),
        (b'{"source": {},\n  "policies": [}', "不是合法的 JSON：第 2 行"),
        (b"\xff\xfe\x00", "不是 UTF-8 编码"),
        (b"[" * 200_000, "括号嵌套过深"),
        (b"[]", "应是对象"),
    ],
)
def test_what_is_no_compendium_says_why(tmp_path: Path, content: bytes, said: str) -> None:
    file = tmp_path / "policies.json"
    file.write_bytes(content)
    with pytest.raises(LibraryFileError, match=said):
        load_library(file)


def test_a_missing_file_is_named(tmp_path: Path) -> None:
    with pytest.raises(LibraryFileError, match=r"读不到 .*nowhere\.json"):
        load_library(tmp_path / "nowhere.json")


@pytest.mark.parametrize(
    ("content", "said"),
    [
        ('{"provisional": true, "tracks": [{"id": "AI", "name": "人工智能"}]}', r"tracks\.0\.id"),
        (
            '{"provisional": true, "tracks": [{"id": "a", "name": "甲"}, {"id": "a", "name": "乙"}]}',
            "a 出现了两次",
        ),
        ("{", "有误"),
    ],
)
def test_a_broken_list_of_tracks_says_where(tmp_path: Path, content: str, said: str) -> None:
    file = tmp_path / "tracks.json"
    file.write_text(content, encoding="utf-8")
    with pytest.raises(DataFileError, match=said):
        read_data_file(file, TrackList)


def test_a_missing_directory_of_departments_is_named(tmp_path: Path) -> None:
    with pytest.raises(DataFileError, match="读不到"):
        read_data_file(tmp_path / "nowhere.json", DepartmentList)
