"""The review job on a real database: its steps, failures, the lead and the mails. What is thought is a double's."""

import asyncio
import threading
from collections.abc import Sequence
from dataclasses import replace
from typing import Any

import pytest

from db import calls, emails, events, reviews
from db.jobs import Work
from db.pool import Pool, transaction
from db.reviews import ReviewRecord, ReviewStatus, ReviewStep
from domain.call import Call, CallLead, Switches
from domain.email import EmailKind
from domain.event import Event
from domain.lead import LeadStatus
from domain.review import Level, Priority, Qualification, Review, ScoreReason
from domain.transcript import Segment
from jobs import reviewing as reviewing_module
from jobs.reviewing import DELAYS, OUR_FAULT, TOO_LONG, Reviewing
from tests.conftest import eventually
from tests.sample import Tenant, add_call, ended, said

pytestmark = pytest.mark.db


def a_review(**other: Any) -> Review:
    review = Review(
        summary=("Harbour & Finch looks for a new till.",),
        qualification=Qualification.QUALIFIED,
        qualification_reason="There is a budget and a date.",
        lead_score=72,
        score_reasons=(ScoreReason(points=22, text="a budget is set aside", segment_id=None),),
        pain_points=(), buying_signals=(), objections=(), budget=None, timeline=None, decision_makers=(),
        competitors=(), next_steps=(), upsells=(), coaching_moments=(), sentiment=0.2, engagement=Level.HIGH,
        follow_up_priority=Priority.HIGH, made_by="a double",
    )  # fmt: skip
    return replace(review, **other)


class Double:
    """`answers`: reviews to give and errors to raise, the last one for ever."""

    def __init__(self, *answers: Review | Exception) -> None:
        self.answers = list(answers) or [a_review()]
        self.asked: list[tuple[Call, Sequence[Segment]]] = []
        self.go_on: threading.Event | None = None

    def review(self, call: Call, segments: Sequence[Segment]) -> Review:
        self.asked.append((call, segments))
        if self.go_on:
            assert self.go_on.wait(10)
        answer = self.answers.pop(0) if len(self.answers) > 1 else self.answers[0]
        if isinstance(answer, Exception):
            raise answer
        return answer


@pytest.fixture
def double() -> Double:
    return Double()


@pytest.fixture
def reviewing(pool: Pool, double: Double) -> Any:
    made = Reviewing(pool, lambda: double)
    yield made
    made.close()


async def over(pool: Pool, tenant: Tenant, *before_the_end: str, **other: Any) -> Call:
    """A call with the tenant's lead in which this was said, and whose log is closed."""
    lead = CallLead(lead_id=tenant.lead.lead_id, name=tenant.lead.name, company=tenant.lead.company)
    call = await add_call(pool, tenant.rep, **{"lead": lead, **other})
    log: list[Event] = [said(call, text) for text in before_the_end]
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.end(connection, tenant.organization_id, call.call_id, "everybody left")
        await events.append(connection, tenant.organization_id, call.call_id, [*log, ended(call)])
    return call


def work(call: Call) -> Work:
    return Work(organization_id=call.organization_id, id=call.call_id)


async def record_of(pool: Pool, call: Call) -> ReviewRecord | None:
    async with transaction(pool, call.organization_id) as connection:
        return await reviews.get(connection, call.organization_id, call.call_id)


async def lead_now(owner: Any, tenant: Tenant) -> tuple[int | None, str]:
    row = await owner.fetchrow("SELECT score, status FROM leads WHERE id = $1", tenant.lead.lead_id)
    return row["score"], row["status"]


async def again(pool: Pool, call: Call) -> None:
    async with transaction(pool, call.organization_id) as connection:
        await reviews.queue(connection, call.organization_id, call.call_id)


async def test_the_end_of_the_log_makes_the_review_due(pool: Pool, tenant: Tenant, owner: Any) -> None:
    call = await over(pool, tenant, "We need a new till.")
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.step, record.review) == (ReviewStatus.QUEUED, ReviewStep.TRANSCRIPT, None)
    assert (
        await owner.fetchval("SELECT count(*) FROM pgqueuer WHERE dedupe_key = $1", f"review_call:{call.call_id}") == 1
    )


async def test_a_call_without_transcript_or_end_has_no_review(pool: Pool, tenant: Tenant) -> None:
    deaf = Switches(transcript=False, coaching=False, sentiment=False)
    assert await record_of(pool, await over(pool, tenant, switches=deaf)) is None
    going_on = await add_call(pool, tenant.rep)
    await again(pool, going_on)
    assert await record_of(pool, going_on) is None


async def test_a_review_moves_the_lead_and_writes_to_the_owner_and_the_manager(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double, owner: Any
) -> None:
    call = await over(pool, tenant, "We need a new till.", "Forty thousand is set aside.")
    assert await reviewing.run(work(call), 0) is None
    ((asked, segments),) = double.asked
    assert (asked.call_id, asked.lead) == (call.call_id, call.lead)
    assert {segment.text for segment in segments} == {"We need a new till.", "Forty thousand is set aside."}
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.review) == (ReviewStatus.DONE, a_review())
    assert (record.lead.score_before, record.lead.score_after) == (None, 72)
    assert (record.lead.status_before, record.lead.status_after) == (LeadStatus.NEW, LeadStatus.QUALIFIED)
    assert await lead_now(owner, tenant) == (72, "qualified")
    async with transaction(pool, tenant.organization_id) as connection:
        mails = await emails.of_call(connection, tenant.organization_id, call.call_id)
    assert {(mail.kind, mail.user_id) for mail in mails} == {
        (EmailKind.SUMMARY, tenant.rep.user_id), (EmailKind.SUMMARY, tenant.manager.user_id),
    }  # fmt: skip


