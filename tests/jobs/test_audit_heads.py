"""Signed heads: what is written outside the database, and what is told when somebody was at it."""

import asyncio
import json
import os
import stat
from collections.abc import Callable
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

import pytest
from joserfc.jwk import OKPKey

from db.pool import Pool
from db.signed_heads import SignedHeadsFolder
from domain.audit import BEGINNING, Head
from domain.audit_verifying import SignedHeads
from domain.ids import OrganizationId, uuid7
from jobs.audit_heads import AuditHeads
from tests.db.test_audit import read, write
from tests.sample import Tenant, add_tenant

pytestmark = pytest.mark.db

NOON = datetime(2026, 11, 21, 12, 0, tzinfo=UTC)


@pytest.fixture
def folder(tmp_path: Path) -> Path:
    return tmp_path / "home" / "audit"


def file_of(folder: Path, tenant: Tenant) -> Path:
    return folder / f"{tenant.organization_id}.jsonl"


def kept(folder: Path, tenant: Tenant) -> SignedHeads:
    return SignedHeadsFolder(folder).read(tenant.organization_id)


async def signed(pool: Pool, tenant: Tenant, folder: Path, lines: int) -> None:
    """A log of as many entries, each signed as it was written."""
    for _ in range(lines):
        await write(pool, tenant)
        await AuditHeads(pool, folder).sign()


async def test_every_log_that_has_grown_gets_a_line(pool: Pool, tenant: Tenant, folder: Path) -> None:
    other, quiet = await add_tenant(pool), await add_tenant(pool)
    heads = AuditHeads(pool, folder)
    await write(pool, tenant)
    await write(pool, other)
    await heads.sign()
    await heads.sign()
    await write(pool, tenant)
    await write(pool, tenant)
    await heads.sign()
    found = kept(folder, tenant)
    entries = {entry.seq: entry for entry in await read(pool, tenant)}
    assert found.problem is None
    assert [one.head for one in found.heads] == [entries[1].head, entries[3].head]
    assert [one.head.seq for one in kept(folder, other).heads] == [1]
    assert kept(folder, quiet) == SignedHeads()


def modes_in(folder: Path) -> dict[str, int]:
    """Of the folder itself and of everything in it."""
    return {path.name: stat.S_IMODE(path.stat().st_mode) for path in [folder, *folder.iterdir()]}


async def test_only_the_owner_reads_the_key_and_the_heads(pool: Pool, tenant: Tenant, folder: Path) -> None:
    before = os.umask(0)
    try:
        await signed(pool, tenant, folder, 1)
    finally:
        os.umask(before)
    modes = modes_in(folder)
    assert modes.pop("audit") == 0o700
    assert {"key.json", "key.public.json", file_of(folder, tenant).name} <= set(modes)
    assert set(modes.values()) == {0o600}
    assert "d" in json.loads((folder / "key.json").read_text())
    assert "d" not in json.loads((folder / "key.public.json").read_text())


async def test_several_who_sign_at_first_use_make_one_key_and_one_chain_of_lines(
    pool: Pool, tenant: Tenant, folder: Path
) -> None:
    await write(pool, tenant)
    await asyncio.gather(*(AuditHeads(pool, folder).sign() for _ in range(5)))
    found = kept(folder, tenant)
    assert found.problem is None
    assert {one.head.seq for one in found.heads} == {1}
    assert not [name for name in modes_in(folder) if name.startswith(".")]


def lines_of(path: Path) -> list[str]:
    return path.read_text().splitlines(keepends=True)


def line_changed(path: Path) -> None:
    """The payload of the second line is the third one's."""
    first, second, third = (json.loads(line) for line in lines_of(path))
    second["payload"] = third["payload"]
    path.write_text("".join(json.dumps(line) + "\n" for line in (first, second, third)))


def line_of_another_key(path: Path) -> None:
    organization_id = OrganizationId(UUID(path.stem))
    elsewhere = path.parent.parent / "elsewhere"
    SignedHeadsFolder(elsewhere).append(organization_id, BEGINNING, NOON)
    path.write_text((elsewhere / path.name).read_text())


def line_of_another_organization(path: Path) -> None:
    other = OrganizationId(uuid7())
    SignedHeadsFolder(path.parent).append(other, BEGINNING, NOON)
    path.write_text((path.parent / f"{other}.jsonl").read_text())


