"""Fifty race for ten places, over HTTP and on a real PostgreSQL; a model that knows no SQL says what is right.

In CI so many rounds as fit into half a minute; `python -m tests.api.test_places --rounds 1000` plays more
(`tests/api/rounds.py`).
"""

import asyncio
import random
import sys
import time
from dataclasses import asdict, dataclass
from datetime import datetime, timedelta
from typing import Any

import httpx
import pytest

from api import deps
from db.pool import Pool
from domain.call import Call, Consent, Invitee, colleague_identity, prospect_identity
from domain.ids import Identity, InviteeId, uuid7
from domain.links import Link, Links
from domain.transcript import ParticipantRole
from tests.api import rounds
from tests.api.conftest import ACCESS_COOKIE, PUBLIC_URL, SECRET, Clock, app_of, cookie_of
from tests.api.test_livekit_webhooks import joined, tell
from tests.conftest import eventually
from tests.fakes.rooms import FakeRooms
from tests.sample import Tenant, add_call

pytestmark = pytest.mark.db

ROUNDS = 12
SEED = 6
GUESTS = 48
PLACES = 10
STEPS = 14
BROKEN, LEFT = "CONNECTION_TIMEOUT", "CLIENT_INITIATED"


class Model:
    """Who has a place and who waits, by the rules of the record alone."""

    def __init__(self) -> None:
        self.inside: dict[Identity, datetime | None] = {}  # until when a newer token keeps the place
        self.held: dict[Identity, datetime] = {}
        self.line: dict[Identity, datetime] = {}  # in the order of asking

    def lapse(self, now: datetime) -> None:
        self.held = {who: until for who, until in self.held.items() if until > now}
        self.line = {who: until for who, until in self.line.items() if until > now}

    @property
    def free(self) -> int:
        return PLACES - len(self.inside) - len(self.held)

    def ask(self, who: Identity, now: datetime) -> int | None:
        """Their number; None: they have a place."""
        self.lapse(now)
        token = now + timedelta(seconds=60)
        if who in self.inside:
            self.inside[who] = token
            return None
        if who not in self.held:
            self.line[who] = now + timedelta(seconds=10)
            number = list(self.line).index(who) + 1
            if number > self.free:
                return number
            del self.line[who]
        self.held[who] = token
        return None

    def enter(self, who: Identity, now: datetime) -> bool:
        self.lapse(now)
        line = list(self.line)
        ahead = line.index(who) if who in line else len(line)
        if who not in self.inside and who not in self.held and ahead >= self.free:
            return False
        self.held.pop(who, None)
        self.line.pop(who, None)
        self.inside[who] = None
        return True

    def leave(self, who: Identity, now: datetime) -> None:
        token = self.inside.pop(who)
        if token and token > now:
            self.held[who] = token

    def drop(self, who: Identity, now: datetime) -> None:
        token = self.inside.pop(who) or now
        self.held[who] = max(token, now + timedelta(seconds=30))

    def give_up(self, who: Identity) -> None:
        self.line.pop(who, None)


@dataclass
class Seen:
    """Over all rounds."""

    requests: int = 0
    slowest_ms: int = 0
    most_with_a_place: int = 0
    waited: int = 0  # who got a number

    def answered(self, began: float) -> None:
        """`began` by the monotonic clock."""
        self.requests += 1
        self.slowest_ms = max(self.slowest_ms, round((time.monotonic() - began) * 1000))


class Doors(FakeRooms):
    """Lets in whoever has a token."""

    async def is_reachable(self) -> bool:
        return True

    def token(self, room: str, identity: Identity, name: str, role: ParticipantRole, consent: Consent) -> str:
        return f"{room} {identity}"


