"""The set-up's steps, stamps and messages. The whole of it, from nothing, is `make setup` in CI."""

import os
import re
import subprocess
import sys
from pathlib import Path

import pytest

from parley import steps as stepping
from parley.bootstrap import Bootstrap, give_tools_a_home
from parley.settings import CHECKOUT
from parley.steps import Stamps, StepFailed, Steps, files_under, fingerprint

pytestmark = pytest.mark.system

NPM = """#!/bin/sh
echo "npm $*" >> "$RAN"
case "$1 $2" in
"ci "*) mkdir -p node_modules ;;
"run build") mkdir -p dist; touch dist/index.html ;;
esac
"""


@pytest.fixture
def checkout(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    """A checkout with a web folder, and an npm that only notes what it is asked for."""
    root, path = tmp_path / "checkout", tmp_path / "path"
    (root / "web" / "src").mkdir(parents=True)
    path.mkdir()
    for name in ("package.json", "package-lock.json", "src/main.tsx"):
        (root / "web" / name).write_text(name)
    for name, text in (("npm", NPM), ("node", "#!/bin/sh\necho v20.20.2\n")):
        (path / name).write_text(text)
        (path / name).chmod(0o755)
    monkeypatch.setenv("PATH", f"{path}:/usr/bin:/bin")
    monkeypatch.setenv("RAN", str(tmp_path / "ran"))
    return root


def ran(tmp_path: Path) -> list[str]:
    return [line.split(" --")[0] for line in (tmp_path / "ran").read_text().splitlines()]


def web(root: Path) -> None:
    bootstrap = Bootstrap(root)
    bootstrap.web_packages()
    bootstrap.web_build()


def test_the_web_is_built_once_and_again_only_when_a_source_changes(checkout: Path, tmp_path: Path) -> None:
    web(checkout)
    web(checkout)
    assert ran(tmp_path) == ["npm ci", "npm run build"]
    (checkout / "web" / "dist" / "extra.js").write_text("made by the build")
    web(checkout)
    assert len(ran(tmp_path)) == 2
    (checkout / "web" / "src" / "main.tsx").write_text("changed")
    web(checkout)
    assert ran(tmp_path)[2:] == ["npm run build"]
    (checkout / "web" / "package-lock.json").write_text("changed")
    web(checkout)
    assert ran(tmp_path)[3:] == ["npm ci", "npm run build"]


def test_pages_that_were_removed_are_built_again(checkout: Path, tmp_path: Path) -> None:
    web(checkout)
    (checkout / "web" / "dist" / "index.html").unlink()
    web(checkout)
    assert ran(tmp_path) == ["npm ci", "npm run build", "npm run build"]


def test_an_old_node_is_named(checkout: Path, tmp_path: Path) -> None:
    (tmp_path / "path" / "node").write_text("#!/bin/sh\necho v18.1.0\n")
    with pytest.raises(StepFailed, match=r"Node\.js 20 or newer.* is v18\.1\.0"):
        web(checkout)


def test_a_command_that_fails_shows_its_last_lines_and_where_all_of_it_is(tmp_path: Path) -> None:
    steps = Steps(tmp_path, tmp_path / "log")
    with pytest.raises(StepFailed, match=r"exited with 3[\s\S]*    the reason\n[\s\S]*All of it is in .*log"):
        steps.run(["sh", "-c", "echo the reason; exit 3"])
    assert "the reason" in (tmp_path / "log").read_text()


def test_a_long_step_is_never_silent(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> None:
    monkeypatch.setattr(stepping, "HEARTBEAT_S", 0.05)
    steps = Steps(tmp_path, tmp_path / "log")
    with steps.step("slow thing"):
        steps.run(["sh", "-c", "echo half way; sleep 0.5"])
    text = capsys.readouterr().out
    assert len(re.findall(r"slow thing +… .*half way", text)) >= 3
    assert re.search(r"slow thing +done", text)


def test_a_virtual_environment_that_was_made_elsewhere_is_made_anew(tmp_path: Path) -> None:
    subprocess.run(["cp", "-a", str(CHECKOUT / ".venv" / "pyvenv.cfg"), str(tmp_path)], check=True)
    root = tmp_path / "moved"
    (root / ".venv" / "bin").mkdir(parents=True)
    (tmp_path / "pyvenv.cfg").rename(root / ".venv" / "pyvenv.cfg")
    (root / ".venv" / "bin" / "python").symlink_to(sys.executable)
    assert not Bootstrap(root)._environment_fits()
    made = Bootstrap(tmp_path / "fresh")
    subprocess.run([sys.executable, "-m", "venv", "--without-pip", str(made.venv)], check=True)
    assert made._environment_fits()
    made.python.unlink()
    assert not made._environment_fits()


def test_tools_get_a_home_where_there_is_none(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("HOME", "/nonexistent")
    monkeypatch.setenv("GOFLAGS", "")
    give_tools_a_home(tmp_path)
    assert os.environ["HOME"] == str(tmp_path / ".venv" / "home")
    monkeypatch.setenv("HOME", str(tmp_path))
    give_tools_a_home(tmp_path)
    assert os.environ["HOME"] == str(tmp_path)


def test_a_stamp_fits_only_what_it_was_written_for(tmp_path: Path) -> None:
    stamps = Stamps(tmp_path / "stamps")
    assert not stamps.fits("thing", "a")
    stamps.write("thing", "a")
    assert stamps.fits("thing", "a")
    assert not stamps.fits("thing", "b")


def test_a_fingerprint_changes_with_contents_and_names_and_not_with_what_is_left_out(tmp_path: Path) -> None:
    (tmp_path / "dist").mkdir()
    (tmp_path / "a").write_text("1")

    def now() -> str:
        return fingerprint(files_under(tmp_path, ["dist"]))

    first = now()
    (tmp_path / "dist" / "b").write_text("1")
    assert now() == first
    (tmp_path / "a").rename(tmp_path / "c")
    assert now() != first


def test_the_bootstrap_needs_nothing_but_the_standard_library() -> None:
    """As the system's own Python starts it on a fresh checkout: isolated, without site packages."""
    path = f"import sys; sys.path.insert(0, {str(CHECKOUT)!r})"
    code = f"{path}; import parley.bootstrap; print(sorted(sys.modules))"
    said = subprocess.run([sys.executable, "-I", "-S", "-c", code], capture_output=True, text=True, check=True)
    for package in ("pydantic", "typer", "httpx"):
        assert f"'{package}'" not in said.stdout
