from pathlib import Path

import pytest

from api.settings import ApiSettings
from jobs.settings import JobsSettings
from parley.plan import make_plan
from parley.settings import Settings

pytestmark = pytest.mark.unit


def test_jobs_sign_and_the_api_reads_in_the_same_folder(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    home = tmp_path / "home"
    for given, expected in ((None, home / "audit"), (tmp_path / "other disk", tmp_path / "other disk")):
        plan = make_plan(Settings(home=home, audit_dir=given))
        for name, value in plan.environment().items():
            monkeypatch.setenv(name, value)
        assert JobsSettings().audit_dir == ApiSettings().audit_dir == expected


def test_the_folder_can_be_named_from_where_the_command_is_run(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("PARLEY_AUDIT_DIR", "kept/audit")
    assert Settings().audit_dir == tmp_path / "kept" / "audit"
