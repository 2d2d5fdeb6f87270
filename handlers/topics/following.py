"""订阅 第10条, 订阅这条, 有新的就告诉我: subscribe to a clause, a department or a question, and what is said then."""

import re
from collections.abc import Iterable, Sequence

from alerts.member.names import topic_name
from handlers.application_windows.open_now import open_brief
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.last_act import note_subscribed, note_unsubscribed, ways
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap
from handlers.topics.reading import clauses_like, topics_named
from policies.library.library import Library
from policies.search.index import PolicyIndex
from subscriptions.members.topics import (
    MOST_TOPICS,
    Topic,
    TopicKind,
    clause_topic,
    question_topic,
)
from wechat.texts import escape_typed

FOLLOW = "subscribe_topics"
_WHAT_COMES = {
    TopicKind.CLAUSE: "开始申报时、截止之前和内容有变化时会提醒您。",
    TopicKind.DEPARTMENT: "这个部门负责的条款开始申报、截止之前和有更新时会提醒您。",
    TopicKind.QUESTION: "有新的政策与它对应时会提醒您。",
}


async def follow(turn: Turn, context: Context, topics: Sequence[Topic]) -> str:
    """Subscribe to topics. Say what was done, what will come, and which windows are open now."""
    member_id = await context.members.ensure(turn.inbound.openid)
    new = await context.members.subscribe_topics(member_id, topics)
    note_subscribed(turn, (topic.id for topic in new))
    held = {topic.id for topic in await context.members.topics(member_id)}
    library = context.knowledge.index.library
    lines = []
    if new:
        comes = dict.fromkeys(_WHAT_COMES[topic.kind] for topic in new)
        lines.append(f"已为您订阅：{names(new, library)}。\n{''.join(comes)}")
        edition = await Edition.now(context)
        lines.append(open_brief(edition, clauses_of(new, context.knowledge.index)))
    already = [topic for topic in topics if topic.id in held and topic not in new]
    if already:
        lines.append(f"此前已订阅：{names(already, library)}。")
    if any(topic.id not in held for topic in topics):
        lines.append(f"最多订阅 {MOST_TOPICS} 项条款、部门和问题，请先{tap('退订')}不需要的。")
    return "\n".join(filter(None, lines))


async def leave(turn: Turn, context: Context, topic_ids: Sequence[str]) -> str:
    """Unsubscribe from topics, and say what was done."""
    member_id = await context.members.id_of(turn.inbound.openid)
    library = context.knowledge.index.library
    held = {topic.id: topic for topic in await context.members.topics(member_id)} if member_id else {}
    gone = await context.members.unsubscribe_topics(member_id, topic_ids) if member_id else ()
    note_unsubscribed(turn, ((topic_id, held[topic_id].words) for topic_id in gone))
    lines = []
    if len(gone) > 1:
        turn.session.left_topics = [(topic_id, held[topic_id].words) for topic_id in gone]
    if gone:
        lines.append(f"已退订：{names([held[topic_id] for topic_id in gone], library)}。")
    if len(gone) < len(topic_ids):
        lines.append(f"您没有订阅这一项，可以看{tap('我的订阅')}。")
    return "\n".join(lines)


def names(topics: Iterable[Topic], library: Library) -> str:
    """Return topics in a sentence. A question whose words are not known here is 您问的事."""
    return "、".join(
        "您问的事"
        if topic.kind is TopicKind.QUESTION and not topic.words
        else escape_typed(topic_name(topic, library))
        for topic in topics
    )


def which_clause(text: str, index: PolicyIndex) -> str:
    """Ask which clause to subscribe to; "" if the words resemble none."""
    policies = filter(None, map(index.policy, clauses_like(text, index)))
    library = index.library
    ways = [
        tap(f"{library.name(policy)} {policy.title}", f"订阅 {library.name(policy)}") for policy in policies
    ]
    return "\n".join(("您是要订阅哪一条？点一下即可：", *ways)) if ways else ""


def clauses_of_tracks(track_ids: Iterable[str], index: PolicyIndex) -> frozenset[int]:
    """Return the clauses of some tracks."""
    wanted = set(track_ids)
    return frozenset(policy.key for policy in index.library.policies if wanted.intersection(policy.tracks))


def clauses_of(topics: Iterable[Topic], index: PolicyIndex) -> frozenset[int]:
    """Return the clauses that topics concern: a clause itself, or all clauses of a department."""
    keys: set[int] = set()
    for topic in topics:
        if topic.kind is TopicKind.CLAUSE:
            keys.add(topic.clause_key)
        elif topic.kind is TopicKind.DEPARTMENT:
            keys.update(index.of_department(topic.subject))
    return frozenset(keys)


async def follow_what_was_asked(turn: Turn, context: Context) -> Answer:
    """Answer 有新的就告诉我 and 订阅这条: follow the clause last shown, or the question last asked.

    After a question that got no answer, 有新的就告诉我 means that question.
    """
    index, session = context.knowledge.index, turn.session
    of_question = session.missed and session.asked and not _POINTS.search(turn.text)
    clause = session.clause if index.policy(session.clause) and not of_question else 0
    if clause:
        topics: tuple[Topic, ...] = (clause_topic(clause),)
    elif session.asked:
        topics = topics_named(session.asked, index) or (question_topic(session.asked),)
    else:
        return Answer.of(
            FOLLOW,
            f"要订阅什么？可以{tap('订阅')}赛道，也可以发送“订阅”加条款、部门或想了解的事，如 {tap('订阅 第1条')}。",
        )
    said = await follow(turn, context, topics)
    return Answer.of(FOLLOW, f"{said}\n{ways(turn)}", (clause,) if clause else ())


_POINTS = re.compile(r"[这本该]|上面")
"""Points at what is on the screen (订阅这条)."""

COMMANDS = (
    Command(
        FOLLOW,
        follow_what_was_asked,
        words=("有新的就告诉我", "订阅这条", "关注这条"),
    ),
)
