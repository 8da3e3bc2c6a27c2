"""A mail server that takes everything, in a process of its own: the other end of the line in `benchmarks/mail.py`."""

import asyncio
import ssl
import sys

from tests.fakes.hostile_mail_server import running_hostile_server


async def serve(certificate: str) -> None:
    context = ssl.create_default_context(ssl.Purpose.CLIENT_AUTH)
    context.load_cert_chain(certificate)
    async with running_hostile_server(share=0.0, connecting_share=0.0, tls=context) as server:
        print(server.port, flush=True)
        await asyncio.to_thread(sys.stdin.read)


if __name__ == "__main__":
    asyncio.run(serve(sys.argv[1]))
