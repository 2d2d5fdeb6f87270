"""Messages without text: images, videos, locations, links, files, and the texts that stand in for a sticker."""

import re

from handlers.framework.answer import Answer
from handlers.framework.taps import tap
from policies.search.decision import Intent
from policies.search.index import PolicyIndex
from wechat.push.messages import Inbound

_KINDS = {
    "voice": "语音没有识别出文字，麻烦打字发给我",
    "image": "图片我还看不懂，麻烦用文字说说想了解的政策",
    "video": "视频我还看不懂，麻烦用文字说说想了解的政策",
    "shortvideo": "视频我还看不懂，麻烦用文字说说想了解的政策",
    "location": "位置已收到，{here}请用文字说说想了解的内容",
    "link": "链接我打不开，麻烦把想了解的内容用文字发给我",
    "file": "文件我打不开，麻烦把想了解的内容用文字发给我",
    "miniprogrampage": "小程序我打不开，麻烦把想了解的内容用文字发给我",
}
_OTHER = "这类消息我还看不懂，麻烦用文字说说想了解的政策"
_STANDS_IN = re.compile(
    r"[\[【(（]?\s{0,3}(?:收到)?"
    r"(?:"
    r"不支持的?(?:消息)?类型|(?:暂|目前)?不支持(?:的|该|此)?消息|该类型(?:消息)?暂不支持|"
    r"unsupported message"
    r")"
    r"[^\n]{0,30}|"
    r"[\[【]\s{0,2}"
    r"(?:"
    r"动画表情|表情|自定义表情|贴图|图片|照片|视频|小视频|语音|文件|位置|链接|名片|红包|转账|"
    r"小程序|聊天记录|sticker|photo|image|video|voice"
    r")"
    r"\s{0,2}[\]】]",
    re.IGNORECASE,
)
"""The text that WeChat pushes if it cannot tell the message: 【收到不支持的消息类型，暂无法显示】, [动画表情]."""


def stands_in(text: str) -> bool:
    """Whether a text only stands for a message without text."""
    return len(text) <= 60 and _STANDS_IN.fullmatch(text.strip()) is not None


def answer(inbound: Inbound, index: PolicyIndex) -> Answer:
    """Ask the person to type instead, with an example to tap."""
    intent = Intent.NONE if inbound.kind == "text" else "unread"
    district, example = index.district.texts.district, index.examples.word
    said = _KINDS.get(inbound.kind, _OTHER).format(here=f"政策适用于{district}的企业，" if district else "")
    return Answer.of(intent, f"{said}，例如 {tap(example)}。" if example else f"{said}。")
