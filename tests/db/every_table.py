"""A row of one organization in every table behind the wall, and a call in each state that a lookup asks for."""

from dataclasses import dataclass, field
from datetime import UTC, datetime
from typing import Any
from uuid import UUID

from db import calls, events, leases
from db.pool import Pool, transaction
from domain.call import Call, Consent
from domain.ids import uuid7
from tests.sample import Tenant, add_call, add_tenant, said, shown


@dataclass(frozen=True, kw_only=True)
class Filled:
    tenant: Tenant
    call: Call
    """With words, a nudge, a review, mails and consents."""

    device_id: UUID = field(default_factory=uuid7)
    link_id: UUID = field(default_factory=uuid7)
    email_id: UUID = field(default_factory=uuid7)


async def fill_every_table(pool: Pool, tenant: Tenant | None = None) -> Filled:
    tenant = tenant or await add_tenant(pool)
    call = await add_call(pool, tenant.rep)
    filled = Filled(tenant=tenant, call=call)
    spoken = said(call)
    async with transaction(pool, tenant.organization_id) as connection:
        await calls.add_consent(
            connection, call, call.invitees[0].invitee_id, Consent(transcription=True, recording=False)
        )
        await events.append(connection, tenant.organization_id, call.call_id, [spoken, shown(call, spoken.segment)])
        await leases.take(connection, tenant.organization_id, call.call_id, expected_epoch=0)
        for table, row in without_a_writer_here(filled).items():
            row["organization_id"] = tenant.organization_id
            places = ", ".join(f"${number}" for number in range(1, len(row) + 1))
            await connection.execute(f"INSERT INTO {table} ({', '.join(row)}) VALUES ({places})", *row.values())
    return filled


def without_a_writer_here(filled: Filled) -> dict[str, dict[str, Any]]:
    """In the order of their references."""
    rep_id, manager_id = filled.tenant.rep.user_id, filled.tenant.manager.user_id
    call_id, team_id, at = filled.call.call_id, uuid7(), datetime.now(UTC)
    return {
        "idempotency_keys": {"user_id": rep_id, "key": "k", "request_sha256": b"", "call_id": call_id},
        "nudge_responses": {"call_id": call_id, "nudge_id": uuid7(), "user_id": rep_id},
        "reviews": {"call_id": call_id, "status": "queued", "step": "transcript", "review": "{}"},
        "emails": {
            "id": filled.email_id, "call_id": call_id, "kind": "summary", "user_id": rep_id,
            "to_name": "Ada", "to_email": "ada@acme.example", "status": "waiting",
        },
        "mailbox_messages": {"id": uuid7(), "sender": "a@b.example", "recipients": [], "subject": "", "raw": b""},
        "organization_settings": {},
        "room_places": {"call_id": call_id, "identity": "prospect-1", "state": "inside"},
        "smtp_trials": {"id": uuid7(), "user_id": rep_id},
        "mail_servers": {"id": uuid7(), "position": 0, "server": "{}"},
        "suppressed_addresses": {"address": "gone@acme.example", "scope": "everything", "reason": "bounced"},
        "question_set_versions": {
            "question_set_id": filled.tenant.question_set.question_set_id, "version": 100, "title": "First",
            "questions": "[]",
        },
        "user_identities": {"user_id": rep_id, "issuer": "https://id.example", "subject": str(rep_id)},
        "devices": {"id": filled.device_id, "user_id": rep_id, "label": "Firefox on Linux", "expires_at": at},
        "sign_in_links": {"id": filled.link_id, "user_id": rep_id, "purpose": "sign_in", "expires_at": at},
        "teams": {"id": team_id, "name": "Field"},
        "team_members": {"team_id": team_id, "user_id": rep_id, "role": "rep"},
        "assignments": {"manager_id": manager_id, "rep_id": rep_id},
        "audit_entries": {
            "seq": 1, "id": uuid7(), "at": at, "actor_kind": "system", "action": "call_ended", "subject_kind": "call",
            "subject_id": str(call_id), "facts": "{}", "previous": b"", "hash": b"",
        },
        "audit_heads": {"seq": 1, "hash": b""},
    }  # fmt: skip
