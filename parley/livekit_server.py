"""Finds or gets the one release of livekit-server that Parley is tested with. Standard library only.

The order: a `livekit-server` on PATH whose version fits, `.venv/bin/livekit-server`, a build by Go, and last
the release archive, which is used only when its SHA-256 is the pinned one.

**Source:** the archive hashes are those of the release's checksums.txt, as several public repositories
recorded them.
"""

from __future__ import annotations

import hashlib
import os
import platform
import re
import shutil
import subprocess
import tarfile
import tempfile
import urllib.error
import urllib.request
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path

VERSION = "1.13.5"
GO_PACKAGE = f"github.com/livekit/livekit-server/cmd/server@v{VERSION}"
OLDEST_GO = (1, 26)
RELEASES = "https://github.com/livekit/livekit/releases/download"
ARCHIVE_SHA256: Mapping[str, str] = {
    "amd64": "c020fac437b7cc9b776eef1ad5ea8af77be9acfa07602eca20a3a44930dfbc70",
    "arm64": "332015305518765fe05bad74fc3a9d9583e635e7dd130de3c4fc563d69c550f3",
}
ARCHITECTURES: Mapping[str, str] = {"x86_64": "amd64", "amd64": "amd64", "aarch64": "arm64", "arm64": "arm64"}
DOWNLOAD_CHUNK_BYTES = 1 << 20
DOWNLOAD_STALL_S = 30

Run = Callable[[Sequence[str], Mapping[str, str]], None]
"""Runs a long command with more environment; raises when it fails."""


class NoLiveKitServer(Exception):
    """No usable livekit-server could be found or made; the text says why and what helps."""


def version_of(binary: str | Path) -> str | None:
    """The version that the binary says it has, or None when it does not run."""
    try:
        said = subprocess.run([str(binary), "--version"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"version (\d+\.\d+\.\d+)", said.stdout)
    return found.group(1) if found else None


def find(binaries: Path, search_path: str | None = None) -> Path | None:
    """The fitting binary on `search_path` (default: PATH) or in `binaries`, else None."""
    on_path = shutil.which("livekit-server", path=search_path)
    for candidate in (on_path, binaries / "livekit-server"):
        if candidate and version_of(candidate) == VERSION:
            return Path(candidate)
    return None


def go_version(go: str) -> tuple[int, int] | None:
    """(major, minor) of a Go toolchain, or None when it does not run."""
    try:
        said = subprocess.run([go, "env", "GOVERSION"], capture_output=True, text=True, timeout=20, check=False)
    except (OSError, subprocess.TimeoutExpired):
        return None
    found = re.search(r"go(\d+)\.(\d+)", said.stdout)
    return (int(found.group(1)), int(found.group(2))) if found else None


def build(binaries: Path, go: str, run: Run) -> Path:
    """Builds with Go into a temporary folder and moves the finished binary into `binaries`."""
    with tempfile.TemporaryDirectory(dir=binaries, prefix=".livekit-build-") as folder:
        run([go, "install", "-v", GO_PACKAGE], {"GOBIN": folder})
        return _put(Path(folder) / "server", binaries)


def unpack_release(
    binaries: Path,
    *,
    releases: str = RELEASES,
    sha256: Mapping[str, str] = ARCHIVE_SHA256,
    machine: str | None = None,
) -> Path:
    """Downloads the release archive, refuses it unless its SHA-256 is the pinned one, and unpacks it."""
    architecture = ARCHITECTURES.get((machine or platform.machine()).lower())
    if architecture is None or architecture not in sha256:
        raise NoLiveKitServer(f"there is no livekit-server archive for a {machine or platform.machine()} machine")
    name = f"livekit_{VERSION}_linux_{architecture}.tar.gz"
    address = f"{releases.rstrip('/')}/v{VERSION}/{name}"
    with tempfile.TemporaryDirectory(dir=binaries, prefix=".livekit-download-") as folder:
        archive = Path(folder) / name
        found = _download(address, archive)
        if found != sha256[architecture]:
            raise NoLiveKitServer(
                f"{name} was refused: its SHA-256 is {found}, and not the pinned {sha256[architecture]}. "
                "Nothing of it was used"
            )
        unpacked = Path(folder) / "livekit-server"
        with tarfile.open(archive, "r:gz") as tar:
            member = tar.extractfile("livekit-server")
            if member is None:
                raise NoLiveKitServer(f"{name} has no file livekit-server")
            with unpacked.open("wb") as out:
                shutil.copyfileobj(member, out)
        return _put(unpacked, binaries)


def ensure(binaries: Path, run: Run, *, releases: str = RELEASES, search_path: str | None = None) -> tuple[Path, str]:
    """A fitting livekit-server and how it was come by: "found", "built" or "unpacked".

    Raises NoLiveKitServer with every way that was tried.
    """
    present = find(binaries, search_path)
    if present is not None:
        return present, "found"
    go = shutil.which("go", path=search_path)
    version = go_version(go) if go else None
    if go and version and version >= OLDEST_GO:
        try:
            return build(binaries, go, run), "built"
        except (OSError, subprocess.SubprocessError, RuntimeError) as error:
            why_not = f"the build with Go failed ({error})"
    elif version:
        why_not = f"Go is {version[0]}.{version[1]}, and {OLDEST_GO[0]}.{OLDEST_GO[1]} or newer is needed"
    else:
        why_not = "Go is not installed"
    try:
        return unpack_release(binaries, releases=releases), "unpacked"
    except NoLiveKitServer as error:
        raise NoLiveKitServer(
            f"livekit-server {VERSION} is not here; {why_not}; {error}. Install Go "
            f"{OLDEST_GO[0]}.{OLDEST_GO[1]} or newer, or put livekit-server {VERSION} on PATH."
        ) from error


def _download(address: str, to: Path) -> str:
    digest = hashlib.sha256()
    try:
        with urllib.request.urlopen(address, timeout=DOWNLOAD_STALL_S) as answer, to.open("wb") as out:
            while chunk := answer.read(DOWNLOAD_CHUNK_BYTES):
                digest.update(chunk)
                out.write(chunk)
    except (OSError, urllib.error.URLError) as error:
        raise NoLiveKitServer(f"the release archive could not be downloaded ({error})") from error
    return digest.hexdigest()


def _put(binary: Path, binaries: Path) -> Path:
    binary.chmod(0o755)
    said = version_of(binary)
    if said != VERSION:
        raise NoLiveKitServer(f"the binary that was got says version {said}, and not {VERSION}")
    target = binaries / "livekit-server"
    os.replace(binary, target)
    return target
