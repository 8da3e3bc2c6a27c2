"""Two organizations for the table of rights: who asks, and something that is theirs, their team's, or others'.

Ours has the team Sales, whose manager answers for its reps, and the team South, for whose rep nobody of Sales answers.
"""

import re
from collections.abc import Awaitable, Callable, Mapping
from dataclasses import dataclass
from email.message import EmailMessage
from enum import StrEnum
from typing import Any
from uuid import UUID

import httpx

from api.auth import Refresh, SignIn
from db import calls, devices, events, leads, mail_servers, mailbox, question_sets, sign_in_links, suppression, teams
from db.pool import Pool, transaction
from domain.call import Call, CallKind
from domain.email import SuppressionReason, SuppressionScope
from domain.event import Event
from domain.ids import CallId, DeviceId, InviteeId, QuestionSetId, SignInLinkId, TeamId, uuid7
from domain.links import Link, LinkPurpose, Links, SignInLinks
from domain.mail_server import MailSecurity, MailServer
from domain.people import TeamRole, User, UserRole
from domain.question_set import QuestionSet
from tests.api.conftest import ACCESS_COOKIE, PUBLIC_URL, SECRET, cookie_of
from tests.sample import Tenant, a_lead, a_user, add_call, add_tenant, add_user, device_of, ended, said, shown

REFRESH_COOKIE = "parley_refresh"
NOT_OURS = "another secret that nobody gave us"


class Caller(StrEnum):
    ANONYMOUS = "anonymous"
    GUEST = "guest"  # holds the link to one call of our rep
    REP = "rep"
    MANAGER = "manager"
    ADMIN = "admin"
    DISABLED = "disabled"  # a rep who was signed in


class Relation(StrEnum):
    """Of the thing to the caller. What has no owner is `own` to everybody in its organization."""

    OWN = "own"
    OWN_TEAM = "own_team"  # of another rep of the caller's team; its manager answers for that one
    OTHER_TEAM = "other_team"
    OTHER_ORGANIZATION = "other_organization"
    DELETED = "deleted"  # it was the caller's own
    UNKNOWN = "unknown"


