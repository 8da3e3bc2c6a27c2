"""Makes a fresh checkout runnable: `python3 -m parley.bootstrap`, on Python 3.11 or newer.

Standard library only: nothing is installed yet when it runs.

Every step is skipped within milliseconds when the hash of its inputs is the one it was last done for.
"""

from __future__ import annotations

import argparse
import fcntl
import os
import re
import shutil
import subprocess
import sys
import time
from collections.abc import Iterator
from concurrent.futures import ThreadPoolExecutor
from contextlib import contextmanager
from pathlib import Path

from parley import livekit_server
from parley.steps import Stamps, StepFailed, Steps, files_under, fingerprint

OLDEST_PYTHON = (3, 11)
OLDEST_NODE = 20
NOT_WEB_SOURCES = ("node_modules", "dist", "test-results", "playwright-report", "coverage", ".vite")


class Bootstrap:
    """The set-up of one checkout."""

    def __init__(self, root: Path) -> None:
        self.root = root
        self.venv = root / ".venv"
        self.python = self.venv / "bin" / "python"
        self.uv = self.venv / "bin" / "uv"
        self.web = root / "web"
        self.stamps = Stamps(self.venv / "stamps")
        self.steps = Steps(root, self.venv / "bootstrap.log")

    def everything(self, for_tests: bool) -> None:
        """All steps in order, but livekit-server beside the others: its build takes minutes."""
        self.environment()
        give_tools_a_home(self.root)
        self.installer()
        with ThreadPoolExecutor(max_workers=1) as beside:
            server = beside.submit(self.media_server)
            self.packages()
            self.web_packages()
            self.web_build()
            if for_tests:
                self.browser()
            server.result()

    def environment(self) -> None:
        """The virtual environment; made anew when its Python is gone or it was made for another folder."""
        if self._environment_fits():
            self.steps.skip("Python environment")
            return
        try:
            import ensurepip  # noqa: F401
            import venv  # noqa: F401
        except ImportError as error:
            version = f"{sys.version_info.major}.{sys.version_info.minor}"
            raise StepFailed(
                f"Python {version} cannot make a virtual environment here ({error}).\n"
                f"  On Debian or Ubuntu: apt-get install python{version}-venv"
            ) from error
        with self.steps.step("Python environment"):
            subprocess.run([sys.executable, "-m", "venv", "--clear", str(self.venv)], check=True)

    def _environment_fits(self) -> bool:
        try:
            text = (self.venv / "pyvenv.cfg").read_text(encoding="utf-8")
        except OSError:
            return False
        made_for = re.search(r"^command = .* -m venv .*?(/\S.*)$", text, re.MULTILINE)
        version = re.search(r"^version = (\d+)\.(\d+)", text, re.MULTILINE)
        return (
            made_for is not None
            and made_for.group(1).strip() == str(self.venv)
            and version is not None
            and (int(version.group(1)), int(version.group(2))) >= OLDEST_PYTHON
            and self.python.exists()
        )

    def installer(self) -> None:
        """uv, pinned by hash."""
        wanted = fingerprint([self.root / "requirements-uv.txt"])
        if self.stamps.fits("uv", wanted) and self.uv.exists():
            self.steps.skip("uv")
            return
        with self.steps.step("uv"):
            pip = [str(self.python), "-m", "pip", "--disable-pip-version-check", "install", "--no-deps"]
            self.steps.run([*pip, "--require-hashes", "-r", "requirements-uv.txt"])
        self.stamps.write("uv", wanted)

    def packages(self) -> None:
        """Exactly the packages of requirements.lock, and this checkout itself as an editable install."""
        inputs = [self.root / "requirements.lock", self.root / "pyproject.toml"]
        wanted = fingerprint(inputs, str(self.python.resolve()), str(self.root))
        if self.stamps.fits("packages", wanted):
            self.steps.skip("Python packages")
            return
        with self.steps.step("Python packages"):
            uv = [str(self.uv), "pip"]
            here = ["--python", str(self.python)]
            self.steps.run([*uv, "sync", *here, "--require-hashes", "requirements.lock"])
            self.steps.run([*uv, "install", *here, "--no-deps", "--no-build-isolation", "--editable", "."])
        self.stamps.write("packages", wanted)

    def media_server(self) -> None:
        """livekit-server: found on PATH or here, else built, else unpacked from its release."""
        binaries = self.venv / "bin"
        mine = binaries / "livekit-server"
        wanted = livekit_server.VERSION
        if mine.exists() and self.stamps.fits("livekit-server", f"{wanted} {mine.stat().st_mtime_ns}"):
            self.steps.skip("livekit-server")
            return
        present = livekit_server.find(binaries)
        if present is None:
            releases = os.environ.get("PARLEY_LIVEKIT_RELEASES", livekit_server.RELEASES)
            with self.steps.step("livekit-server"):
                present, how = livekit_server.ensure(binaries, self.steps.run, releases=releases)
            self.steps.say(f"    {how}: {present}")
        else:
            self.steps.skip("livekit-server", f"found: {present}")
        if mine.exists():
            self.stamps.write("livekit-server", f"{wanted} {mine.stat().st_mtime_ns}")

    def web_packages(self) -> None:
        """node_modules, exactly as package-lock.json says; no package's own install script runs."""
        if not (self.web / "package-lock.json").exists():
            self.steps.skip("web packages", "no web/package-lock.json in this checkout")
            return
        inputs = [self.web / "package.json", self.web / "package-lock.json"]
        wanted = fingerprint(inputs, str(self.web))
        stamps = Stamps(self.web / "node_modules" / ".parley")
        if stamps.fits("packages", wanted):
            self.steps.skip("web packages")
            return
        self._node()
        with self.steps.step("web packages"):
            self.steps.run(["npm", "ci", "--ignore-scripts", "--no-audit", "--no-fund"], cwd=self.web)
        stamps.write("packages", wanted)

    def web_build(self) -> None:
        """web/dist, when a source of it has changed."""
        if not (self.web / "package-lock.json").exists():
            return
        wanted = fingerprint(files_under(self.web, NOT_WEB_SOURCES))
        stamps = Stamps(self.web / "node_modules" / ".parley")
        if stamps.fits("build", wanted) and (self.web / "dist" / "index.html").exists():
            self.steps.skip("web pages")
            return
        self._node()
        with self.steps.step("web pages"):
            self.steps.run(["npm", "run", "build"], cwd=self.web)
        stamps.write("build", wanted)

    def _node(self) -> None:
        node = shutil.which("node")
        if node is None or shutil.which("npm") is None:
            raise StepFailed(
                f"Node.js {OLDEST_NODE} or newer and npm are needed for the web pages, and are not on PATH."
            )
        said = subprocess.run([node, "--version"], capture_output=True, text=True, check=False).stdout
        major = re.match(r"v(\d+)\.", said)
        if major is None or int(major.group(1)) < OLDEST_NODE:
            raise StepFailed(f"Node.js {OLDEST_NODE} or newer is needed; {node} is {said.strip() or 'broken'}.")

    def browser(self) -> None:
        """Chromium for the tests: the one on PATH, else Debian's package as root, else Playwright's own."""
        if shutil.which("chromium"):
            self.steps.skip("Chromium", f"found: {shutil.which('chromium')}")
            return
        with self.steps.step("Chromium"):
            if os.geteuid() == 0 and shutil.which("apt-get"):
                self.steps.run(["apt-get", "update"])
                more = {"DEBIAN_FRONTEND": "noninteractive"}
                self.steps.run(["apt-get", "install", "-y", "--no-install-recommends", "chromium"], more)
            else:
                self.steps.run(["npx", "playwright", "install", "chromium"], cwd=self.web)


