"""What one copy of the product consists of: addresses, environment and the list of its parts."""

from __future__ import annotations

import json
import sys
from collections.abc import Sequence
from dataclasses import asdict, dataclass
from pathlib import Path
from urllib.parse import quote, urlsplit, urlunsplit

import httpx

from domain.mail_server import MailSecurity, MailServer
from parley import livekit_server, postgres
from parley.home import Home
from parley.ports import HOST, Ports
from parley.postgres import APP_USER, Cluster
from parley.problems import SetupProblem
from parley.process import Program
from parley.settings import CHECKOUT, Settings
from parley.supervisor import Part, at_once

PROBE_WITHIN_S = 1.0
POSTGRES_RANK, LIVEKIT_RANK, PROCESS_RANK = 0, 1, 2

TOLD = ("participant_joined", "participant_left", "participant_connection_aborted")
"""What LiveKit tells the API, one after the other for each room: who comes, and who goes."""


@dataclass(frozen=True)
class LiveKitAccess:
    """Where the LiveKit server is (a ws:// or wss:// URL) and what its tokens are signed with."""

    url: str
    api_key: str
    api_secret: str


@dataclass(frozen=True)
class Plan:
    """All that is decided before anything starts. `cluster` is None when DATABASE_URL names a server."""

    settings: Settings
    home: Home
    cluster: Cluster | None
    owner_database_url: str
    app_database_url: str
    livekit: LiveKitAccess

    @property
    def ports(self) -> Ports:
        return Ports(self.settings.port)

    @property
    def api_url(self) -> str:
        return f"http://{HOST}:{self.ports.api}"

    @property
    def app_password(self) -> str | None:
        """The password that the role parley_app gets; None on our own server, whose socket asks for none."""
        return None if self.cluster else self.home.secrets.database_password

    @property
    def mailbox_port(self) -> int | None:
        """Where the local mailbox takes mail; None outside local mode."""
        return self.ports.mailbox if self.settings.local_mode else None

    @property
    def mail_server(self) -> MailServer | None:
        """The installation's: the one that is set, else the local mailbox, else none."""
        found = self.settings
        if found.smtp_host and found.smtp_sender_email:
            return MailServer(
                host=found.smtp_host,
                port=found.smtp_port,
                security=found.smtp_security,
                user_name=found.smtp_user_name,
                password=found.smtp_password.get_secret_value() if found.smtp_password else None,
                sender_name=found.smtp_sender_name,
                sender_email=found.smtp_sender_email,
            )
        if self.mailbox_port is None:
            return None
        return MailServer(
            host=HOST,
            port=self.mailbox_port,
            security=MailSecurity.NONE,
            sender_name=found.smtp_sender_name,
            sender_email=found.smtp_sender_email or "parley@mailbox.invalid",
        )

    def environment(self) -> dict[str, str]:
        """What api, jobs and agent find in their environment."""
        mail: dict[str, str] = {}
        if self.mail_server:
            mail["PARLEY_MAIL_SERVER"] = json.dumps(asdict(self.mail_server), default=str)
        if self.mailbox_port:
            mail["PARLEY_MAILBOX_PORT"] = str(self.mailbox_port)
        return {
            **mail,
            "PARLEY_PORT": str(self.ports.api),
            "PARLEY_AGENT_PORT": str(self.ports.agent),
            "PARLEY_HOME": str(self.home.path),
            "PARLEY_AUDIT_DIR": str(self.settings.audit_dir),
            "PARLEY_APP_DATABASE_URL": self.app_database_url,
            "PARLEY_PUBLIC_URL": self.settings.public_url,
            "PARLEY_LOCAL_MODE": "1" if self.settings.local_mode else "0",
            "PARLEY_SECRET": self.home.secrets.secret,
            "PARLEY_WEB_DIR": str(CHECKOUT / "web" / "dist"),
            "LIVEKIT_URL": self.livekit.url,
            "LIVEKIT_API_KEY": self.livekit.api_key,
            "LIVEKIT_API_SECRET": self.livekit.api_secret,
            "OPENBLAS_NUM_THREADS": "1",
            "OMP_NUM_THREADS": "1",
            "PYTHONUNBUFFERED": "1",
        }