TAMPERINGS: dict[str, tuple[Callable[[Path], Any], int, str]] = {
    "the last line cut": (
        lambda path: path.write_bytes(path.read_bytes()[:-20]), 2,
        "The last line of the file of signed heads was cut off.",
    ),
    "a line taken out": (
        lambda path: path.write_text("".join(lines_of(path)[::2])), 1,
        "Line 2 of the file of signed heads does not follow on the one before it: lines were taken out.",
    ),
    "the beginning taken out": (
        lambda path: path.write_text("".join(lines_of(path)[1:])), 0,
        "Line 1 of the file of signed heads does not follow on the one before it: lines were taken out.",
    ),
    "a line changed": (
        line_changed, 1, "Line 2 of the file of signed heads was changed: its signature does not fit.",
    ),
    "no JSON": (
        lambda path: path.write_text(lines_of(path)[0] + "{}\n"), 1, "Line 2 of the file of signed heads is not whole.",
    ),
    "no text": (
        lambda path: path.write_bytes(b"\xff\xfe\n"), 0, "Line 1 of the file of signed heads is not whole.",
    ),
    "another key's file": (
        line_of_another_key, 0,
        "Line 1 of the file of signed heads was signed with another key than the one that is kept here.",
    ),
    "another organization's file": (
        line_of_another_organization, 0, "Line 1 of the file of signed heads is about another organization.",
    ),
    "the key exchanged": (
        lambda path: (path.parent / "key.public.json").write_text(another_key()), 0,
        "Line 1 of the file of signed heads was signed with another key than the one that is kept here.",
    ),
    "no key": (
        lambda path: (path.parent / "key.public.json").unlink(), 0,
        "The key of the signed heads, key.public.json, is missing or damaged.",
    ),
}  # fmt: skip


def another_key() -> str:
    return json.dumps(OKPKey.generate_key("Ed25519").as_dict(private=False))


@pytest.mark.parametrize("way", TAMPERINGS)
async def test_what_was_done_to_the_file_is_told_plainly(pool: Pool, tenant: Tenant, folder: Path, way: str) -> None:
    tamper, believed, problem = TAMPERINGS[way]
    await signed(pool, tenant, folder, 3)
    assert kept(folder, tenant).problem is None
    tamper(file_of(folder, tenant))
    found = kept(folder, tenant)
    assert (found.problem, len(found.heads)) == (problem, believed)


@pytest.mark.parametrize("way", TAMPERINGS)
async def test_nothing_is_signed_onto_a_file_that_cannot_be_believed(
    pool: Pool, tenant: Tenant, folder: Path, way: str
) -> None:
    await signed(pool, tenant, folder, 3)
    TAMPERINGS[way][0](file_of(folder, tenant))
    before = file_of(folder, tenant).read_bytes()
    await write(pool, tenant)
    await AuditHeads(pool, folder).sign()
    assert file_of(folder, tenant).read_bytes() == before


async def test_a_log_that_was_changed_since_it_was_signed_is_not_signed_again(
    pool: Pool, tenant: Tenant, folder: Path, owner: Any
) -> None:
    await signed(pool, tenant, folder, 2)
    await write(pool, tenant)
    await owner.execute(
        "UPDATE audit_entries SET action = 'nothing' WHERE organization_id = $1 AND seq = 3", tenant.organization_id
    )
    other = await add_tenant(pool)
    await write(pool, other)
    await AuditHeads(pool, folder).sign()
    assert [one.head.seq for one in kept(folder, tenant).heads] == [1, 2]
    assert [one.head.seq for one in kept(folder, other).heads] == [1]


async def test_a_folder_that_refuses_keeps_no_other_log_waiting(pool: Pool, tenant: Tenant, folder: Path) -> None:
    await write(pool, tenant)
    file_of(folder, tenant).mkdir(parents=True)
    other = await add_tenant(pool)
    await write(pool, other)
    await AuditHeads(pool, folder).sign()
    assert [one.head.seq for one in kept(folder, other).heads] == [1]


async def test_a_key_that_does_not_belong_to_the_public_one_signs_nothing(folder: Path, tenant: Tenant) -> None:
    heads = SignedHeadsFolder(folder)
    heads.append(tenant.organization_id, Head(1, bytes(32)), NOON)
    (folder / "key.json").unlink()
    with pytest.raises(ValueError, match="does not belong"):
        heads.append(tenant.organization_id, Head(2, bytes(32)), NOON)
    assert len(heads.read(tenant.organization_id).heads) == 1
