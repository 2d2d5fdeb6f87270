"""What the audit log says of a document's short name, given at the desk or in the shell."""

from sqlalchemy.ext.asyncio import AsyncSession

from console.access.audit import record
from policies.library.models import Document


def record_short_name(session: AsyncSession, actor: str, document: Document, before: str) -> None:
    """Note who called a document what, in the transaction that did it."""
    sides = {"简称": before}, {"简称": document.short_name}
    record(session, actor, "更改文件简称", ("document", document.id), before=sides[0], after=sides[1])
