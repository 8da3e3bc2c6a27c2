"""Questions as JSON: how a version of a set keeps them, and the skip rule of each."""

from collections.abc import Sequence

from pydantic import TypeAdapter

from domain.question_set import Question, SkipRule

QUESTIONS: TypeAdapter[tuple[Question, ...]] = TypeAdapter(tuple[Question, ...])
RULE: TypeAdapter[SkipRule] = TypeAdapter(SkipRule)


def dump(questions: Sequence[Question]) -> str:
    return QUESTIONS.dump_json(tuple(questions)).decode()


def load(text: str) -> tuple[Question, ...]:
    return QUESTIONS.validate_json(text)


def dump_rule(rule: SkipRule | None) -> str | None:
    return RULE.dump_json(rule).decode() if rule else None


def load_rule(text: str | None) -> SkipRule | None:
    return RULE.validate_json(text) if text else None
