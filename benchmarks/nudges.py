"""`python -m benchmarks.nudges`: what the coach would say in labelled calls, as text, without a server.

Plays the calls of our own (nudge_calls.txt; those named unseen-… were written by somebody who had not seen the
classifier's utterances, and its bars were last chosen with them in view) and those of `--calls` turn by turn on the
script's clock through detection and governor, as they are and again bare: in lower case without punctuation. A hit is a
nudge of the wanted kind at the wanted turn or the one after it. `--held-out` chooses the bars for each call, and for
each genre, by all the others. `--tell` prints every turn with what was wanted and shown.
"""

import argparse
import json
import re
import time
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from domain.ids import Identity, SegmentId, uuid7
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.detection import Detection
from intelligence.detectors import classifier, topics, words
from intelligence.detectors.conduct import ConductDetector
from intelligence.detectors.words import Bar, WordsDetector
from intelligence.nudging import Governor
from intelligence.window import Window
from parley.settings import CHECKOUT
from parley.stage.script import WORD_MS
from providers.local.minilm import MiniLM

OWN_CALLS = Path(__file__).parent / "nudge_calls.txt"
LABELLED_CALLS = CHECKOUT.parent / "shared" / "calls"

ROLES = {
    "P": ParticipantRole.PROSPECT, "prospect": ParticipantRole.PROSPECT, "customer": ParticipantRole.PROSPECT,
    "R": ParticipantRole.REP, "rep": ParticipantRole.REP, "technician": ParticipantRole.REP,
    "ai": ParticipantRole.AGENT,
}  # fmt: skip
AGENT_LED = "saas_ai_discovery"
GAP_MS = 400

BARS = [Bar(most_harmless=h, least=p) for h in (0.08, 0.1, 0.12, 0.15, 0.2) for p in (0.2, 0.25, 0.3, 0.35)]


@dataclass(frozen=True, kw_only=True)
class Turn:
    role: ParticipantRole
    speaker: str
    text: str
    start_ms: int

    @property
    def end_ms(self) -> int:
        return self.start_ms + WORD_MS * len(self.text.split())


@dataclass(frozen=True, kw_only=True)
class LabelledCall:
    id: str
    genre: str
    turns: list[Turn] = field(default_factory=list)
    nudges: list[tuple[int, str, bool]] = field(default_factory=list)  # turn, kind, whether it must come
    traps: list[int] = field(default_factory=list)


def script(file: Path) -> LabelledCall:
    raw: dict[str, Any] = json.loads(file.read_text())
    roles = {person["id"]: ROLES[person["role"]] for person in raw["participants"]}
    nudges = [(n["turn"], n["kind"], n["must"]) for n in raw["labels"]["nudges"]]
    call = LabelledCall(id=raw["id"], genre=raw["genre"], nudges=nudges, traps=raw["labels"]["no_nudge_turns"])
    for turn in raw["turns"]:
        add(call, roles[turn["speaker"]], turn["speaker"], turn["text"], turn["gap_ms"])
    return call


def own_calls(text: str) -> list[LabelledCall]:
    """ "== id genre title", then "R: words" or "P: words", with "| must kind", "| opt kind" or "| trap" behind them."""
    calls: list[LabelledCall] = []
    for line in filter(None, map(str.strip, text.splitlines())):
        if line.startswith("=="):
            _, name, genre, *_ = line.split()
            calls.append(LabelledCall(id=name, genre=genre))
            continue
        call, at = calls[-1], len(calls[-1].turns)
        said, _, label = line.partition(" | ")
        who, said = said.split(": ", 1)
        is_agent = who == "R" and call.genre == AGENT_LED
        add(call, ParticipantRole.AGENT if is_agent else ROLES[who], who, said, GAP_MS)
        if label == "trap":
            call.traps.append(at)
        elif label:
            must, kind = label.split()
            call.nudges.append((at, kind, must == "must"))
    return calls


def add(call: LabelledCall, role: ParticipantRole, speaker: str, text: str, gap_ms: int) -> None:
    since_ms = call.turns[-1].end_ms if call.turns else 0
    call.turns.append(Turn(role=role, speaker=speaker, text=text, start_ms=max(0, since_ms + gap_ms)))


def bare(text: str) -> str:
    """As a recogniser may write it."""
    return re.sub(r"[.,?!;:]", "", text).lower()


@dataclass(frozen=True, kw_only=True)
class Shown:
    turn: int
    kind: str
    line: str


class Coaching:
    """`took_ms` collects the time of this thread that each segment took."""

    def __init__(self) -> None:
        self._topics = topics.load()
        self._detection = Detection([WordsDetector(self._topics, classifier.load(), MiniLM()), ConductDetector()])
        self.took_ms: list[float] = []

    def play(self, call: LabelledCall, *, is_bare: bool) -> list[Shown]:
        governor, window, shown = Governor(self._topics), Window(), []
        for at, turn in enumerate(call.turns):
            if turn.role is ParticipantRole.AGENT:
                continue
            segment = segment_of(turn, bare(turn.text) if is_bare else turn.text)
            began = time.thread_time()
            insights = self._detection.notice(segment, window.heard)
            self.took_ms.append((time.thread_time() - began) * 1000)
            window.add(segment, insights)
            for decision in governor.decide(insights, turn.end_ms):
                if nudge := decision.nudge:
                    line = f"{decision.insight.topic} {nudge.confidence}: {nudge.message} [{nudge.trigger}]"
                    shown.append(Shown(turn=at, kind=nudge.kind.value, line=line))
        return shown


