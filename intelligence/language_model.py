"""What is asked of a language model: an object of a given shape, in time, or an honest "no".

Nothing depends on one. Who asks has a rule's answer already and keeps it when there is none, or it is late or wrong.
"""

from dataclasses import dataclass
from functools import cache
from importlib import resources
from typing import Protocol, TypeVar

from pydantic import BaseModel

Answer = TypeVar("Answer", bound=BaseModel)


@dataclass(frozen=True, slots=True, kw_only=True)
class Prompt:
    instructions: str  # ours
    text: str  # what it is about; what people said stands only here


class NoAnswer(Exception):
    """With the reason in words for people: late, wrong twice, not reachable."""


class LanguageModel(Protocol):
    @property
    def name(self) -> str:
        """Provider and model, for the record."""
        ...

    async def ask(self, prompt: Prompt, schema: type[Answer], *, deadline_s: float) -> Answer:
        """One validated object. Raises NoAnswer, at the latest after `deadline_s`."""
        ...


class NoLanguageModel:
    """Where there is none: everything is worded by rules."""

    name = "rules"

    async def ask(self, prompt: Prompt, schema: type[Answer], *, deadline_s: float) -> Answer:
        raise NoAnswer("there is no language model")


@cache
def instructions(name: str) -> str:
    """A prompt of this package: `prompts/<name>.md`."""
    return resources.files("intelligence").joinpath("prompts", f"{name}.md").read_text(encoding="utf-8").strip()
