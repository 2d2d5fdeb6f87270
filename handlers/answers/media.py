"""Messages without text: images, videos, locations, links, files."""

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


def answer(inbound: Inbound, index: PolicyIndex) -> Answer:
    """Ask the person to type instead, with an example to tap."""
    intent = Intent.NONE if inbound.kind == "text" else "unread"
    district, example = index.district.texts.district, index.examples.word
    said = _KINDS.get(inbound.kind, _OTHER).format(here=f"政策适用于{district}的企业，" if district else "")
    return Answer.of(intent, f"{said}，例如 {tap(example)}。" if example else f"{said}。")
