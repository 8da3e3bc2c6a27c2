"""Where livekit-server comes from, with a loopback server in the place of the release page."""

import hashlib
import io
import tarfile
import threading
from collections.abc import Iterator, Mapping, Sequence
from functools import partial
from http.server import SimpleHTTPRequestHandler, ThreadingHTTPServer
from pathlib import Path

import pytest

from parley import livekit_server
from parley.livekit_server import VERSION, NoLiveKitServer

pytestmark = pytest.mark.room


def script(version: str) -> bytes:
    return f'#!/bin/sh\necho "livekit-server version {version}"\n'.encode()


def archive(version: str = VERSION) -> bytes:
    packed = io.BytesIO()
    with tarfile.open(fileobj=packed, mode="w:gz") as tar:
        for name, content in (("LICENSE", b"text"), ("livekit-server", script(version))):
            member = tarfile.TarInfo(name)
            member.size = len(content)
            tar.addfile(member, io.BytesIO(content))
    return packed.getvalue()


def put(folder: Path, name: str, content: bytes) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    path = folder / name
    path.write_bytes(content)
    path.chmod(0o755)
    return path


def no_run(command: Sequence[str], more: Mapping[str, str]) -> None:
    raise AssertionError("nothing is to be run")


class Quiet(SimpleHTTPRequestHandler):
    def log_message(self, format: str, *args: object) -> None:
        pass


@pytest.fixture
def page(tmp_path: Path) -> Iterator[tuple[str, Path]]:
    """The address of a release page, and the folder where its archives go."""
    folder = tmp_path / "page" / f"v{VERSION}"
    folder.mkdir(parents=True)
    server = ThreadingHTTPServer(("127.0.0.1", 0), partial(Quiet, directory=str(tmp_path / "page")))
    threading.Thread(target=server.serve_forever, daemon=True).start()
    yield f"http://127.0.0.1:{server.server_port}", folder
    server.shutdown()
    server.server_close()


@pytest.fixture
def binaries(tmp_path: Path) -> Path:
    folder = tmp_path / "bin"
    folder.mkdir()
    return folder


@pytest.mark.parametrize(("machine", "architecture"), [("x86_64", "amd64"), ("aarch64", "arm64")])
def test_the_archive_with_the_pinned_hash_is_unpacked(
    page: tuple[str, Path], binaries: Path, machine: str, architecture: str
) -> None:
    good = archive()
    (page[1] / f"livekit_{VERSION}_linux_{architecture}.tar.gz").write_bytes(good)
    pinned = {architecture: hashlib.sha256(good).hexdigest()}
    got = livekit_server.unpack_release(binaries, releases=page[0], sha256=pinned, machine=machine)
    assert got == binaries / "livekit-server"
    assert livekit_server.version_of(got) == VERSION
    assert [path.name for path in binaries.iterdir()] == ["livekit-server"]


def test_a_tampered_archive_is_refused_and_nothing_of_it_stays(page: tuple[str, Path], binaries: Path) -> None:
    good = archive()
    (page[1] / f"livekit_{VERSION}_linux_amd64.tar.gz").write_bytes(good[:-1] + bytes([good[-1] ^ 1]))
    pinned = {"amd64": hashlib.sha256(good).hexdigest()}
    with pytest.raises(NoLiveKitServer, match=r"was refused: its SHA-256 is .* not the pinned"):
        livekit_server.unpack_release(binaries, releases=page[0], sha256=pinned, machine="x86_64")
    assert not list(binaries.iterdir())


def test_without_go_the_real_pin_refuses_another_archive_and_says_what_helps(
    page: tuple[str, Path], binaries: Path, tmp_path: Path
) -> None:
    for architecture in livekit_server.ARCHIVE_SHA256:
        (page[1] / f"livekit_{VERSION}_linux_{architecture}.tar.gz").write_bytes(archive())
    with pytest.raises(NoLiveKitServer, match=r"Go is not installed.*was refused.*put livekit-server .* on PATH"):
        livekit_server.ensure(binaries, no_run, releases=page[0], search_path=str(tmp_path / "empty"))


def test_an_archive_with_another_version_inside_is_refused(page: tuple[str, Path], binaries: Path) -> None:
    other = archive("1.0.0")
    (page[1] / f"livekit_{VERSION}_linux_amd64.tar.gz").write_bytes(other)
    pinned = {"amd64": hashlib.sha256(other).hexdigest()}
    with pytest.raises(NoLiveKitServer, match=r"says version 1\.0\.0"):
        livekit_server.unpack_release(binaries, releases=page[0], sha256=pinned, machine="x86_64")


def test_a_machine_without_an_archive_is_told_so(binaries: Path) -> None:
    with pytest.raises(NoLiveKitServer, match="riscv64"):
        livekit_server.unpack_release(binaries, machine="riscv64")


def test_a_release_page_that_does_not_answer_is_named(binaries: Path) -> None:
    with pytest.raises(NoLiveKitServer, match="could not be downloaded"):
        livekit_server.unpack_release(binaries, releases="http://127.0.0.1:1", machine="x86_64")


def test_a_fitting_server_on_path_is_used(tmp_path: Path, binaries: Path) -> None:
    fitting = put(tmp_path / "path", "livekit-server", script(VERSION))
    found = livekit_server.ensure(binaries, no_run, search_path=str(tmp_path / "path"))
    assert found == (fitting, "found")


def test_another_version_on_path_is_passed_over(tmp_path: Path, binaries: Path) -> None:
    put(tmp_path / "path", "livekit-server", script("1.9.0"))
    own = put(binaries, "livekit-server", script(VERSION))
    assert livekit_server.find(binaries, str(tmp_path / "path")) == own


def test_go_builds_it_under_its_own_name(tmp_path: Path, binaries: Path) -> None:
    put(tmp_path / "path", "go", b"#!/bin/sh\necho go1.26.8\n")
    ran: list[Sequence[str]] = []

    def run(command: Sequence[str], more: Mapping[str, str]) -> None:
        ran.append(command)
        put(Path(more["GOBIN"]), "server", script(VERSION))

    got = livekit_server.ensure(binaries, run, search_path=str(tmp_path / "path"))
    assert got == (binaries / "livekit-server", "built")
    assert ran == [[str(tmp_path / "path" / "go"), "install", "-v", livekit_server.GO_PACKAGE]]


def test_an_old_go_is_not_asked(page: tuple[str, Path], tmp_path: Path, binaries: Path) -> None:
    put(tmp_path / "path", "go", b"#!/bin/sh\necho go1.19.8\n")
    with pytest.raises(NoLiveKitServer, match=r"Go is 1\.19, and 1\.26 or newer is needed"):
        livekit_server.ensure(binaries, no_run, releases=page[0], search_path=str(tmp_path / "path"))
