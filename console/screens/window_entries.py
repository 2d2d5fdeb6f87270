"""Audit entries of application windows, whichever way they came: the desk's form, a file, the command line."""

from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from console.access.audited import differing, of_window
from policies.windows.window import WindowImport
from policies.windows.window_fields import closing_words


def record_windows(session: AsyncSession, actor: str, taken: WindowImport) -> None:
    """An entry for each window that is new or another now."""
    for window in taken.added:
        record(session, actor, "新增申报期", ("policy", window.policy_id), after=of_window(window))
    for change in taken.changed:
        after = of_window(change.window)
        was = after | {"closes_on": closing_words(change.old_closes_on), "url": change.old_url}
        before, after = differing(was, after)
        named = {"title": change.window.title}
        subject = ("policy", change.window.policy_id)
        record(session, actor, "申报期改期", subject, before=named | before, after=named | after)
