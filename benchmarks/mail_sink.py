"""A mail server that takes everything, in a process of its own: the other end of the line in `benchmarks/mail.py`.

The second argument is how far away it is, in milliseconds there and back: what is said takes half of that each way.
"""

import asyncio
import ssl
import sys
from collections.abc import Callable, Coroutine
from contextlib import suppress
from typing import Any

from tests.fakes.hostile_mail_server import running_hostile_server

AT_ONCE_BYTES = 1 << 16

Speak = Callable[[asyncio.StreamReader, asyncio.StreamWriter], Coroutine[Any, Any, None]]


async def carry(reader: asyncio.StreamReader, writer: asyncio.StreamWriter, takes_s: float) -> None:
    loop = asyncio.get_running_loop()
    with suppress(ConnectionError):
        while said := await reader.read(AT_ONCE_BYTES):
            loop.call_later(takes_s, writer.write, said)
    loop.call_later(takes_s, writer.close)


def far_away(port: int, there_and_back_s: float) -> Speak:
    """The server on `port`, as if it were in another town."""

    async def speak(reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        server_reader, server_writer = await asyncio.open_connection("127.0.0.1", port)
        await asyncio.gather(
            carry(reader, server_writer, there_and_back_s / 2), carry(server_reader, writer, there_and_back_s / 2)
        )

    return speak


async def serve(certificate: str, away_ms: float) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with running_hostile_server(share=0.0, connecting_share=0.0, tls=context) as server:
        port = server.port
        if away_ms:
            road = await asyncio.start_server(far_away(port, away_ms / 1000), "127.0.0.1", 0)
            port = road.sockets[0].getsockname()[1]
        print(port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1], float(sys.argv[2])))
