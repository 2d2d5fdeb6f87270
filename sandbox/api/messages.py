"""Sends: customer-service, template, notification and mass messages (docs/wechat.md §5)."""

from collections.abc import Callable
from typing import Any

from sandbox.platform.errors import ApiError
from sandbox.platform.features.custom_messages import checked_payload
from sandbox.platform.people import Person
from sandbox.platform.platform import Platform

Body = dict[str, Any]
Answer = dict[str, Any]

_MASS_HELPER = "oSANDBOX_mphelper"


def _ok(**more: Any) -> Answer:
    return {"errcode": 0, "errmsg": "ok", **more}


def custom_send(platform: Platform, body: Body) -> Answer:
    """Send a customer-service message, as far as the person's own acts allow it."""
    person = platform.people.get(body.get("touser"))
    payload = checked_payload(body, platform.media.known)
    person.take_custom_message(platform.real())
    platform.deliver(person, body["msgtype"], payload, way="custom")
    return _ok()


def custom_typing(platform: Platform, body: Body) -> Answer:
    """正在输入: within 30 seconds of a person's act."""
    person = platform.people.get(body.get("touser"))
    if body.get("command") not in {"Typing", "CancelTyping"}:
        raise ApiError(45072)
    if platform.real() - person.spoke_at > 30:
        raise ApiError(45080)
    platform.conversations.tell("typing", {"openid": person.openid, "on": body["command"] == "Typing"})
    return _ok()


def template_send(platform: Platform, body: Body) -> Answer:
    """Send a template message. The same id to the same person within ten minutes is answered but not delivered."""
    person = platform.people.get(body.get("touser"))
    if not person.following:
        raise ApiError(43004)
    template = platform.templates.get(body.get("template_id"), notification=False)
    lines = template.lines(body.get("data"))
    client_id = str(body.get("client_msg_id") or "")
    remembered = platform.deliveries.remembered(person.openid, client_id, platform.real())
    if remembered is not None:
        return _ok(msgid=remembered)
    number = platform.next_number()
    failures = platform.behaviour.system_failures
    if person.refuses_templates:
        status = "failed:user block"
    elif failures and platform.rng.random() < failures:
        status = "failed: system failed"
    else:
        status = "success"
        card = {"title": template.title, "lines": lines, "url": str(body.get("url") or "")}
        platform.deliver(person, "template", card, way="template", client_id=client_id, number=number)
    platform.emit(person.openid, "TEMPLATESENDJOBFINISH", {"MsgID": number, "Status": status})
    return _ok(msgid=number)


def notification_send(platform: Platform, body: Body) -> Answer:
    """Send a subscription notification (bizsend). Each consent allows one."""
    person = platform.people.get(body.get("touser"))
    template = platform.templates.get(body.get("template_id"), notification=True)
    lines = template.lines(body.get("data"))
    client_id = str(body.get("client_msg_id") or "")
    known_by = client_id if platform.behaviour.notifications_remember else ""
    remembered = platform.deliveries.remembered(person.openid, known_by, platform.real())
    if remembered is not None:
        return _ok(msgid=remembered)
    person.take_consent(template.template_id)
    number = platform.next_number()
    card = {"title": template.title, "lines": lines, "url": str(body.get("page") or "")}
    platform.deliver(person, "notification", card, way="notification", client_id=client_id, number=number)
    result = {"TemplateId": template.template_id, "MsgID": number, "ErrorCode": 0, "ErrorStatus": "success"}
    platform.emit(person.openid, "subscribe_msg_sent_event", {"SubscribeMsgSentEvent": {"List": [result]}})
    return _ok(msgid=number)


def mass_send(platform: Platform, body: Body) -> Answer:
    """Send a mass message to a list of 2 to 10,000 openids."""
    openids = body.get("touser")
    if not isinstance(openids, list):
        raise ApiError(40031)
    if len(openids) < 2:
        raise ApiError(40130)
    if len(openids) > 10_000:
        raise ApiError(40032)
    known = [platform.people.get(openid) for openid in openids if platform.people.known(str(openid))]
    return _mass(platform, body, known, len(openids))


def mass_send_all(platform: Platform, body: Body) -> Answer:
    """Send a mass message to all followers or to one tag."""
    chosen = body.get("filter")
    if not isinstance(chosen, dict):
        raise ApiError(47001)
    if chosen.get("is_to_all"):
        wanted: Callable[[Person], bool] = lambda person: person.following  # noqa: E731
    else:
        tag = _tag(platform, chosen.get("tag_id"))
        wanted = lambda person: person.following and tag in person.tags  # noqa: E731
    audience = [person for person in platform.people if wanted(person)]
    return _mass(platform, body, audience, len(audience))


def _tag(platform: Platform, tag_id: object) -> int:
    try:
        return platform.tags.known(int(str(tag_id)))
    except (ValueError, ApiError) as error:
        raise ApiError(40152) from error


def _mass(platform: Platform, body: Body, audience: list[Person], total: int) -> Answer:
    payload = checked_payload(body, platform.media.known)
    client_id = platform.mass_sends.check_client_id(body)
    number = platform.next_number()
    job = platform.mass_sends.start(client_id, number, audience, total)
    for openid in job.reached:
        reached = platform.people.get(openid)
        platform.deliver(reached, body["msgtype"], payload, way="mass", client_id=client_id, number=number)
    counts = {
        "TotalCount": job.total,
        "FilterCount": job.filtered,
        "SentCount": job.filtered,
        "ErrorCount": 0,
    }
    fields = {"MsgID": number, "Status": "send success", **counts}
    platform.emit(_MASS_HELPER, "MASSSENDJOBFINISH", fields, platform.mass_sends.seconds)
    return {"errcode": 0, "errmsg": "send job submission success", "msg_id": number}


def mass_preview(platform: Platform, body: Body) -> Answer:
    """Show a mass message to one follower first."""
    person = platform.people.get(body.get("touser"))
    payload = checked_payload(body, platform.media.known)
    if not person.following:
        raise ApiError(43004)
    number = platform.next_number()
    platform.deliver(person, body["msgtype"], payload, way="preview", client_id=f"preview {number}")
    return _ok(msg_id=number)


def mass_status(platform: Platform, body: Body) -> Answer:
    """Return the state of a mass send, without counts."""
    number = body.get("msg_id")
    job = platform.mass_sends.get(int(number) if isinstance(number, str) and number.isdigit() else number)
    return {"msg_id": job.message_id, "msg_status": job.status(platform.real())}


def _listed(platform: Platform, *, notification: bool) -> list[Answer]:
    key = "priTmplId" if notification else "template_id"
    return [
        {key: template.template_id, "title": template.title, "content": template.content, "example": ""}
        | ({"type": 3 if template.lasting else 2} if notification else {})
        for template in platform.templates.all(notification=notification)
    ]


def templates(platform: Platform, _query: Body) -> Answer:
    """Return the account's message templates."""
    return {"template_list": _listed(platform, notification=False)}


def notification_templates(platform: Platform, _query: Body) -> Answer:
    """Return the account's notification templates."""
    return _ok(data=_listed(platform, notification=True))
