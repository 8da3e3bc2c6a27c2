"""Reviews labelled calls offline, from their texts, and writes a report of each: `python -m benchmarks.review`.

The agent's turns are taken from the script, so that nothing but the review is measured. Score the reports with the
labelled calls' own scorer.
"""

import argparse
import json
import time
from datetime import UTC, datetime
from pathlib import Path
from typing import Any
from uuid import UUID

from pydantic import TypeAdapter

from benchmarks.__main__ import LABELLED_CALLS
from domain.call import Call, CallKind, CallLead, CallOwner, CallStatus
from domain.ids import CallId, Identity, LeadId, OrganizationId, SegmentId, UserId
from domain.review import Review
from domain.transcript import ParticipantRole, Segment, SegmentSource
from intelligence.reviewing import Reviewer
from parley.stage.review import review_reported
from parley.stage.script import Script, load
from providers.local.minilm import MiniLM

ADAPTER = TypeAdapter(Review)
ROLES = {
    "ai": ParticipantRole.AGENT,
    "rep": ParticipantRole.REP,
    "technician": ParticipantRole.REP,
    "prospect": ParticipantRole.PROSPECT,
    "customer": ParticipantRole.PROSPECT,
}


NOBODY = UUID(int=0)


def call_of(script: Script) -> Call:
    return Call(
        call_id=CallId(NOBODY),
        organization_id=OrganizationId(NOBODY),
        organization_name="",
        title=script.title,
        kind=CallKind.DISCOVERY if script.is_led_by_agent else CallKind.ASSISTED,
        status=CallStatus.ENDED,
        starts_at=datetime.fromisoformat(script.call_date).replace(tzinfo=UTC),
        duration_minutes=60,
        owner=CallOwner(user_id=UserId(NOBODY), name=""),
        lead=CallLead(lead_id=LeadId(NOBODY), name=script.lead.name, company=script.lead.company),
        question_set_id=None,
        started_at=None,
        ended_at=None,
        staged_as_text=True,
        invitees=(),
        last_seq=0,
    )


def segments_of(script: Script, *, as_heard: bool) -> list[Segment]:
    """A segment for each turn; `as_heard`: lower case without marks, as a poor speech model would write it."""
    by_id = {participant.id: participant for participant in script.participants}
    found, now_ms = [], 0
    for number, turn in enumerate(script.turns):
        speaker = by_id[turn.speaker]
        start_ms = max(0, now_ms + turn.gap_ms)
        now_ms = start_ms + turn.written_ms
        text = turn.text
        if as_heard:
            text = "".join(sign for sign in text.lower() if sign.isalnum() or sign in " '’-")
        found.append(
            Segment(
                segment_id=SegmentId(UUID(int=number)),
                identity=Identity(turn.speaker),
                name=speaker.name,
                role=ROLES[speaker.role],
                text=text,
                start_ms=start_ms,
                end_ms=now_ms,
                confidence=1.0,
                language="en",
                source=SegmentSource.TEXT,
            )
        )
    return found


def report_of(script: Script, reviewer: Reviewer, *, as_heard: bool) -> dict[str, Any]:
    segments = segments_of(script, as_heard=as_heard)
    began = time.perf_counter()
    review = reviewer.review(call_of(script), segments)
    took_ms = round((time.perf_counter() - began) * 1000)
    turn_of: dict[str, int | None] = {str(segment.segment_id): turn for turn, segment in enumerate(segments)}
    return {
        "script": script.id,
        "mode": "text",
        "segments": [
            {"turn": turn, "participant": segment.identity, "text": segment.text}
            for turn, segment in enumerate(segments)
        ],
        "review": review_reported(ADAPTER.dump_python(review, mode="json"), turn_of),
        "timings_ms": {"review": took_ms},
    }


def main() -> None:
    ask = argparse.ArgumentParser(description=__doc__)
    ask.add_argument("scripts", nargs="*", type=Path, help="default: the labelled calls")
    ask.add_argument("--out", type=Path, required=True, help="a folder for the reports")
    ask.add_argument("--as-heard", action="store_true", help="lower case without marks")
    args = ask.parse_args()
    began = time.perf_counter()
    reviewer = Reviewer(MiniLM())
    print(f"constructed in {time.perf_counter() - began:.1f} s")
    args.out.mkdir(parents=True, exist_ok=True)
    for path in args.scripts or sorted(LABELLED_CALLS.glob("dev-*.json")):
        report = report_of(load(path), reviewer, as_heard=args.as_heard)
        (args.out / f"{report['script']}.json").write_text(json.dumps(report, indent=1, ensure_ascii=False) + "\n")
        print(f"{report['script']}: {report['timings_ms']['review']} ms")


if __name__ == "__main__":
    main()
