"""What the database knows of the call when an agent comes: the plan, and where an earlier agent broke off."""

from dataclasses import dataclass
from datetime import UTC, datetime

from db import calls, events, leases, provider_choices, question_sets
from db.pool import Pool, transaction
from domain.call import Call
from domain.event import AgentJoined, AgentLeft, QuestionAnswered, QuestionAsked, QuestionRefused, SegmentAdded
from domain.ids import CallId, OrganizationId
from domain.provider import ProviderChoices
from domain.question_set import Question
from domain.transcript import SegmentSource

MOST_EVENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    call: Call
    providers: ProviderChoices
    started_at: datetime
    questions: tuple[Question, ...]
    asked: tuple[Question, ...]
    answered: tuple[Question, ...]
    refused: tuple[Question, ...]
    is_first: bool  # no agent has been in this call before
    has_greeted: bool  # one has, and was heard
    was_sent_away: bool  # the last one was asked to leave, and is wanted again


async def open_record(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> CallRecord | None:
    """Marks the call live, with the agent of `epoch` alive in it, and returns what is known of it.

    None when the call is over, or not there, or a later agent has it, or it wants none any more.
    """
    async with transaction(pool, organization_id) as connection:
        kept = await leases.keep(connection, organization_id, call_id, epoch=epoch)
        if kept is None or kept.epoch != epoch or kept.is_dismissed:
            return None
        began = await calls.start(connection, organization_id, call_id, datetime.now(UTC))
        call = await calls.get(connection, organization_id, call_id)
        if began is None or call is None:
            return None
        questions: tuple[Question, ...] = ()
        if call.question_set_id:
            found = await question_sets.questions_of(connection, organization_id, [call.question_set_id])
            questions = found[call.question_set_id]
        providers = await provider_choices.get(connection, organization_id)
        log = await events.after(connection, organization_id, call_id, 0, most=MOST_EVENTS)
    refused = {event.question_id for event in log if isinstance(event, QuestionRefused)}
    presence = [event for event in log if isinstance(event, AgentJoined | AgentLeft)]
    asked = {event.question_id for event in log if isinstance(event, QuestionAsked)}
    answered = {event.question_id for event in log if isinstance(event, QuestionAnswered)}
    return CallRecord(
        call=call,
        providers=providers,
        started_at=began,
        questions=questions,
        asked=tuple(question for question in questions if question.question_id in asked),
        answered=tuple(question for question in questions if question.question_id in answered),
        refused=tuple(question for question in questions if question.question_id in refused - answered),
        is_first=not log,
        has_greeted=any(
            isinstance(event, SegmentAdded) and event.segment.source is SegmentSource.AGENT for event in log
        ),
        was_sent_away=bool(presence) and isinstance(presence[-1], AgentLeft),
    )
