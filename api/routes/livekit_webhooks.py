"""What the media server tells us: who came in, and who went out and why. Whoever must not be there is sent out at once.

What it could not tell us, the rounds of `jobs/places.py` find out.
"""

from contextlib import suppress
from typing import Annotated

from fastapi import APIRouter, Header, Request
from livekit import api
from livekit.protocol.models import ParticipantInfo
from livekit.protocol.webhook import WebhookEvent

from api.deps import Now, Parts, PartsHeld
from api.seeing_out import HeardBefore, see_in, see_out
from domain.errors import NotSignedIn
from domain.ids import Identity

router = APIRouter(prefix="/livekit")

OLDEST_SECONDS = 300
"""**Source:** LiveKit signs a webhook for five minutes (protocol/webhook, SetValidFor)."""

CLOCKS_APART_SECONDS = 60


@router.post("/webhooks", status_code=204)
async def hear_livekit(
    held: PartsHeld, request: Request, now: Now, authorization: Annotated[str | None, Header()] = None
) -> None:
    """Raises NotSignedIn for what LiveKit has not signed, or signed long ago.

    **Source:** what is answered by 5xx, or not at all, LiveKit sends up to four times more, after 1, 2, 4 and 8 s,
    before it goes on with what happened next in that room (protocol/webhook, retryablehttp).
    """
    event = verified(held, await request.body(), authorization)
    if not event.id or not -CLOCKS_APART_SECONDS <= now.timestamp() - event.created_at <= OLDEST_SECONDS:
        raise NotSignedIn
    if event.participant.kind == ParticipantInfo.Kind.AGENT:
        return
    room, identity = event.room.name, Identity(event.participant.identity)
    with suppress(HeardBefore):
        if event.event == "participant_joined":
            await see_in(held, event.id, room, identity, now)
        elif event.event in ("participant_left", "participant_connection_aborted"):
            await see_out(held, event.id, room, identity, event.participant.disconnect_reason, now)


def verified(held: Parts, body: bytes, token: str | None) -> WebhookEvent:
    """Raises NotSignedIn unless the token is LiveKit's and names the hash of just these bytes."""
    verifier = api.TokenVerifier(held.settings.livekit_api_key, held.settings.livekit_api_secret)
    try:
        return api.WebhookReceiver(verifier).receive(body.decode(), token or "")
    except Exception:  # the receiver raises its own, PyJWT's, protobuf's and plain ones, all with one meaning
        raise NotSignedIn from None
