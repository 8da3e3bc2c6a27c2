"""Staying signed in and signing out; and in local mode the one-click sign-in and the demo call."""

from contextlib import suppress
from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Request, Response
from pydantic import BaseModel, ConfigDict, Field

from api import demo, problems
from api.arrival import Me, Way, arrive
from api.deps import Now, PartsHeld
from api.views import CallView, call_view
from db import audit, devices, people
from db.devices import DeviceEnd
from db.pool import lookup, transaction
from domain.audit import Actor, Subject
from domain.errors import NotFound, NotSignedIn

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    call: CallView
    join_link: str


class DemoSignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Annotated[Literal["manager", "rep", "admin"], Field(alias="as")]


@router.post("/demo/sign-ins")
async def sign_in_to_demo(held: PartsHeld, wanted: DemoSignIn, request: Request, response: Response) -> Me:
    if not held.settings.local_mode:
        raise NotFound("page")
    somebody = demo.SOMEBODY[wanted.role]
    async with transaction(held.pool, demo.ORGANIZATION_ID) as connection:
        await demo.ensure_people(connection)
        user = await people.get(connection, somebody.organization_id, somebody.user_id)
        assert user is not None
        return await arrive(connection, held, request, response, user, Way.DEMO)


@router.post("/sign-in/refreshes", status_code=204)
async def refresh_sign_in(held: PartsHeld, request: Request) -> Response:
    """Both cookies anew; when the device is over, both are gone."""
    response, refused = Response(status_code=204), problems.of_domain_error(NotSignedIn())
    held.sign_in.forget(refused)
    try:
        refresh = held.sign_in.read_refresh(request.cookies.get(held.sign_in.refresh_cookie))
    except NotSignedIn:
        return refused
    async with lookup(held.pool) as connection:
        organization_id = await devices.organization_of(connection, refresh.device_id)
    if organization_id is None:
        return refused
    async with transaction(held.pool, organization_id) as connection:
        who = await held.sign_in.renew(connection, response, organization_id, refresh)
    return response if who else refused


@router.get("/demo")
async def read_demo(held: PartsHeld, now: Now) -> Demo:
    """The demo call that can be joined now; a new one when the last has ended."""
    if not held.settings.local_mode:
        raise NotFound("page")
    async with transaction(held.pool, demo.ORGANIZATION_ID) as connection:
        call = await demo.ensure_call(connection, now)
    view = call_view(call, held.links, participants_present=0)
    return Demo(call=view, join_link=view.invitees[0].join_link)


@router.delete("/sign-in", status_code=204)
async def sign_out(held: PartsHeld, request: Request, response: Response) -> None:
    """Ends the device that came along with the refresh token. Nobody signed in: nothing to do."""
    held.sign_in.forget(response)
    with suppress(NotSignedIn):
        refresh = held.sign_in.read_refresh(request.cookies.get(held.sign_in.refresh_cookie))
        async with lookup(held.pool) as connection:
            organization_id = await devices.organization_of(connection, refresh.device_id)
        if organization_id is None:
            return
        async with transaction(held.pool, organization_id) as connection:
            family = await devices.lock(connection, organization_id, refresh.device_id)
            if family and await devices.end(
                connection, organization_id, family.user_id, refresh.device_id, DeviceEnd.SIGNED_OUT
            ):
                await audit.write(
                    connection, organization_id, Actor.user(family.user_id), "signed_out",
                    Subject("user", str(family.user_id)), device_id=refresh.device_id,
                )  # fmt: skip
