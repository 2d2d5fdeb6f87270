"""账号与审计: signing in and out, one's own password and one-time code, accounts, keys, the audit log."""

import pyotp
import segno
from aiohttp import web
from aiohttp_session import get_session

from console.audit import entries
from console.desk import DESK
from console.operators import OperatorError
from console.pages import done, operator_of, page, refused
from console.roles import Role, Route
from console.signing_in import begin_session
from console.throttle import THROTTLE

_HOME = "/console/"
_ACCOUNTS = "/console/accounts"
_PENDING_TOTP = "pending_totp"


async def sign_in_page(request: web.Request) -> web.StreamResponse:
    return await page(request, "sign_in.html")


async def sign_in(request: web.Request) -> web.StreamResponse:
    """Compare name, password and code; a wrong one and an unknown account look alike."""
    form = await request.post()
    name, password, code = (str(form.get(field, "")) for field in ("name", "password", "code"))
    throttle, address = request.app[THROTTLE], request.remote or ""
    if not await throttle.allows(name, address):
        return await page(
            request, "sign_in.html", status=429, error="尝试次数过多，请 5 分钟后再试。", name=name
        )
    operator = await request.app[DESK].operators.sign_in(name, password, code)
    if operator is None:
        await throttle.count_failure(name, address)
        error = "账号、密码或动态口令不正确。"
        return await page(request, "sign_in.html", status=401, error=error, name=name)
    await begin_session(request, operator)
    raise web.HTTPSeeOther(_HOME)


async def sign_out(request: web.Request) -> web.StreamResponse:
    (await get_session(request)).invalidate()
    raise web.HTTPSeeOther("/console/sign-in")


async def accounts_page(request: web.Request) -> web.StreamResponse:
    """One's own account; for an admin also everybody's, the keys and the audit log."""
    desk, operator = request.app[DESK], operator_of(request)
    admin = operator.role.may(Role.ADMIN)
    older_than = request.query.get("before", "")
    log = await entries(desk.database, before_id=int(older_than) if older_than.isdecimal() else None)
    return await page(
        request,
        "accounts.html",
        accounts=await desk.operators.all() if admin else [],
        keys=await desk.api_keys.all() if admin else [],
        log=log if operator.role.may(Role.APPROVER) else [],
        me=await desk.operators.one(operator.id),
        roles=list(Role),
    )


async def add_account(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    try:
        role = Role(str(form.get("role", "")))
        await request.app[DESK].operators.add(
            str(form.get("name", "")).strip(),
            role,
            str(form.get("password", "")),
            actor=operator_of(request).name,
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    except ValueError:
        return await refused(request, _ACCOUNTS, "请选择角色")
    return await done(request, _ACCOUNTS, "账号已新增")


async def change_account(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    try:
        await request.app[DESK].operators.change(
            int(request.match_info["id"]),
            role=Role(str(form.get("role", ""))),
            active=form.get("active") == "on",
            actor=operator_of(request),
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    except ValueError:
        return await refused(request, _ACCOUNTS, "请选择角色")
    return await done(request, _ACCOUNTS, "账号已更新，该账号需重新登录")


async def change_password(request: web.Request) -> web.StreamResponse:
    form = await request.post()
    operators = request.app[DESK].operators
    try:
        renewed = await operators.change_password(
            operator_of(request).id, str(form.get("old", "")), str(form.get("new", ""))
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    await begin_session(request, renewed)
    return await done(request, _ACCOUNTS, "密码已修改，其他设备上的登录已退出")


async def totp_page(request: web.Request) -> web.StreamResponse:
    """A new one-time code's secret, as a QR code; it holds only once a code of it was typed."""
    session = await get_session(request)
    secret = session.setdefault(_PENDING_TOTP, pyotp.random_base32())
    address = pyotp.TOTP(secret).provisioning_uri(name=operator_of(request).name, issuer_name="policybot")
    image = segno.make(address).svg_data_uri(scale=5)
    return await page(request, "totp.html", image=image, secret=secret)


async def switch_totp_on(request: web.Request) -> web.StreamResponse:
    session = await get_session(request)
    secret = str(session.get(_PENDING_TOTP, ""))
    code = str((await request.post()).get("code", ""))
    if not secret or not pyotp.TOTP(secret).verify(code, valid_window=1):
        return await refused(request, "/console/accounts/totp", "动态口令不正确，请重新输入")
    session.pop(_PENDING_TOTP)
    await request.app[DESK].operators.set_totp(operator_of(request).id, secret)
    return await done(request, _ACCOUNTS, "动态口令已开启，下次登录时使用")


async def switch_totp_off(request: web.Request) -> web.StreamResponse:
    await request.app[DESK].operators.set_totp(operator_of(request).id, None)
    return await done(request, _ACCOUNTS, "动态口令已关闭")


async def add_key(request: web.Request) -> web.StreamResponse:
    """Make an API key; it is shown on this one page and never again."""
    form = await request.post()
    name = str(form.get("name", "")).strip()
    try:
        key = await request.app[DESK].api_keys.create(
            name, Role(str(form.get("role", ""))), actor=operator_of(request).name
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    except ValueError:
        return await refused(request, _ACCOUNTS, "请选择角色")
    return await page(request, "new_key.html", key=key, name=name)


async def revoke_key(request: web.Request) -> web.StreamResponse:
    gone = await request.app[DESK].api_keys.revoke(
        int(request.match_info["id"]), actor=operator_of(request).name
    )
    if not gone:
        return await refused(request, _ACCOUNTS, "没有这个密钥")
    return await done(request, _ACCOUNTS, "密钥已吊销，立即失效")


ROUTES = (
    Route("GET", "/sign-in", sign_in_page, None),
    Route("POST", "/sign-in", sign_in, None, repeats=True),
    Route("POST", "/sign-out", sign_out, Role.VIEWER, repeats=True),
    Route("GET", "/accounts", accounts_page, Role.VIEWER),
    Route("POST", "/accounts", add_account, Role.ADMIN),
    Route("POST", r"/accounts/{id:\d{1,9}}", change_account, Role.ADMIN),
    Route("POST", "/accounts/password", change_password, Role.VIEWER),
    Route("GET", "/accounts/totp", totp_page, Role.VIEWER),
    Route("POST", "/accounts/totp", switch_totp_on, Role.VIEWER),
    Route("POST", "/accounts/totp/off", switch_totp_off, Role.VIEWER),
    Route("POST", "/accounts/keys", add_key, Role.ADMIN),
    Route("POST", r"/accounts/keys/{id:\d{1,9}}/revoke", revoke_key, Role.ADMIN),
)
