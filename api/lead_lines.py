"""A table of leads, read line by line: what is a lead, and what is wrong with the others."""

from collections.abc import Sequence
from dataclasses import dataclass, replace

from pydantic import BaseModel, ValidationError, field_validator

from api.csv_lines import csv_lines
from api.problems import explained
from api.text import EmailAddress, Line, LineOrNothing, Paragraph
from domain.lead import LeadStatus

COLUMNS = ("name", "company", "email", "industry", "notes", "status")

TOO_MANY_CELLS = "This line has more cells than there are columns. Put quotes around words with a comma."


class Cells(BaseModel):
    """Of one line; an empty cell says nothing."""

    name: Line
    company: LineOrNothing = ""
    email: EmailAddress | None = None
    industry: LineOrNothing = ""
    notes: Paragraph = ""
    status: LeadStatus | None = None

    @field_validator("status", mode="before")
    @classmethod
    def as_people_write_it(cls, text: object) -> object:
        """ "Needs follow-up" is needs_follow_up."""
        return text.strip().lower().replace("-", "_").replace(" ", "_") if isinstance(text, str) else text


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadLine:
    """Either cells or a problem."""

    number: int  # as a spreadsheet counts; the line of the columns is 1
    name: str
    email: str
    cells: Cells | None = None
    problem: str | None = None  # in words for people


def lead_lines(text: str) -> Sequence[LeadLine]:
    """Raises InvalidInput when the table as a whole cannot be read."""
    lines: list[LeadLine] = []
    known: dict[str, int] = {}
    for number, cells in csv_lines(text, COLUMNS, needed="name"):
        line = lead_line(number, cells)
        address = line.email.lower()
        if address and line.cells and address in known:
            line = replace(line, cells=None, problem=f"Line {known[address]} has this address already.")
        elif address and line.cells:
            known[address] = number
        lines.append(line)
    return lines


def lead_line(number: int, cells: dict[str, str] | None) -> LeadLine:
    given = {name: cell for name, cell in (cells or {}).items() if cell}
    line = LeadLine(number=number, name=given.get("name", "")[:200], email=given.get("email", "")[:254])
    if cells is None:
        return replace(line, problem=TOO_MANY_CELLS)
    try:
        return replace(line, cells=Cells.model_validate(given))
    except ValidationError as error:
        first = error.errors()[0]
        return replace(line, problem=f"{first['loc'][0]}: {explained(first)['detail']}")
