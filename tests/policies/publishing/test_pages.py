"""Large tables are read in pages, each by a statement of its own."""

import pytest
from sqlalchemy import select

from policies.district.models import District
from policies.library.library import Library
from policies.library.tables import RevisionRow
from policies.publishing.store import PolicyStore
from storage.sql.database import Database
from storage.sql.pages import by_pages
from tests.kit.clocks import SetClock


@pytest.mark.parametrize("rows", [7, 10, 1_000])
async def test_pages_hold_every_row_once_and_in_order(
    database: Database, clock: SetClock, library: Library, district: District, rows: int
) -> None:
    await PolicyStore(database, clock).seed(library, district)
    statement = select(RevisionRow.subject, RevisionRow.document)
    pages = await database.run_in_read_transaction(
        lambda connection: list(by_pages(connection, statement, RevisionRow.subject, rows))
    )
    assert [row.subject for page in pages for row in page] == list(range(50))
    assert {len(page) for page in pages[:-1]} <= {rows}
