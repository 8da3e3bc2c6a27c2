"""LiveKit's control side: room tokens, who is in a room, words for the agent, agents sent for."""

import json
from collections.abc import Mapping
from contextlib import suppress
from dataclasses import dataclass
from datetime import timedelta
from typing import Any

import aiohttp
from livekit import api
from livekit.protocol.models import ParticipantInfo

from domain.call import Consent
from domain.errors import RoomUnavailable
from domain.ids import Identity
from domain.transcript import ParticipantRole

DISPATCH_NAME = "parley"
"""The name under which our workers register; dispatch is explicit."""

TOKEN_LIFETIME = timedelta(seconds=60)
"""Until first use only; LiveKit renews the tokens of connected people. Source: notes on room tokens, reliability F6."""

DEADLINE = aiohttp.ClientTimeout(total=5)

ROLE_ATTRIBUTE = "parley.role"
TRANSCRIPTION_ATTRIBUTE = "parley.transcription"
TO_AGENT_TOPIC = "parley.to-agent"
"""Data packets on this topic count only when the server sent them, which needs our API secret."""

NOTICE_TOPIC = "parley.notice"
"""The same for what everybody in the room is told."""

EMPTY_SECONDS = 1_800
"""From 90 s before its call until ten minutes after the start a room may have nobody but the agent in it, which does
not count for the media server. We take rooms down ourselves; this is for those that we forget."""

Unreachable = (aiohttp.ClientError, TimeoutError, OSError)


@dataclass(frozen=True, slots=True, kw_only=True)
class Present:
    """Somebody who is in a room now."""

    identity: Identity
    is_agent: bool


def attributes_of(role: ParticipantRole, consent: Consent) -> dict[str, str]:
    return {ROLE_ATTRIBUTE: role.value, TRANSCRIPTION_ATTRIBUTE: "yes" if consent.transcription else "no"}


class Rooms:
    """One client of the media server. The owner closes it. Methods raise RoomUnavailable when it does not answer."""

    def __init__(self, *, url: str, api_key: str, api_secret: str) -> None:
        self.url = url
        self._api_key = api_key
        self._api_secret = api_secret
        self._client = api.LiveKitAPI(url.replace("ws", "http", 1), api_key, api_secret, timeout=DEADLINE)

    async def aclose(self) -> None:
        await self._client.aclose()

    def token(self, room: str, identity: Identity, name: str, role: ParticipantRole, consent: Consent) -> str:
        """A token for one room with the least grants: a microphone and ears, no data, nothing about oneself."""
        return (
            api.AccessToken(self._api_key, self._api_secret)
            .with_identity(identity)
            .with_name(name)
            .with_attributes(attributes_of(role, consent))
            .with_ttl(TOKEN_LIFETIME)
            .with_grants(
                api.VideoGrants(
                    room_join=True,
                    room=room,
                    can_subscribe=True,
                    can_publish=True,
                    can_publish_sources=["microphone"],
                    can_publish_data=False,
                    can_update_own_metadata=False,
                )
            )
            .to_jwt()
        )

    async def is_reachable(self) -> bool:
        try:
            await self._client.room.list_rooms(api.ListRoomsRequest(names=["-"]))
        except (*Unreachable, api.TwirpError):
            return False
        return True

    async def present(self, room: str) -> list[Present]:
        """Who is in the room; nobody when there is no such room."""
        try:
            found = await self._client.room.list_participants(api.ListParticipantsRequest(room=room))
        except api.TwirpError as error:
            if error.code == "not_found":
                return []
            raise RoomUnavailable from error
        except Unreachable as error:
            raise RoomUnavailable from error
        return [
            Present(identity=Identity(p.identity), is_agent=p.kind == ParticipantInfo.Kind.AGENT)
            for p in found.participants
        ]

    async def humans_in(self, rooms: list[str]) -> dict[str, int]:
        """How many humans are in each of those rooms that exist."""
        if not rooms:
            return {}
        counts = {}
        for room in rooms:
            counts[room] = sum(not somebody.is_agent for somebody in await self.present(room))
        return counts

    async def create(self, room: str) -> None:
        """Makes the room; one that exists stays as it is."""
        wanted = api.CreateRoomRequest(name=room, empty_timeout=EMPTY_SECONDS, departure_timeout=EMPTY_SECONDS)
        await self._ask(self._client.room.create_room(wanted))

    async def delete(self, room: str) -> None:
        """Sends everybody out and removes the room, if there is one."""
        with suppress(LookupError):
            await self._ask(self._client.room.delete_room(api.DeleteRoomRequest(room=room)))

    async def remove(self, room: str, identity: Identity) -> None:
        """Sends one participant out, if they are in."""
        with suppress(LookupError):
            await self._ask(
                self._client.room.remove_participant(api.RoomParticipantIdentity(room=room, identity=identity))
            )

    async def dispatch(self, room: str, metadata: Mapping[str, Any]) -> None:
        """Asks once for an agent. The server does not say whether one comes, and does not ask again."""
        await self._ask(
            self._client.agent_dispatch.create_dispatch(
                api.CreateAgentDispatchRequest(agent_name=DISPATCH_NAME, room=room, metadata=json.dumps(metadata))
            )
        )

    async def tell_agent(self, room: str, agent: Identity, message: Mapping[str, Any]) -> None:
        """Hands the agent a fact that came by HTTPS. Lost without a word when that agent is not in the room."""
        await self._ask(
            self._client.room.send_data(
                api.SendDataRequest(
                    room=room,
                    data=json.dumps(message).encode(),
                    kind=api.DataPacket.Kind.RELIABLE,
                    destination_identities=[agent],
                    topic=TO_AGENT_TOPIC,
                )
            )
        )

    async def tell_everybody(self, room: str, message: Mapping[str, Any]) -> None:
        """A notice for whoever is in the room now; nothing when there is no such room."""
        packet = api.SendDataRequest(
            room=room, data=json.dumps(message).encode(), kind=api.DataPacket.Kind.RELIABLE, topic=NOTICE_TOPIC
        )
        with suppress(LookupError):
            await self._ask(self._client.room.send_data(packet))

    async def set_consent(self, room: str, identity: Identity, role: ParticipantRole, consent: Consent) -> None:
        """Acts at once for somebody in the room: the agent opens or closes its ear. Nobody there: nothing to do."""
        with suppress(LookupError):
            await self._ask(
                self._client.room.update_participant(
                    api.UpdateParticipantRequest(room=room, identity=identity, attributes=attributes_of(role, consent))
                )
            )

    async def _ask(self, request: Any) -> None:
        """Raises LookupError when the room or the participant is not there, RoomUnavailable when nobody answers."""
        try:
            await request
        except api.TwirpError as error:
            if error.code == "not_found":
                raise LookupError(error.code) from error
            raise RoomUnavailable from error
        except Unreachable as error:
            raise RoomUnavailable from error
