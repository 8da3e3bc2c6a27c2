"""A media server that does what it is told, and is away when it is told to. Its contract is `test_rooms.py`."""

from collections import defaultdict
from collections.abc import Mapping
from typing import Any

from domain.errors import RoomUnavailable
from domain.ids import Identity
from providers.rooms import Present, Rooms


class FakeRooms(Rooms):
    """Remembers rooms, people and dispatches. While `is_away` every question raises RoomUnavailable."""

    def __init__(self) -> None:
        self.is_away = False
        self.people: defaultdict[str, dict[Identity, Present]] = defaultdict(dict)
        self.created: list[str] = []
        self.dispatched: list[tuple[str, Mapping[str, Any]]] = []
        self.told: list[tuple[str, Mapping[str, Any]]] = []

    def enter(self, room: str, identity: str, *, is_agent: bool) -> None:
        self.people[room][Identity(identity)] = Present(identity=Identity(identity), is_agent=is_agent)

    async def present(self, room: str) -> list[Present]:
        self._answer()
        return list(self.people[room].values())

    async def create(self, room: str) -> None:
        self._answer()
        self.created.append(room)

    async def delete(self, room: str) -> None:
        self._answer()
        self.people.pop(room, None)

    async def remove(self, room: str, identity: Identity) -> None:
        self._answer()
        self.people[room].pop(identity, None)

    async def dispatch(self, room: str, metadata: Mapping[str, Any]) -> None:
        self._answer()
        self.dispatched.append((room, metadata))

    async def tell_everybody(self, room: str, message: Mapping[str, Any]) -> None:
        self._answer()
        self.told.append((room, message))

    def _answer(self) -> None:
        if self.is_away:
            raise RoomUnavailable
