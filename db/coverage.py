"""What became of each question of a call, as its log says."""

from dataclasses import dataclass, replace

from db import event_json, question_sets
from db.pool import Connection, queries
from domain.call import Call
from domain.event import QuestionAnswered, QuestionAsked, QuestionRefused
from domain.ids import QuestionId, SegmentId
from domain.question_set import CoverageStatus, Question


@dataclass(frozen=True, slots=True, kw_only=True)
class CoveredQuestion:
    question_id: QuestionId
    position: int
    text: str
    status: CoverageStatus = CoverageStatus.OPEN
    answer: str | None = None  # the words that answered or refused, as they were said
    answered_by: str | None = None  # whose words
    segment_id: SegmentId | None = None
    start_ms: int | None = None  # of that segment
    volunteered: bool = False


async def of_call(connection: Connection, call: Call) -> list[CoveredQuestion]:
    """The questions that are asked, as they were when the call began and before that as they are now, then those that
    were asked and have been removed since.

    Of several answers and refusals the last counts; a question keeps the words in which it was asked.
    """
    found: dict[QuestionId, CoveredQuestion] = {}
    for question in await planned(connection, call):
        found[question.question_id] = CoveredQuestion(
            question_id=question.question_id, position=question.position, text=question.text
        )
    rows = queries.list_question_events(connection, organization_id=call.organization_id, call_id=call.call_id)
    async for row in rows:
        event = event_json.load(row["payload"])
        assert isinstance(event, QuestionAsked | QuestionAnswered | QuestionRefused)
        known = found.get(event.question_id)
        if isinstance(event, QuestionAsked):
            known = known or CoveredQuestion(question_id=event.question_id, position=event.position, text=event.text)
            status = CoverageStatus.ASKED if known.status is CoverageStatus.OPEN else known.status
            found[event.question_id] = replace(known, text=event.text, status=status)
        elif known:
            is_answer = isinstance(event, QuestionAnswered)
            found[event.question_id] = replace(
                known,
                status=CoverageStatus.ANSWERED if is_answer else CoverageStatus.REFUSED,
                answer=event.text,
                answered_by=row["name"],
                segment_id=event.segment_id,
                start_ms=row["start_ms"],
                volunteered=isinstance(event, QuestionAnswered) and event.volunteered,
            )
    return list(found.values())


async def planned(connection: Connection, call: Call) -> tuple[Question, ...]:
    if call.question_set_id is None:
        return ()
    ids = call.organization_id, call.question_set_id
    version = call.question_set_version
    kept = await question_sets.at_version(connection, *ids, version) if version else None
    question_set = kept or await question_sets.get(connection, *ids)
    return question_set.active if question_set else ()
