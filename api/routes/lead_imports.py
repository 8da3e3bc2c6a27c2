"""Leads from a table: added, or changed where their address is known, with a report line by line."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict

from api.csv_lines import CsvText
from api.deps import CurrentUser, OwnConnection
from api.lead_lines import Cells, LeadLine, lead_lines
from db import audit, leads
from db.leads import LeadChange
from db.pool import Connection
from domain.access import Viewer
from domain.audit import Actor, Subject
from domain.ids import LeadId, uuid7
from domain.lead import Lead, LeadStatus

router = APIRouter(prefix="/lead-imports")


class WantedImport(BaseModel):
    model_config = ConfigDict(extra="forbid")
    csv: CsvText


Change = tuple[Lead, Lead]
"""A lead before and after."""


@dataclass(frozen=True, slots=True, kw_only=True)
class ImportedLead:
    line: int  # as a spreadsheet counts; the line of the columns is 1
    name: str
    email: str
    result: Literal["added", "changed", "problem"]  # with `check`: what it would be
    problem: str | None
    lead_id: LeadId | None  # None: a problem, or only checked


@dataclass(frozen=True, slots=True, kw_only=True)
class LeadImport:
    lines: list[ImportedLead]
    added: int
    changed: int
    problems: int


@router.post("")
async def import_leads(
    connection: OwnConnection, user: CurrentUser, wanted: WantedImport, check: bool = False
) -> LeadImport:
    """With `check` nothing is kept. A line with a problem does not stop the others; empty cells change nothing."""
    lines = lead_lines(wanted.csv)
    import_id = uuid7()
    await leads.lock_imports(connection, user.organization_id)
    addresses = [line.cells.email for line in lines if line.cells and line.cells.email]
    known = await leads.by_address(connection, user.organization_id, addresses)
    done: list[ImportedLead] = []
    changes: list[Change] = []
    for line in lines:
        before = known.get(line.email.lower()) if line.cells else None
        lead = await kept(connection, user, line.cells, before, import_id) if line.cells and not check else None
        if before and lead:
            changes.append((before, lead))
        done.append(reported(line, before, lead.lead_id if lead else None))
    report = LeadImport(
        lines=done,
        added=sum(line.result == "added" for line in done),
        changed=sum(line.result == "changed" for line in done),
        problems=sum(line.result == "problem" for line in done),
    )
    if not check and report.added + report.changed:
        await note(connection, user, import_id, report, changes)
    return report


async def kept(connection: Connection, user: Viewer, cells: Cells, before: Lead | None, import_id: UUID) -> Lead | None:
    """The lead as it is then; None when it has gone meanwhile."""
    if before:
        return await leads.change(connection, user.organization_id, before.lead_id, change_of(cells))
    lead = Lead(
        lead_id=LeadId(uuid7()),
        name=cells.name,
        company=cells.company,
        industry=cells.industry,
        notes=cells.notes,
        email=cells.email,
        status=cells.status or LeadStatus.NEW,
    )
    await leads.add(connection, user.organization_id, lead, import_id)
    return lead


async def note(
    connection: Connection, user: Viewer, import_id: UUID, report: LeadImport, changes: Sequence[Change]
) -> None:
    """In the audit log: the import, and each lead that is another now."""
    actor = Actor.user(user.user_id)
    await audit.write(
        connection, user.organization_id, actor, "leads_imported", Subject("lead_import", str(import_id)),
        added=report.added, changed=report.changed,
    )  # fmt: skip
    for before, after in changes:
        if before != after:
            statuses = {"status_before": before.status, "status_after": after.status}
            await audit.write(
                connection, user.organization_id, actor, "lead_imported", Subject("lead", str(after.lead_id)),
                import_id=import_id, **(statuses if before.status is not after.status else {}),
            )  # fmt: skip


def change_of(cells: Cells) -> LeadChange:
    """The address stays as it is written there."""
    return LeadChange(
        name=cells.name,
        company=cells.company or None,
        industry=cells.industry or None,
        notes=cells.notes or None,
        status=cells.status,
    )


def reported(line: LeadLine, before: Lead | None, lead_id: LeadId | None) -> ImportedLead:
    return ImportedLead(
        line=line.number,
        name=line.name,
        email=line.email,
        result="problem" if line.problem else "changed" if before else "added",
        problem=line.problem,
        lead_id=lead_id,
    )
