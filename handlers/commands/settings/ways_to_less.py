"""暂停跟退订差在哪: explain each way to fewer messages before somebody chooses one. It changes nothing."""

from pathlib import Path

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps
from policies.search.words.pattern_files import read_patterns

_SAID = read_patterns(Path(__file__).with_name("settings.txt"))
WAYS_TOLD = "ways_told"


async def ways_told(turn: Turn, context: Context) -> Answer:
    """Explain pause, stop, unsubscribe and quiet hours, one line each, with how to take each back."""
    lines = (
        "几种方式的区别：",
        "· 暂停推送：到日子自动恢复，订阅不变，期间的提醒在“我的提醒”里。",
        f"· 停止推送：一直不发，订阅也不变；点 {tap('恢复推送')} 就接着发。",
        f"· 退订：不再关注那个赛道或条款，其他的照常；想要时再 {tap('订阅')}。",
        "· 免打扰：只在设好的时段里不发，顺延到时段结束。",
        f"现在都没有改动。可以点：{taps('暂停一个月', '停止推送', '退订', '提醒设置')}",
    )
    return Answer.of(WAYS_TOLD, "\n".join(lines))


COMMANDS = (
    Command(
        WAYS_TOLD,
        ways_told,
        words=("暂停和退订的区别",),
        phrases=_SAID["ways_told"],
    ),
)
