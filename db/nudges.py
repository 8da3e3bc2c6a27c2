"""Nudges that were shown, and what people made of them."""

from dataclasses import dataclass
from typing import Literal, cast

from db.pool import Connection, queries
from domain.call import Call
from domain.ids import CallId, NudgeId, OrganizationId, SegmentId, UserId
from domain.nudge import NUDGE_LIFETIME_MS, NudgeKind, NudgeReaction, NudgeState


@dataclass(frozen=True, slots=True, kw_only=True)
class ShownNudge:
    """A nudge after its time on the screen."""

    nudge_id: NudgeId
    kind: NudgeKind
    title: str
    message: str
    quote: str
    trigger: str
    segment_id: SegmentId
    confidence: float
    expires_after_ms: int = NUDGE_LIFETIME_MS
    reasons: tuple[str, ...]
    latency_ms: int
    shown_at_ms: int  # since the call started
    state: NudgeState | Literal["expired"]
    reaction: NudgeReaction | None


async def of_call(connection: Connection, call: Call, user_id: UserId) -> list[ShownNudge]:
    """In the order of showing; what `user_id` made of them goes before what others did."""
    rows = queries.list_nudges(connection, organization_id=call.organization_id, call_id=call.call_id, user_id=user_id)
    return [
        ShownNudge(
            **{
                **row,
                "kind": NudgeKind(row["kind"]),
                "reasons": tuple(row["reasons"]),
                "state": NudgeState(row["state"]) if row["state"] else "expired",
                "reaction": NudgeReaction(row["reaction"]) if row["reaction"] else None,
            }
        )
        async for row in rows
    ]


async def call_of(connection: Connection, organization_id: OrganizationId, nudge_id: NudgeId) -> CallId | None:
    """None when the nudge is not there, or not yet."""
    found = await queries.call_of_nudge(connection, organization_id=organization_id, nudge_id=nudge_id)
    return cast("CallId | None", found)


async def respond(
    connection: Connection,
    call: Call,
    nudge_id: NudgeId,
    user_id: UserId,
    state: NudgeState | None,
    reaction: NudgeReaction | None,
) -> None:
    """The last word of this person counts. The nudge itself may reach the database later."""
    await queries.respond_to_nudge(
        connection,
        organization_id=call.organization_id,
        call_id=call.call_id,
        nudge_id=nudge_id,
        user_id=user_id,
        state=state,
        reaction=reaction,
    )
