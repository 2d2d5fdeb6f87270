"""账号: one's own account, and for an admin everybody's and the API keys."""

from aiohttp import web

from console.access.errors import OperatorError
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.web.pages import done, operator_of, page, refused

_ACCOUNTS = "/console/accounts"


async def accounts_page(request: web.Request) -> web.StreamResponse:
    """One's own account; for an admin also everybody's and the keys."""
    desk, operator = request.app[DESK], operator_of(request)
    admin = operator.role.may(Role.ADMIN)
    return await page(
        request,
        "accounts.html",
        accounts=await desk.operators.all() if admin else [],
        keys=await desk.api_keys.all() if admin else [],
        me=await desk.operators.one(operator.id),
        codes_left=await desk.credentials.recovery_codes_left(operator.id),
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


async def reset_password(request: web.Request) -> web.StreamResponse:
    """Give an account a new password; it is shown on this one page and never again."""
    try:
        name, password = await request.app[DESK].operators.reset_password(
            int(request.match_info["id"]), actor=operator_of(request)
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    sentence = f"账号“{name}”的密码已重置，该账号已退出登录，下次登录后须先修改密码。请转交本人，离开本页后不再显示。"
    return await page(request, "shown_once.html", heading="新密码", sentence=sentence, secret=password)


async def reset_totp(request: web.Request) -> web.StreamResponse:
    try:
        await request.app[DESK].operators.reset_totp(
            int(request.match_info["id"]), actor=operator_of(request)
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    return await done(request, _ACCOUNTS, "该账号的动态口令已关闭，恢复码已失效，需重新登录")


async def add_key(request: web.Request) -> web.StreamResponse:
    """Make an API key; it is shown on this one page and never again."""
    form = await request.post()
    name = str(form.get("name", "")).strip()
    try:
        maker = operator_of(request).name
        key = await request.app[DESK].api_keys.create(
            name, Role(str(form.get("role", ""))), actor=maker, owner=maker
        )
    except OperatorError as error:
        return await refused(request, _ACCOUNTS, str(error))
    except ValueError:
        return await refused(request, _ACCOUNTS, "请选择角色")
    sentence = f"密钥“{name}”已新增。请现在复制保存，离开本页后不再显示。"
    return await page(request, "shown_once.html", heading="新密钥", sentence=sentence, secret=key)


async def revoke_key(request: web.Request) -> web.StreamResponse:
    gone = await request.app[DESK].api_keys.revoke(
        int(request.match_info["id"]), actor=operator_of(request).name
    )
    if not gone:
        return await refused(request, _ACCOUNTS, "没有这个密钥")
    return await done(request, _ACCOUNTS, "密钥已吊销，立即失效")


ROUTES = (
    Route("GET", "/accounts", accounts_page, Role.VIEWER),
    Route("POST", "/accounts", add_account, Role.ADMIN),
    Route("POST", r"/accounts/{id:[0-9]{1,9}}", change_account, Role.ADMIN),
    Route(
        "POST",
        r"/accounts/{id:[0-9]{1,9}}/password",
        reset_password,
        Role.ADMIN,
        confirm="重置该账号的密码？该账号将立即退出登录。",
    ),
    Route(
        "POST",
        r"/accounts/{id:[0-9]{1,9}}/totp",
        reset_totp,
        Role.ADMIN,
        confirm="关闭该账号的动态口令？该账号将立即退出登录，恢复码失效。",
    ),
    Route("POST", "/accounts/keys", add_key, Role.ADMIN),
    Route(
        "POST",
        r"/accounts/keys/{id:[0-9]{1,9}}/revoke",
        revoke_key,
        Role.ADMIN,
        confirm="吊销该密钥？使用它的程序将立即无法访问。",
    ),
)
