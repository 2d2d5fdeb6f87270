"""Two questions in a row without an answer: the two nearest clauses, the contents and a person are offered."""

from dataclasses import replace

from handlers.framework.answer import Answer
from handlers.framework.edition import Edition
from handlers.framework.session import Session
from handlers.framework.taps import clause_tap, tap, taps
from policies.search.decision import Intent

_OFFERED = 2
_LONGEST = 80


def decline(answer: Answer, text: str, session: Session, edition: Edition) -> Answer:
    """The answer to a question without one; from the second one in a row it says less and offers more."""
    session.missed += 1
    if answer.intent == Intent.MAYBE:  # it offers clauses of its own
        return answer
    focus = edition.index.policy(session.clause) if session.clause else None
    of_focus = f"还想问刚才那条，点 {clause_tap(focus, edition.index.library)}" if focus is not None else ""
    if session.missed < 2:
        return answer.with_line(of_focus)
    near = [policy for key in _near(text, edition) if (policy := edition.index.policy(key)) is not None]
    lines = ["这一句我也没有找到对应的条款。"]
    if near:
        lines += [
            "最接近的是：",
            *(clause_tap(policy, edition.index.library) for policy in near),
        ]
    lines.append(f"换个说法再试，或看 {tap('目录')}；回复 {tap('人工')} 由工作人员回答您。")
    told = Answer.of(Intent.NONE, "\n".join(lines)).with_line(of_focus)
    declined = replace(told, gap=True, named=tuple(policy.key for policy in near), about=0)
    return declined.offering(edition.index.library.typed(policy) for policy in near)


def not_understood(session: Session, edition: Edition) -> Answer:
    """A message that names no matter at all: nothing is said of clauses, only what can be asked now."""
    session.missed += 1
    focus = edition.index.policy(session.clause) if session.clause else None
    if focus is None:
        ways = f"想了解哪条政策，直接说名称或条号就行，也可以看 {tap('目录')}；"
    else:
        shown = clause_tap(focus, edition.index.library)
        ways = f"还在看的是 {shown}，可以接着问：{taps('电话', '材料', '什么时候截止', '怎么申请')}；"
    return replace(
        Answer.of(
            Intent.NONE,
            f"这一句我没有看懂。{ways}\n也可以看 {tap('我的订阅')}，需要人帮忙请回复 {tap('人工')}。",
        ),
        asked=False,
    )


def _near(text: str, edition: Edition) -> tuple[int, ...]:
    if len(text) > _LONGEST:  # a second search of a long text would hold the loop
        return ()
    return edition.index.nearest(text, _OFFERED)
