"""The reviewed data of the language: synonyms, words by their role, and the weights of `scope`."""

from functools import cache
from pathlib import Path

from pydantic import BaseModel, ConfigDict, Field

from policies.district.folder import OWN_FOLDER
from policies.district.models import District
from policies.library.data_files import read_data_file
from policies.library.library import Library

_DATA = Path(__file__).parents[2] / "data"
SYNONYMS_FILE = _DATA / "synonyms.json"
LANGUAGE_FILE = _DATA / "language.json"
SCOPE_FILE = _DATA / "scope.json"
MATTERS_FILE = _DATA / "matters.json"
SAYINGS_NAME, QUESTIONS_NAME, ASKED_NAME = "sayings.json", "questions.jsonl", "asked.jsonl"


class _Frozen(BaseModel):
    model_config = ConfigDict(frozen=True, extra="forbid")


class Concept(_Frozen):
    """One thing that the clauses speak of, and what people call it."""

    means: tuple[str, ...]
    """The document's own words for it, the closest first."""
    says: tuple[str, ...] = ()
    """What people say instead."""
    when: tuple[tuple[tuple[str, ...], ...], ...] = ()
    """Combinations that say it too: each is a list of alternatives that must all occur; @X is a class."""


class Synonyms(_Frozen):
    """The concepts, and classes of words (@机器) their combinations are made of."""

    classes: dict[str, tuple[str, ...]]
    concepts: tuple[Concept, ...]


class Language(_Frozen):
    """Words by their role in a question.

    Attributes:
        fillers: words of speech around a question (请问, 谢谢).
        generic: words that say nothing about the subject (我们公司, 怎么), with the names of the district.
        frame: words that ask about support (奖补, 申报条件).
        asking: words that ask for figures or ways, of support or of anything else (多少钱, 条件).
        enquiry: what people ask of an office (电话, 地址).
        own_places: words for here (本市, 这边), with the places of the district.
        other_places, foreign: places the documents are not for.
        arriving: words for coming here from another place (迁来, 落户) or dealing with it (认证, 进口).
        elsewhere: words of matters that no policy for enterprises answers (考研, 怎么修).
        everyday: words of the library that people also use about other matters.
        secret: words of what is not published, which only the query office answers.
        lists: lists that only the query office has (技术产品).
        levels: what stands before a department's name, by its level.
        topics: choices to ask back with, if a question names no subject.
    """

    fillers: tuple[str, ...]
    generic: tuple[str, ...]
    frame: tuple[str, ...]
    asking: tuple[str, ...]
    enquiry: tuple[str, ...]
    own_places: tuple[str, ...]
    arriving: tuple[str, ...]
    other_places: tuple[str, ...]
    foreign: tuple[str, ...]
    elsewhere: tuple[str, ...]
    everyday: tuple[str, ...]
    secret: tuple[str, ...]
    lists: tuple[str, ...] = ()
    levels: dict[str, tuple[str, ...]] = Field(default_factory=dict)
    topics: tuple[str, ...] = ()

    def of(self, district: District) -> "Language":
        """Return the language of a district: with its places, and with what it does not publish."""
        places, texts = district.places, district.texts
        others = dict.fromkeys((*self.other_places, *places.others))
        named = (texts.district, texts.short, texts.city, *places.own)
        before_departments = (name for names in places.levels.values() for name in names)
        names = dict.fromkeys(filter(None, (*named, *before_departments)))
        return self.model_copy(
            update={
                "generic": (*self.generic, *names),
                "own_places": (*places.own, *self.own_places),
                "other_places": tuple(place for place in others if place not in places.own),
                "secret": (*self.secret, *texts.confidential.words),
                "lists": texts.confidential.lists,
                "levels": places.levels,
                "topics": texts.topics,
            }
        )


class Weights(_Frozen):
    """Weights of the features, and the log-odds from which a clause answers and from which it is offered."""

    weights: dict[str, float]
    answer: float
    offer: float


class ScopeWeights(_Frozen):
    """The weights that decide what the best clause is for a question; fitted by `bench.scope`.

    Attributes:
        by_words: without the sentence model.
        by_meaning: with what it says.
    """

    by_words: Weights
    by_meaning: Weights


class KnownQuestion(_Frozen):
    """A question that people ask of a document, and the clause that answers it. `label` is None if no clause does."""

    document: str
    label: str | None
    q: str


class Sayings(Synonyms):
    """Synonyms for what one document alone speaks of."""

    document: str


class Matter(_Frozen):
    """A subject of the trade, and questions about it from people who know none of its words."""

    words: tuple[str, ...]
    """A clause that has one of them in its title is about the matter."""
    asks: tuple[str, ...]


class AskedItem(_Frozen):
    """A kind of cost, of support or of receiver that a question may name, whatever the matter is (水电费, 落户)."""

    says: tuple[str, ...]
    stands: tuple[str, ...]
    """A clause with one of these words has the item; without any no clause ever has it."""


class Matters(_Frozen):
    """What people ask, of any document.

    Attributes:
        matters: subjects of the trade. A clause answers if it is about the subject.
        declined: of life, law and offices; no document of policies answers them.
        items: what is asked for must be in the clause: what questions name besides their matter.
    """

    matters: tuple[Matter, ...] = ()
    declined: tuple[str, ...] = ()
    items: tuple[AskedItem, ...] = ()


class LanguageData(_Frozen):
    """All reviewed data of the search.

    Attributes:
        synonyms: of the trade in general.
        language: words by their role.
        scope: the weights of the judgement.
        sayings: what is said of one document alone.
        questions: known questions of a document, whose words count too.
        asked: more of them, that the sentence model alone compares with.
        matters: what people ask of any document.
    """

    synonyms: Synonyms
    language: Language
    scope: ScopeWeights
    sayings: tuple[Sayings, ...] = ()
    questions: tuple[KnownQuestion, ...] = ()
    asked: tuple[KnownQuestion, ...] = ()
    matters: Matters = Matters()

    def of(self, district: District, library: Library) -> "LanguageData":
        """Return the data with the language of a district and of the documents that a library holds."""
        own = [each for each in self.sayings if library.document(each.document)]
        synonyms = Synonyms(
            classes=self.synonyms.classes
            | {name: words for each in own for name, words in each.classes.items()},
            concepts=(*(concept for each in own for concept in each.concepts), *self.synonyms.concepts),
        )
        return self.model_copy(update={"language": self.language.of(district), "synonyms": synonyms})


@cache
def load_language(data: Path = _DATA) -> LanguageData:
    """Return the data that comes with the program, and that of its own documents; read once a process.

    Args:
        data: the folder of the general data; another one to try a change.

    Raises:
        DataFileError: a file can't be read or doesn't fit.
    """
    folder = OWN_FOLDER.lists
    sayings = folder / SAYINGS_NAME if folder else None
    return LanguageData(
        synonyms=read_data_file(data / SYNONYMS_FILE.name, Synonyms),
        language=read_data_file(data / LANGUAGE_FILE.name, Language),
        scope=read_data_file(data / SCOPE_FILE.name, ScopeWeights),
        sayings=(read_data_file(sayings, Sayings),) if sayings and sayings.exists() else (),
        questions=_questions(folder / QUESTIONS_NAME) if folder else (),
        asked=_questions(folder / ASKED_NAME) if folder else (),
        matters=read_data_file(data / MATTERS_FILE.name, Matters),
    )


def _questions(path: Path) -> tuple[KnownQuestion, ...]:
    if not path.exists():
        return ()
    lines = path.read_text(encoding="utf-8").splitlines()
    return tuple(KnownQuestion.model_validate_json(line) for line in lines if line.strip())
