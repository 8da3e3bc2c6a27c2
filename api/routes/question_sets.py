"""Question sets: list, add, read, replace, archive, choose the default, read what they were."""

from collections.abc import Sequence
from dataclasses import replace
from typing import Annotated
from uuid import UUID

from fastapi import APIRouter, Query
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, StringConstraints, model_validator

from api.deps import CurrentUser, OwnConnection
from api.paging import cursor, read_cursor
from api.text import Line, is_storable
from api.views import Page
from db import question_sets
from db.question_sets import Place
from domain.errors import InvalidInput, NotFound, QuestionSetChanged
from domain.ids import QuestionId, QuestionSetId, uuid7
from domain.question_set import (
    Depth,
    Question,
    QuestionSet,
    QuestionSetVersion,
    QuestionType,
    SkipIfAnswered,
    SkipIfContains,
    SkipRule,
    rule_problem,
)

router = APIRouter(prefix="/question-sets")

PAGE = 50
VERSIONS_PAGE = 20
MOST_QUESTIONS = 50
MOST_CHOICES = 10
"""More cannot be read out to somebody who is to remember them."""
MOST_STEPS = 11
"""Of a rating: zero to ten."""


class WantedSkipIfAnswered(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question_id: UUID
    answers: list[Line] = Field(min_length=1, max_length=20)

    def rule(self) -> SkipRule:
        return SkipIfAnswered(question_id=QuestionId(self.question_id), answers=tuple(self.answers))


class WantedSkipIfContains(BaseModel):
    model_config = ConfigDict(extra="forbid")
    question_id: UUID
    contains: list[Line] = Field(min_length=1, max_length=20)

    def rule(self) -> SkipRule:
        return SkipIfContains(question_id=QuestionId(self.question_id), contains=tuple(self.contains))


class NewQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Annotated[
        str,
        StringConstraints(strip_whitespace=True),
        Field(min_length=1, max_length=500),
        AfterValidator(is_storable),
    ]
    type: QuestionType
    options: list[Line] = Field(default_factory=list, max_length=20)
    must_ask: bool = False
    is_active: bool = True
    depth: Depth = Depth.MEDIUM
    time_box_seconds: Annotated[int, Field(ge=15, le=3600)] | None = None
    skip_if: WantedSkipIfAnswered | WantedSkipIfContains | None = None

    @model_validator(mode="after")
    def has_the_options_of_its_type(self) -> "NewQuestion":
        """A rating may say its steps; without them its text says the scale."""
        if len({option.casefold() for option in self.options}) < len(self.options):
            raise ValueError("Two options are the same.")
        match self.type:
            case QuestionType.MULTIPLE_CHOICE if len(self.options) < 2:
                raise ValueError("A multiple-choice question needs at least two options.")
            case QuestionType.MULTIPLE_CHOICE if len(self.options) > MOST_CHOICES:
                raise ValueError(f"A multiple-choice question has at most {MOST_CHOICES} options.")
            case QuestionType.RATING if self.options and not 2 <= len(self.options) <= MOST_STEPS:
                raise ValueError(f"A rating has 2 to {MOST_STEPS} steps, or none that are named.")
            case QuestionType.OPEN_ENDED if self.options:
                raise ValueError("An open question has no options.")
        return self


class ChangedQuestion(NewQuestion):
    question_id: UUID | None = None  # null: a new one


TimeBoxMinutes = Annotated[int, Field(ge=1, le=480)]


class NewQuestionSet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    time_box_minutes: TimeBoxMinutes | None = None
    questions: list[NewQuestion] = Field(max_length=MOST_QUESTIONS)


class ChangedQuestionSet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    version: Annotated[int, Field(ge=1, le=2**31 - 1)]  # the one that was seen
    title: Line
    time_box_minutes: TimeBoxMinutes | None = None
    questions: list[ChangedQuestion] = Field(max_length=MOST_QUESTIONS)


@router.get("")
async def list_question_sets(
    connection: OwnConnection,
    user: CurrentUser,
    after: Annotated[str | None, Query(alias="cursor", max_length=200)] = None,
) -> Page[QuestionSet]:
    """Those that are offered, newest first."""
    place: Place | None = None
    if after is not None:
        at, last_id = read_cursor(after)
        place = (at, QuestionSetId(last_id))
    found, last = await question_sets.list_newest(connection, user.organization_id, after=place, most=PAGE)
    return Page(items=found, next_cursor=cursor(*last) if last else None)


@router.post("", status_code=201)
async def add_question_set(connection: OwnConnection, user: CurrentUser, wanted: NewQuestionSet) -> QuestionSet:
    """The order of its questions is that of asking. Rules that skip come with a change: they name questions by id."""
    question_set = QuestionSet(
        question_set_id=QuestionSetId(uuid7()),
        title=wanted.title,
        time_box_minutes=wanted.time_box_minutes,
        questions=tuple(
            placed(question, position, QuestionId(uuid7())) for position, question in enumerate(wanted.questions)
        ),
    )
    must_work(question_set.questions)
    await question_sets.add(connection, user.organization_id, question_set, user.user_id)
    return question_set


@router.get("/{question_set_id}")
async def read_question_set(connection: OwnConnection, user: CurrentUser, question_set_id: UUID) -> QuestionSet:
    """Also one that is archived."""
    found = await question_sets.get(connection, user.organization_id, QuestionSetId(question_set_id))
    if found is None:
        raise NotFound("question set")
    return found


@router.put("/{question_set_id}")
async def replace_question_set(
    connection: OwnConnection, user: CurrentUser, question_set_id: UUID, wanted: ChangedQuestionSet
) -> QuestionSet:
    """The title and all the questions in the order given. Those with an id stay the same questions.

    Raises QuestionSetChanged when somebody saved it after this version was seen.
    """
    before = await read_question_set(connection, user, question_set_id)
    if before.version != wanted.version:
        raise QuestionSetChanged
    unused = {question.question_id for question in before.questions}
    questions = []
    for position, question in enumerate(wanted.questions):
        question_id = QuestionId(question.question_id or uuid7())
        if question.question_id and question_id not in unused:
            raise InvalidInput(
                f"/body/questions/{position}/question_id", "This question is not in the set, or stands above already."
            )
        unused.discard(question_id)
        questions.append(placed(question, position, question_id))
    must_work(questions)
    question_set = replace(
        before, title=wanted.title, time_box_minutes=wanted.time_box_minutes, questions=tuple(questions)
    )
    changed = await question_sets.replace_whole(connection, user.organization_id, question_set, user.user_id)
    if changed is None:
        raise QuestionSetChanged
    return changed


@router.delete("/{question_set_id}", status_code=204)
async def archive_question_set(connection: OwnConnection, user: CurrentUser, question_set_id: UUID) -> None:
    if not await question_sets.archive(connection, user.organization_id, QuestionSetId(question_set_id)):
        raise NotFound("question set")


@router.put("/{question_set_id}/default", status_code=204)
async def make_default(connection: OwnConnection, user: CurrentUser, question_set_id: UUID) -> None:
    """It is offered first from now on, and no other. One that is archived is not offered at all."""
    if not await question_sets.make_default(connection, user.organization_id, QuestionSetId(question_set_id)):
        raise NotFound("question set")


@router.get("/{question_set_id}/versions")
async def list_versions(
    connection: OwnConnection,
    user: CurrentUser,
    question_set_id: UUID,
    after: Annotated[str | None, Query(alias="cursor", max_length=10, pattern=r"^[1-9][0-9]{0,8}$")] = None,
) -> Page[QuestionSetVersion]:
    """Newest first: what was saved, when and by whom."""
    found = await read_question_set(connection, user, question_set_id)
    kept = await question_sets.versions(
        connection,
        user.organization_id,
        found.question_set_id,
        below=int(after) if after else None,
        most=VERSIONS_PAGE + 1,
    )
    shown = kept[:VERSIONS_PAGE]
    return Page(items=shown, next_cursor=str(shown[-1].version) if len(kept) > VERSIONS_PAGE else None)


def placed(question: NewQuestion, position: int, question_id: QuestionId) -> Question:
    return Question(
        question_id=question_id,
        position=position,
        text=question.text,
        type=question.type,
        options=tuple(question.options),
        must_ask=question.must_ask,
        is_active=question.is_active,
        depth=question.depth,
        time_box_seconds=question.time_box_seconds,
        skip_if=question.skip_if.rule() if question.skip_if else None,
    )


def must_work(questions: Sequence[Question]) -> None:
    """Raises InvalidInput for a rule that skips by a question which is not there, or stands below."""
    for position in range(len(questions)):
        if problem := rule_problem(questions, position):
            raise InvalidInput(f"/body/questions/{position}/skip_if", problem)
