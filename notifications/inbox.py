"""Reads answers to invites and reports of mail servers from a mailbox, by IMAP. Nothing in it is changed."""

import asyncio
import imaplib
import ssl
from collections.abc import Awaitable, Callable
from contextlib import suppress
from datetime import date
from typing import TypeVar

from domain.inbox import Found, Inbox, Mark
from domain.mail_server import MailSecurity
from notifications.answer import answer_in
from notifications.report import report_in
from notifications.smtp import NotSent

T = TypeVar("T")

WITHIN_SECONDS = 30.0
MOST_AT_ONCE = 200
MOST_BYTES = 200_000
"""Of one mail; an answer is smaller, and a report says before this what it is about."""


async def read_new(inbox: Inbox, since: date, keep: Callable[[Mark, Found | None], Awaitable[None]]) -> int:
    """Looks at MOST_AT_ONCE mails at most after `inbox.read_to` that came on `since` or later; returns how many.

    `keep` gets each mark with what that mail says, in order; a mail is not read again once its mark has been kept.
    Raises NotSent, which says why the mailbox cannot be read, and whatever `keep` does.
    """
    box = await _ask(inbox, opened, inbox)
    try:
        marks = await _ask(inbox, new_mails, box, inbox.read_to, since)
        for mark in marks:
            mail = await _ask(inbox, mail_of, box, mark)
            await keep(mark, answer_in(mail) or report_in(mail))
        return len(marks)
    finally:
        await asyncio.to_thread(close, box)


async def _ask(inbox: Inbox, do: Callable[..., T], *about: object) -> T:
    """In a thread, since imaplib waits. Raises NotSent."""
    try:
        return await asyncio.to_thread(do, *about)
    except ssl.SSLError:
        reason = f"The mailbox at {inbox.host} has a certificate that is not trusted, or speaks no TLS."
        raise NotSent(reason, may_work_later=True) from None
    except (imaplib.IMAP4.error, ValueError) as error:
        raise NotSent(f"The mailbox at {inbox.host} refused: {words_of(error)}", may_work_later=True) from None
    except OSError:
        raise NotSent(f"The mailbox at {inbox.host} cannot be reached.", may_work_later=True) from None


def opened(inbox: Inbox) -> imaplib.IMAP4:
    """Signed in, its folder open for reading. In clear text only where that was set. Raises IMAP4.error or OSError."""
    context = ssl.create_default_context()
    if inbox.security is MailSecurity.TLS:
        box: imaplib.IMAP4 = imaplib.IMAP4_SSL(inbox.host, inbox.port, ssl_context=context, timeout=WITHIN_SECONDS)
    else:
        box = imaplib.IMAP4(inbox.host, inbox.port, timeout=WITHIN_SECONDS)
    try:
        if inbox.security is MailSecurity.STARTTLS:
            box.starttls(context)
        sign_in(box, inbox)
        status, said = box.select(f'"{inbox.folder}"', readonly=True)
        if status != "OK":
            raise imaplib.IMAP4.error(said[0] if said else f"there is no folder {inbox.folder}")
    except BaseException:
        close(box)
        raise
    return box


def sign_in(box: imaplib.IMAP4, inbox: Inbox) -> None:
    """LOGIN is in ASCII; PLAIN takes every password. Source: RFC 9051 §6.2.3, RFC 4616 §2."""
    if (inbox.user_name + inbox.password).isascii():
        box.login(inbox.user_name, inbox.password)
    else:
        box.authenticate("PLAIN", lambda _: f"\0{inbox.user_name}\0{inbox.password}".encode())


def words_of(error: Exception) -> str:
    """What the server said, which imaplib hands on as bytes."""
    said = error.args[0] if error.args else ""
    return said.decode(errors="replace") if isinstance(said, bytes) else str(said)


def close(box: imaplib.IMAP4) -> None:
    with suppress(OSError):  # the other side may have gone first
        box.shutdown()


def new_mails(box: imaplib.IMAP4, read_to: Mark | None, since: date) -> list[Mark]:
    """The oldest first. A mailbox whose numbers are others than before is read anew."""
    _, said = box.response("UIDVALIDITY")
    validity = int(said[0] or 0) if said else 0
    after = read_to.number if read_to and read_to.validity == validity else 0
    _, found = box.uid("SEARCH", "UID", f"{after + 1}:*", "SINCE", f"{since:%d-%b-%Y}")
    numbers = sorted(int(number) for number in (found[0] or b"").split()) if found else []
    new = [number for number in numbers if number > after]  # `*` is the last one, also when that is older
    return [Mark(validity=validity, number=number) for number in new[:MOST_AT_ONCE]]


def mail_of(box: imaplib.IMAP4, mark: Mark) -> bytes:
    """Its first MOST_BYTES; nothing when it is gone."""
    _, found = box.uid("FETCH", str(mark.number), f"(BODY.PEEK[]<0.{MOST_BYTES}>)")
    return next((part[1] for part in found if isinstance(part, tuple)), b"")
