"""The written word on its way to the agent: by HTTPS to us, by the media server to whoever is the call's agent now."""

from api.deps import Parts
from db import leases
from db.pool import transaction
from domain.call import Call, agent_identity
from domain.errors import RoomUnavailable
from domain.ids import Identity, SegmentId, uuid7


async def say(
    held: Parts,
    call: Call,
    identity: Identity,
    text: str,
    *,
    segment_id: SegmentId | None = None,
    spoken_ms: tuple[int, int] | None = None,
) -> SegmentId:
    """Hands the words of `identity` to the agent and returns the id they will have in the transcript.

    `spoken_ms` are start and end on a script's clock, for calls staged as text. Raises RoomUnavailable while the call
    has no agent.
    """
    async with transaction(held.pool, call.organization_id) as connection:
        lease = await leases.get(connection, call.organization_id, call.call_id)
    if lease is None or lease.heartbeat_at is None:
        raise RoomUnavailable
    segment_id = segment_id or SegmentId(uuid7())
    message = {
        "identity": identity,
        "text": text,
        "segment_id": str(segment_id),
        "spoken_ms": list(spoken_ms) if spoken_ms else None,
    }
    try:
        await held.rooms.tell_agent(call.room, agent_identity(call.call_id, lease.epoch), message)
    except LookupError:
        raise RoomUnavailable from None
    return segment_id
