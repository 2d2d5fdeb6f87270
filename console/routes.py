"""Every page of the desk in one table: what the application serves and the role matrix's test walks over."""

from console import (
    accounts,
    audit_page,
    broadcast_pages,
    campaigns,
    ledger,
    overview,
    own_account,
    people,
    policies,
    publishing,
    questions,
    subscribers,
    testers_page,
    windows,
)
from console.roles import Route

ROUTES: tuple[Route, ...] = (
    *overview.ROUTES,
    *own_account.ROUTES,
    *accounts.ROUTES,
    *audit_page.ROUTES,
    *testers_page.ROUTES,
    *publishing.ROUTES,
    *policies.ROUTES,
    *ledger.ROUTES,
    *campaigns.ROUTES,
    *broadcast_pages.ROUTES,
    *windows.ROUTES,
    *subscribers.ROUTES,
    *questions.ROUTES,
    *people.ROUTES,
)
