"""PARLEY_HOME: the private folder with one copy's secrets, logs, lock and, when not root, its database."""

from __future__ import annotations

import fcntl
import json
import os
import secrets
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import asdict, dataclass, fields
from pathlib import Path
from typing import Any, Self

from parley.problems import SetupProblem


@dataclass(frozen=True)
class Secrets:
    """Made once for each PARLEY_HOME and never shown.

    home_id:            names this home's database folder when we run as root; 16 hex digits
    livekit_key/secret: what LiveKit tokens are signed with
    secret:             what links and cookies are signed with; 32 bytes in hex
    database_password:  of the role parley_app, used on a PostgreSQL that is not ours
    """

    home_id: str
    livekit_key: str
    livekit_secret: str
    secret: str
    database_password: str

    @classmethod
    def generate(cls) -> Self:
        return cls(
            home_id=secrets.token_hex(8),
            livekit_key=f"parley{secrets.token_hex(4)}",
            livekit_secret=secrets.token_hex(24),
            secret=secrets.token_hex(32),
            database_password=secrets.token_hex(24),
        )


@dataclass(frozen=True)
class Running:
    """The copy that holds a home's lock."""

    pid: int
    port: int


@dataclass(frozen=True)
class Home:
    """An opened PARLEY_HOME: the folder is there with mode 0700, and its secrets are read."""

    path: Path
    secrets: Secrets

    @classmethod
    def open(cls, path: Path) -> Self:
        """Makes the folder and its secrets when they are not there. Raises SetupProblem."""
        try:
            path.mkdir(mode=0o700, parents=True, exist_ok=True)
            if path.stat().st_mode & 0o077:
                path.chmod(0o700)
            (path / "logs").mkdir(exist_ok=True)
            return cls(path, _read_or_make(path / "secrets.json"))
        except OSError as error:
            raise SetupProblem(
                f"PARLEY_HOME {path} cannot be used: {error}",
                "Choose another folder with PARLEY_HOME=…, or give this one to the user you run as.",
            ) from error

    @property
    def logs(self) -> Path:
        return self.path / "logs"

    @contextmanager
    def lock(self, port: int) -> Iterator[None]:
        """Holds this home for one running copy; the kernel lets go when we die, however that happens.

        Raises SetupProblem when another copy has it.
        """
        descriptor = os.open(self.path / "lock", os.O_RDWR | os.O_CREAT | os.O_CLOEXEC, 0o600)
        try:
            try:
                fcntl.flock(descriptor, fcntl.LOCK_EX | fcntl.LOCK_NB)
            except BlockingIOError:
                other = _holder(descriptor)
                where = f" (process {other.pid}, http://127.0.0.1:{other.port})" if other else ""
                raise SetupProblem(
                    f"Parley already runs from {self.path}{where}.",
                    "Stop it first, or give the second copy its own PARLEY_HOME and PARLEY_PORT.",
                ) from None
            os.ftruncate(descriptor, 0)
            os.pwrite(descriptor, json.dumps({"pid": os.getpid(), "port": port}).encode(), 0)
            yield
        finally:
            os.close(descriptor)

    def running(self) -> Running | None:
        """The copy that runs from this home now, else None."""
        try:
            descriptor = os.open(self.path / "lock", os.O_RDONLY | os.O_CLOEXEC)
        except FileNotFoundError:
            return None
        try:
            fcntl.flock(descriptor, fcntl.LOCK_SH | fcntl.LOCK_NB)
        except BlockingIOError:
            return _holder(descriptor)
        else:
            return None
        finally:
            os.close(descriptor)


def _holder(descriptor: int) -> Running | None:
    try:
        said: dict[str, Any] = json.loads(os.pread(descriptor, 1000, 0))
        return Running(int(said["pid"]), int(said["port"]))
    except (ValueError, KeyError, TypeError):
        return None


def _read_or_make(path: Path) -> Secrets:
    """Several processes may come here at once: the first link wins, and all read the same file."""
    if not path.exists():
        fresh = path.with_name(f".secrets.{os.getpid()}.{secrets.token_hex(4)}")
        descriptor = os.open(fresh, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
        with os.fdopen(descriptor, "w", encoding="utf-8") as out:
            json.dump(asdict(Secrets.generate()), out, indent=2)
            out.flush()
            os.fsync(out.fileno())
        try:
            os.link(fresh, path)
        except FileExistsError:
            pass
        finally:
            fresh.unlink()
    try:
        said = json.loads(path.read_text(encoding="utf-8"))
        return Secrets(**{field.name: str(said[field.name]) for field in fields(Secrets)})
    except (ValueError, KeyError, TypeError) as error:
        raise SetupProblem(
            f"{path} is damaged ({type(error).__name__}: {error}).",
            "Put it back from a backup. Without one, delete it: all join links and sign-ins made so far end.",
        ) from error
