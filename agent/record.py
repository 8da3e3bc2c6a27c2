"""What the database knows of the call when an agent comes: the plan, and where an earlier agent broke off."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import UTC, datetime

from db import appointments, calls, events, leases, provider_choices, question_sets
from db.pool import Connection, Pool, transaction
from domain.call import Call, CallKind
from domain.event import AgentJoined, AgentLeft, QuestionAnswered, QuestionAsked, QuestionRefused, SegmentAdded
from domain.ids import CallId, OrganizationId, QuestionId
from domain.provider import ProviderChoices
from domain.question_set import Question, QuestionSet
from domain.transcript import SegmentSource

MOST_EVENTS = 10_000


@dataclass(frozen=True, slots=True, kw_only=True)
class CallRecord:
    call: Call
    providers: ProviderChoices
    started_at: datetime
    question_set: QuestionSet | None  # as it was when the call began
    questions: tuple[Question, ...]  # of these, the ones that are asked
    asked: tuple[Question, ...]  # in the order of asking
    answered: tuple[Question, ...]
    refused: tuple[Question, ...]
    said: Mapping[QuestionId, tuple[str, ...]]  # the words of the answers, oldest first
    is_first: bool  # no agent has been in this call before
    has_greeted: bool  # one has, and was heard
    was_sent_away: bool  # the last one was asked to leave, and is wanted again

    @property
    def lasts_ms(self) -> int:
        """The time for all questions together."""
        box = self.question_set.time_box_minutes if self.question_set else None
        return (box or self.call.duration_minutes) * 60_000


async def open_record(pool: Pool, organization_id: OrganizationId, call_id: CallId, epoch: int) -> CallRecord | None:
    """Marks the call live, with the agent of `epoch` alive in it, and returns what is known of it.

    The call keeps the version of its question set that is the newest when its first agent does this.

    None when the call is over, or not there, or a later agent has it, or it wants none any more.
    """
    async with transaction(pool, organization_id) as connection:
        kept = await leases.keep(connection, organization_id, call_id, epoch=epoch)
        if kept is None or kept.epoch != epoch or kept.is_dismissed:
            return None
        began = await calls.start(connection, organization_id, call_id, datetime.now(UTC))
        await appointments.fix_question_set_version(connection, organization_id, call_id)
        call = await calls.get(connection, organization_id, call_id)
        if began is None or call is None:
            return None
        question_set = await question_set_of(connection, call)
        providers = await provider_choices.get(connection, organization_id)
        log = await events.after(connection, organization_id, call_id, 0, most=MOST_EVENTS)
    questions = question_set.active if question_set else ()
    refused = {event.question_id for event in log if isinstance(event, QuestionRefused)}
    presence = [event for event in log if isinstance(event, AgentJoined | AgentLeft)]
    asked = dict.fromkeys(event.question_id for event in log if isinstance(event, QuestionAsked))
    answers = [event for event in log if isinstance(event, QuestionAnswered)]
    answered = {answer.question_id for answer in answers}
    by_id = {question.question_id: question for question in questions}
    return CallRecord(
        call=call,
        providers=providers,
        started_at=began,
        question_set=question_set,
        questions=questions,
        asked=tuple(by_id[question_id] for question_id in asked if question_id in by_id),
        answered=tuple(question for question in questions if question.question_id in answered),
        refused=tuple(question for question in questions if question.question_id in refused - answered),
        said={known: tuple(answer.text for answer in answers if answer.question_id == known) for known in answered},
        is_first=not log,
        has_greeted=any(
            isinstance(event, SegmentAdded) and event.segment.source is SegmentSource.AGENT for event in log
        ),
        was_sent_away=bool(presence) and isinstance(presence[-1], AgentLeft),
    )


@dataclass(frozen=True, slots=True)
class Plan:
    """What a call would be if it began now; it may be changed before it does."""

    call: Call
    questions: tuple[Question, ...]

    @property
    def agent_speaks(self) -> bool:
        return self.call.kind is CallKind.DISCOVERY and bool(self.questions) and not self.call.staged_as_text


async def open_plan(pool: Pool, organization_id: OrganizationId, call_id: CallId) -> Plan | None:
    """None when there is no such call. Raises one of DatabaseError."""
    async with transaction(pool, organization_id) as connection:
        call = await calls.get(connection, organization_id, call_id)
        if call is None:
            return None
        found = None
        if call.question_set_id:
            found = await question_sets.get(connection, organization_id, call.question_set_id)
    return Plan(call, found.active if found else ())


async def question_set_of(connection: Connection, call: Call) -> QuestionSet | None:
    """As it was when the call began, whatever has become of it since. None: the agent only listens."""
    if call.question_set_id is None or call.question_set_version is None:
        return None
    ids = call.organization_id, call.question_set_id
    kept = await question_sets.at_version(connection, *ids, call.question_set_version)
    return kept or await question_sets.get(connection, *ids)  # versions are kept since 0008 only
