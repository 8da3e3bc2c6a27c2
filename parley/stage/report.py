"""The report of a staged call: what was heard, shown and asked, by turn. Source: shared/calls/README, report."""

from datetime import datetime
from statistics import median
from typing import Any

from parley.stage.performance import Performance, Performed, Written
from parley.stage.review import review_reported


def report_of(performance: Performance) -> dict[str, Any]:
    script = performance.script
    segments = segments_of(performance)
    turn_of = {segment["segment_id"]: segment["turn"] for segment in segments}
    answers = answer_delays_ms(performance)
    report: dict[str, Any] = {
        "script": script.id,
        "mode": performance.mode,
        "spoken_by_agent": sorted(script.agent_ids),
        "segments": [{k: v for k, v in segment.items() if k != "segment_id"} for segment in segments],
        "nudges": nudges_of(performance, turn_of),
        "timings_ms": {
            "dispatch_to_joined": ms(performance.agent_joined_after_s or 0.0),
            "answer_p50": int(median(answers)) if answers else 0,
            "answer_p95": percentile(answers, 0.95),
            "answers": answers,
        },
        "conversation": [
            f"{event['segment']['name']}: {event['segment']['text']}"
            for event in performance.events
            if event["kind"] == "segment_added"
        ],
    }
    if performance.review:
        report["review"] = review_reported(performance.review, turn_of)
    if script.question_set:
        report["questions"] = questions_of(performance, turn_of)
    return report


def segments_of(performance: Performance) -> list[dict[str, Any]]:
    """What the humans said, as it stands in the log, each with the turn it belongs to."""
    by_identity = {person.identity: person.script_id for person in performance.people.values()}
    started = [event["started_at"] for event in performance.events if event["kind"] == "call_started"]
    zero_s = datetime.fromisoformat(started[0]).timestamp() if started else 0.0
    received = {
        segment_id: came[0]
        for person in reversed(list(performance.people.values()))
        for segment_id, came in person.received.finals.items()
    }
    found = []
    for event in performance.events:
        if event["kind"] != "segment_added" or event["segment"]["source"] == "agent":
            continue
        segment = event["segment"]
        participant = by_identity.get(segment["identity"], segment["identity"])
        performed = turn_performed(performance, segment, participant, zero_s)
        entry = {
            "segment_id": segment["segment_id"],
            "turn": performed.turn if performed else None,
            "participant": participant,
            "text": segment["text"],
            "start_ms": segment["start_ms"],
            "end_ms": segment["end_ms"],
        }
        came_s = received.get(segment["segment_id"])
        if performed and came_s is not None:
            ended_s = min(performed.given.voiced_ends_s, key=lambda s: abs(s - (zero_s + segment["end_ms"] / 1000)))
            entry["final_after_ms"] = ms(came_s - ended_s)
            if performance.mode == "audio":
                entry["end_late_ms"] = segment["end_ms"] - ms(ended_s - zero_s)
        found.append(entry)
    return found


def turn_performed(
    performance: Performance, segment: dict[str, Any], participant: str, zero_s: float
) -> Performed | None:
    """By id in a written call; else the turn it overlaps most, its own participant's turns before others'."""
    if performance.mode == "text":
        given = ((p, p.given) for p in performance.performed)
        return next((p for p, g in given if isinstance(g, Written) and g.segment_id == segment["segment_id"]), None)
    start_s, end_s = zero_s + segment["start_ms"] / 1000, zero_s + segment["end_ms"] / 1000

    def overlap_s(performed: Performed) -> float:
        return float(min(end_s, performed.given.end_s) - max(start_s, performed.given.start_s))

    touching = [performed for performed in performance.performed if overlap_s(performed) > 0]
    own = [performed for performed in touching if performed.participant == participant]
    return max(own or touching, key=overlap_s, default=None)


def nudges_of(performance: Performance, turn_of: dict[str, int | None]) -> list[dict[str, Any]]:
    """Every nudge that reached any client, and whose."""
    seen: dict[str, list[str]] = {}
    first: dict[str, tuple[float, dict[str, Any]]] = {}
    for person in performance.people.values():
        for nudge_id, (came_s, nudge) in person.received.nudges.items():
            seen.setdefault(nudge_id, []).append(person.script_id)
            first.setdefault(nudge_id, (came_s, nudge))
    ends = {performed.turn: performed.given.end_s for performed in performance.performed}
    found = []
    for nudge_id, (came_s, nudge) in sorted(first.items(), key=lambda item: item[1][0]):
        turn = turn_of.get(nudge["segment_id"])
        entry = {
            "kind": nudge["kind"],
            "turn": turn,
            "title": nudge["title"],
            "message": nudge["message"],
            "quote": nudge["quote"],
            "seen_by": seen[nudge_id],
        }
        if turn is not None:
            entry["after_turn_ms"] = ms(came_s - ends[turn])
        found.append(entry)
    return found


def questions_of(performance: Performance, turn_of: dict[str, int | None]) -> list[dict[str, Any]]:
    """A refusal closes a question like an answer, and says so. Of several the last counts."""
    asked = {event["question_id"] for event in performance.events if event["kind"] == "question_asked"}
    dealt = {
        event["question_id"]: event
        for event in performance.events
        if event["kind"] in {"question_answered", "question_refused"}
    }
    found = []
    for number, question_id in enumerate(performance.booking.question_ids):
        answer = dealt.get(question_id)
        found.append(
            {
                "question": number,
                "status": "answered" if answer else "asked" if question_id in asked else "open",
                "refused": bool(answer and answer["kind"] == "question_refused"),
                "volunteered": bool(answer and answer.get("volunteered")),
                "turn": turn_of.get(answer["segment_id"]) if answer else None,
                "answer": answer["text"] if answer else None,
            }
        )
    return found


def answer_delays_ms(performance: Performance) -> list[int]:
    """From the end of a human's turn to the agent's first sound, where the agent spoke before the next turn began."""
    if performance.mode == "text" or not performance.script.is_led_by_agent:
        return []
    watcher = next(iter(performance.people.values()))
    delays = []
    following = [*(p.given.start_s for p in performance.performed[1:]), float("inf")]
    for performed, next_start_s in zip(performance.performed, following, strict=True):
        heard = [s for s in watcher.agent_sound.starts if performed.given.end_s < s < next_start_s]
        if heard:
            delays.append(ms(heard[0] - performed.given.end_s))
    return delays


def percentile(values: list[int], share: float) -> int:
    ordered = sorted(values)
    return ordered[min(len(ordered) - 1, int(share * len(ordered)))] if ordered else 0


def ms(seconds: float) -> int:
    return round(seconds * 1000)
