"""政策库: what a document is called before the numbers of its clauses."""

from aiohttp import web

from console.access.entries import record_short_name
from console.access.roles import Role, Route
from console.services.desk import DESK
from console.web.pages import done, operator_of, refused
from policies.approval.errors import RevisionError
from policies.publishing.documents import Documents

_LIBRARY = "/console/policies"


async def give_short_name(request: web.Request) -> web.StreamResponse:
    """Change a document's short name; it holds at once."""
    desk, operator = request.app[DESK], operator_of(request)
    name = str((await request.post()).get("name", ""))
    try:
        async with desk.database.write() as session:
            documents = Documents(desk.database, desk.clock)
            before, document = await documents.give_short_name(request.match_info["id"], name)
            record_short_name(session, operator.name, document, before)
    except RevisionError as error:
        return await refused(request, _LIBRARY, str(error))
    said = f"简称已改为《{document.short_name}》" if document.short_name else "简称已改为取自标题"
    return await done(request, _LIBRARY, said)


ROUTES = (Route("POST", r"/policies/documents/{id:[a-z0-9_-]{1,32}}/name", give_short_name, Role.APPROVER),)
