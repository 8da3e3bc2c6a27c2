import asyncio
import shutil
from pathlib import Path

import asyncpg
import pytest

from db import migrate, question_json
from domain.question_set import Depth
from tests.conftest import Database

pytestmark = pytest.mark.db

ALL = sorted(path.stem for path in migrate.MIGRATIONS.glob("*.sql"))


async def test_an_empty_database_gets_all_of_them_and_a_second_time_none(empty_database: Database) -> None:
    assert await migrate.pending(empty_database.owner_url) == ALL
    assert await migrate.apply(empty_database.owner_url, app_password=None) == ALL
    assert await migrate.apply(empty_database.owner_url, app_password=None) == []
    assert await migrate.pending(empty_database.owner_url) == []


async def test_of_two_that_start_together_one_applies_and_the_other_finds_it_done(empty_database: Database) -> None:
    applied = await asyncio.gather(*(migrate.apply(empty_database.owner_url, app_password=None) for _ in range(2)))
    assert sorted(applied) == [[], ALL]


async def test_question_sets_and_mails_of_before_are_as_if_they_had_always_had_versions_and_ends(
    empty_database: Database, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    for path in migrate.MIGRATIONS.glob("*.sql"):
        if path.stem < "0008":
            shutil.copy(path, tmp_path)
    with monkeypatch.context() as before:
        before.setattr(migrate, "MIGRATIONS", tmp_path)
        await migrate.apply(empty_database.owner_url, app_password=None)
    owner = await asyncpg.connect(empty_database.owner_url)
    try:
        await owner.execute(BEFORE_0008)
        assert await migrate.apply(empty_database.owner_url, app_password=None) == [n for n in ALL if n >= "0008"]
        rows = await owner.fetch(
            "SELECT v.title, v.version, v.questions::text AS questions, v.created_at = s.created_at AS is_as_old "
            "FROM question_set_versions v JOIN question_sets s ON s.id = v.question_set_id ORDER BY v.title"
        )
        assert [(row["title"], row["version"], row["is_as_old"]) for row in rows] == [
            ("A", 1, True),
            ("Empty", 1, True),
        ]
        assert question_json.load(rows[1]["questions"]) == ()
        first, second = question_json.load(rows[0]["questions"])
        assert (first.text, first.options, first.is_active, first.depth) == (
            "Which?",
            ("desk", "floor"),
            True,
            Depth.MEDIUM,
        )
        assert (second.text, second.position, second.skip_if) == ("Why?", 1, None)
        mails = await owner.fetch("SELECT status, ended_at = created_at AS is_ended FROM emails ORDER BY status")
        assert [tuple(mail) for mail in mails] == [("failed", True), ("sent", True), ("waiting", None)]
    finally:
        await owner.close()


BEFORE_0008 = """
INSERT INTO organizations (id, name) VALUES ('00000000-0000-0000-0000-000000000001', 'Acme');
INSERT INTO users (id, organization_id, name, email, role)
  SELECT gen_random_uuid(), id, 'Ada', 'ada@acme.example', 'rep' FROM organizations;
INSERT INTO question_sets (id, organization_id, title)
  SELECT gen_random_uuid(), id, title FROM organizations, unnest(ARRAY['A', 'Empty']) AS title;
INSERT INTO questions (id, organization_id, question_set_id, position, text, type, options)
  SELECT gen_random_uuid(), organization_id, id, position, text, type, options::text[]
  FROM question_sets, (VALUES (1, 'Why?', 'open_ended', '{}'), (0, 'Which?', 'multiple_choice', '{desk,floor}'))
    AS question (position, text, type, options)
  WHERE title = 'A';
INSERT INTO calls (id, organization_id, title, kind, status, starts_at, duration_minutes, owner_id, staged_as_text)
  SELECT gen_random_uuid(), organization_id, 'Call', 'assisted', 'scheduled', now(), 30, id, false FROM users;
INSERT INTO emails (id, organization_id, call_id, kind, user_id, to_name, to_email, status, created_at, sent_at)
  SELECT gen_random_uuid(), organization_id, id, mail.kind, owner_id, 'Ada', 'ada@acme.example', mail.status, now(),
    CASE mail.status WHEN 'sent' THEN now() END
  FROM calls, (VALUES ('invite', 'queued'), ('agent_joined', 'sent'), ('summary', 'failed')) AS mail (kind, status);
"""


async def test_a_password_of_any_characters_becomes_the_products(empty_database: Database) -> None:
    password = "it's \\ a 'pass\"word; DROP TABLE calls"
    await migrate.apply(empty_database.owner_url, app_password=password)
    owner = await asyncpg.connect(empty_database.owner_url)
    try:
        kept = await owner.fetchval("SELECT rolpassword FROM pg_authid WHERE rolname = 'parley_app'")
        assert kept.startswith("SCRAM-SHA-256$")
        assert await owner.fetchval("SELECT to_regclass('public.calls') IS NOT NULL")
    finally:
        await owner.close()


async def test_a_database_that_is_away_is_an_error_and_not_an_endless_wait() -> None:
    with pytest.raises(OSError):  # noqa: PT011 (which one depends on how it is away)
        await migrate.apply("postgresql://postgres@/none?host=/nowhere", app_password=None)
