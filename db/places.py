"""Places in a room: who has one, and who waits for one in the order of asking. Agents need none.

A place is held for somebody who was given a token until they come, is theirs while they are inside, and is held again
for a while when their line drops. Everything here happens under a lock on the call, and each function takes it first:
of fifty who ask for the last place at one instant one gets it, and the others their numbers.
"""

from collections.abc import Collection
from dataclasses import dataclass
from datetime import datetime, timedelta
from enum import StrEnum

from db.pool import Connection, queries
from domain.call import Call
from domain.ids import Identity

HELD_FOR_A_TOKEN = timedelta(seconds=60)
HELD_FOR_A_LINE = timedelta(seconds=30)
"""Source: issue of row C: a dropped person keeps the place 30 s."""

ASKS_AGAIN_WITHIN = timedelta(seconds=10)
"""Who has not asked for so long has gone away; the next one moves up. Source: reliability, fault 13: within 15 s."""

HELD_FOR_SOMEBODY_SEEN = timedelta(seconds=5)
"""More than a round of the steward: who is still seen then is inside, who has left meanwhile takes nobody's place."""


class PlaceState(StrEnum):
    WAITING = "waiting"
    HELD = "held"
    INSIDE = "inside"


@dataclass(frozen=True, slots=True, kw_only=True)
class Place:
    identity: Identity
    state: PlaceState
    until: datetime | None  # waiting, held: it is lost then; inside: until then a newer token keeps it if they go out


async def ask(connection: Connection, call: Call, identity: Identity, now: datetime) -> Place | int:
    """A place that is theirs from now on, or their number among those who wait, from 1. Asking again keeps both."""
    most = await _locked(connection, call, now)
    whose = _whose(call, identity)
    state = PlaceState(await queries.stand_in_line(connection, **whose, until=now + ASKS_AGAIN_WITHIN))
    if state is PlaceState.WAITING:
        line = await queries.place_in_line(connection, **whose)
        number: int = line["number"]
        if number > most - line["taken"]:
            return number
        state = PlaceState.HELD
    until = now + HELD_FOR_A_TOKEN
    await queries.hold_place(connection, **whose, until=until)
    return Place(identity=identity, state=state, until=until)


async def entered(connection: Connection, call: Call, identity: Identity, now: datetime) -> bool:
    """They are inside. False when they have lost their place and it is others' turn: then they must go out again."""
    most = await _locked(connection, call, now)
    places = await _list(connection, call)
    having, line = taken(places), in_line(places)
    ahead = line.index(identity) if identity in line else len(line)
    if identity not in having and len(having) + ahead >= most:
        return False
    await queries.take_place(connection, **_whose(call, identity))
    return True


async def left(connection: Connection, call: Call, identity: Identity, now: datetime) -> None:
    """They went out by themselves or were sent out. A newer token that they have asked for keeps their place."""
    await _locked(connection, call, now)
    await queries.free_place(connection, **_whose(call, identity), now=now)
    await queries.keep_place(connection, **_whose(call, identity), until=now)


async def dropped(connection: Connection, call: Call, identity: Identity, now: datetime) -> None:
    """Their line broke: the place stays theirs for a while."""
    await _locked(connection, call, now)
    await queries.keep_place(connection, **_whose(call, identity), until=now + HELD_FOR_A_LINE)


async def give_up(connection: Connection, call: Call, identity: Identity, now: datetime) -> None:
    """They wait no longer; a place that they have been given stays theirs."""
    await _locked(connection, call, now)
    await queries.leave_line(connection, **_whose(call, identity))


async def waiting(connection: Connection, call: Call, now: datetime) -> list[Identity]:
    """In the order in which they will be let in."""
    await _locked(connection, call, now)
    return in_line(await _list(connection, call))


async def seen(connection: Connection, call: Call, there: Collection[Identity], now: datetime) -> list[Identity]:
    """Puts right what nobody told us, by who is in the room now; returns those whose turn it is not.

    Who was asked about may have come or gone since: a place is never taken away here at once, nor given for good to
    somebody who has none.
    """
    most = await _locked(connection, call, now)
    places = await _list(connection, call)
    for place in places:
        whose = _whose(call, place.identity)
        if place.state is PlaceState.INSIDE and place.identity not in there:
            await queries.keep_place(connection, **whose, until=now + HELD_FOR_A_LINE)
        if place.state is PlaceState.HELD and place.identity in there:
            await queries.take_place(connection, **whose)
    having = taken(places)
    late = sorted(set(there) - having)
    fit = max(0, most - len(having) - len(set(in_line(places)) - set(there)))
    for identity in late[:fit]:
        await queries.stand_in_line(connection, **_whose(call, identity), until=now)
        await queries.hold_place(connection, **_whose(call, identity), until=now + HELD_FOR_SOMEBODY_SEEN)
    return late[fit:]


def taken(places: Collection[Place]) -> set[Identity]:
    return {place.identity for place in places if place.state is not PlaceState.WAITING}


def in_line(places: Collection[Place]) -> list[Identity]:
    return [place.identity for place in places if place.state is PlaceState.WAITING]


async def _locked(connection: Connection, call: Call, now: datetime) -> int:
    """How many humans the call takes; from now on alone with its places, without those that are lost by `now`."""
    whose = {"organization_id": call.organization_id, "call_id": call.call_id}
    most: int = await queries.lock_places(connection, **whose)
    await queries.forget_lost_places(connection, **whose, now=now)
    return most


async def _list(connection: Connection, call: Call) -> list[Place]:
    rows = queries.list_places(connection, organization_id=call.organization_id, call_id=call.call_id)
    return [Place(identity=row["identity"], state=PlaceState(row["state"]), until=row["until"]) async for row in rows]


def _whose(call: Call, identity: Identity) -> dict[str, object]:
    return {"organization_id": call.organization_id, "call_id": call.call_id, "identity": identity}
