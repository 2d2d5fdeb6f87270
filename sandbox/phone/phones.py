"""What pretend people do in WeChat: it is pushed to the bot, and both sides are shown in the chat."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

from sandbox.phone.acts import PhoneAct
from sandbox.platform.people import Person
from sandbox.platform.platform import JobEvent, Platform
from sandbox.push.push_xml import push_xml
from sandbox.push.pushing import SERVICE_FAULT, Pusher, PushResult


class NotPossibleError(Exception):
    """A person can't do this now; the message is a sentence for the page."""


@dataclass(frozen=True, slots=True)
class Push:
    """What a person's act is on the wire.

    Attributes:
        kind: MsgType.
        visible: the person waits for an answer, so a fault is shown to them.
    """

    kind: str
    fields: Mapping[str, Any]
    visible: bool = True


class Phones:
    """Lets people act, pushes what they did, and shows both sides."""

    def __init__(self, platform: Platform, pusher: Pusher, keep: Callable[[], None]) -> None:
        self._platform = platform
        self._pusher = pusher
        self._keep = keep

    async def act(self, openid: str, act: PhoneAct) -> None:
        """One act of one person, through to the bot's answer.

        Raises:
            NotPossibleError: they don't follow and the act needs it, or the other way round.
        """
        person = self._platform.people.get(openid)
        needed = act.needs_following
        if needed is not None and needed != person.following:
            raise NotPossibleError("请先关注公众号" if needed else "已经关注了")
        push = _PUSHES[act.do](self._platform, person, act)
        self._keep()
        chats = self._platform.conversations
        chats.tell("person", person_view(person))
        own = act.bubble()
        number = chats.add(person.openid, own.side, own.kind, own.content)
        if push is not None:
            await self._push(person, push, number)

    async def push_receipt(self, event: JobEvent) -> None:
        """Push a receipt; the chats show nothing of it."""
        platform = self._platform
        people = platform.people
        person = people.get(event.openid) if people.known(event.openid) else Person(event.openid)
        await self._pusher.push(
            self._xml(person, Push("event", {"Event": event.event, **event.fields})), person, to_message=False
        )

    async def _push(self, person: Person, push: Push, number: int) -> None:
        xml = self._xml(person, push)
        chats = self._platform.conversations
        chats.tell("waiting", {"openid": person.openid, "on": push.visible})
        try:
            outcome = await self._pusher.push(xml, person, to_message=push.kind != "event")
        finally:
            chats.tell("waiting", {"openid": person.openid, "on": False})
        chats.attach(person.openid, number, tuple(outcome.raw))
        self._show_outcome(person, push, outcome)

    def _show_outcome(self, person: Person, push: Push, outcome: PushResult) -> None:
        show = self._platform.conversations.add
        raw = tuple(outcome.raw)
        if outcome.reply is not None and push.visible:
            show(person.openid, "account", outcome.reply.kind, outcome.reply.content, raw)
        elif outcome.fault and push.visible:
            content = {"text": SERVICE_FAULT, "why": outcome.fault, "deliveries": outcome.deliveries}
            show(person.openid, "note", "fault", content, raw)

    def _xml(self, person: Person, push: Push) -> str:
        account_id = self._platform.account.credentials.account_id
        return push_xml(account_id, person.openid, int(self._platform.real()), push.kind, push.fields)


def person_view(person: Person) -> dict[str, Any]:
    """Return a person in the form that the page shows."""
    return {
        "openid": person.openid,
        "nickname": person.nickname,
        "following": person.following,
        "refuses_templates": person.refuses_templates,
        "message_left": person.message_left,
        "message_until": person.message_until,
        "action_left": person.action_left,
        "action_until": person.action_until,
        "consents": person.consents,
    }


def _message(platform: Platform, kind: str, fields: Mapping[str, Any]) -> Push:
    return Push(kind, {**fields, "MsgId": platform.next_number()})


def _event(name: str, fields: Mapping[str, Any], *, visible: bool = True) -> Push:
    return Push("event", {"Event": name, **fields}, visible)


