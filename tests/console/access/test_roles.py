"""The role of whoever approves; the other half of the rule, that nobody approves their own, has its tests with each kind."""

from console.access.roles import Role
from console.api.routes import ENDPOINTS
from console.routes import ROUTES

APPROVALS = {
    "/broadcasts/{id:[0-9]{1,9}}/{step:approve|return}",
    "/policies/drafts",
    "/policies/drafts/{id:[0-9]{1,9}}/return",
    "/guides/publish",
    "/guides/{id:[0-9]{1,9}}/return",
    "/district/{part:tracks|departments|places|texts}/approve",
    "/district/{part:tracks|departments|places|texts}/return",
    "/matching/approve",
    "/matching/return",
    "/questions/words/{id:[0-9]{1,9}}/confirm",
}
"""The steps that `policies.approval.four_eyes` lists."""


def test_whoever_approves_or_sends_back_has_the_role_approver() -> None:
    desk = {route.path: route.role for route in ROUTES if route.method == "POST" and route.path in APPROVALS}
    api = {one.path: one.role for one in ENDPOINTS if one.path.endswith(("/approve", "/return"))}
    assert desk == dict.fromkeys(APPROVALS, Role.APPROVER)
    assert api == dict.fromkeys(("/broadcasts/{id}/approve", "/broadcasts/{id}/return"), Role.APPROVER)
