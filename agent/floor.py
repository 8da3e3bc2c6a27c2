"""Who has the floor: who is speaking, when the last speaker is done, and whether the agent should stop talking.

A state machine over call time in ms; it knows neither audio nor a clock.
"""

import re
from dataclasses import dataclass, field

from domain.ids import Identity

DONE_SILENCE_MS = 440
"""Since the last sound of somebody who sounds done. The local speech model's endpoint comes after 352 ms of it."""

UNSURE_SILENCE_MS = 1_000
UNFINISHED_SILENCE_MS = 2_000
"""After words that break off in the middle ("and", "because", "um"): people who think still hold the floor."""

DONE_PROBABILITY = 0.36
"""Source: threshold for English of LiveKit's turn-detector v1-mini, notes livekit.md §9."""

YIELD_AFTER_MS = 1_200
"""Speech this long over the agent's, with the silence that shows its end, is no backchannel, whatever its words."""

BACKCHANNELS = frozenset(
    (
        "mm mmm mhm mm-hmm mmhmm hmm hm uh-huh uhhuh aha ah oh yeah yes yep right okay ok sure good great fine i see"
    ).split()
)
HANGING_WORDS = frozenset(
    (
        "and but so or because um uh er erm the a an of to with for in on at from into than my our your their very"
        " every is are was we i if that which like"
    ).split()
)

AUXILIARIES = frozenset("could would should will can might must".split())
SHORT_ANSWER_WORDS = 4
"""A longer sentence does not end with an auxiliary: "yes, I would" is whole, "I was wondering if you could" is not."""


@dataclass
class Floor:
    """Times are ms since the call started. Feed it what happens, ask it what may be done."""

    _speaking_since: dict[Identity, int] = field(default_factory=dict)
    _said: list[str] = field(default_factory=list)
    _free_at_ms: int | None = None

    def speech_started(self, identity: Identity, now_ms: int) -> None:
        self._speaking_since[identity] = now_ms

    def speech_ended(self, identity: Identity, now_ms: int) -> None:
        self._speaking_since.pop(identity, None)
        if self._said and not self._speaking_since:
            self._free_at_ms = max(self._free_at_ms or 0, now_ms)

    def said(self, identity: Identity, text: str, done_probability: float, ended_ms: int) -> None:
        """Final words of a stretch of speech that ended at `ended_ms`; `done_probability` 0–1 that the turn did too."""
        self._speaking_since.pop(identity, None)
        self._said.append(text)
        self._free_at_ms = ended_ms + silence_ms(text, done_probability)

    def left(self, identity: Identity) -> None:
        self._speaking_since.pop(identity, None)

    @property
    def somebody_speaks(self) -> bool:
        return bool(self._speaking_since)

    def turn_ends_at_ms(self) -> int | None:
        """When the humans' turn is over, as far as is known now; None while somebody speaks or nobody has spoken."""
        return None if self._speaking_since or not self._said else self._free_at_ms

    def take_turn(self) -> str:
        """What was said since the last turn, all speakers together; empties it."""
        text = " ".join(self._said)
        self._said.clear()
        self._free_at_ms = None
        return text

    def should_yield(self, interim: str, now_ms: int) -> bool:
        """While the agent talks: True when somebody means to take the floor and not only to nod."""
        if not self._speaking_since:
            return False
        longest_ms = now_ms - min(self._speaking_since.values())
        return longest_ms >= YIELD_AFTER_MS or (bool(interim.strip()) and not is_backchannel(interim))


def silence_ms(text: str, done_probability: float) -> int:
    """So long nobody must have spoken before the agent does."""
    words = words_of(text)
    hangs = words and (words[-1] in HANGING_WORDS or (len(words) > SHORT_ANSWER_WORDS and words[-1] in AUXILIARIES))
    if words and (hangs or text.rstrip().endswith(("...", "…", ",", "-"))):
        return UNFINISHED_SILENCE_MS
    return DONE_SILENCE_MS if done_probability >= DONE_PROBABILITY else UNSURE_SILENCE_MS


def is_backchannel(text: str) -> bool:
    """True for "mm-hmm", "yeah, okay" and the like: signs of listening, not a wish to speak."""
    words = words_of(text)
    return 0 < len(words) <= 3 and all(word in BACKCHANNELS for word in words)


def words_of(text: str) -> list[str]:
    return re.findall(r"[a-z][a-z'’-]*", text.lower())
