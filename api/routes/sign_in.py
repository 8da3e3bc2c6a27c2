"""Who is signed in, and in local mode the one-click sign-in and the demo call."""

from dataclasses import dataclass
from typing import Annotated, Literal

from fastapi import APIRouter, Response
from pydantic import BaseModel, ConfigDict, Field

from api import demo
from api.deps import CurrentUser, Now, Parts, PartsHeld
from api.views import CallView, call_view
from db import people
from db.pool import transaction
from domain.errors import NotFound
from domain.ids import OrganizationId, UserId
from domain.people import User, UserRole

router = APIRouter()


@dataclass(frozen=True, slots=True, kw_only=True)
class Me:
    user_id: UserId
    name: str
    email: str
    role: UserRole
    organization_id: OrganizationId
    organization_name: str
    local_mode: bool


@dataclass(frozen=True, slots=True, kw_only=True)
class Demo:
    call: CallView
    join_link: str


class DemoSignIn(BaseModel):
    model_config = ConfigDict(extra="forbid")
    role: Annotated[Literal["manager", "rep"], Field(alias="as")]


def me(user: User, held: Parts) -> Me:
    return Me(
        user_id=user.user_id,
        name=user.name,
        email=user.email,
        role=user.role,
        organization_id=user.organization_id,
        organization_name=user.organization_name,
        local_mode=held.settings.local_mode,
    )


@router.post("/demo/sign-ins")
async def sign_in_to_demo(held: PartsHeld, wanted: DemoSignIn, response: Response) -> Me:
    if not held.settings.local_mode:
        raise NotFound("page")
    somebody = demo.MANAGER if wanted.role == "manager" else demo.REPS[0]
    async with transaction(held.pool, demo.ORGANIZATION_ID) as connection:
        await demo.ensure_people(connection)
        user = await people.get(connection, somebody.organization_id, somebody.user_id)
    assert user is not None
    held.sign_in.keep(response, user)
    return me(user, held)


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
async def sign_out(held: PartsHeld, response: Response) -> None:
    held.sign_in.forget(response)


@router.get("/me")
async def read_me(held: PartsHeld, user: CurrentUser) -> Me:
    return me(user, held)
