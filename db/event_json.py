"""An event as JSON and back: the one shape that is stored, streamed (SSE) and sent into the room."""

from typing import Annotated

from pydantic import Field, TypeAdapter

from domain.event import Event

ADAPTER: TypeAdapter[Event] = TypeAdapter(Annotated[Event, Field(discriminator="kind")])


def dump(event: Event) -> str:
    return ADAPTER.dump_json(event).decode()


def load(text: str | bytes) -> Event:
    """Raises pydantic.ValidationError when the text is no event of ours."""
    return ADAPTER.validate_json(text)
