"""Reads the answers to invites from a mailbox, by IMAP. Mails stay where they are, and unread for people.

What we have looked at gets a keyword of our own (RFC 9051 §2.3.2): no mail is fetched twice, and nothing remembered.
"""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable
from typing import TypeVar

from domain.inbox import Answer, Inbox
from domain.mail_server import MailSecurity
from notifications.answer import answer_in
from notifications.smtp import NotSent

T = TypeVar("T")

KEYWORD = "ParleyLookedAt"
WITHIN_SECONDS = 30.0
MOST_AT_ONCE = 200
MOST_BYTES = 200_000
"""Of one mail; an answer is smaller, and what is longer is none."""


async def each_answer(inbox: Inbox, keep: Callable[[Answer], Awaitable[None]]) -> int:
    """Hands over the answers among at most MOST_AT_ONCE new mails, and returns how many mails it looked at.

    A mail is marked after `keep` has returned: one whose reader died is read again. Raises NotSent, which says why the
    mailbox cannot be read, and whatever `keep` does.
    """
    box = await _ask(inbox, opened, inbox)
    try:
        numbers = await _ask(inbox, new_mails, box)
        for number in numbers:
            if answer := answer_in(await _ask(inbox, mail_of, box, number)):
                await keep(answer)
            await _ask(inbox, box.uid, "STORE", number, "+FLAGS.SILENT", f"({KEYWORD})")
        return len(numbers)
    finally:
        await asyncio.to_thread(box.shutdown)


async def _ask(inbox: Inbox, do: Callable[..., T], *about: object) -> T:
    """In a thread, since imaplib waits. Raises NotSent."""
    try:
        return await asyncio.to_thread(do, *about)
    except imaplib.IMAP4.error as error:
        raise NotSent(f"The mailbox at {inbox.host} refused: {error}", may_work_later=True) from None
    except OSError:
        raise NotSent(f"The mailbox at {inbox.host} cannot be reached.", may_work_later=True) from None


def opened(inbox: Inbox) -> imaplib.IMAP4:
    """Signed in, with its folder open. In clear text only where that was set. Raises IMAP4.error or OSError."""
    context = ssl.create_default_context()
    if inbox.security is MailSecurity.TLS:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(inbox.host, inbox.port, ssl_context=context, timeout=WITHIN_SECONDS)
    else:
        box = imaplib.IMAP4(inbox.host, inbox.port, timeout=WITHIN_SECONDS)
    try:
        if inbox.security is MailSecurity.STARTTLS:
            box.starttls(context)
        box.login(inbox.user_name, inbox.password)
        status, said = box.select(f'"{inbox.folder}"')
        if status != "OK":
            raise imaplib.IMAP4.error(f"there is no folder {inbox.folder}" if not said else str(said[0]))
    except BaseException:
        box.shutdown()
        raise
    return box


def new_mails(box: imaplib.IMAP4) -> list[str]:
    """Numbers of the oldest."""
    _, found = box.uid("SEARCH", "UNKEYWORD", KEYWORD)
    return (found[0] or b"").decode().split()[:MOST_AT_ONCE] if found else []


def mail_of(box: imaplib.IMAP4, number: str) -> bytes:
    """Its first MOST_BYTES; nothing when it is gone."""
    _, found = box.uid("FETCH", number, f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), b"")
