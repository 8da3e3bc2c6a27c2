"""A PostgreSQL server as an owner would have one: on TCP, with passwords, not started by Parley."""

import socket
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager
from dataclasses import replace
from pathlib import Path

import asyncpg

from parley.home import Home
from parley.postgres import locate
from parley.postgres_setup import prepare
from parley.report import Silent
from parley.settings import inherited_environment
from parley.supervisor import Part, Supervisor

OWNER = "CREATE ROLE owner LOGIN CREATEROLE PASSWORD 'a:b/c'"


@asynccontextmanager
async def outside_postgres(folder: Path) -> AsyncIterator[str]:
    """Yields the URL of an empty database `theirs`, owned by a role that is no superuser."""
    cluster = locate(Home.open(folder))
    prepare(cluster)
    with (cluster.data / "pg_hba.conf").open("a") as rules:
        rules.write("host all all 127.0.0.1/32 scram-sha-256\n")
    rules_text = (cluster.data / "pg_hba.conf").read_text().replace(" reject\n", " scram-sha-256\n")
    (cluster.data / "pg_hba.conf").write_text(rules_text)
    with socket.socket() as probe:
        probe.bind(("127.0.0.1", 0))
        port = probe.getsockname()[1]
    program = cluster.program
    command = [*program.command, "-c", "listen_addresses=127.0.0.1", "-p", str(port)]
    supervisor = Supervisor(folder / "logs", inherited_environment(), Silent())
    try:
        supervisor.start(Part(replace(program, command=command), ready=cluster.ready))
        await supervisor.until_ready("postgres")
        by_socket = await asyncpg.connect(
            user="postgres", host=str(cluster.socket_folder), port=port, database="postgres"
        )
        await by_socket.execute(OWNER)
        await by_socket.execute("CREATE DATABASE theirs OWNER owner")
        await by_socket.close()
        yield f"postgresql://owner:a%3Ab%2Fc@127.0.0.1:{port}/theirs"
    finally:
        await supervisor.stop()
