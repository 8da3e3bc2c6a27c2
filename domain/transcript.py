"""What was said: segments, each one stretch of speech (or one written message) of one participant."""

from dataclasses import dataclass
from enum import StrEnum

from domain.ids import Identity, SegmentId


class ParticipantRole(StrEnum):
    PROSPECT = "prospect"
    REP = "rep"
    MANAGER = "manager"
    AGENT = "agent"


COACHED_ROLES = frozenset({ParticipantRole.REP, ParticipantRole.MANAGER})
"""Who may receive nudges."""


class SegmentSource(StrEnum):
    SPEECH = "speech"
    TEXT = "text"
    AGENT = "agent"


@dataclass(frozen=True, slots=True, kw_only=True)
class Segment:
    """Final, and kept; or what has been heard so far of one that goes on, which is shown, looked at and forgotten."""

    segment_id: SegmentId
    identity: Identity
    name: str
    role: ParticipantRole
    text: str
    start_ms: int  # since the call started
    end_ms: int
    confidence: float  # 0–1; 1.0 for what was written
    language: str  # BCP 47
    source: SegmentSource
