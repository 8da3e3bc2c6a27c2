"""Lines of a CSV text that somebody sends: by column, however the columns are ordered and separated."""

import csv
from collections.abc import Collection
from io import StringIO
from typing import Annotated

from pydantic import AfterValidator, Field

from api.text import is_storable
from domain.errors import InvalidInput

MOST_LINES = 500
SEPARATORS = ",;\t"
"""What spreadsheets write, by country."""

CsvText = Annotated[str, Field(min_length=1, max_length=500_000), AfterValidator(is_storable)]


def csv_lines(text: str, columns: Collection[str], needed: str) -> list[tuple[int, dict[str, str] | None]]:
    """Each line that is not empty with its number, as a spreadsheet counts them, and what stands in which column.

    The first line names the columns; those that are left out are in no line. None: the line has more than there are
    columns. Raises InvalidInput.
    """
    text = text.removeprefix("\ufeff")
    head = text.partition("\n")[0]
    separator = max(SEPARATORS, key=head.count)
    reader = csv.reader(StringIO(text, newline=""), delimiter=separator, strict=True)
    try:
        rows = list(reader)
    except csv.Error:
        raise refused(f"This cannot be read as CSV from line {reader.line_num} on.") from None
    names = [name.strip().casefold() for name in rows[0]] if rows else []
    if needed not in names:
        raise refused(f'The first line must name the columns. The column "{needed}" is needed.')
    if len(names) != len(set(names)) or not set(names) <= set(columns):
        raise refused(f"There is a column too many or not known. Known are {', '.join(columns)}.")
    lines = [(number, row) for number, row in enumerate(rows[1:], start=2) if any(cell.strip() for cell in row)]
    if not lines:
        raise refused("There is no line below the first.")
    if len(lines) > MOST_LINES:
        raise refused(f"There are more than {MOST_LINES} lines. Send them in parts.")
    return [(number, cells(names, row)) for number, row in lines]


def cells(names: list[str], row: list[str]) -> dict[str, str] | None:
    """Spreadsheets end a line with separators; words behind the last column are a separator that was not quoted."""
    if any(cell.strip() for cell in row[len(names) :]):
        return None
    return {name: cell.strip() for name, cell in zip(names, row, strict=False)}


def refused(detail: str) -> InvalidInput:
    return InvalidInput("/body/csv", detail)
