"""The stage's way in: what a script asks for can be booked."""

from typing import Any

import httpx
import pytest

from parley.stage.front_door import FrontDoor
from parley.stage.script import Script
from tests.api.conftest import PUBLIC_URL, app_of

pytestmark = pytest.mark.db


def script(*, led_by_agent: bool) -> Script:
    questions: list[dict[str, Any]] = [
        {"text": "Why now?", "type": "open_ended"},
        {"text": "How many of you?", "type": "multiple_choice", "options": ["a few", "many"]},
        {"text": "How urgent is it?", "type": "rating", "options": [str(n) for n in range(1, 11)]},
    ]
    return Script.model_validate(
        {
            "id": "own-01", "genre": "discovery", "title": "A first talk", "language": "en", "call_date": "2026-11-21",
            "lead": {"name": "Robin", "company": "Finch", "industry": "retail", "notes": ""},
            "question_set": questions if led_by_agent else [],
            "participants": [
                {"id": "p1", "name": "Robin", "role": "prospect"}, {"id": "p2", "name": "Sam", "role": "customer"},
                {"id": "a1", "name": "Nova", "role": "ai"} if led_by_agent else
                {"id": "r1", "name": "Ada", "role": "rep"},
            ],
            "turns": [{"speaker": "p1", "text": "Hello.", "gap_ms": 0}],
        }
    )  # fmt: skip


@pytest.mark.parametrize("led_by_agent", [True, False])
async def test_a_script_is_booked_with_its_lead_its_questions_and_a_link_for_each_guest(
    client: httpx.AsyncClient, led_by_agent: bool
) -> None:
    door = FrontDoor(PUBLIC_URL)
    await door.aclose()
    transport = httpx.ASGITransport(app=app_of(client))
    door._http = httpx.AsyncClient(transport=transport, base_url=f"{PUBLIC_URL}/api/v1")
    await door.sign_in()
    booking = await door.book(script(led_by_agent=led_by_agent), as_text=True)
    call = (await door._http.get(f"/calls/{booking.call_id}")).json()
    await door.aclose()
    assert call["kind"] == ("discovery" if led_by_agent else "assisted")
    assert call["lead"]["name"] == "Robin"
    assert len(booking.question_ids) == (3 if led_by_agent else 0)
    for secret in booking.link_secrets.values():
        view = (await client.post("/api/v1/joins", json={"link": secret})).json()
        assert view["may_join"] is True
    assert set(booking.link_secrets) == {"p1", "p2"}
