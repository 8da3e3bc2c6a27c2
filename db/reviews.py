"""The review of a call: how far it has come, what it says, and what it did to the lead."""

from dataclasses import dataclass
from enum import StrEnum

from pydantic import TypeAdapter, ValidationError

from db import jobs
from db.pool import Connection, queries
from domain.ids import CallId, OrganizationId
from domain.lead import LeadStatus
from domain.review import Review, lead_status_after

ADAPTER: TypeAdapter[Review] = TypeAdapter(Review)

OUTDATED = "This review was made by an older version and can no longer be shown. Run it again."


class ReviewStatus(StrEnum):
    QUEUED = "queued"
    RUNNING = "running"
    DONE = "done"
    FAILED = "failed"


class ReviewStep(StrEnum):
    """In the order in which they are done."""

    TRANSCRIPT = "transcript"
    ANALYSIS = "analysis"
    LEAD = "lead"
    MAIL = "mail"


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadChange:
    score_before: int | None
    score_after: int | None
    status_before: LeadStatus | None
    status_after: LeadStatus | None


UNCHANGED = LeadChange(score_before=None, score_after=None, status_before=None, status_after=None)


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewRecord:
    status: ReviewStatus
    step: ReviewStep  # being done, or the one that failed
    problem: str | None
    review: Review | None  # None until it is done, and after its words were erased
    lead: LeadChange

    @property
    def is_erased(self) -> bool:
        """Its words were erased when the organization's days were over; what it did to the lead stays."""
        return self.status is ReviewStatus.DONE and self.review is None


async def queue(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> None:
    """Makes the review due, again when it is finished. Nothing for a call without transcript, or whose log is open."""
    if await queries.queue_review(connection, organization_id=organization_id, call_id=call_id):
        await jobs.enqueue(connection, jobs.Entrypoint.REVIEW_CALL, organization_id, call_id)


async def start(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> bool:
    """False when there is none to be made."""
    started = await queries.start_review(connection, organization_id=organization_id, call_id=call_id)
    return started is not None


async def reach(connection: Connection, organization_id: OrganizationId, call_id: CallId, step: ReviewStep) -> None:
    await queries.step_review(connection, organization_id=organization_id, call_id=call_id, step=step.value)


async def fail(connection: Connection, organization_id: OrganizationId, call_id: CallId, problem: str) -> None:
    await queries.fail_review(connection, organization_id=organization_id, call_id=call_id, problem=problem)


async def finish(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, review: Review, *, moves_lead: bool
) -> bool:
    """Keeps the review and moves the lead in one transaction. False when another run has finished it.

    A second review of the same call starts from where the lead stood before the first; one that is older than the
    lead's newest leaves the lead as it is.
    """
    change = await _move_lead(connection, organization_id, call_id, review) if moves_lead else UNCHANGED
    finished = await queries.finish_review(
        connection,
        organization_id=organization_id,
        call_id=call_id,
        review=ADAPTER.dump_json(review).decode(),
        score_before=change.score_before,
        score_after=change.score_after,
        status_before=change.status_before.value if change.status_before else None,
        status_after=change.status_after.value if change.status_after else None,
    )
    return finished is not None


async def _move_lead(
    connection: Connection, organization_id: OrganizationId, call_id: CallId, review: Review
) -> LeadChange:
    lead = await queries.lock_lead_of_call(connection, organization_id=organization_id, call_id=call_id)
    earlier = await get(connection, organization_id, call_id)
    if lead is None or lead["is_outdated"]:
        return earlier.lead if earlier else UNCHANGED
    if earlier and earlier.lead.status_before:
        score_before, status_before = earlier.lead.score_before, earlier.lead.status_before
    else:
        score_before, status_before = lead["score"], LeadStatus(lead["status"])
    change = LeadChange(
        score_before=score_before,
        score_after=review.lead_score,
        status_before=status_before,
        status_after=lead_status_after(status_before, review.qualification),
    )
    await queries.set_lead_standing(
        connection,
        organization_id=organization_id,
        lead_id=lead["lead_id"],
        score=change.score_after,
        status=change.status_after,
    )
    return change


async def get(connection: Connection, organization_id: OrganizationId, call_id: CallId) -> ReviewRecord | None:
    row = await queries.get_review(connection, organization_id=organization_id, call_id=call_id)
    if row is None:
        return None
    status, problem, review = ReviewStatus(row["status"]), row["problem"], None
    if row["review"] is not None:
        try:
            review = ADAPTER.validate_json(row["review"])
        except ValidationError:
            status, problem = (ReviewStatus.FAILED, OUTDATED) if status is ReviewStatus.DONE else (status, problem)
    before, after = row["lead_status_before"], row["lead_status_after"]
    return ReviewRecord(
        status=status,
        step=ReviewStep(row["step"]),
        problem=problem,
        review=review,
        lead=LeadChange(
            score_before=row["lead_score_before"],
            score_after=row["lead_score_after"],
            status_before=LeadStatus(before) if before else None,
            status_after=LeadStatus(after) if after else None,
        ),
    )
