"""Clauses of one industry track."""

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.list_pages import show
from handlers.framework.listing import Listing
from handlers.framework.taps import tap
from policies.search.decision import Decision, Intent


def answer(decision: Decision, _text: str, edition: Edition) -> Answer:
    """List the clauses of the track, with a link that subscribes to it."""
    mark = "（赛道目录为暂定）" if edition.index.tracks.provisional else ""
    heading = f"{decision.subject}赛道的条款，共{len(decision.clauses)}条{mark}："
    listing = Listing(
        Intent.TRACK,
        heading,
        decision.clauses,
        groups=decision.groups,
        closing=f"想收到这个赛道的提醒：{tap(f'订阅 {decision.subject}')}",
    )
    return show(listing, edition.index)
