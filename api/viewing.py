"""That somebody read what was said in a call: into the audit log, once for each person, call and hour."""

from api.join import subject_of
from db import audit, viewings
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor
from domain.call import Call


async def note_viewing(connection: Connection, viewer: Viewer, call: Call) -> None:
    if await viewings.is_news(connection, viewer.organization_id, viewer.user_id, call.call_id):
        await audit.write(
            connection, viewer.organization_id, Actor.user(viewer.user_id), "call_viewed", subject_of(call)
        )