async def test_a_review_that_runs_twice_is_made_once(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double
) -> None:
    call = await over(pool, tenant, "We need a new till.")
    await reviewing.run(work(call), 0)
    await reviewing.run(work(call), 0)
    assert len(double.asked) == 1


async def test_a_second_review_starts_from_where_the_lead_stood_before_the_first_and_mails_nobody_again(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double, owner: Any
) -> None:
    call = await over(pool, tenant, "We need a new till.")
    double.answers = [a_review(), a_review(lead_score=30, qualification=Qualification.UNQUALIFIED)]
    await reviewing.run(work(call), 0)
    await again(pool, call)
    await reviewing.run(work(call), 0)
    record = await record_of(pool, call)
    assert record is not None
    assert (record.lead.score_before, record.lead.score_after) == (None, 30)
    assert record.lead.status_before is LeadStatus.NEW
    assert await lead_now(owner, tenant) == (30, "unqualified")
    async with transaction(pool, tenant.organization_id) as connection:
        assert len(await emails.of_call(connection, tenant.organization_id, call.call_id)) == 2


async def test_the_newest_call_says_where_the_lead_stands(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double, owner: Any
) -> None:
    older, newer = await over(pool, tenant, "First."), await over(pool, tenant, "Second.")
    double.answers = [a_review(lead_score=80), a_review(lead_score=20)]
    await reviewing.run(work(newer), 0)
    await reviewing.run(work(older), 0)
    assert await lead_now(owner, tenant) == (80, "qualified")
    record = await record_of(pool, older)
    assert record is not None
    assert record.status is ReviewStatus.DONE
    assert record.lead.score_after is None


async def test_a_call_in_which_nobody_spoke_moves_no_lead_and_is_no_news(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, owner: Any
) -> None:
    call = await over(pool, tenant)
    await reviewing.run(work(call), 0)
    record = await record_of(pool, call)
    assert record is not None
    assert record.status is ReviewStatus.DONE
    assert await lead_now(owner, tenant) == (None, "new")
    async with transaction(pool, tenant.organization_id) as connection:
        assert await emails.of_call(connection, tenant.organization_id, call.call_id) == []


async def test_a_customer_stays_one(pool: Pool, tenant: Tenant, reviewing: Reviewing, owner: Any) -> None:
    await owner.execute("UPDATE leads SET status = 'customer' WHERE id = $1", tenant.lead.lead_id)
    await reviewing.run(work(await over(pool, tenant, "All is well.")), 0)
    assert await lead_now(owner, tenant) == (72, "customer")


async def test_its_steps_can_be_watched_while_the_loop_goes_on(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double
) -> None:
    double.go_on = threading.Event()
    call = await over(pool, tenant, "We need a new till.")
    running = asyncio.create_task(reviewing.run(work(call), 0))

    async def is_thinking() -> bool:
        record = await record_of(pool, call)
        return bool(double.asked and record and record.step is ReviewStep.ANALYSIS)

    await eventually(is_thinking, "it thinks, and the database can be asked")
    double.go_on.set()
    await running
    record = await record_of(pool, call)
    assert record is not None
    assert record.step is ReviewStep.MAIL


async def test_what_cannot_be_thought_is_tried_three_times_and_then_says_so(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double, owner: Any
) -> None:
    double.answers = [ConnectionError("of Robin Finch")]
    call = await over(pool, tenant, "We need a new till.")
    assert [await reviewing.run(work(call), tries) for tries in range(3)] == [*DELAYS, None]
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.step, record.problem) == (ReviewStatus.FAILED, ReviewStep.ANALYSIS, OUR_FAULT)
    assert await lead_now(owner, tenant) == (None, "new")
    double.answers = [a_review()]
    await again(pool, call)
    assert await reviewing.run(work(call), 0) is None
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.problem) == (ReviewStatus.DONE, None)


async def test_thinking_has_a_deadline(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr(reviewing_module, "THOUGHT_WITHIN_SECONDS", 0.05)
    double.go_on = threading.Event()
    call = await over(pool, tenant, "We need a new till.")
    assert await reviewing.run(work(call), 0) is None
    double.go_on.set()
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.problem) == (ReviewStatus.FAILED, TOO_LONG)


async def test_words_that_come_after_the_end_make_the_review_due_again(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, double: Double
) -> None:
    call = await over(pool, tenant, "We need a new till.")
    await reviewing.run(work(call), 0)
    async with transaction(pool, tenant.organization_id) as connection:
        await events.append(connection, tenant.organization_id, call.call_id, [said(call, "From the spool.")])
    record = await record_of(pool, call)
    assert record is not None
    assert record.status is ReviewStatus.QUEUED
    await reviewing.run(work(call), 0)
    assert {segment.text for segment in double.asked[1][1]} == {"We need a new till.", "From the spool."}


async def test_a_review_of_an_older_shape_asks_to_be_made_again(
    pool: Pool, tenant: Tenant, reviewing: Reviewing, owner: Any
) -> None:
    call = await over(pool, tenant, "We need a new till.")
    await reviewing.run(work(call), 0)
    await owner.execute("UPDATE reviews SET review = '{\"summary\": 1}' WHERE call_id = $1", call.call_id)
    record = await record_of(pool, call)
    assert record is not None
    assert (record.status, record.problem, record.review) == (ReviewStatus.FAILED, reviews.OUTDATED, None)
    await again(pool, call)
    assert await reviewing.run(work(call), 0) is None
    record = await record_of(pool, call)
    assert record is not None
    assert record.review == a_review()
