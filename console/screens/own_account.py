"""登录与本人账号: signing in and out, one's own password, one-time code and recovery codes."""

from collections.abc import AsyncIterator
from contextlib import asynccontextmanager

import pyotp
import segno
from aiohttp import web
from aiohttp_session import get_session

from console.access.errors import OperatorError, WrongSecretError
from console.access.operators import SignedIn
from console.access.roles import Role, Route
from console.access.signing_in import OPERATOR, SIGN_IN, begin_session
from console.access.throttle import THROTTLE
from console.services.desk import DESK
from console.web.kept_forms import return_after_sign_in, sign_in_form
from console.web.pages import NoticeStyle, done, operator_of, page, refused

_ACCOUNTS = "/console/accounts"
_PENDING_TOTP = "pending_totp"
_TOO_MANY = "尝试次数过多，请 5 分钟后再试。"


async def sign_in_page(request: web.Request) -> web.StreamResponse:
    return await sign_in_form(request, next=request.query.get("next", ""))


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Compare name, password and code; a wrong one and an unknown account look alike."""
    form = await request.post()
    name, password, code, back, kept = (
        str(form.get(field, "")) for field in ("name", "password", "code", "next", "kept")
    )
    again = {"name": name, "next": back, "kept": kept}
    throttle, address = request.app[THROTTLE], request.remote or ""
    if not await throttle.take(name, address):
        return await sign_in_form(request, status=429, error=_TOO_MANY, **again)
    credentials = request.app[DESK].credentials
    try:
        operator = await credentials.sign_in(name, password, code.strip(), address=address)
    except OperatorError as busy:
        return await sign_in_form(request, status=503, error=str(busy), **again)
    if operator is None:
        error = "账号、密码或动态口令不正确。"
        return await sign_in_form(request, status=401, error=error, **again)
    await throttle.give_back(name, address)
    await _renew_session(request, operator)
    return await return_after_sign_in(request, path=back, kept=kept)


async def sign_out(request: web.Request) -> web.StreamResponse:
    (await get_session(request)).invalidate()
    raise web.HTTPSeeOther(SIGN_IN)


async def change_password(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    old, new = (str(form.get(name, "")) for name in ("old", "new"))
    try:
        async with _counted(request):
            renewed = await request.app[DESK].credentials.change_password(operator_of(request).id, old, new)
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    await _renew_session(request, renewed)
    return await done(request, _ACCOUNTS, "密码已修改，其他设备上的登录已退出")


async def totp_page(request: web.Request) -> web.StreamResponse:
    """Show a new seed of one-time codes as a QR code. It takes effect when a code made from it is typed."""
    session = await get_session(request)
    secret = session.setdefault(_PENDING_TOTP, pyotp.random_base32())
    address = pyotp.TOTP(secret).provisioning_uri(name=operator_of(request).name, issuer_name="policybot")
    image = segno.make(address).svg_data_uri(scale=5, light="white")
    return await page(request, "totp.html", image=image, secret=secret)


async def switch_totp_on(request: web.Request) -> web.StreamResponse:
    """Codes are asked for from now on; the recovery codes are shown on this one page and never again."""
    seed = str((await get_session(request)).get(_PENDING_TOTP, ""))
    password, code = await _proof(request)
    if not seed:
        return await refused(request, "/console/accounts/totp", "二维码已失效，请重新扫描")
    try:
        async with _counted(request):
            renewed, codes = await request.app[DESK].credentials.switch_totp_on(
                operator_of(request).id, password, seed, code
            )
    except OperatorError as error:
        return await refused(request, "/console/accounts/totp", str(error))
    await _renew_session(request, renewed)
    sentence = "动态口令已开启，下次登录时使用，其他设备上的登录已退出。"
    return await page(request, "recovery_codes.html", codes=codes, sentence=sentence)


async def switch_totp_off(request: web.Request) -> web.StreamResponse:
    password, code = await _proof(request)
    try:
        async with _counted(request):
            renewed = await request.app[DESK].credentials.switch_totp_off(
                operator_of(request).id, password, code
            )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    await _renew_session(request, renewed)
    return await done(request, _ACCOUNTS, "动态口令已关闭，其他设备上的登录已退出", NoticeStyle.WARNING)


async def renew_recovery_codes(request: web.Request) -> web.StreamResponse:
    password, code = await _proof(request)
    try:
        async with _counted(request):
            codes = await request.app[DESK].credentials.renew_recovery_codes(
                operator_of(request).id, password, code
            )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    return await page(request, "recovery_codes.html", codes=codes, sentence="原有的恢复码已全部失效。")


async def _proof(request: web.Request) -> tuple[str, str]:
    form = await request.post()
    return str(form.get("password", "")), str(form.get("code", "")).strip()


@asynccontextmanager
async def _counted(request: web.Request) -> AsyncIterator[None]:
    """Count a try of a password or code, inside a session as at sign-in; a right try is given back.

    Raises:
        OperatorError: too many were wrong.
    """
    throttle, whose = request.app[THROTTLE], (operator_of(request).name, request.remote or "")
    if not await throttle.take(*whose):
        raise OperatorError(_TOO_MANY)
    try:
        yield
    except WrongSecretError:
        raise
    except OperatorError:  # the old password was right, the new one is too short
        await throttle.give_back(*whose)
        raise
    await throttle.give_back(*whose)


async def _renew_session(request: web.Request, operator: SignedIn) -> None:
    """Give this browser a new session; sessions with an older stamp have ended."""
    await begin_session(request, operator)
    request[OPERATOR] = operator


ROUTES = (
    Route("GET", "/sign-in", sign_in_page, None),
    Route("POST", "/sign-in", sign_in, None, repeats=True),
    Route("POST", "/sign-out", sign_out, Role.VIEWER, repeats=True),
    Route("POST", "/accounts/password", change_password, Role.VIEWER),
    Route("GET", "/accounts/totp", totp_page, Role.VIEWER),
    Route("POST", "/accounts/totp", switch_totp_on, Role.VIEWER),
    Route("POST", "/accounts/totp/off", switch_totp_off, Role.VIEWER),
    Route("POST", "/accounts/totp/recovery-codes", renew_recovery_codes, Role.VIEWER),
)