class Crowd:
    """Of one call: its guests, its rep and their manager; what they do goes over HTTP."""

    def __init__(self, client: httpx.AsyncClient, call: Call, tenant: Tenant, clock: Clock, seen: Seen) -> None:
        self._client = client
        self.seen = seen
        self.call = call
        self._clock = clock
        self.rooms = app_of(client).state.parts.rooms
        links = Links(secret=SECRET, public_url=PUBLIC_URL)
        self._secrets = {
            prospect_identity(guest.invitee_id): links.secret_of(
                Link(call_id=call.call_id, invitee_id=guest.invitee_id, revision=1)
            )
            for guest in call.invitees
        }
        self._cookies = {
            colleague_identity("rep", tenant.rep.user_id): cookie_of(tenant.rep),
            colleague_identity("manager", tenant.manager.user_id): cookie_of(tenant.manager),
        }
        self.everybody = [*self._secrets, *self._cookies]

    async def ask(self, who: Identity) -> int | None:
        """As the model says it."""
        began = time.monotonic()
        if who in self._cookies:
            cookie = {"Cookie": f"{ACCESS_COOKIE}={self._cookies[who]}"}
            path = f"/api/v1/calls/{self.call.call_id}/room-tokens"
            answer = await self._client.post(path, json={}, headers=cookie)
        else:
            body = {"link": self._secrets[who], "name": "G", "transcription": True, "recording": False}
            answer = await self._client.post("/api/v1/joins/room-tokens", json=body)
        self.seen.answered(began)
        said = answer.json()
        if answer.status_code == 200:
            assert said["token"] == f"{self.call.room} {who}"
            return None
        assert answer.status_code == 202, answer.text
        assert (said["ahead"], said["ask_again_ms"]) == (said["place"] - 1, min(500 * said["place"], 1_500))
        self.seen.waited += 1
        return int(said["place"])

    async def enter(self, who: Identity) -> bool:
        """False when they were sent out at once."""
        self.rooms.enter(self.call.room, who, is_agent=False)
        await self._told("participant_joined", who)
        return who in self.rooms.people[self.call.room]

    async def go(self, who: Identity, reason: str) -> None:
        await self.rooms.remove(self.call.room, who)
        await self._told("participant_left", who, reason)

    async def give_up(self, who: Identity) -> None:
        if who in self._secrets:
            answer = await self._client.post("/api/v1/joins/places/departures", json={"link": self._secrets[who]})
            assert answer.status_code == 204, answer.text

    async def _told(self, event: str, who: Identity, reason: str = "UNKNOWN_REASON") -> None:
        participant = {"identity": who, "sid": "PA_1", "kind": "STANDARD", "disconnectReason": reason}
        began = time.monotonic()
        answer = await tell(
            self._client,
            joined(self.call.call_id, who, event=event, participant=participant, createdAt=str(self._clock.seconds)),
        )
        self.seen.answered(began)
        assert answer.status_code == 204, answer.text


@pytest.fixture
def crowded(client: httpx.AsyncClient, clock: Clock) -> httpx.AsyncClient:
    """With a media server that obeys, and the clock of the test, which begins now."""
    app = app_of(client)
    app.state.parts.rooms = Doors()
    clock.now = deps.now()
    app.dependency_overrides[deps.now] = clock
    return client


async def test_of_fifty_who_race_ten_get_in_and_the_others_in_the_order_of_asking(
    crowded: httpx.AsyncClient, clock: Clock, pool: Pool, tenant: Tenant, owner: Any, pytestconfig: pytest.Config
) -> None:
    played, seed, seen, began = 0, rounds.seed(pytestconfig, SEED), Seen(), time.monotonic()
    for number in rounds.rounds(pytestconfig, ROUNDS):
        clock.now = deps.now()
        await play(random.Random(f"{seed} {number}"), crowded, clock, pool, tenant, owner, seen)
        played += 1
    figures = {"rounds": played, "seed": seed, "seconds": round(time.monotonic() - began), **asdict(seen)}
    rounds.note(pytestconfig, f"{GUESTS + 2} race for {PLACES} places at the API", figures)


async def test_a_crowd_before_one_call_leaves_the_database_to_the_others(
    crowded: httpx.AsyncClient, clock: Clock, pool: Pool, tenant: Tenant, owner: Any
) -> None:
    guests = tuple(Invitee(invitee_id=InviteeId(uuid7()), name="G", email=None, link_revision=1) for _ in range(GUESTS))
    crowd = Crowd(crowded, await add_call(pool, tenant.rep, invitees=guests), tenant, clock, Seen())
    others = Crowd(crowded, await add_call(pool, tenant.rep), tenant, clock, Seen())
    async with owner.transaction():
        await owner.execute("SELECT FROM calls WHERE id = $1 FOR UPDATE", crowd.call.call_id)
        asking = [asyncio.create_task(crowd.ask(who)) for who in crowd.everybody]
        await eventually(lambda: waits_for_a_lock(pool), "the first of them waits")
        assert await others.ask(others.everybody[0]) is None
        assert not any(task.done() for task in asking)
    numbers = await asyncio.gather(*asking)
    assert sum(number is None for number in numbers) == PLACES


async def waits_for_a_lock(pool: Pool) -> bool:
    return bool(await pool.fetchval("SELECT count(*) FROM pg_stat_activity WHERE wait_event_type = 'Lock'"))


