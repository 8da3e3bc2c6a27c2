"""The append-only log of a call, with the tables that are made from it in the same transaction."""

from collections.abc import Sequence
from dataclasses import replace

from db import emails, event_json, reviews
from db.pool import Connection, queries
from domain.event import AgentJoined, CallEndedEvent, Event, NudgeShown, SegmentAdded
from domain.ids import CallId, OrganizationId
from domain.transcript import ParticipantRole, Segment, SegmentSource


async def append(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, events: Sequence[Event]
) -> list[Event]:
    """Writes what is not yet written, in order, and returns it with its sequence numbers.

    Idempotent by event id, so that a batch may be sent again. The sequence is taken under the call's row lock: a
    reader that has seen number n has seen every number below it. A log has one `call_ended`; what comes later than that
    was said earlier, and waited in a spool. What follows from an event becomes due in the same transaction: the mail to
    the owner, the review (again, when words come after it). Raises LookupError when there is no such call.
    """
    log = await queries.lock_sequence(connection, organization_id=organization_id, call_id=call_id)
    if log is None:
        raise LookupError("no such call in this organization")
    known = {
        row["id"]
        async for row in queries.known_events(
            connection, organization_id=organization_id, event_ids=[event.event_id for event in events]
        )
    }
    fresh = [
        event
        for event in {event.event_id: event for event in events}.values()
        if event.event_id not in known and not (log["is_closed"] and isinstance(event, CallEndedEvent))
    ]
    last = log["last_seq"]
    written = [replace(event, seq=number) for number, event in enumerate(fresh, start=last + 1)]
    for event in written:
        await queries.add_event(
            connection,
            event_id=event.event_id,
            organization_id=organization_id,
            call_id=call_id,
            seq=event.seq,
            kind=event.kind,
            payload=event_json.dump(event),
        )
        if isinstance(event, SegmentAdded):
            await add_segment(connection, organization_id, call_id, event.segment)
        elif isinstance(event, NudgeShown):
            await add_nudge(connection, organization_id, event)
        elif isinstance(event, CallEndedEvent):
            await queries.close_log(connection, organization_id=organization_id, call_id=call_id)
        elif isinstance(event, AgentJoined):
            await emails.queue_agent_joined(connection, organization_id, call_id)
    if written:
        await queries.set_sequence(
            connection, organization_id=organization_id, call_id=call_id, last_seq=last + len(written)
        )
    if any(isinstance(event, CallEndedEvent) or log["is_closed"] for event in written):
        await reviews.queue(connection, organization_id, call_id)
    return written


async def add_segment(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, segment: Segment
) -> None:
    await queries.add_segment(
        connection,
        segment_id=segment.segment_id,
        organization_id=organization_id,
        call_id=call_id,
        identity=segment.identity,
        name=segment.name,
        role=segment.role.value,
        text=segment.text,
        start_ms=segment.start_ms,
        end_ms=segment.end_ms,
        confidence=segment.confidence,
        language=segment.language,
        source=segment.source.value,
    )


async def add_nudge(connection: Connection, organization_id: OrganizationId, event: NudgeShown) -> None:
    nudge = event.nudge
    await queries.add_nudge(
        connection,
        nudge_id=nudge.nudge_id,
        organization_id=organization_id,
        call_id=event.call_id,
        segment_id=nudge.segment_id,
        kind=nudge.kind.value,
        title=nudge.title,
        message=nudge.message,
        quote=nudge.quote,
        trigger=nudge.trigger,
        confidence=nudge.confidence,
        reasons=list(nudge.reasons),
        shown_at_ms=event.at_ms,
        latency_ms=nudge.latency_ms,
    )


async def after(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, seq: int, *, most: int
) -> list[Event]:
    """Events numbered above `seq`, oldest first, at most `most`."""
    rows = queries.events_after(connection, organization_id=organization_id, call_id=call_id, seq=seq, most=most)
    return [replace(event_json.load(row["payload"]), seq=row["seq"]) async for row in rows]


async def transcript(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> list[Segment]:
    return [
        Segment(
            **{**row, "role": ParticipantRole(row["role"]), "source": SegmentSource(row["source"])},
        )
        async for row in queries.list_segments(connection, organization_id=organization_id, call_id=call_id)
    ]
