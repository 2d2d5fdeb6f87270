"""English summaries of the answers to commands, a few words beneath each. Data."""

_IN_SHORT: tuple[tuple[str, str], ...] = (
    (
        "您好，我在",
        "Hello. I answer questions on local policies for companies; the clauses are in Chinese. "
        "Try No. 22, or reply help or human.",
    ),
    (
        "可以这样问我",
        "Ask by clause number (No. 22) or topic. Commands: subscribe, my subscriptions, stop, unsubscribe, human.",
    ),
    ("已转给工作人员", "A member of staff will reply here within 48 hours. To end this, reply cancel."),
    ("好的，人工服务已结束", "The talk with our staff has ended. I answer again."),
    ("请回复要订阅", "Reply with the numbers of the tracks you want, or cancel."),
    (
        "已为您订阅",
        "Subscribed. You will be told when applications open and before they close. To undo, reply undo.",
    ),
    ("您订阅了", "This is what you subscribe to. To change it: subscribe, unsubscribe, stop."),
    ("您还没有订阅", "You do not subscribe to anything yet. To choose tracks, reply subscribe."),
    ("请回复要退订", "Reply with the number of what to leave; to leave everything, reply unsubscribe all."),
    ("已退订", "Unsubscribed. To undo, reply undo."),
    ("已全部退订", "Unsubscribed from everything. To undo, reply undo."),
    ("已停止推送", "Messages have stopped; your subscriptions are kept. To get them again, reply resume."),
    (
        "已暂停推送",
        "Messages are paused until that day; your subscriptions are kept. To end it, reply resume.",
    ),
    ("好的，晚上", "No messages will come in those hours; they wait until the morning."),
    ("好的，周六、周日", "No messages will come at weekends; they wait until Monday."),
    ("好的，已改为", "Your settings are changed as listed."),
    (
        "想怎么调整推送",
        "Tap what you would like: stop, pause a month, deadlines only, weekly, no weekends, leave all.",
    ),
    ("好的，已恢复推送", "Messages will come again."),
    ("好的，已取消", "Cancelled."),
    ("不客气", "You are welcome."),
    ("再见", "Goodbye."),
    (
        "这里没有登记统一的",
        "There is no common number or address. Name a policy (No. 22) or a department, or reply human.",
    ),
)
"""The English summary of an answer, by the words with which the answer begins."""


def in_short(reply: str) -> str:
    """Return the English summary of a command's answer; "" for other answers."""
    return next((short for begins, short in _IN_SHORT if reply.startswith(begins)), "")
