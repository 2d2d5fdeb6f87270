"""How WeChat treats a passive reply: the bubble that a person sees, or an error (docs/wechat.md §1.6, §3)."""

from collections.abc import Callable, Mapping
from dataclasses import dataclass
from typing import Any

import xmltodict

from sandbox.platform.people import Person
from sandbox.push.envelope import BadEnvelopeError

TEXT_BYTES = 2048
ARTICLES_TO_MESSAGE = 1
ARTICLES_TO_EVENT = 8
Fields = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class ShownReply:
    """A valid reply: its kind, and the content that the chat shows."""

    kind: str
    content: dict[str, Any]


def read_reply(xml: str, person: Person, account_id: str, *, to_message: bool) -> ShownReply:
    """Check and read the reply in `xml`. A message is shown one article, an event up to eight.

    Raises:
        BadEnvelopeError: WeChat would not take it.
    """
    try:
        fields = (xmltodict.parse(xml, strip_whitespace=False) or {}).get("xml")
    except Exception as error:  # expat, entities and types: all of it is malformed XML
        raise BadEnvelopeError("回复不是格式良好的 XML") from error
    if not isinstance(fields, dict):
        raise BadEnvelopeError("回复不是 <xml> 报文")
    if fields.get("ToUserName") != person.openid or fields.get("FromUserName") != account_id:
        raise BadEnvelopeError("回复的收件人或发件人不对")
    if not str(fields.get("CreateTime") or "").isdigit():
        raise BadEnvelopeError("回复的 CreateTime 不是整数")
    read = _READERS.get(str(fields.get("MsgType")))
    if read is None:
        raise BadEnvelopeError("回复的 MsgType 不认识")
    return read(fields, ARTICLES_TO_MESSAGE if to_message else ARTICLES_TO_EVENT)


def _text(fields: Fields, _articles: int) -> ShownReply:
    content = fields.get("Content")
    if not isinstance(content, str) or not content:
        raise BadEnvelopeError("文本回复没有内容")
    if len(content.encode()) > TEXT_BYTES:
        raise BadEnvelopeError(f"文本回复有 {len(content.encode())} 字节,超过 {TEXT_BYTES}")
    return ShownReply("text", {"content": content})


def _news(fields: Fields, articles: int) -> ShownReply:
    holder = fields.get("Articles")
    items = holder.get("item") if isinstance(holder, dict) else None
    items = items if isinstance(items, list) else [items]
    if not items or not all(isinstance(item, dict) for item in items):
        raise BadEnvelopeError("图文回复没有文章")
    if str(fields.get("ArticleCount")) != str(len(items)):
        raise BadEnvelopeError("图文回复的 ArticleCount 与文章数不符")
    shown = [
        {
            "title": item.get("Title") or "",
            "description": item.get("Description") or "",
            "url": item.get("Url") or "",
            "picurl": item.get("PicUrl") or "",
        }
        for item in items[:articles]
    ]
    return ShownReply("news", {"articles": shown})


def _media(kind: str) -> Callable[[Fields, int], ShownReply]:
    def read(fields: Fields, _articles: int) -> ShownReply:
        holder = fields.get(kind)
        media_id = holder.get("MediaId") if isinstance(holder, dict) else None
        if not media_id:
            raise BadEnvelopeError(f"{kind} 回复没有 MediaId")
        return ShownReply(kind.lower(), {"media_id": media_id})

    return read


def _to_human(_fields: Fields, _articles: int) -> ShownReply:
    return ShownReply("event", {"text": "已转接人工客服"})


_READERS: Mapping[str, Callable[[Fields, int], ShownReply]] = {
    "text": _text,
    "news": _news,
    "image": _media("Image"),
    "voice": _media("Voice"),
    "video": _media("Video"),
    "transfer_customer_service": _to_human,
}
