"""Colleagues: list, invite, change, shut out and let in again, and the devices they are signed in on."""

from typing import Annotated
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api import staffing
from api.deps import CurrentUser, MayManagePeople, OwnConnection, PartsHeld
from api.devices import DeviceView, device_views, end_device
from api.invitations import invite
from api.sending_out import send_colleague_out
from api.text import EmailAddress, Line
from api.views import Page
from db import audit, devices, people
from db.devices import DeviceEnd
from db.pool import Connection, transaction
from domain.access import Viewer, may_book_for, may_see_person
from domain.audit import Actor, Subject
from domain.errors import AlreadyThere, NotFound
from domain.ids import DeviceId, TeamId, UserId, uuid7
from domain.people import (
    Colleague,
    User,
    UserRole,
    UserStatus,
    must_be_somebody_else,
    must_keep_an_admin,
)

router = APIRouter(prefix="/users")

MOST_USERS = 500

TeamIds = Annotated[list[UUID], Field(max_length=100)]
UserIds = Annotated[list[UUID], Field(max_length=100)]

Facts = dict[str, UserRole | list[TeamId] | list[UserId]]


class NewUser(BaseModel):
    model_config = ConfigDict(extra="forbid")
    name: Line
    email: EmailAddress
    role: UserRole
    team_ids: TeamIds = []


class ChangedUser(BaseModel):
    """What is left out stays."""

    model_config = ConfigDict(extra="forbid")
    role: UserRole = UserRole.REP
    team_ids: TeamIds = []
    manager_ids: UserIds = []


@router.get("")
async def list_users(connection: OwnConnection, user: CurrentUser, as_owner: bool = False) -> Page[Colleague]:
    """By name; a rep sees those who are active. `as_owner`: those for whom whoever asks may book a call."""
    only_active = as_owner or user.role is UserRole.REP
    found = await people.colleagues(connection, user.organization_id, only_active=only_active, most=MOST_USERS)
    if as_owner:
        found = [somebody for somebody in found if may_book_for(user, somebody.user_id)]
    return Page(items=found, next_cursor=None)


@router.post("", status_code=201)
async def invite_user(held: PartsHeld, connection: OwnConnection, user: MayManagePeople, wanted: NewUser) -> Colleague:
    invited = User(
        user_id=UserId(uuid7()),
        organization_id=user.organization_id,
        organization_name=user.organization_name,
        name=wanted.name,
        email=wanted.email,
        role=wanted.role,
        status=UserStatus.INVITED,
    )
    team_ids = [TeamId(team_id) for team_id in wanted.team_ids]
    await people.lock_organization(connection, user.organization_id)
    if not await people.add_invited(connection, invited):
        raise AlreadyThere("address")
    await staffing.put_into_teams(connection, invited.organization_id, invited.user_id, invited.role, team_ids)
    await invite(connection, held, invited, user)
    await note(connection, user, "user_invited", invited.user_id, role=invited.role, team_ids=team_ids)
    return await found_colleague(connection, user, invited.user_id)


@router.get("/{user_id}")
async def read_user(connection: OwnConnection, user: CurrentUser, user_id: UUID) -> Colleague:
    if not may_see_person(user, UserId(user_id)):
        raise NotFound("person")
    return await found_colleague(connection, user, UserId(user_id))


@router.patch("/{user_id}")
async def change_user(
    connection: OwnConnection, user: MayManagePeople, user_id: UUID, wanted: ChangedUser
) -> Colleague:
    await people.lock_organization(connection, user.organization_id)
    somebody = await found_user(connection, user, user_id)
    changed, facts = wanted.model_fields_set, Facts()
    role = wanted.role if "role" in changed else somebody.role
    if "role" in changed:
        await staffing.change_role(connection, somebody, role)
        facts |= {"role": role, "role_before": somebody.role}
    if "team_ids" in changed:
        team_ids = [TeamId(team_id) for team_id in wanted.team_ids]
        await staffing.put_into_teams(connection, user.organization_id, somebody.user_id, role, team_ids)
        facts["team_ids"] = team_ids
    if "manager_ids" in changed:
        manager_ids = [UserId(manager_id) for manager_id in wanted.manager_ids]
        await staffing.assign_managers(connection, user.organization_id, somebody.user_id, role, manager_ids)
        facts["manager_ids"] = manager_ids
    await note(connection, user, "user_changed", somebody.user_id, **facts)
    return await found_colleague(connection, user, somebody.user_id)


