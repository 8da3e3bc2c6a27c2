"""What can go wrong by the product's own rules. Knows no HTTP; `api/problems.py` says how each is answered.

DomainError
├── NotFound            it is not there, or it is not yours
│   └── LinkUnknown     a link that was never ours, is used or over, or has been replaced
├── NotSignedIn
├── NotAllowed          signed in, but this is for admins
├── TooManyRequests     of one kind, from one place; says when to come again
├── RuleBroken          the request is well formed, the state does not allow it
│   ├── CallNotOpen     too early
│   ├── CallEnded       over, cancelled or expired
│   ├── CallBegun       it goes on or is over, so it cannot be moved, changed or cancelled
│   ├── CallChanged     somebody else has changed it meanwhile
│   ├── GuestsCannotMove  not alone with the host, or too late
│   ├── AlreadyThere    an address or a name that somebody has
│   ├── LastAdmin       an organization without an admin could not be run
│   ├── NotOneself      somebody else has to do that to whoever asks
│   ├── KeyUsed         one key for two different requests
│   └── ReviewNotPossible  the call is not over, or has no words to review
├── InvalidInput        a value that no rule accepts; says which and why
└── RoomUnavailable     the media server cannot be reached now
"""

from dataclasses import dataclass
from datetime import datetime


class DomainError(Exception):
    """Base of the tree."""


@dataclass
class NotFound(DomainError):
    noun: str


class LinkUnknown(NotFound):
    def __init__(self) -> None:
        super().__init__("link")


class NotSignedIn(DomainError):
    pass


class NotAllowed(DomainError):
    pass


@dataclass
class TooManyRequests(DomainError):
    retry_after_s: int


class RuleBroken(DomainError):
    pass


@dataclass
class AlreadyThere(RuleBroken):
    noun: str


class LastAdmin(RuleBroken):
    pass


class NotOneself(RuleBroken):
    pass


@dataclass
class CallNotOpen(RuleBroken):
    opens_at: datetime


@dataclass
class CallEnded(RuleBroken):
    reason: str


@dataclass
class CallBegun(RuleBroken):
    status: str


class CallChanged(RuleBroken):
    pass


class GuestsCannotMove(RuleBroken):
    pass


class KeyUsed(RuleBroken):
    pass


class QuestionSetChanged(RuleBroken):
    pass


class ReviewNotPossible(RuleBroken):
    pass


@dataclass
class InvalidInput(DomainError):
    pointer: str
    detail: str


class RoomUnavailable(DomainError):
    pass
