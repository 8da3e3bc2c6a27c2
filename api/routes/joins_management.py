"""What guests change by their link, without an account: another time, giving up, by text, no reminders.

Only by POST and PUT: programs that look into mails open links, and nothing may happen by that.
"""

from dataclasses import dataclass, fields
from datetime import datetime
from typing import Annotated

from fastapi import APIRouter, Query
from fastapi.responses import HTMLResponse

from api import unsubscribing
from api.changing import SeenRevision, close_room
from api.deps import Now, PartsHeld
from api.guest_changing import Reason, cancel, free_times_of, move
from api.join import call_of, join_view, organization_of
from api.routes.joins import WithLink
from api.sending_out import send_out
from api.text import Instant, LinkSecret
from api.views import JoinView
from db import calls, guests, suppression
from db.pool import transaction
from domain.call import prospect_identity
from domain.email import SuppressionReason, SuppressionScope
from domain.free_times import some_of
from domain.managing import may_cancel, may_move

router = APIRouter(prefix="/joins")

MOST_FREE = 60


@dataclass(frozen=True, slots=True, kw_only=True)
class ManagementView(JoinView):
    revision: int  # of the call: to be sent with a move
    may_move: bool
    may_cancel: bool
    free: tuple[datetime, ...]  # starts that may be chosen for a move; empty when it may not be moved


class Move(WithLink):
    starts_at: Instant
    revision: SeenRevision


class GuestCancellation(WithLink):
    reason: Reason = ""


class Preference(WithLink):
    prefers_text: bool


@router.post("/management")
async def read_management(held: PartsHeld, wanted: WithLink, now: Now) -> ManagementView:
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await call_of(connection, organization_id, link)
        await guests.note_opened(connection, organization_id, invitee.invitee_id, now)
        consent = await calls.newest_consent(connection, organization_id, invitee.invitee_id)
        movable = may_move(call, now)
        free = await free_times_of(connection, call, now) if movable else []
    view = await join_view(held, call, invitee, consent, now)
    return ManagementView(
        **{field.name: getattr(view, field.name) for field in fields(view)},
        revision=call.revision,
        may_move=movable,
        may_cancel=may_cancel(call, now),
        free=tuple(some_of(free, MOST_FREE)),
    )


@router.post("/moves")
async def move_call(held: PartsHeld, wanted: Move, now: Now) -> JoinView:
    """To one of the free times. Their link stays good; they and the owner are written to."""
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        call, invitee = await move(connection, organization_id, link, wanted.starts_at, wanted.revision, now)
        consent = await calls.newest_consent(connection, organization_id, invitee.invitee_id)
    return await join_view(held, call, invitee, consent, now)


@router.post("/cancellations", status_code=204)
async def give_up(held: PartsHeld, wanted: GuestCancellation, now: Now) -> None:
    """The last guest cancels the call; one of several is out of it, and their link is dead."""
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        before, after = await cancel(connection, organization_id, link, wanted.reason, now)
    await close_room(held, before, after, now)
    await send_out(held, [(after.room, prospect_identity(link.invitee_id))])


@router.put("/preferences", status_code=204)
async def set_preference(held: PartsHeld, wanted: Preference, now: Now) -> None:
    link = held.links.read(wanted.link)
    organization_id = await organization_of(held, link)
    async with transaction(held.pool, organization_id) as connection:
        _, invitee = await call_of(connection, organization_id, link)
        await guests.set_preference(
            connection, organization_id, invitee.invitee_id, now, prefers_text=wanted.prefers_text
        )


@router.get("/unsubscriptions", include_in_schema=False)
async def ask_before_unsubscribing() -> HTMLResponse:
    """A page for whoever opens the address in a browser, as older mail programs do. It changes nothing."""
    return unsubscribing.asking()


@router.post("/unsubscriptions", response_class=HTMLResponse)
async def unsubscribe(held: PartsHeld, link: Annotated[LinkSecret, Query()]) -> HTMLResponse:
    """One click in a mail program (RFC 8058): no reminders to this address any more, also by the link of an older mail.

    The form in the body says nothing that the address does not say.
    """
    known = held.links.read(link)
    organization_id = await organization_of(held, known)
    async with transaction(held.pool, organization_id) as connection:
        address = await guests.address_of(connection, organization_id, known.invitee_id)
        if address:
            await suppression.add(
                connection, organization_id, address.lower(), SuppressionScope.REMINDERS, SuppressionReason.ASKED
            )
    return unsubscribing.done()
