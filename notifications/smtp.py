"""Hands one message to one SMTP server, and says whether it may work later; or only sees whether it could."""

import asyncio
import ssl
from collections.abc import AsyncIterator
from contextlib import asynccontextmanager, suppress
from email.message import EmailMessage
from urllib.parse import urlsplit

import aiosmtplib

from domain.mail_server import MailSecurity, MailServer

TRY_WITHIN_SECONDS = 30.0
FAREWELL_WITHIN_SECONDS = 2.0
LONGEST_REASON = 200


class NotSent(Exception):
    """The message was not taken; str() is the reason in words for people.

    `may_work_later`: nothing was said against the message itself, the same one may be taken in a while. A connection
    that breaks after the last line leaves open whether it was taken; the Message-ID is the same at the next try.
    """

    def __init__(self, reason: str, *, may_work_later: bool) -> None:
        super().__init__(reason)
        self.may_work_later = may_work_later


async def deliver(server: MailServer, message: EmailMessage, *, our_name: str) -> None:
    """`our_name`: how we greet, a host name. Never in the clear where encryption is asked for. Raises NotSent."""
    async with _spoken_to(server, our_name) as client:
        await client.send_message(message)


async def reach(server: MailServer, *, our_name: str) -> None:
    """Greets, encrypts and signs in as for a message, and hands none over. Raises NotSent."""
    async with _spoken_to(server, our_name):
        pass


@asynccontextmanager
async def _spoken_to(server: MailServer, our_name: str) -> AsyncIterator[aiosmtplib.SMTP]:
    """Raises NotSent, also for what goes wrong inside."""
    where = f"The mail server {server.host}"
    client = aiosmtplib.SMTP(
        hostname=server.host,
        port=server.port,
        local_hostname=our_name,
        username=server.user_name or None,
        password=server.password or None,
        use_tls=server.security is MailSecurity.TLS,
        start_tls=server.security is MailSecurity.STARTTLS,
        timeout=TRY_WITHIN_SECONDS,
    )
    try:
        async with asyncio.timeout(TRY_WITHIN_SECONDS):
            await client.connect()
            yield client
            # It is theirs now: a farewell that fails must not have it sent again.
            with suppress(aiosmtplib.SMTPException, OSError):
                await client.quit(timeout=FAREWELL_WITHIN_SECONDS)
    except aiosmtplib.SMTPRecipientsRefused as error:
        first = error.recipients[0]
        raise NotSent(f"{where} refused the address: {said(first)}", may_work_later=is_passing(first)) from None
    except aiosmtplib.SMTPAuthenticationError as error:
        raise NotSent(
            f"{where} refused the user name or password: {said(error)}", may_work_later=is_passing(error)
        ) from None
    except aiosmtplib.SMTPResponseException as error:
        raise NotSent(f"{where} refused the mail: {said(error)}", may_work_later=is_passing(error)) from None
    except aiosmtplib.SMTPNotSupported:
        raise NotSent(f"{where} does not offer what was set (encryption or sign-in).", may_work_later=True) from None
    except (TimeoutError, aiosmtplib.SMTPTimeoutError):
        raise NotSent(f"{where} did not answer in time.", may_work_later=True) from None
    except ssl.SSLError:
        raise NotSent(
            f"{where} has a certificate that is not trusted, or speaks no TLS.", may_work_later=True
        ) from None
    except (aiosmtplib.SMTPException, OSError) as error:
        if isinstance(error.__cause__, ssl.SSLError):
            reason = f"{where} has a certificate that is not trusted, or speaks no TLS."
        else:
            reason = f"{where} cannot be reached on port {server.port}."
        raise NotSent(reason, may_work_later=True) from None
    finally:
        client.close()


def is_passing(error: aiosmtplib.SMTPResponseException) -> bool:
    """Source: RFC 5321 §4.2.1: 4yz is a transient negative reply."""
    return 400 <= error.code < 500


def said(error: aiosmtplib.SMTPResponseException) -> str:
    """The server's own words, on one line."""
    words = " ".join(str(error.message).split())
    return f"{error.code} {words}"[:LONGEST_REASON]


def host_name(public_url: str) -> str:
    """How we name ourselves to mail servers. An address of digits is no name (RFC 5321 §4.1.4)."""
    host = urlsplit(public_url).hostname or ""
    return host if any(character.isalpha() for character in host) and ":" not in host else "parley.localhost"
