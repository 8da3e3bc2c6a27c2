"""What calls become by the clock: prepared shortly before they start, and missed when nobody came."""

from datetime import datetime

from db import appointments, calls
from db.pool import Pool, lookup, transaction
from domain.call import colleague_of, room_of
from domain.ids import CallId, OrganizationId
from providers.rooms import Rooms
from telemetry import log

logger = log.get(__name__)


class Appointments:
    def __init__(self, pool: Pool, rooms: Rooms) -> None:
        self._pool = pool
        self._rooms = rooms

    async def prepare(self, now: datetime) -> None:
        """Calls that are about to start want an agent from now on. Raises one of DatabaseError."""
        async with lookup(self._pool) as connection:
            due = await appointments.to_prepare(connection, now)
        for organization_id, call_id in due:
            async with transaction(self._pool, organization_id) as connection:
                await appointments.prepare(connection, organization_id, call_id, now)

    async def missed(self, now: datetime) -> list[tuple[OrganizationId, CallId]]:
        """Calls that may have been missed. Raises one of DatabaseError."""
        async with lookup(self._pool) as connection:
            return await appointments.nobody_came_to(connection, now)

    async def miss(self, organization_id: OrganizationId, call_id: CallId, now: datetime) -> bool:
        """Ends a call that none of those invited has come to, with its room and its mails. False: it goes on.

        The room is asked too, since a guest must not be sent out because their coming was not written down. Raises
        RoomUnavailable or one of DatabaseError.
        """
        present = await self._rooms.present(room_of(call_id))
        if any(not somebody.is_agent and colleague_of(somebody.identity) is None for somebody in present):
            return False
        async with transaction(self._pool, organization_id) as connection:
            call = await calls.get(connection, organization_id, call_id)
            if call is None or not await appointments.miss(connection, call, now):
                return False
        logger.info("nobody came", call_id=str(call_id))
        await self._rooms.delete(room_of(call_id))
        return True
