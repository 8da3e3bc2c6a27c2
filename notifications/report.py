"""What comes back about a mail of ours: that it did not arrive (RFC 3464), or that it was not wanted (RFC 5965)."""

import re
from collections.abc import Iterator
from email import message_from_bytes
from email.message import Message, MIMEPart
from email.parser import HeaderParser
from email.policy import default
from uuid import UUID

from domain.ids import EmailId
from domain.inbox import Complaint, Undelivered
from notifications.answer import PART
from notifications.smtp_replies import LONGEST_REPLY

OUR_ID = re.compile(rf"<({PART})@[^<>\s]+>")

LASTING = re.compile(r"5\.\d{1,3}\.\d{1,3}")
NOT_THE_ADDRESS = re.compile(r"5\.(?:1\.[78]|2\.[23]|[367]\.\d+)(?!\d)")
"""The sender's address, a full mailbox, a mail too large, the other system, the content, the policy: anything but that
there is nobody. Source: RFC 3463 §3."""


def report_in(mail: bytes) -> Undelivered | Complaint | None:
    """None when it is no such report, or about no mail of ours. Never raises: a mail may be anything."""
    try:
        report = message_from_bytes(mail, policy=default)
        if not isinstance(report, MIMEPart) or report.get_content_type() != "multipart/report":
            return None
        parts = {part.get_content_type(): part for part in report.iter_parts()}
        if status := parts.get("message/delivery-status"):
            return undelivered(parts, blocks_of(status))
        feedback = parts.get("message/feedback-report")
        return complaint(parts, blocks_of(feedback)) if feedback else None
    except Exception:
        return None


def undelivered(parts: dict[str, MIMEPart], blocks: list[Message]) -> Undelivered | None:
    """None unless a server has given up: not when it tries again, nor when the mail was handed on."""
    email_id = our_email_id([*originals(parts), *blocks])
    failed = next((block for block in blocks if words(block, "Action").lower() == "failed"), None)
    if failed is None or email_id is None:
        return None
    status = words(failed, "Status")
    return Undelivered(
        email_id=email_id,
        addresses=frozenset(after_type(failed, name).lower() for name in ("Final-Recipient", "Original-Recipient")),
        reply=(after_type(failed, "Diagnostic-Code") or f"status {status}")[:LONGEST_REPLY],
        is_address_dead=bool(LASTING.match(status)) and not NOT_THE_ADDRESS.match(status),
    )


def complaint(parts: dict[str, MIMEPart], blocks: list[Message]) -> Complaint | None:
    email_id = our_email_id(originals(parts))
    is_abuse = any(words(block, "Feedback-Type").lower() == "abuse" for block in blocks)
    return Complaint(email_id=email_id) if email_id and is_abuse else None


def blocks_of(part: MIMEPart) -> list[Message]:
    """The groups of fields: of the mail, then of each recipient."""
    return [block for block in part.get_payload() if isinstance(block, Message)]


def originals(parts: dict[str, MIMEPart]) -> Iterator[Message]:
    """The mail that it is about, whole or its headers alone."""
    if whole := parts.get("message/rfc822"):
        yield from blocks_of(whole)
    if headers := parts.get("text/rfc822-headers"):
        yield HeaderParser(policy=default).parsestr(headers.get_content())


def our_email_id(headers: Iterator[Message] | list[Message]) -> EmailId | None:
    """`X-Original-Message-ID` stands in Gmail's reports."""
    for one in headers:
        for name in ("Message-ID", "X-Original-Message-ID"):
            if found := OUR_ID.fullmatch(words(one, name)):
                return EmailId(UUID(found[1]))
    return None


def words(block: Message, name: str) -> str:
    return " ".join(str(block.get(name, "")).split())


def after_type(block: Message, name: str) -> str:
    """The value of a field such as `rfc822; robin@finch.example` or `smtp; 550 5.1.1 Nobody`."""
    return words(block, name).partition(";")[2].strip()
