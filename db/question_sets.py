"""Question sets with their questions."""

from collections import defaultdict
from collections.abc import Sequence
from datetime import datetime

from db.pool import Connection, queries
from domain.ids import OrganizationId, QuestionSetId
from domain.question_set import Question, QuestionSet, QuestionType

Place = tuple[datetime, QuestionSetId]
"""Where a set stands in the list: when it was added, and its id."""


async def list_newest(
    connection: Connection, organization_id: OrganizationId, *, after: Place | None, most: int
) -> tuple[list[QuestionSet], Place | None]:
    """At most `most` sets that are offered after a place, newest first, and the place of the last if there are more."""
    found = queries.list_question_sets(
        connection,
        organization_id=organization_id,
        cursor_created_at=after[0] if after else None,
        cursor_question_set_id=after[1] if after else None,
        most=most + 1,
    )
    rows = [dict(row) async for row in found]
    places = [(row.pop("created_at"), row["question_set_id"]) for row in rows]
    questions = await questions_of(connection, organization_id, [row["question_set_id"] for row in rows[:most]])
    sets = [QuestionSet(**row, questions=questions[row["question_set_id"]]) for row in rows[:most]]
    return sets, places[most - 1] if len(rows) > most else None


async def get(
    connection: Connection, organization_id: OrganizationId, question_set_id: QuestionSetId
) -> QuestionSet | None:
    """Also one that is archived."""
    row = await queries.get_question_set(connection, organization_id=organization_id, question_set_id=question_set_id)
    if row is None:
        return None
    questions = await questions_of(connection, organization_id, [question_set_id])
    return QuestionSet(**row, questions=questions[question_set_id])


async def questions_of(
    connection: Connection, organization_id: OrganizationId, question_set_ids: Sequence[QuestionSetId]
) -> defaultdict[QuestionSetId, tuple[Question, ...]]:
    """The questions of each set in the order of asking; an unknown set has none."""
    found: defaultdict[QuestionSetId, tuple[Question, ...]] = defaultdict(tuple)
    rows = queries.list_questions(connection, organization_id=organization_id, question_set_ids=list(question_set_ids))
    async for row in rows:
        found[row["question_set_id"]] += (
            Question(
                question_id=row["question_id"],
                position=row["position"],
                text=row["text"],
                type=QuestionType(row["type"]),
                options=tuple(row["options"]),
            ),
        )
    return found


async def add(connection: Connection, organization_id: OrganizationId, question_set: QuestionSet) -> None:
    """Adds the set and its questions."""
    await queries.add_question_set(
        connection,
        question_set_id=question_set.question_set_id,
        organization_id=organization_id,
        title=question_set.title,
    )
    await add_questions(connection, organization_id, question_set)


async def replace_whole(connection: Connection, organization_id: OrganizationId, question_set: QuestionSet) -> None:
    """Gives the set this title and these questions, and no others. Raises LookupError when there is no such set.

    Calls that were held keep what was asked in their log.
    """
    ids = {"organization_id": organization_id, "question_set_id": question_set.question_set_id}
    if await queries.rename_question_set(connection, **ids, title=question_set.title) is None:
        raise LookupError("no such question set in this organization")
    await queries.remove_questions(connection, **ids)
    await add_questions(connection, organization_id, question_set)


async def archive(connection: Connection, organization_id: OrganizationId, question_set_id: QuestionSetId) -> bool:
    """It is no longer offered; calls that were booked with it keep it. False when it is not there."""
    found = await queries.archive_question_set(
        connection, organization_id=organization_id, question_set_id=question_set_id
    )
    return found is not None


async def add_questions(connection: Connection, organization_id: OrganizationId, question_set: QuestionSet) -> None:
    for question in question_set.questions:
        await queries.add_question(
            connection,
            question_id=question.question_id,
            organization_id=organization_id,
            question_set_id=question_set.question_set_id,
            position=question.position,
            text=question.text,
            type=question.type.value,
            options=list(question.options),
        )
