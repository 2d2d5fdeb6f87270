"""Followers, tags, the blacklist and QR codes (docs/wechat.md §6)."""

from typing import Any

from sandbox.platform.errors import ApiError
from sandbox.platform.people import Person
from sandbox.platform.platform import Platform

Body = dict[str, Any]
Answer = dict[str, Any]
PAGE = 10_000
OK: Answer = {"errcode": 0, "errmsg": "ok"}


def _info(person: Person) -> Answer:
    if not person.following:
        return {"subscribe": 0, "openid": person.openid, "tagid_list": []}
    return {
        "subscribe": 1,
        "openid": person.openid,
        "nickname": "",
        "language": "zh_CN",
        "subscribe_time": int(person.followed_at),
        "remark": person.remark,
        "groupid": person.tags[-1] if person.tags else 0,
        "tagid_list": list(person.tags),
        "subscribe_scene": "ADD_SCENE_QR_CODE" if person.scene else "ADD_SCENE_SEARCH",
        "qr_scene": int(person.scene) if person.scene.isdigit() else 0,
        "qr_scene_str": "" if person.scene.isdigit() else person.scene,
    }


def user_info(platform: Platform, query: Body) -> Answer:
    """Return what is known of one person; almost nothing of a person who does not follow."""
    return _info(platform.people.get(query.get("openid")))


def user_info_batch(platform: Platform, body: Body) -> Answer:
    """Return what is known of up to a hundred people."""
    asked = body.get("user_list")
    if not isinstance(asked, list) or not 1 <= len(asked) <= 100:
        raise ApiError(40032)
    openids = [entry.get("openid") if isinstance(entry, dict) else None for entry in asked]
    return {"user_info_list": [_info(platform.people.get(openid)) for openid in openids]}


def _page(openids: list[str], total: int) -> Answer:
    page = openids[:PAGE]
    answer: Answer = {"total": total, "count": len(page), "next_openid": page[-1] if page else ""}
    return answer | {"data": {"openid": page}} if page else answer


def _after(openids: list[str], start: object) -> list[str]:
    if not start:
        return openids
    if start not in openids:
        raise ApiError(40003)
    return openids[openids.index(str(start)) + 1 :]


def user_list(platform: Platform, query: Body) -> Answer:
    """Followers, ten thousand a page."""
    followers = platform.people.followers()
    return _page(_after(followers, query.get("next_openid")), len(followers))


def tagged_list(platform: Platform, body: Body) -> Answer:
    """Followers under a tag, ten thousand a page."""
    tag = platform.tags.known(body.get("tagid"))
    tagged = [person.openid for person in platform.people if tag in person.tags]
    return _page(_after(tagged, body.get("next_openid")), len(tagged))


def set_remark(platform: Platform, body: Body) -> Answer:
    """Set the account's own note on a follower."""
    platform.people.get(body.get("openid")).remark = str(body.get("remark") or "")[:30]
    return OK


def blacklist(platform: Platform, _body: Body) -> Answer:
    """Whom the account has blocked."""
    blocked = [person.openid for person in platform.people if person.blacklisted]
    return _page(blocked, len(blocked))


def _block(platform: Platform, body: Body, *, blocked: bool) -> Answer:
    openids = body.get("openid_list")
    if not isinstance(openids, list) or not 1 <= len(openids) <= 20:
        raise ApiError(40032)
    for person in [platform.people.get(openid) for openid in openids]:
        person.blacklisted = blocked
    return OK


def block(platform: Platform, body: Body) -> Answer:
    """Put up to twenty people on the blacklist."""
    return _block(platform, body, blocked=True)


def unblock(platform: Platform, body: Body) -> Answer:
    """Take up to twenty people off the blacklist."""
    return _block(platform, body, blocked=False)


def _tag_of(body: Body) -> Body:
    tag = body.get("tag")
    if not isinstance(tag, dict):
        raise ApiError(47001)
    return tag


def tag_create(platform: Platform, body: Body) -> Answer:
    """Make a tag."""
    tag_id, name = platform.tags.create(_tag_of(body).get("name"))
    return {"tag": {"id": tag_id, "name": name}}


def tag_list(platform: Platform, _query: Body) -> Answer:
    """Return all tags and their sizes."""
    return {"tags": platform.tags.listed()}


def tag_rename(platform: Platform, body: Body) -> Answer:
    """Another name for a tag."""
    platform.tags.rename(_tag_of(body).get("id"), _tag_of(body).get("name"))
    return OK


def tag_delete(platform: Platform, body: Body) -> Answer:
    """Delete a tag."""
    platform.tags.delete(_tag_of(body).get("id"))
    return OK


def tag_people(platform: Platform, body: Body) -> Answer:
    """Tag up to fifty."""
    platform.tags.put_on(body.get("tagid"), body.get("openid_list"))
    return OK


def untag_people(platform: Platform, body: Body) -> Answer:
    """Untag up to fifty."""
    platform.tags.take_off(body.get("tagid"), body.get("openid_list"))
    return OK


def tags_of(platform: Platform, body: Body) -> Answer:
    """Return the tags of one person."""
    return {"tagid_list": list(platform.people.get(body.get("openid")).tags)}


def qr_create(platform: Platform, body: Body) -> Answer:
    """Make a QR code with a scene."""
    code, seconds = platform.qr_codes.create(body)
    platform.conversations.tell("qr", {"scene": code.scene, "ticket": code.ticket})
    answer: Answer = {"ticket": code.ticket, "url": code.url}
    return answer if seconds is None else answer | {"expire_seconds": seconds}
