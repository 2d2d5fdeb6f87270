"""暂停跟退订差在哪: explain each way to fewer messages before somebody chooses one. It changes nothing."""

from handlers.framework.answer import Answer
from handlers.framework.context import Context
from handlers.framework.registry import Command, Turn
from handlers.framework.taps import tap, taps

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


_WAY = r"(?:暂停|停止|停|退订|退|取消|免打扰|关闭|关)(?:掉|了)?(?:推送|提醒|订阅|关注|接收)?(?:的)?(?:以后|之后|后)?"
_DIFFER = (
    r"(?:有|是|不是|到底|究竟|算|的|之间|两个|它们|能|都|又|也){0,4}(?:什么|啥|哪些|哪里|哪儿|几|多大|多少|没有|没|不)?"
    r"(?:区别|差别|差异|不同|不一样|两样|两码事|一样|一回事|一码事|一个意思|差在哪(?:里|儿)?|差哪(?:里|儿|了)?|差(?:什么|啥|多少)|怎么分|咋分|怎么选|选哪个|哪个好)"
    r"(?:在哪(?:里|儿)?|的)?(?:不|没有?|吧)?"
)
_COMES_BACK = (
    r"(?:自己|自动|到时候?|到期|还|能|会|可以|会不会|能不能|要|再|是不是|就|它|得|重新){1,5}"
    r"(?:恢复|再?订(?:阅|上|回来)?|开(?:启)?|打开|发|推|收(?:到)?|回来)(?:推送|提醒|消息)?(?:我|的)?(?:不|没有?)?"
)
COMMANDS = (
    Command(
        WAYS_TOLD,
        ways_told,
        words=("暂停和退订的区别",),
        phrases=(
            rf"{_WAY}(?:和|跟|与|同|还是|比){_WAY}{_DIFFER}",
            rf"(?:什么|啥)(?:叫|是){_WAY}|{_WAY}(?:是|算|指)(?:的|个)?(?:什么|啥)(?:意思)?",
            rf"{_WAY}(?:的话|完)?{_COMES_BACK}(?:吗|么|吧)",
        ),
    ),
)