@dataclass(frozen=True, kw_only=True)
class World:
    pool: Pool
    superuser: Any
    ours: Tenant
    theirs: Tenant
    colleague: User
    outsider: User
    disabled: User

    def user_of(self, caller: Caller) -> User:
        """Who the caller is, or for somebody without an account whose things count as their own: the rep."""
        known = {
            Caller.MANAGER: self.ours.manager,
            Caller.ADMIN: self.ours.admin,
            Caller.DISABLED: self.disabled,
        }
        return known.get(caller, self.ours.rep)

    def somebody(self, caller: Caller, relation: Relation) -> User:
        others = {
            Relation.OWN_TEAM: self.colleague,
            Relation.OTHER_TEAM: self.outsider,
            Relation.OTHER_ORGANIZATION: self.theirs.rep,
        }
        return others.get(relation, self.user_of(caller))

    async def dress(self, client: httpx.AsyncClient, caller: Caller) -> None:
        """The client has from now on what this caller has: cookies, or a link that it tries as if it were a token."""
        client.cookies.clear()
        client.headers.pop("authorization", None)
        if caller is Caller.GUEST:
            link = await self.join_link(caller, Relation.OWN)
            client.headers["authorization"] = f"Bearer {link}"
            client.cookies.set(REFRESH_COOKIE, link)
        elif caller is not Caller.ANONYMOUS:
            user = self.user_of(caller)
            refresh = Refresh(device_id=device_of(user), generation=1)
            client.cookies.set(ACCESS_COOKIE, cookie_of(user))
            client.cookies.set(REFRESH_COOKIE, SignIn(secret=SECRET, public_url=PUBLIC_URL).refresh_token(refresh))

    async def ids(self, path: str, caller: Caller, relation: Relation) -> dict[str, str]:
        """For the parameters of the path: of something new in that relation to the caller."""
        names = re.findall(r"{(\w+)}", path)
        found = {name: "1" if name == "number" else str(uuid7()) for name in names}
        if names and relation is not Relation.UNKNOWN:
            make, table = MAKERS[f"{names[0]} of me" if path.startswith("/me/") else names[0]]
            made = await make(self, self.somebody(caller, relation), path, relation)
            found |= {name: str(id) for name, id in made.items()}
            if relation is Relation.DELETED:
                await self.delete(table, made[names[0]])
        return found

    async def owner_id(self, caller: Caller, relation: Relation) -> str:
        """Of somebody for whom a call could be booked."""
        return (await self.ids("/users/{user_id}", caller, relation))["user_id"]

    async def join_link(self, caller: Caller, relation: Relation) -> str:
        """A guest has the link to one call, and had one to another that is gone. All else is made up of ids."""
        link = Link(call_id=CallId(uuid7()), invitee_id=InviteeId(uuid7()), revision=1)
        if relation is not Relation.UNKNOWN:
            call = await self.call(self.somebody(caller, relation), is_over=False)
            link = Link(call_id=call.call_id, invitee_id=call.invitees[0].invitee_id, revision=1)
        if relation is Relation.DELETED:
            await self.delete("calls", link.call_id)
        is_theirs = caller is Caller.GUEST and relation in {Relation.OWN, Relation.DELETED, Relation.UNKNOWN}
        return Links(secret=SECRET if is_theirs else NOT_OURS, public_url=PUBLIC_URL).secret_of(link)

    async def sign_in_link(self, caller: Caller, relation: Relation) -> str:
        link_id = SignInLinkId(uuid7())
        if relation is not Relation.UNKNOWN:
            user = self.user_of(caller)
            async with transaction(self.pool, user.organization_id) as connection:
                link_id = await sign_in_links.add(connection, user, LinkPurpose.SIGN_IN)
        if relation is Relation.DELETED:
            await self.delete("sign_in_links", link_id)
        return SignInLinks(secret=SECRET, public_url=PUBLIC_URL).secret_of(link_id)

    async def delete(self, table: str, id: object) -> None:
        key = "address" if table == "suppressed_addresses" else "id"
        gone = await self.superuser.execute(f"DELETE FROM {table} WHERE {key} = $1", id)
        assert gone == "DELETE 1"

    async def call(self, owner: User, *, is_over: bool) -> Call:
        """With a word, a nudge and an invitee; its log is closed when it is over."""
        call = await add_call(self.pool, owner, kind=CallKind.ASSISTED, staged_as_text=True)
        spoken = said(call)
        log: list[Event] = [spoken, shown(call, spoken.segment)]
        async with transaction(self.pool, owner.organization_id) as connection:
            if is_over:
                await calls.end(connection, owner.organization_id, call.call_id, "everybody left")
                log.append(ended(call))
            await events.append(connection, owner.organization_id, call.call_id, log)
        return call


async def two_organizations(pool: Pool, superuser: Any) -> World:
    ours, theirs = await add_tenant(pool), await add_tenant(pool)
    colleague, outsider, disabled = (a_user(ours.organization_id, UserRole.REP) for _ in range(3))
    south = TeamId(uuid7())
    async with transaction(pool, ours.organization_id) as connection:
        await teams.add(connection, ours.organization_id, south, "South")
        for user, team_id in ((colleague, ours.team_id), (disabled, ours.team_id), (outsider, south)):
            await add_user(connection, user)
            await teams.set_member(connection, ours.organization_id, team_id, user.user_id, TeamRole.REP)
    await superuser.execute("UPDATE users SET status = 'disabled' WHERE id = $1", disabled.user_id)
    return World(
        pool=pool, superuser=superuser, ours=ours, theirs=theirs, colleague=colleague, outsider=outsider,
        disabled=disabled,
    )  # fmt: skip


async def a_new_call(world: World, whose: User, path: str, _: Relation) -> dict[str, UUID]:
    call = await world.call(whose, is_over=path.endswith(("/events", "/runs")))
    nudge_id = await world.superuser.fetchval("SELECT id FROM nudges WHERE call_id = $1", call.call_id)
    return {"call_id": call.call_id, "invitee_id": call.invitees[0].invitee_id, "nudge_id": nudge_id}