def _say(platform: Platform, person: Person, act: PhoneAct) -> Push:
    if act.menu_id:
        person.acted(platform.real())  # a tap in a message menu opens no 48 h window
        push = _message(platform, "text", {"Content": act.text})
        return Push("text", {**push.fields, "bizmsgmenuid": act.menu_id})
    person.sent_message(platform.real())
    return _message(platform, "text", {"Content": act.text})


def _voice(platform: Platform, person: Person, act: PhoneAct) -> Push:
    person.sent_message(platform.real())
    media = f"SANDBOX_VOICE_{platform.next_number()}"
    fields = {"MediaId": media, "Format": "amr", "MediaId16K": f"{media}_16K", "Recognition": act.text}
    return _message(platform, "voice", fields)


def _image(platform: Platform, person: Person, _act: PhoneAct) -> Push:
    person.sent_message(platform.real())
    media = f"SANDBOX_IMAGE_{platform.next_number()}"
    return _message(platform, "image", {"PicUrl": "http://mmbiz.invalid/sandbox.jpg", "MediaId": media})


def _location(platform: Platform, person: Person, act: PhoneAct) -> Push:
    person.sent_message(platform.real())
    place = {
        "Location_X": 30.0,
        "Location_Y": 110.0,
        "Scale": 16,
        "Label": act.text or "我的位置",
    }
    return _message(platform, "location", place)


def _tap(platform: Platform, person: Person, act: PhoneAct) -> Push:
    if act.button in {"click", "scancode_push", "scancode_waitmsg"}:
        person.acted(platform.real())
    if act.button == "click":
        return _event("CLICK", {"EventKey": act.key})
    scan = {"ScanCodeInfo": {"ScanType": "qrcode", "ScanResult": act.text or "sandbox"}}
    return _event(act.button, {"EventKey": act.key, **(scan if act.button.startswith("scancode") else {})})


def _view(_platform: Platform, _person: Person, act: PhoneAct) -> Push:
    return _event("VIEW", {"EventKey": act.key, "MenuId": 400000001}, visible=False)


def _follow(platform: Platform, person: Person, act: PhoneAct) -> Push:
    person.following = True
    person.followed_at = platform.real()
    person.scene = act.scene
    person.acted(platform.real())
    if not act.scene:
        return _event("subscribe", {"EventKey": ""})
    return _event("subscribe", {"EventKey": f"qrscene_{act.scene}", "Ticket": _ticket(platform, act.scene)})


def _unfollow(_platform: Platform, person: Person, _act: PhoneAct) -> Push:
    person.unfollow()
    return _event("unsubscribe", {"EventKey": ""}, visible=False)


def _scan(platform: Platform, person: Person, act: PhoneAct) -> Push:
    if not person.following:
        return _follow(platform, person, act)
    person.acted(platform.real())
    return _event("SCAN", {"EventKey": act.scene, "Ticket": _ticket(platform, act.scene)})


def _consent(platform: Platform, person: Person, act: PhoneAct) -> Push:
    template = platform.templates.get(act.key, notification=True)
    if act.accept:
        person.consents[template.template_id] = person.consents.get(template.template_id, 0) + 1
    answer = {
        "TemplateId": template.template_id,
        "SubscribeStatusString": "accept" if act.accept else "reject",
        "PopupScene": 1,
    }
    return _event("subscribe_msg_popup_event", {"SubscribeMsgPopupEvent": {"List": [answer]}}, visible=False)


def _refuse(_platform: Platform, person: Person, act: PhoneAct) -> None:
    """A switch in the person's own settings. WeChat tells the account only by later receipts."""
    person.refuses_templates = not act.accept


def _ticket(platform: Platform, scene: str) -> str:
    tickets = [code.ticket for code in platform.qr_codes.recent() if code.scene == scene]
    return tickets[0] if tickets else "gQSANDBOX0"


_PUSHES: Mapping[str, Callable[[Platform, Person, PhoneAct], Push | None]] = {
    "say": _say,
    "voice": _voice,
    "image": _image,
    "location": _location,
    "tap": _tap,
    "view": _view,
    "follow": _follow,
    "unfollow": _unfollow,
    "scan": _scan,
    "consent": _consent,
    "refuse": _refuse,
}
