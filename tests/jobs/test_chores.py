"""What is erased when its time is over, and what stays."""

from typing import Any

import pytest

from db import calls, events, reviews
from db.pool import Pool, transaction
from domain.call import Call, Consent
from domain.lead import LeadStatus
from jobs.chores import Chores
from jobs.reviewing import Reviewing
from tests.jobs.test_reviewing import Double, lead_now, over, record_of, work
from tests.sample import Tenant, add_call, add_tenant, said, shown

pytestmark = pytest.mark.db

WORDS = ("events", "segments", "nudges", "nudge_responses")


async def rows(owner: Any, table: str, call: Call) -> int:
    count: int = await owner.fetchval(f"SELECT count(*) FROM {table} WHERE call_id = $1", call.call_id)
    return count


async def reviewed(pool: Pool, tenant: Tenant, owner: Any, *, days_ago: float) -> Call:
    """A call with words, a nudge that was answered, a consent and a review, that ended so many days ago."""
    call = await over(pool, tenant, "We need a new till.")
    spoken = said(call, "Forty thousand.")
    nudge = shown(call, spoken.segment)
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, [spoken, nudge])
        agreed = Consent(transcription=True, recording=False)
        await calls.add_consent(connection, call, call.invitees[0].invitee_id, agreed)
        await connection.execute(
            "INSERT INTO nudge_responses (organization_id, call_id, nudge_id, user_id) VALUES ($1, $2, $3, $4)",
            tenant.organization_id, call.call_id, nudge.nudge.nudge_id, tenant.rep.user_id,
        )  # fmt: skip
    reviewing = Reviewing(pool, Double)
    await reviewing.run(work(call), 0)
    reviewing.close()
    await owner.execute(
        "UPDATE calls SET ended_at = now() - make_interval(secs => $2) WHERE id = $1", call.call_id, days_ago * 86_400
    )
    return call


async def test_what_was_said_goes_after_the_organizations_days_and_the_facts_stay(
    pool: Pool, tenant: Tenant, owner: Any
) -> None:
    old = await reviewed(pool, tenant, owner, days_ago=90.1)
    young = await reviewed(pool, tenant, owner, days_ago=89.9)
    going_on = await add_call(pool, tenant.rep)
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, going_on.call_id, [said(going_on)])
    await owner.execute("UPDATE calls SET starts_at = now() - interval '1 year' WHERE id = $1", going_on.call_id)
    await Chores(pool).erase()
    for table in WORDS:
        assert await rows(owner, table, old) == 0, table
        assert await rows(owner, table, young) > 0, table
    assert await rows(owner, "segments", going_on) == 1
    assert await rows(owner, "consents", old) == 1
    record = await record_of(pool, old)
    assert record is not None
    assert record.is_erased
    assert (record.lead.score_after, record.lead.status_after) == (72, LeadStatus.QUALIFIED)
    assert await lead_now(owner, tenant) == (72, "qualified")
    async with transaction(pool, tenant.organization_id) as connection:
        kept = await calls.get(connection, tenant.organization_id, old.call_id)
        await reviews.queue(connection, tenant.organization_id, old.call_id)
    assert kept is not None
    assert kept.title == old.title
    again = await record_of(pool, old)
    assert again is not None
    assert again.is_erased, "there is nothing to review any more"
    record = await record_of(pool, young)
    assert record is not None
    assert record.review is not None


async def test_each_organization_has_its_own_days(pool: Pool, tenant: Tenant, owner: Any) -> None:
    stranger = await add_tenant(pool)
    for who, days in ((tenant, 7), (stranger, 365)):
        await owner.execute(
            "INSERT INTO organization_settings (organization_id, retention_days) VALUES ($1, $2)",
            who.organization_id, days,
        )  # fmt: skip
    soon = await reviewed(pool, tenant, owner, days_ago=8)
    late = await reviewed(pool, stranger, owner, days_ago=300)
    for who in (tenant, stranger):
        await owner.execute(
            "INSERT INTO mailbox_messages (id, organization_id, sender, recipients, subject, raw, received_at) "
            "VALUES (uuidv7(), $1, 'a', '{b}', '', '', now() - interval '30 days')",
            who.organization_id,
        )
    await Chores(pool).erase()
    assert (await rows(owner, "segments", soon), await rows(owner, "segments", late)) == (0, 2)
    left = "SELECT count(*) FROM mailbox_messages WHERE organization_id = $1"
    assert await owner.fetchval(left, tenant.organization_id) == 0
    assert await owner.fetchval(left, stranger.organization_id) == 1


async def test_erasing_is_counted_and_goes_on_past_one_batch(
    pool: Pool, tenant: Tenant, owner: Any, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    await Chores(pool).erase()
    for _ in range(3):
        await reviewed(pool, tenant, owner, days_ago=100)
    monkeypatch.setattr("jobs.chores.ERASED_AT_ONCE", 2)
    capsys.readouterr()
    await Chores(pool).erase()
    assert "calls=3" in capsys.readouterr().out
    await Chores(pool).erase()
    assert "calls=0" in capsys.readouterr().out
