from typing import Any

import httpx
import pytest

from parley.plan import LiveKitAccess
from tests.api.conftest import NOBODY_THERE, Start, is_problem, settings
from tests.conftest import Database

pytestmark = pytest.mark.room


@pytest.fixture(autouse=True)
async def _nobody_beats(owner: Any) -> None:
    await owner.execute("DELETE FROM heartbeats")


async def test_it_names_what_is_missing_for_a_call(room_client: httpx.AsyncClient) -> None:
    problem = is_problem(await room_client.get("/api/v1/health"), 503, "not-ready")
    assert {part["name"]: part["ready"] for part in problem["parts"]} == {
        "database": True, "rooms": True, "agent": False, "steward": False,
    }  # fmt: skip
    for part in problem["parts"]:
        assert part["ready"] or part["detail"] in problem["detail"]


async def test_it_is_ready_when_an_agent_with_room_and_a_steward_beat(
    room_client: httpx.AsyncClient, ready: None, owner: Any
) -> None:
    answer = await room_client.get("/api/v1/health")
    assert answer.status_code == 200
    assert answer.json()["status"] == "ready"
    assert all(part["ready"] for part in answer.json()["parts"])
    await owner.execute("UPDATE heartbeats SET free_calls = 0")
    problem = is_problem(await room_client.get("/api/v1/health"), 503, "not-ready")
    assert [part["name"] for part in problem["parts"] if not part["ready"]] == ["agent"]


async def test_without_a_media_server_no_call_can_be_held(client: httpx.AsyncClient, ready: None) -> None:
    problem = is_problem(await client.get("/api/v1/health"), 503, "not-ready")
    assert [part["name"] for part in problem["parts"] if not part["ready"]] == ["rooms"]


async def test_a_wrong_key_for_the_media_server_is_noticed(
    start: Start, database: Database, livekit: LiveKitAccess, tmp_path: Any, ready: None
) -> None:
    wrong = LiveKitAccess(livekit.url, livekit.api_key, "another secret of thirty-two characters")
    client = await start(settings(database, wrong, tmp_path))
    problem = is_problem(await client.get("/api/v1/health"), 503, "not-ready")
    assert [part["name"] for part in problem["parts"] if not part["ready"]] == ["rooms"]


async def test_without_a_database_it_says_so_and_does_not_wait_for_it(
    start: Start, database: Database, tmp_path: Any, monkeypatch: pytest.MonkeyPatch
) -> None:
    client = await start(settings(database, NOBODY_THERE, tmp_path))
    parts = client._transport.app.state.parts  # type: ignore[attr-defined]
    monkeypatch.setattr("db.pool.REACHABLE_WITHIN_SECONDS", 0.1)
    held = [await parts.pool.acquire() for _ in range(20)]
    try:
        problem = is_problem(await client.get("/api/v1/health"), 503, "not-ready")
        assert "The database does not answer." in problem["detail"]
    finally:
        for connection in held:
            await parts.pool.release(connection)