async def a_person(world: World, whose: User, _: str, relation: Relation) -> dict[str, UUID]:
    """Themselves with a second device; to be deleted, somebody new."""
    user, device_id = whose, DeviceId(uuid7())
    async with transaction(world.pool, whose.organization_id) as connection:
        if relation is Relation.DELETED:
            user = a_user(whose.organization_id, UserRole.REP)
            await add_user(connection, user)
        await devices.add(connection, user.organization_id, user.user_id, device_id, "Another")
    return {"user_id": user.user_id, "device_id": device_id}


async def a_device(world: World, whose: User, path: str, _: Relation) -> dict[str, UUID]:
    return await a_person(world, whose, path, Relation.OWN)


async def a_team(world: World, whose: User, _: str, __: Relation) -> dict[str, UUID]:
    team_id = TeamId(uuid7())
    async with transaction(world.pool, whose.organization_id) as connection:
        await teams.add(connection, whose.organization_id, team_id, f"Team {team_id}")
        await teams.set_member(connection, whose.organization_id, team_id, whose.user_id, TeamRole.REP)
    return {"team_id": team_id}


async def a_new_lead(world: World, whose: User, _: str, __: Relation) -> dict[str, UUID]:
    lead = a_lead()
    async with transaction(world.pool, whose.organization_id) as connection:
        await leads.add(connection, whose.organization_id, lead)
    return {"lead_id": lead.lead_id}


async def a_question_set(world: World, whose: User, _: str, __: Relation) -> dict[str, UUID]:
    added = QuestionSet(question_set_id=QuestionSetId(uuid7()), title="Second", questions=())
    async with transaction(world.pool, whose.organization_id) as connection:
        await question_sets.add(connection, whose.organization_id, added)
    return {"question_set_id": added.question_set_id}


async def a_message(world: World, whose: User, _: str, __: Relation) -> dict[str, UUID]:
    message = EmailMessage()
    message.set_content("text")
    message.add_alternative("<p>text</p>", subtype="html")
    message.add_attachment("words", filename="words.txt")
    async with transaction(world.pool, whose.organization_id) as connection:
        await mailbox.add(
            connection, whose.organization_id,
            sender="a@a.example", recipients=["b@b.example"], subject="Hello", raw=message.as_bytes(),
        )  # fmt: skip
        (caught,) = await mailbox.search(connection, whose.organization_id, "", before=None, most=1)
    return {"message_id": caught.message_id}


async def a_mail_server(world: World, whose: User, _: str, __: Relation) -> dict[str, UUID]:
    """With a trial that has not been made."""
    server = MailServer(
        server_id=uuid7(), host="smtp.acme.example", port=587, security=MailSecurity.STARTTLS, sender_name="Acme",
        sender_email="calls@acme.example",
    )  # fmt: skip
    async with transaction(world.pool, whose.organization_id) as connection:
        await mail_servers.keep(connection, whose.organization_id, [server])
        test_id = await mail_servers.queue_trial(connection, whose.organization_id, whose.user_id, server.server_id)
    return {"server_id": server.server_id, "test_id": test_id}


async def a_suppressed_address(world: World, whose: User, _: str, __: Relation) -> dict[str, object]:
    address = f"{uuid7()}@gone.example"
    async with transaction(world.pool, whose.organization_id) as connection:
        await suppression.add(
            connection, whose.organization_id, address, SuppressionScope.EVERYTHING, SuppressionReason.BOUNCED
        )
    return {"address": address, "scope": SuppressionScope.EVERYTHING}


Make = Callable[[World, User, str, Relation], Awaitable[Mapping[str, object]]]

MAKERS: dict[str, tuple[Make, str]] = {
    "call_id": (a_new_call, "calls"),
    "user_id": (a_person, "users"),
    "device_id of me": (a_device, "devices"),
    "team_id": (a_team, "teams"),
    "lead_id": (a_new_lead, "leads"),
    "question_set_id": (a_question_set, "question_sets"),
    "message_id": (a_message, "mailbox_messages"),
    "server_id": (a_mail_server, "mail_servers"),
    "address": (a_suppressed_address, "suppressed_addresses"),
}
"""By the first parameter of a path: what makes such a thing, and the table it stands in."""
