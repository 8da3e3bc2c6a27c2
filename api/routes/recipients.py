"""Who is written to about a call: shown before it is booked, and while it is there."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from api.booking import NewCall, checked
from api.deps import CurrentUser, Now, OwnConnection
from api.join import own_call
from api.telling import owner_of
from api.views import Page
from db import suppression, timelines
from db.pool import Connection
from domain.call import Call
from domain.email import EmailKind
from domain.notices import recipients

router = APIRouter(prefix="/calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class RecipientView:
    notice: EmailKind
    name: str
    email: str
    why: Literal["invitee", "owner", "manager"]
    suppressed: bool  # the address gets no mail: it was dead, or its person asked for none


@router.post("/recipients")
async def preview_recipients(
    connection: OwnConnection, user: CurrentUser, wanted: NewCall, now: Now
) -> Page[RecipientView]:
    """Of a call that would be booked so; it is refused for what booking would be refused for."""
    return await recipients_of(connection, await checked(connection, user, wanted, now))


@router.get("/{call_id}/recipients")
async def list_recipients(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> Page[RecipientView]:
    return await recipients_of(connection, await own_call(connection, user, call_id))


async def recipients_of(connection: Connection, call: Call) -> Page[RecipientView]:
    owner = await owner_of(connection, call)
    answering = await timelines.who_answer_for(connection, call.organization_id, owner.user_id)
    found = recipients(call, owner, answering)
    suppressed = await suppression.among(connection, call.organization_id, {one.email for one in found})
    items = [
        RecipientView(
            notice=one.notice,
            name=one.name,
            email=one.email,
            why=one.why,
            suppressed=one.email.lower() in suppressed,
        )
        for one in found
    ]
    return Page(items=items, next_cursor=None)
