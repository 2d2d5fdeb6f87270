"""WeChat's events of a member: follow, unfollow, QR scan, consent to notifications, withdrawal of consent.

A scan of a track's QR code subscribes the member to the track (`_subscribe_by_qr`). Two handlers answer a follow:
`followed` here, which says nothing to a first follow without a code, and the welcome in
`handlers/answers/courtesies/welcome_and_help.py`. The router sends their texts as one reply.
"""

from collections.abc import Mapping
from typing import Any

from handlers.application_windows.open_now import open_brief
from handlers.commands.open_windows import concerned_clauses
from handlers.commands.track_choice import listed, names_of
from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.edition import Edition
from handlers.framework.registry import EventHandler, Turn
from handlers.framework.taps import taps
from handlers.topics.following import names as topic_names
from subscriptions.members.qr_scenes import track_of
from subscriptions.members.track_subscriptions import ChangeSource
from subscriptions.messaging_rights.grants import answers


async def followed(turn: Turn, context: Context) -> Answer:
    """Answer a follow. Earlier subscriptions apply again. A follow by a track's QR code also subscribes to the track."""
    found = await context.members.follow(turn.inbound.openid)
    lines = []
    topics = await context.members.topics(found.member_id) if found.returned else ()
    if found.returned and (found.tracks or topics):
        library = context.knowledge.index.library
        kept = (listed(names_of(context), found.tracks), topic_names(topics, library))
        lines.append(f"欢迎回来。您之前的订阅已恢复：{'、'.join(filter(None, kept))}。")
        keys = await concerned_clauses(found.member_id, context)
        lines.append(open_brief(await Edition.now(context), keys or ()))
    lines.append(await _subscribe_by_qr(found.member_id, turn.inbound.key, context))
    text = "\n".join(filter(None, lines))
    return Answer.of("followed", f"{text}\n{taps('我的订阅', '提醒设置')}" if text else "")


async def scanned(turn: Turn, context: Context) -> Answer:
    """Answer a follower's scan of a QR code. The code of a track subscribes."""
    if track_of(turn.inbound.key) is None:
        return Answer("scan", None)
    member_id = await context.members.ensure(turn.inbound.openid)
    text = await _subscribe_by_qr(member_id, turn.inbound.key, context)
    return Answer.of("scan", f"{text}\n{taps('我的订阅', '提醒设置')}")


async def _subscribe_by_qr(member_id: int, scene: str, context: Context) -> str:
    track_id = track_of(scene)
    if track_id is None:
        return ""
    names = names_of(context)
    if names.exact(track_id) is None:
        return "二维码对应的赛道已调整，请在下面查看现有赛道。"
    new = await context.members.subscribe(member_id, [track_id], source=ChangeSource.SCAN)
    if not new:
        return f"您已订阅“{names.name(track_id)}”赛道，无需重复订阅。"
    return f"已为您订阅“{names.name(track_id)}”赛道，开始申报时和截止之前会提醒您。"


async def unfollowed(turn: Turn, context: Context) -> Answer:
    """Note an unfollow: nothing more is sent. Subscriptions and settings are kept in case the person follows again."""
    await context.members.unfollow(turn.inbound.openid)
    return Answer("unsubscribe", None)


async def consent_withdrawn(turn: Turn, context: Context) -> Answer:
    """Erase all data of a person who withdrew their authorisation or closed their WeChat account."""
    openid = _openid(turn.inbound.raw)
    if openid:
        await context.erasing.erase(openid)
    return Answer(turn.inbound.event, None)


async def notification_accepted(turn: Turn, context: Context) -> Answer:
    """Note the answer to the consent popup: each acceptance allows one notification."""
    accepted = [template for template, yes in answers(turn.inbound.raw, "SubscribeMsgPopupEvent") if yes]
    if accepted:
        member_id = await context.members.ensure(turn.inbound.openid)
        await context.members.grants.accept(member_id, accepted)
    return Answer(turn.inbound.event, None)


async def notification_switched_off(turn: Turn, context: Context) -> Answer:
    """Note that notifications were switched off in WeChat's settings: the remaining consents are void."""
    refused = [template for template, yes in answers(turn.inbound.raw, "SubscribeMsgChangeEvent") if not yes]
    member_id = await context.members.id_of(turn.inbound.openid)
    if refused and member_id is not None:
        await context.members.grants.revoke(member_id, refused)
    return Answer(turn.inbound.event, None)


def _openid(raw: Mapping[str, Any]) -> str:
    """Return the openid that a privacy event names. The sender is the platform, and the element's case varies
    (docs/wechat.md §2.6).
    """
    return next((str(value) for name, value in raw.items() if name.casefold() == "openid" and value), "")


EVENTS = (
    EventHandler("subscribe", followed),
    EventHandler("scan", scanned),
    EventHandler("unsubscribe", unfollowed),
    EventHandler("user_authorization_revoke", consent_withdrawn),
    EventHandler("user_authorization_cancellation", consent_withdrawn),
    EventHandler("subscribe_msg_popup_event", notification_accepted),
    EventHandler("subscribe_msg_change_event", notification_switched_off),
)
