"""The application key of the sign-in of `/me`, and the names of its cookies."""

from aiohttp import web

from pages.member.sign_in import SignIn

SIGN_IN: "web.AppKey[SignIn | None]" = web.AppKey("sign_in")
VISIT_COOKIE = "me"
STATE_COOKIE = "me_state"