def segment_of(turn: Turn, text: str) -> Segment:
    return Segment(
        segment_id=SegmentId(uuid7()),
        identity=Identity(turn.speaker),
        name=turn.speaker,
        role=turn.role,
        text=text,
        start_ms=turn.start_ms,
        end_ms=turn.end_ms,
        confidence=1.0,
        language="en",
        source=SegmentSource.TEXT,
    )


@dataclass(kw_only=True)
class Score:
    hits: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("recall", "precision", "traps"), 0))
    of: dict[str, int] = field(default_factory=lambda: dict.fromkeys(("recall", "precision", "traps"), 0))

    def count(self, name: str, is_hit: bool) -> None:
        self.hits[name] += is_hit
        self.of[name] += 1

    def share(self, name: str) -> float:
        return self.hits[name] / max(1, self.of[name])

    def __str__(self) -> str:
        return "  ".join(f"{name} {self.share(name):.2f} ({self.hits[name]}/{self.of[name]})" for name in self.hits)


def score(calls: Sequence[LabelledCall], plays: Sequence[Sequence[Shown]]) -> Score:
    total = Score()
    for call, shown in zip(calls, plays, strict=True):
        wanted = {(turn, kind) for turn, kind, _ in call.nudges}
        for turn, kind, must in call.nudges:
            if must:
                total.count("recall", any(one.kind == kind and one.turn in (turn, turn + 1) for one in shown))
        for one in shown:
            total.count("precision", bool({(one.turn, one.kind), (one.turn - 1, one.kind)} & wanted))
        for trap in call.traps:
            fell = any(one.turn == trap and (trap - 1, one.kind) not in wanted for one in shown)
            total.count("traps", not fell)
    return total


def goodness(result: Score) -> float:
    """Recall and precision in balance, and no trade for traps below .85."""
    recall, precision = result.share("recall"), result.share("precision")
    balance = 2 * recall * precision / max(1e-9, recall + precision)
    return balance - 2 * max(0.0, 0.85 - result.share("traps"))


def held_out(calls: Sequence[LabelledCall], by_bar: list[list[list[Shown]]], group: str) -> Score:
    """Each call (or genre) with the bars that were best for all the others."""
    total = Score()
    for name in sorted({getattr(call, group) for call in calls}):
        seen = [at for at, call in enumerate(calls) if getattr(call, group) != name]
        held = [at for at, call in enumerate(calls) if getattr(call, group) == name]
        best = max(by_bar, key=lambda plays: goodness(score([calls[at] for at in seen], [plays[at] for at in seen])))
        part = score([calls[at] for at in held], [best[at] for at in held])
        for key in total.of:
            total.hits[key] += part.hits[key]
            total.of[key] += part.of[key]
    return total


def tell(calls: Sequence[LabelledCall], plays: Sequence[Sequence[Shown]]) -> None:
    for call, shown in zip(calls, plays, strict=True):
        print(f"== {call.id} {call.genre}")
        for at, turn in enumerate(call.turns):
            wanted = [f"{'must' if must else 'may'} {kind}" for number, kind, must in call.nudges if number == at]
            trap = ["TRAP"] * (at in call.traps)
            print(f"{at:3} {turn.role.value[:1].upper()} {turn.text}", *wanted, *trap, sep="  | ")
            print(*(f"      >> {one.kind} {one.line}\n" for one in shown if one.turn == at), sep="", end="")


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    ask.add_argument("--calls", type=Path, default=LABELLED_CALLS, help="a folder of labelled calls")
    ask.add_argument("--held-out", action="store_true", help="bars chosen by the other calls, then by other genres")
    ask.add_argument("--tell", action="store_true", help="every turn with what was wanted and shown")
    args = ask.parse_args()
    labelled = [script(file) for file in sorted(args.calls.glob("*-*.json"))] if args.calls.is_dir() else []
    coaching = Coaching()
    for name, calls in (("own calls", own_calls(OWN_CALLS.read_text())), ("labelled calls", labelled)):
        if not calls:
            continue
        plays = [coaching.play(call, is_bare=False) for call in calls]
        print(f"{name:15} as written   {score(calls, plays)}")
        bare_plays = [coaching.play(call, is_bare=True) for call in calls]
        print(f"{name:15} bare         {score(calls, bare_plays)}")
        for genre in sorted({call.genre for call in calls}):
            of_genre = [at for at, call in enumerate(calls) if call.genre == genre]
            print(f"  {genre:26} {score([calls[at] for at in of_genre], [plays[at] for at in of_genre])}")
        if args.tell:
            tell(calls, plays)
        if args.held_out:
            by_bar = []
            for bar in BARS:
                words.BARS[ParticipantRole.PROSPECT] = bar
                by_bar.append([coaching.play(call, is_bare=False) for call in calls])
            print(f"{name:15} held-out call  {held_out(calls, by_bar, 'id')}")
            print(f"{name:15} held-out genre {held_out(calls, by_bar, 'genre')}")
    took = sorted(coaching.took_ms)
    print(f"a segment, of one core: p50 {took[len(took) // 2]:.0f} ms, p95 {took[len(took) * 95 // 100]:.0f} ms")


if __name__ == "__main__":
    main()