@router.put("/{user_id}/disabling", status_code=204)
async def disable_user(held: PartsHeld, user: MayManagePeople, user_id: UUID) -> None:
    """Out of everything: the next request is refused, streams end, and live rooms are left."""
    async with transaction(held.pool, user.organization_id) as connection:
        await people.lock_organization(connection, user.organization_id)
        somebody = await found_user(connection, user, user_id)
        must_be_somebody_else(user.user_id, somebody.user_id)
        if somebody.role is UserRole.ADMIN:
            must_keep_an_admin(await people.active_admins(connection, user.organization_id), without=somebody.user_id)
        is_news = await people.disable(connection, user.organization_id, somebody.user_id)
        await devices.end_all(connection, user.organization_id, somebody.user_id, DeviceEnd.DISABLED)
        if is_news:
            await note(connection, user, "user_disabled", somebody.user_id)
    await send_colleague_out(held, user.organization_id, somebody.user_id)


@router.delete("/{user_id}/disabling", status_code=204)
async def enable_user(connection: OwnConnection, user: MayManagePeople, user_id: UUID) -> None:
    """They sign in anew, on every device."""
    somebody = await found_user(connection, user, user_id)
    if await people.enable(connection, user.organization_id, somebody.user_id):
        await devices.end_all(connection, user.organization_id, somebody.user_id, DeviceEnd.DISABLED)
        await note(connection, user, "user_enabled", somebody.user_id)


@router.post("/{user_id}/invitations", status_code=202)
async def invite_again(
    held: PartsHeld, connection: OwnConnection, user: MayManagePeople, user_id: UUID
) -> dict[str, str]:
    """To somebody who has not come yet."""
    somebody = await found_user(connection, user, user_id)
    if somebody.status is not UserStatus.INVITED:
        raise AlreadyThere("colleague")
    await invite(connection, held, somebody, user)
    await note(connection, user, "user_invited", somebody.user_id, role=somebody.role)
    return {}


@router.get("/{user_id}/devices")
async def list_devices(connection: OwnConnection, user: MayManagePeople, user_id: UUID) -> Page[DeviceView]:
    somebody = await found_user(connection, user, user_id)
    return await device_views(connection, user, somebody.user_id)


@router.delete("/{user_id}/devices/{device_id}", status_code=204)
async def end_device_of_user(connection: OwnConnection, user: MayManagePeople, user_id: UUID, device_id: UUID) -> None:
    await end_device(connection, user, UserId(user_id), DeviceId(device_id))


async def found_user(connection: Connection, viewer: Viewer, user_id: UUID) -> User:
    """Raises NotFound."""
    found = await people.get(connection, viewer.organization_id, UserId(user_id))
    if found is None:
        raise NotFound("person")
    return found


async def found_colleague(connection: Connection, viewer: Viewer, user_id: UserId) -> Colleague:
    """Raises NotFound."""
    found = await people.colleague(connection, viewer.organization_id, user_id)
    if found is None:
        raise NotFound("person")
    return found


async def note(
    connection: Connection,
    viewer: Viewer,
    action: str,
    user_id: UserId,
    **facts: UserRole | list[TeamId] | list[UserId],
) -> None:
    subject = Subject("user", str(user_id))
    await audit.write(connection, viewer.organization_id, Actor.user(viewer.user_id), action, subject, **facts)