async def play(
    dice: random.Random,
    client: httpx.AsyncClient,
    clock: Clock,
    pool: Pool,
    tenant: Tenant,
    owner: Any,
    seen: Seen,
) -> None:
    guests = tuple(Invitee(invitee_id=InviteeId(uuid7()), name="G", email=None, link_revision=1) for _ in range(GUESTS))
    crowd = Crowd(client, await add_call(pool, tenant.rep, invitees=guests), tenant, clock, seen)
    model = Model()
    everybody = dice.sample(crowd.everybody, len(crowd.everybody))

    numbers = await asyncio.gather(*(crowd.ask(who) for who in everybody))
    assert sorted(number or 0 for number in numbers) == [0] * PLACES + [*range(1, len(everybody) - PLACES + 1)]
    for number, who in sorted(zip(numbers, everybody, strict=True), key=lambda one: one[0] or 0):
        assert model.ask(who, clock.now) == number
    await agree(owner, crowd, model, clock)

    assert all(await asyncio.gather(*(crowd.enter(who) for who in list(model.held))))
    for who in list(model.held):
        assert model.enter(who, clock.now)
    await agree(owner, crowd, model, clock)

    for who in dice.sample(list(model.inside), dice.randint(1, 4)):
        reason = dice.choice([LEFT, LEFT, BROKEN])
        await crowd.go(who, reason)
        (model.drop if reason == BROKEN else model.leave)(who, clock.now)
    waiting, free = list(model.line), model.free
    numbers = await asyncio.gather(*(crowd.ask(who) for who in waiting))
    assert [who for who, number in zip(waiting, numbers, strict=True) if number is None] == waiting[:free]
    for who in waiting:
        model.ask(who, clock.now)
    await agree(owner, crowd, model, clock)

    for _ in range(STEPS):
        await step(dice, crowd, model, clock)
        await agree(owner, crowd, model, clock)

    for who in list(model.inside):
        await crowd.go(who, LEFT)
    clock.now += timedelta(seconds=61)
    latecomers = dice.sample(everybody, PLACES)
    assert await asyncio.gather(*(crowd.ask(who) for who in latecomers)) == [None] * PLACES


async def step(dice: random.Random, crowd: Crowd, model: Model, clock: Clock) -> None:
    """Something happens, and is answered as the model says."""
    deed = dice.choice(["ask", "ask", "enter", "late", "leave", "drop", "again", "give up", "time"])
    if deed == "ask":
        who = dice.choice(crowd.everybody)
        assert await crowd.ask(who) == model.ask(who, clock.now)
    elif deed == "enter" and model.held:
        who = dice.choice(list(model.held))
        assert await crowd.enter(who) == model.enter(who, clock.now)
    elif deed == "late":  # by a token whose place was lost
        who = dice.choice(crowd.everybody)
        assert await crowd.enter(who) == model.enter(who, clock.now)
    elif deed == "again" and model.inside:  # opens the page once more, and closes the first
        who = dice.choice(list(model.inside))
        assert await crowd.ask(who) is model.ask(who, clock.now) is None
        await crowd.go(who, LEFT)
        model.leave(who, clock.now)
    elif deed in ("leave", "drop") and model.inside:
        who = dice.choice(list(model.inside))
        await crowd.go(who, LEFT if deed == "leave" else BROKEN)
        (model.leave if deed == "leave" else model.drop)(who, clock.now)
    elif deed == "give up" and model.line:
        who = dice.choice([who for who in model.line if who.startswith("prospect-")] or crowd.everybody)
        await crowd.give_up(who)
        if who.startswith("prospect-"):
            model.give_up(who)
    elif deed == "time":
        clock.now += timedelta(seconds=dice.choice([1, 4, 9, 11, 29, 31, 61]))
        model.lapse(clock.now)


async def agree(owner: Any, crowd: Crowd, model: Model, clock: Clock) -> None:
    """What stands in the table is what the model says, and the room holds no more than it may."""
    rows = await owner.fetch(
        "SELECT identity, state, until FROM room_places WHERE call_id = $1 AND (state = 'inside' OR until > $2) "
        "ORDER BY ticket",
        crowd.call.call_id, clock.now,
    )  # fmt: skip
    assert {row["identity"] for row in rows if row["state"] == "inside"} == set(model.inside)
    assert {row["identity"]: row["until"] for row in rows if row["state"] == "held"} == model.held
    assert [row["identity"] for row in rows if row["state"] == "waiting"] == list(model.line)
    assert set(crowd.rooms.people[crowd.call.room]) == set(model.inside)
    having = sum(row["state"] != "waiting" for row in rows)
    crowd.seen.most_with_a_place = max(crowd.seen.most_with_a_place, having)
    assert having <= PLACES


if __name__ == "__main__":
    sys.exit(rounds.main(__file__))
