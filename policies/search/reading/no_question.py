"""Messages that ask nothing: what WeChat writes in place of a message it can't show, and bare links."""

import re

_PLACEHOLDER = re.compile(
    r"^[\[【(（<]?\s*(?:收到)?(?:一条|该|此|你)?(?:不支持|未知|无法识别|暂不支持)(?:的)?(?:消息|类型|内容|消息类型)"
    r"|^[\[【(（].{0,20}(?:暂无法显示|无法显示|请在手机上查看|请使用最新版本|版本过低|不支持展示|不支持查看)"
    r"|^\[(?:图片|语音|视频|动画表情|表情|文件|位置|名片|链接|小程序|红包|转账|聊天记录|语音通话|视频通话|拍一拍)\]$"
    r"|^(?:(?:this|the) )?(?:message|content) (?:type )?(?:is )?(?:not supported|unsupported)"
)
_LINK = re.compile(r"^\s*(?:https?://|www\.)[^\s一-鿿]+\s*$")


def is_placeholder(text: str) -> bool:
    """Whether WeChat wrote the text (【收到不支持的消息类型，暂无法显示】)."""
    return _PLACEHOLDER.match(text) is not None


def is_bare_link(text: str) -> bool:
    """Whether a message is an address and nothing else."""
    return _LINK.match(text) is not None
