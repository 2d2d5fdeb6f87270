"""How a topic that a member subscribes to is called. Pure."""

from policies.library.library import Library
from subscriptions.members.topics import Topic, TopicKind


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
