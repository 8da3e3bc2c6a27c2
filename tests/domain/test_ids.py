import time

import pytest

from domain.call import agent_identity, colleague_identity, prospect_identity
from domain.ids import CallId, InviteeId, UserId, uuid7

pytestmark = pytest.mark.unit


def test_a_uuid_has_version_7_and_the_variant_of_the_rfc() -> None:
    for _ in range(200):
        made = uuid7()
        assert made.version == 7
        assert made.variant == "specified in RFC 4122"


def test_a_uuid_tells_the_millisecond_it_was_made_in_and_sorts_by_it(monkeypatch: pytest.MonkeyPatch) -> None:
    made = []
    for unix_ms in (1, 1_000, 1_700_000_000_000, 2**48 - 1):
        monkeypatch.setattr(time, "time_ns", lambda unix_ms=unix_ms: unix_ms * 1_000_000)
        made.append(uuid7())
        assert made[-1].int >> 80 == unix_ms
    assert made == sorted(made)
    assert [str(one) for one in made] == sorted(str(one) for one in made)


def test_uuids_of_one_millisecond_differ(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr(time, "time_ns", lambda: 1_700_000_000_000_000_000)
    assert len({uuid7() for _ in range(2_000)}) == 2_000


def test_identities_name_the_role_and_each_epoch_of_an_agent_has_its_own() -> None:
    some = uuid7()
    assert prospect_identity(InviteeId(some)) == f"prospect-{some}"
    assert colleague_identity("manager", UserId(some)) == f"manager-{some}"
    assert agent_identity(CallId(some), 1) == f"agent-{some}-1"
    assert agent_identity(CallId(some), 1) != agent_identity(CallId(some), 2)
