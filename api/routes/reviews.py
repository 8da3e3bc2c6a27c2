"""The review of a call: what it says, how far it has come, and making it again."""

from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fastapi import APIRouter

from api.deps import CurrentUser, OwnConnection
from api.join import own_call
from api.viewing import note_viewing
from db import calls, reviews
from db.reviews import ReviewRecord, ReviewStatus, ReviewStep
from domain.call import CallStatus
from domain.errors import ReviewNotPossible
from domain.lead import LeadStatus
from domain.review import Review

router = APIRouter(prefix="/calls")


@dataclass(frozen=True, slots=True, kw_only=True)
class StepView:
    name: ReviewStep
    state: Literal["waiting", "running", "done", "failed"]


@dataclass(frozen=True, slots=True, kw_only=True)
class ReviewView:
    status: Literal["none", "queued", "running", "done", "failed"]
    steps: list[StepView]
    problem: str | None
    review: Review | None
    lead_score_before: int | None
    lead_score_after: int | None
    lead_status_before: LeadStatus | None
    lead_status_after: LeadStatus | None


@router.get("/{call_id}/review")
async def read_review(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> ReviewView:
    call = await own_call(connection, user, call_id)
    record = await reviews.get(connection, user.organization_id, call.call_id)
    if record is not None:
        await note_viewing(connection, user, call)
        return view(record)
    is_coming = (
        call.status is CallStatus.ENDED
        and call.switches.transcript
        and not await calls.has_closed_log(connection, user.organization_id, call.call_id)
    )
    return nothing("queued" if is_coming else "none")


@router.post("/{call_id}/review/runs", status_code=202)
async def make_review_again(connection: OwnConnection, user: CurrentUser, call_id: UUID) -> ReviewView:
    """Also makes the first one. One that is being made goes on."""
    call = await own_call(connection, user, call_id)
    await reviews.queue(connection, user.organization_id, call.call_id)
    record = await reviews.get(connection, user.organization_id, call.call_id)
    if record is None or record.is_erased:
        raise ReviewNotPossible
    await note_viewing(connection, user, call)
    return view(record)


def view(record: ReviewRecord) -> ReviewView:
    if record.is_erased:
        return nothing("none")
    return ReviewView(
        status=record.status.value,
        steps=[StepView(name=step, state=state_of(step, record)) for step in ReviewStep],
        problem=record.problem,
        review=record.review,
        lead_score_before=record.lead.score_before,
        lead_score_after=record.lead.score_after,
        lead_status_before=record.lead.status_before,
        lead_status_after=record.lead.status_after,
    )


def nothing(status: Literal["none", "queued"]) -> ReviewView:
    """There is none, or there will be one as soon as the log of the call is closed."""
    return ReviewView(
        status=status,
        steps=[StepView(name=step, state="waiting") for step in ReviewStep] if status == "queued" else [],
        problem=None,
        review=None,
        lead_score_before=None,
        lead_score_after=None,
        lead_status_before=None,
        lead_status_after=None,
    )


def state_of(step: ReviewStep, record: ReviewRecord) -> Literal["waiting", "running", "done", "failed"]:
    order = list(ReviewStep)
    if record.status is ReviewStatus.DONE or order.index(step) < order.index(record.step):
        return "done"
    if step is not record.step or record.status is ReviewStatus.QUEUED:
        return "waiting"
    return "failed" if record.status is ReviewStatus.FAILED else "running"
