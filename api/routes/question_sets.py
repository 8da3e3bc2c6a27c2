"""Question sets: list and add."""

from typing import Annotated

from fastapi import APIRouter
from pydantic import AfterValidator, BaseModel, ConfigDict, Field, model_validator

from api.deps import CurrentUser, OwnConnection
from api.text import Line, is_storable
from api.views import Page
from db import question_sets
from domain.ids import QuestionId, QuestionSetId, uuid7
from domain.question_set import Question, QuestionSet, QuestionType

router = APIRouter()


class NewQuestion(BaseModel):
    model_config = ConfigDict(extra="forbid")
    text: Annotated[str, Field(min_length=1, max_length=500), AfterValidator(is_storable)]
    type: QuestionType
    options: list[Line] = Field(default_factory=list, max_length=20)

    @model_validator(mode="after")
    def has_options_when_it_needs_them(self) -> "NewQuestion":
        if self.type is QuestionType.MULTIPLE_CHOICE and len(self.options) < 2:
            raise ValueError("A multiple-choice question needs at least two options.")
        return self


class NewQuestionSet(BaseModel):
    model_config = ConfigDict(extra="forbid")
    title: Line
    questions: list[NewQuestion] = Field(min_length=1, max_length=50)


@router.get("/question-sets")
async def list_question_sets(connection: OwnConnection, user: CurrentUser) -> Page[QuestionSet]:
    found = await question_sets.list_newest(connection, user.organization_id, most=100)
    return Page(items=found, next_cursor=None)


@router.post("/question-sets", status_code=201)
async def add_question_set(connection: OwnConnection, user: CurrentUser, wanted: NewQuestionSet) -> QuestionSet:
    question_set = QuestionSet(
        question_set_id=QuestionSetId(uuid7()),
        title=wanted.title,
        questions=tuple(
            Question(
                question_id=QuestionId(uuid7()),
                position=position,
                text=question.text,
                type=question.type,
                options=tuple(question.options),
            )
            for position, question in enumerate(wanted.questions)
        ),
    )
    await question_sets.add(connection, user.organization_id, question_set)
    return question_set
