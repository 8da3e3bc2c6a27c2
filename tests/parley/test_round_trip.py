import psutil
import pytest

from parley.plan import find_livekit_server, livekit_part, make_plan
from parley.report import Silent
from parley.round_trip import round_trip
from parley.settings import Settings, inherited_environment
from parley.supervisor import Supervisor

pytestmark = pytest.mark.room


async def test_a_tone_is_heard_and_a_text_is_read_through_a_real_room(settings: Settings) -> None:
    plan = make_plan(settings)
    supervisor = Supervisor(plan.home.logs, inherited_environment(), Silent())
    try:
        supervisor.start(livekit_part(plan, find_livekit_server()))
        await supervisor.until_ready("livekit")
        trip = await round_trip(plan.livekit)
    finally:
        await supervisor.stop()
    assert 0 < trip.heard_ms < 5_000
    assert 0 < trip.read_ms < 5_000


async def test_media_is_on_loopback_only(settings: Settings) -> None:
    """No socket of the server listens on another address, as livekit.yaml promises."""
    plan = make_plan(settings)
    supervisor = Supervisor(plan.home.logs, inherited_environment(), Silent())
    try:
        supervisor.start(livekit_part(plan, find_livekit_server()))
        await supervisor.until_ready("livekit")
        sockets = _listening(supervisor.pid("livekit"))
    finally:
        await supervisor.stop()
    assert sockets == {("127.0.0.1", settings.port + 1), ("127.0.0.1", settings.port + 2)}


def _listening(pid: int) -> set[tuple[str, int]]:
    return {
        (connection.laddr.ip, connection.laddr.port)
        for connection in psutil.Process(pid).net_connections("inet")
        if not connection.raddr
    }
