"""How the things that a member can follow are called: topics, and the tracks that are published now."""

from functools import lru_cache

from policies.knowledge import Knowledge
from policies.library.library import Library
from policies.library.models import Track
from subscriptions.members.topics import Topic, TopicKind
from subscriptions.members.track_names import TrackNames


def topic_name(topic: Topic, library: Library) -> str:
    """A topic in a list: 第10条 高新技术企业认定奖补, 区工信局负责的条款, 问题“保种单位补多少”."""
    match topic.kind:
        case TopicKind.CLAUSE:
            policy = library.get(topic.clause_key)
            return f"{library.name(policy)} {policy.title}" if policy else "已不在现行文件中的条款"
        case TopicKind.DEPARTMENT:
            return f"{topic.subject}负责的条款"
        case TopicKind.QUESTION:
            return f"问题“{topic.words}”"


def published_track_names(knowledge: Knowledge) -> TrackNames:
    """Return names of the published tracks; made once for each list of tracks."""
    return _read(knowledge.index.tracks.tracks)


@lru_cache(maxsize=4)
def _read(tracks: tuple[Track, ...]) -> TrackNames:
    return TrackNames(tracks)
