"""The local mail catcher: an SMTP server on the loopback that keeps what it is given instead of sending it on."""

import asyncio
from email import message_from_bytes
from email.policy import default
from uuid import UUID

from aiosmtpd.smtp import SMTP, Envelope, Session

from db import mailbox
from db.pool import DatabaseError, Pool, transaction
from domain.ids import OrganizationId
from domain.mail_server import ORGANIZATION_HEADER
from telemetry import log

logger = log.get(__name__)

HOST = "127.0.0.1"
LARGEST_MAIL_BYTES = 5_000_000
LONGEST_SUBJECT = 500

KEPT = "250 OK, kept in the mailbox"
AWAY = "451 4.3.0 The mailbox is away, try again"
WHOSE = "550 5.7.1 This server keeps mail of organizations of this copy of Parley only"


class Catcher:
    """Speaks SMTP; every message goes into the mailbox of the organization that its header names."""

    def __init__(self, pool: Pool) -> None:
        self._pool = pool

    async def listen(self, port: int) -> asyncio.Server:
        """The caller closes the server. Raises OSError when the port is taken."""
        loop = asyncio.get_running_loop()
        return await loop.create_server(
            lambda: SMTP(self, data_size_limit=LARGEST_MAIL_BYTES, hostname="parley.localhost", loop=loop), HOST, port
        )

    async def handle_DATA(self, server: SMTP, session: Session, envelope: Envelope) -> str:
        """aiosmtpd calls this with the whole message; the answer goes to the sender."""
        raw = envelope.original_content or b""
        try:
            message = message_from_bytes(raw, policy=default)
            organization_id = OrganizationId(UUID(str(message[ORGANIZATION_HEADER])))
            subject = str(message["Subject"] or "")
        except Exception:  # the parser of headers raises what it likes
            return WHOSE
        try:
            async with transaction(self._pool, organization_id) as connection:
                await mailbox.add(
                    connection,
                    organization_id,
                    sender=storable(envelope.mail_from or ""),
                    recipients=[storable(to) for to in envelope.rcpt_tos],
                    subject=storable(subject)[:LONGEST_SUBJECT],
                    raw=raw,
                )
        except mailbox.OrganizationUnknown:
            return WHOSE
        except DatabaseError as error:
            logger.warning("mail not kept", error=type(error).__name__)
            return AWAY
        logger.info("mail kept", bytes=len(raw))
        return KEPT


def storable(text: str) -> str:
    """PostgreSQL holds neither NUL nor half characters."""
    return text.replace("\0", "").encode("utf-8", "replace").decode()
