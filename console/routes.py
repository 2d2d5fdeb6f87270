"""Every page of the desk in one table: what the application serves and the role matrix's test walks over."""

from console.access.roles import Route
from console.broadcasts import compose, pages, testers_page
from console.clauses import documents, editions, policies, publishing
from console.district import pages as district
from console.guides import approving
from console.guides import pages as guides
from console.matching import editing
from console.matching import pages as matching
from console.screens import (
    accounts,
    audit,
    campaigns,
    handoff,
    ledger,
    overview,
    own_account,
    questions,
    subscribers,
    windows,
)

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *own_account.ROUTES,
    *accounts.ROUTES,
    *audit.ROUTES,
    *testers_page.ROUTES,
    *publishing.ROUTES,
    *editions.ROUTES,
    *policies.ROUTES,
    *documents.ROUTES,
    *ledger.ROUTES,
    *campaigns.ROUTES,
    *pages.ROUTES,
    *compose.ROUTES,
    *windows.ROUTES,
    *guides.ROUTES,
    *approving.ROUTES,
    *subscribers.ROUTES,
    *questions.ROUTES,
    *handoff.ROUTES,
    *district.ROUTES,
    *matching.ROUTES,
    *editing.ROUTES,
)
