"""Identifiers: one NewType for each noun, all of them UUIDs of version 7 made by the writer."""

import os
import time
from typing import NewType
from uuid import UUID

OrganizationId = NewType("OrganizationId", UUID)
UserId = NewType("UserId", UUID)
LeadId = NewType("LeadId", UUID)
QuestionSetId = NewType("QuestionSetId", UUID)
QuestionId = NewType("QuestionId", UUID)
CallId = NewType("CallId", UUID)
InviteeId = NewType("InviteeId", UUID)
SegmentId = NewType("SegmentId", UUID)
InsightId = NewType("InsightId", UUID)
NudgeId = NewType("NudgeId", UUID)
EventId = NewType("EventId", UUID)
EmailId = NewType("EmailId", UUID)
MessageId = NewType("MessageId", UUID)
TeamId = NewType("TeamId", UUID)
DeviceId = NewType("DeviceId", UUID)
SignInLinkId = NewType("SignInLinkId", UUID)
AuditId = NewType("AuditId", UUID)

Identity = NewType("Identity", str)
"""Who one participant is in a room: `prospect-<invitee>`, `rep-<user>`, `manager-<user>`, `agent-<call>-<epoch>`."""


def uuid7() -> UUID:
    """A UUID that sorts by the quarter microsecond it was made in. Source: RFC 9562 §5.7, §6.2 method 3."""
    unix_ms, rest_ns = divmod(time.time_ns(), 1_000_000)
    random = int.from_bytes(os.urandom(8), "big") & (2**62 - 1)
    fraction = (rest_ns << 12) // 1_000_000
    return UUID(int=(unix_ms & (2**48 - 1)) << 80 | 0x7 << 76 | fraction << 64 | 0b10 << 62 | random)
