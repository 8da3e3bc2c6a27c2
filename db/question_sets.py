"""Question sets with their questions, and every version that there was."""

from collections import defaultdict
from collections.abc import Sequence
from dataclasses import replace
from datetime import datetime

from db import question_json
from db.pool import Connection, queries
from domain.ids import OrganizationId, QuestionSetId, UserId
from domain.question_set import Depth, Question, QuestionSet, QuestionSetVersion, QuestionType

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


async def at_version(
    connection: Connection, organization_id: OrganizationId, question_set_id: QuestionSetId, version: int
) -> QuestionSet | None:
    """Title, time box and questions as they were then; None when there was no such version."""
    row = await queries.get_question_set_version(
        connection, organization_id=organization_id, question_set_id=question_set_id, version=version
    )
    if row is None:
        return None
    kept = {**row, "questions": question_json.load(row["questions"])}
    return QuestionSet(question_set_id=question_set_id, version=version, **kept)


async def versions(
    connection: Connection,
    organization_id: OrganizationId,
    question_set_id: QuestionSetId,
    *,
    below: int | None,
    most: int,
) -> list[QuestionSetVersion]:
    """Newest first, those before the version `below`; None: from the newest."""
    rows = queries.list_question_set_versions(
        connection, organization_id=organization_id, question_set_id=question_set_id, below=below, most=most
    )
    return [QuestionSetVersion(**{**row, "questions": question_json.load(row["questions"])}) async for row in rows]


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
                must_ask=row["must_ask"],
                is_active=row["is_active"],
                depth=Depth(row["depth"]),
                time_box_seconds=row["time_box_seconds"],
                skip_if=question_json.load_rule(row["skip_if"]),
            ),
        )
    return found


async def add(
    connection: Connection, organization_id: OrganizationId, question_set: QuestionSet, by: UserId | None = None
) -> None:
    """Adds the set, its questions and its first version; `by` None: it comes with the installation."""
    await queries.add_question_set(
        connection,
        question_set_id=question_set.question_set_id,
        organization_id=organization_id,
        title=question_set.title,
        version=question_set.version,
        time_box_minutes=question_set.time_box_minutes,
    )
    await add_questions(connection, organization_id, question_set)
    await keep_version(connection, organization_id, question_set, by)


async def replace_whole(
    connection: Connection, organization_id: OrganizationId, question_set: QuestionSet, by: UserId
) -> QuestionSet | None:
    """Gives the set this title, time box and these questions, and no others: its next version.

    None when `question_set.version` is not the newest, or there is no such set. Calls that were held keep theirs.
    """
    ids = {"organization_id": organization_id, "question_set_id": question_set.question_set_id}
    version = await queries.change_question_set(
        connection,
        **ids,
        title=question_set.title,
        time_box_minutes=question_set.time_box_minutes,
        version=question_set.version,
    )
    if version is None:
        return None
    changed = replace(question_set, version=version)
    await queries.remove_questions(connection, **ids)
    await add_questions(connection, organization_id, changed)
    await keep_version(connection, organization_id, changed, by)
    return changed


async def archive(connection: Connection, organization_id: OrganizationId, question_set_id: QuestionSetId) -> bool:
    """It is no longer offered; calls that were booked with it keep it. False when it is not there."""
    found = await queries.archive_question_set(
        connection, organization_id=organization_id, question_set_id=question_set_id
    )
    return found is not None


async def make_default(connection: Connection, organization_id: OrganizationId, question_set_id: QuestionSetId) -> bool:
    """From now on it is offered first, and no other. False when it is not there, or archived: then nothing changes."""
    await queries.lock_default_question_set(connection, organization_id=organization_id)
    found = await get(connection, organization_id, question_set_id)
    if found is None or found.is_archived:
        return False
    await queries.clear_default_question_set(connection, organization_id=organization_id)
    made = await queries.set_default_question_set(
        connection, organization_id=organization_id, question_set_id=question_set_id
    )
    return made is not None


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
            must_ask=question.must_ask,
            is_active=question.is_active,
            depth=question.depth.value,
            time_box_seconds=question.time_box_seconds,
            skip_if=question_json.dump_rule(question.skip_if),
        )


async def keep_version(
    connection: Connection, organization_id: OrganizationId, question_set: QuestionSet, by: UserId | None
) -> None:
    await queries.keep_question_set_version(
        connection,
        organization_id=organization_id,
        question_set_id=question_set.question_set_id,
        version=question_set.version,
        title=question_set.title,
        time_box_minutes=question_set.time_box_minutes,
        questions=question_json.dump(question_set.questions),
        created_by=by,
    )
