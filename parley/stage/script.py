"""A scripted call as it is written down. Labels are for whoever scores the report; the stage does not read them."""

from pathlib import Path
from typing import Annotated, Any, Literal

from pydantic import BaseModel, ConfigDict, Field, ValidationError, model_validator

WORD_MS = 350
"""How long a word lasts when a call is staged as text."""


class ScriptError(Exception):
    """The script cannot be staged; the message says where and why."""


class Strict(BaseModel):
    model_config = ConfigDict(extra="forbid", frozen=True)


class ScriptLead(Strict):
    name: Annotated[str, Field(min_length=1, max_length=200)]
    company: Annotated[str, Field(min_length=1, max_length=200)]
    industry: str
    notes: str


class ScriptQuestion(Strict):
    text: Annotated[str, Field(min_length=1, max_length=500)]
    type: Literal["open_ended", "multiple_choice", "rating"]
    options: list[str] = Field(default_factory=list)


class ScriptParticipant(Strict):
    id: Annotated[str, Field(pattern=r"^[a-z][a-z0-9]*$")]
    name: Annotated[str, Field(min_length=1, max_length=200)]
    role: Literal["prospect", "rep", "technician", "customer", "ai"]

    @property
    def is_colleague(self) -> bool:
        return self.role in {"rep", "technician"}

    @property
    def is_guest(self) -> bool:
        return self.role in {"prospect", "customer"}


class ScriptTurn(Strict):
    speaker: str
    text: Annotated[str, Field(min_length=1, max_length=2000)]
    gap_ms: Annotated[int, Field(ge=-3000, le=15000)]

    @property
    def written_ms(self) -> int:
        """How long it lasts on the script's clock."""
        return WORD_MS * len(self.text.split())


class Script(Strict):
    id: Annotated[str, Field(min_length=1, max_length=100)]
    genre: str
    title: Annotated[str, Field(min_length=1, max_length=200)]
    language: Literal["en"]
    call_date: str
    lead: ScriptLead
    question_set: list[ScriptQuestion]
    participants: list[ScriptParticipant] = Field(min_length=2, max_length=10)
    turns: list[ScriptTurn] = Field(min_length=1, max_length=200)
    labels: dict[str, Any] = Field(default_factory=dict)

    @model_validator(mode="after")
    def speakers_are_known(self) -> "Script":
        known = {participant.id for participant in self.participants}
        for number, turn in enumerate(self.turns):
            if turn.speaker not in known:
                raise ValueError(f"turn {number} is spoken by “{turn.speaker}”, who is not a participant")
        if sum(participant.is_colleague for participant in self.participants) > 1:
            raise ValueError("more than one rep or technician in a script cannot be staged yet")
        if not any(participant.is_guest for participant in self.participants):
            raise ValueError("a script needs a prospect or a customer")
        return self

    @property
    def agent_ids(self) -> set[str]:
        """Participants whose turns the product's own agent replaces."""
        return {participant.id for participant in self.participants if participant.role == "ai"}

    @property
    def is_led_by_agent(self) -> bool:
        return bool(self.agent_ids)

    def human_turns(self) -> list[tuple[int, ScriptTurn]]:
        """Number and turn, in order, without those of the agent."""
        return [(n, turn) for n, turn in enumerate(self.turns) if turn.speaker not in self.agent_ids]


def load(path: Path) -> Script:
    """Raises ScriptError with the file's name and every fault found."""
    try:
        return Script.model_validate_json(path.read_bytes())
    except OSError as error:
        raise ScriptError(f"{path}: cannot be read ({error.strerror})") from error
    except ValidationError as error:
        faults = "\n".join(
            f"  {'.'.join(str(part) for part in fault['loc']) or 'the file'}: {told(fault)}" for fault in error.errors()
        )
        raise ScriptError(f"{path} is not a script that can be staged:\n{faults}") from error


def told(fault: Any) -> str:
    match fault["type"]:
        case "extra_forbidden":
            return "this field is not known; remove or rename it"
        case "json_invalid":
            return f"this is not JSON ({fault['msg'].removeprefix('Invalid JSON: ')})"
        case "missing":
            return "this field is missing"
        case _:
            return str(fault["msg"]).removeprefix("Value error, ")
