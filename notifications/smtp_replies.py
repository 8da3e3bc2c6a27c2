"""What is to be thought of a mail server that did not take a message."""

import re
import ssl
from datetime import timedelta
from enum import Enum, auto

import aiosmtplib

from domain.mail_server import MailServer

LONGEST_REPLY = 200

TIME_NAMED = re.compile(r"\b(\d{1,5})\s*(s|secs?|seconds?|m|mins?|minutes?|h|hrs?|hours?)\b", re.IGNORECASE)
CLOCK_NAMED = re.compile(r"\b(\d{1,2}):(\d\d):(\d\d)\b")
LONGEST_PAUSE = timedelta(hours=6)
ASKS_TO_SIGN_IN = (530, 534, 535, 538)
"""Source: RFC 4954 §6."""

DEAD_ADDRESS = re.compile(r"^5\d\d 5\.1\.(?!7\b|8\b)\d")
"""Nobody there. Source: RFC 3463 §3.2, where X.1.7 and X.1.8 speak of the sender's address."""


class Verdict(Enum):
    AWAY = auto()  # the server cannot be spoken to as it was set: another one may
    LOCKED = auto()  # so as well, and asking again soon does harm: it refuses our user name or password
    LATER = auto()  # it does not take this message now
    NEVER = auto()  # it will not take this message
    AMBIGUOUS = auto()  # it had the whole message, and nobody knows what became of it


class NotSent(Exception):
    """The message was not taken; str() is the reason in words for people."""

    def __init__(self, reason: str, *, may_work_later: bool) -> None:
        super().__init__(reason)
        self.may_work_later = may_work_later


class Refusal(NotSent):
    """What came of handing a message to one server. `reply`: its last words, None when there were none."""

    def __init__(self, reason: str, verdict: Verdict, reply: str | None = None, *, has_hung_up: bool = False) -> None:
        super().__init__(reason, may_work_later=verdict is not Verdict.NEVER)
        self.verdict = verdict
        self.reply = reply
        self.has_hung_up = has_hung_up


def refusal(
    server: MailServer, error: Exception, *, is_reached: bool = True, is_after_the_dot: bool = False
) -> Refusal:
    """What `error` means. Source: RFC 5321 §4.2.1: 4yz is a transient negative reply, 5yz a lasting one."""
    where = f"The mail server {server.host}"
    open_end = Verdict.AMBIGUOUS if is_after_the_dot else Verdict.AWAY
    if isinstance(error, aiosmtplib.SMTPResponseException):
        reply = on_one_line(error.code, error.message)
        if not 200 <= error.code < 600:
            return Refusal(f"{where} gave an answer that is none.", open_end)
        if isinstance(error, aiosmtplib.SMTPAuthenticationError) or error.code in ASKS_TO_SIGN_IN:
            verdict = Verdict.LOCKED if error.code >= 500 else Verdict.AWAY
            return Refusal(f"{where} refused the user name or password: {reply}", verdict, reply)
        if not is_reached or isinstance(error, aiosmtplib.SMTPHeloError):
            return Refusal(f"{where} did not let us in: {reply}", Verdict.AWAY, reply)
        what = "the address" if isinstance(error, aiosmtplib.SMTPRecipientRefused) else "the mail"
        verdict = Verdict.NEVER if error.code >= 500 else Verdict.LATER
        return Refusal(f"{where} refused {what}: {reply}", verdict, reply)
    if isinstance(error, TimeoutError):
        return Refusal(f"{where} did not answer in time.", open_end)
    if isinstance(error, ssl.SSLError) or isinstance(error.__cause__, ssl.SSLError):
        return Refusal(f"{where} has a certificate that is not trusted, or speaks no TLS.", open_end)
    if isinstance(error, OSError):
        what = "broke off the conversation." if is_reached else f"cannot be reached on port {server.port}."
        return Refusal(f"{where} {what}", open_end, has_hung_up=is_reached and not is_after_the_dot)
    return Refusal(f"{where} does not offer what was set (encryption or sign-in).", Verdict.AWAY)


def on_one_line(code: int, words: str) -> str:
    """A reply in the server's own words."""
    return f"{code} {' '.join(words.split())}"[:LONGEST_REPLY]


def is_address_dead(reply: str | None) -> bool:
    return bool(reply and DEAD_ADDRESS.match(reply))


def is_greylisting(reply: str | None) -> bool:
    """Whether the same server wants the same mail a second time, later."""
    if not reply or not reply.startswith(("450", "451")):
        return False
    return reply[4:].startswith("4.7.1") or "greylist" in reply.lower() or time_named(reply) is not None


def time_named(reply: str | None) -> timedelta | None:
    """After what time the server wants to be asked again, if it says so."""
    words = (reply or "")[4:]
    if clock := CLOCK_NAMED.search(words):
        hours, minutes, seconds = (int(part) for part in clock.groups())
        return min(timedelta(hours=hours, minutes=minutes, seconds=seconds), LONGEST_PAUSE)
    if named := TIME_NAMED.search(words):
        unit = {"s": "seconds", "m": "minutes", "h": "hours"}[named[2][0].lower()]
        return min(timedelta(**{unit: int(named[1])}), LONGEST_PAUSE)
    return None