@contextmanager
def alone_in(root: Path, steps: Steps) -> Iterator[None]:
    """Only one set-up at a time works on a checkout. The kernel lets go of the lock when its holder dies."""
    folder = os.open(root, os.O_RDONLY)
    try:
        try:
            fcntl.flock(folder, fcntl.LOCK_EX | fcntl.LOCK_NB)
        except BlockingIOError:
            steps.say("  Another set-up works on this checkout; waiting for it.")
            fcntl.flock(folder, fcntl.LOCK_EX)
        yield
    finally:
        os.close(folder)


def give_tools_a_home(root: Path) -> None:
    """Points HOME into the checkout when none can be written: uv, npm and Go keep their caches there."""
    home = os.environ.get("HOME", "")
    if home and os.path.isdir(home) and os.access(home, os.W_OK):
        return
    own = root / ".venv" / "home"
    own.mkdir(parents=True, exist_ok=True)
    os.environ["HOME"] = str(own)
    os.environ["GOFLAGS"] = f"{os.environ.get('GOFLAGS', '')} -modcacherw".strip()


def main() -> int:
    """Sets up the checkout of this file: 0 when all is there, 1 when a step failed, 130 when stopped."""
    arguments = argparse.ArgumentParser(prog="python3 -m parley.bootstrap", description=__doc__)
    arguments.add_argument("--tests", action="store_true", help="get what the tests need, too (Chromium)")
    for_tests = arguments.parse_args().tests
    root = Path(__file__).resolve().parent.parent
    started = time.monotonic()
    print(f"Setting up Parley in {root}", flush=True)
    if sys.version_info < OLDEST_PYTHON:
        print(f"Python 3.11 or newer is needed; {sys.executable} is {sys.version.split()[0]}.", file=sys.stderr)
        return 1
    bootstrap = Bootstrap(root)
    try:
        with alone_in(root, bootstrap.steps):
            bootstrap.everything(for_tests)
    except KeyboardInterrupt:
        print("Stopped. Run it again to go on.", file=sys.stderr)
        return 130
    except (StepFailed, livekit_server.NoLiveKitServer, subprocess.CalledProcessError, OSError) as error:
        print(f"\nThe set-up failed: {error}", file=sys.stderr)
        return 1
    print(f"Set up in {time.monotonic() - started:.1f} s", flush=True)
    return 0


if __name__ == "__main__":
    sys.exit(main())