def make_plan(settings: Settings) -> Plan:
    """Opens the home and works out the rest. Raises SetupProblem."""
    home = Home.open(settings.home)
    if settings.database_url is None:
        cluster: Cluster | None = postgres.locate(home)
        assert cluster is not None
        owner_url, app_url = cluster.owner_url, cluster.app_url
    else:
        cluster, owner_url = None, settings.database_url.get_secret_value()
        app_url = as_app_user(owner_url, home.secrets.database_password)
    if settings.livekit_url and settings.livekit_api_key and settings.livekit_api_secret:
        secret = settings.livekit_api_secret.get_secret_value()
        livekit = LiveKitAccess(settings.livekit_url, settings.livekit_api_key, secret)
    else:
        own = f"ws://{HOST}:{Ports(settings.port).signalling}"
        livekit = LiveKitAccess(own, home.secrets.livekit_key, home.secrets.livekit_secret)
    return Plan(settings, home, cluster, owner_url, app_url, livekit)


def as_app_user(owner_url: str, password: str) -> str:
    """The same server and database with the role that row-level security holds for."""
    parts = urlsplit(owner_url)
    where = parts.netloc.rpartition("@")[2]
    return urlunsplit(parts._replace(netloc=f"{APP_USER}:{quote(password, safe='')}@{where}"))


def livekit_part(plan: Plan, server: Path) -> Part:
    return Part(
        livekit_program(server, plan.ports, plan.livekit),
        ready=lambda: answers(f"http://{HOST}:{plan.ports.signalling}/", {200}),
        stop_rank=LIVEKIT_RANK,
    )


def livekit_program(server: Path, ports: Ports, livekit: LiveKitAccess) -> Program:
    """LiveKit with livekit.yaml; what differs between copies comes by flags, by its environment what no flag takes."""
    config = (CHECKOUT / "livekit.yaml").read_text(encoding="utf-8")
    webhook = {
        "api_key": livekit.api_key,
        "urls": [f"http://{HOST}:{ports.api}/api/v1/livekit/webhooks"],
        "filter_params": {"include_events": TOLD},
    }
    return Program(
        name="livekit",
        command=[
            *(str(server), "--config", str(CHECKOUT / "livekit.yaml")),
            *("--port", str(ports.signalling), "--udp-port", str(ports.media)),
        ],
        environment={
            "LIVEKIT_KEYS": f"{livekit.api_key}: {livekit.api_secret}",
            "LIVEKIT_CONFIG": f"{config}\nwebhook: {json.dumps(webhook)}\n",  # JSON is YAML too
        },
    )


def postgres_part(cluster: Cluster) -> Part:
    return Part(
        cluster.program,
        ready=cluster.ready,
        prepare=cluster.forget_killed_server,
        stop_rank=POSTGRES_RANK,
    )


def our_processes(plan: Plan) -> Sequence[Part]:
    """agent, api and jobs; the agent first, since it takes longest to be ready."""
    ports, environment = plan.ports, plan.environment()

    def module(name: str, stop_within_s: float) -> Program:
        command = [sys.executable, "-m", name]
        return Program(name, command, environment, cwd=CHECKOUT, stop_within_s=stop_within_s)

    return [
        Part(
            module("agent", 10),
            ready=lambda: answers(f"http://{HOST}:{ports.agent}/", {200}),
            ready_within_s=60,
            stop_rank=PROCESS_RANK,
        ),
        Part(
            module("api", 5),
            ready=lambda: answers(f"{plan.api_url}/api/v1/health", {200, 503}),
            stop_rank=PROCESS_RANK,
        ),
        Part(module("jobs", 5), ready=at_once, stop_rank=PROCESS_RANK),
    ]


def find_livekit_server() -> Path:
    """The binary that `make setup` got. Raises SetupProblem when it is missing or of another version."""
    found = livekit_server.find(Path(sys.executable).parent)
    if found is None:
        raise SetupProblem(
            f"livekit-server {livekit_server.VERSION} is not on PATH or in {Path(sys.executable).parent}.",
            "Run `make setup`: it builds or downloads it.",
        )
    return found


async def answers(url: str, statuses: set[int]) -> str | None:
    """None when the address answers with one of the statuses, else what is missing."""
    try:
        async with httpx.AsyncClient(trust_env=False, verify=False, timeout=PROBE_WITHIN_S) as client:
            status = (await client.get(url)).status_code
    except httpx.HTTPError:
        return "it does not answer yet"
    return None if status in statuses else f"it answers with {status}"
