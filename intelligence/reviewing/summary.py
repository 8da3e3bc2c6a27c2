"""One to five sentences for somebody who was not there: what it was, where it stands, why, and what is next."""

from collections.abc import Sequence

from domain.call import CallKind
from domain.review import Qualification
from domain.transcript import Segment
from intelligence.reviewing.evidence import shortened
from intelligence.reviewing.readable import cleaned
from intelligence.reviewing.score import Findings
from intelligence.reviewing.utterances import is_buyer

KINDS = {
    CallKind.DISCOVERY: "Discovery call",
    CallKind.ASSISTED: "Call",
    CallKind.VISIT: "Visit",
    CallKind.REHEARSAL: "Rehearsal",
}
STANDS = {
    Qualification.QUALIFIED: "qualified",
    Qualification.NEEDS_FOLLOW_UP: "needs a follow-up",
    Qualification.UNQUALIFIED: "not qualified",
}
QUOTE_WORDS = 25


def summary_of(
    found: Findings,
    segments: Sequence[Segment],
    *,
    kind: CallKind,
    company: str | None,
    qualified: Qualification,
    reason: str,
    score: int,
) -> tuple[str, ...]:
    people = list(dict.fromkeys(segment.name for segment in segments if is_buyer(segment)))
    if not people:
        return (f"{KINDS[kind]} in which no guest said anything.",)
    whom = joined(people) + (f" ({company})" if company else "")
    minutes = max(1, round((segments[-1].end_ms - segments[0].start_ms) / 60_000))
    lines = [
        f"{KINDS[kind]} with {whom}, {minutes} {'minute' if minutes == 1 else 'minutes'}: "
        f"{STANDS[qualified]}, score {score}. {reason}"
    ]
    if found.pain_points:
        lines.append(f"What troubles them: {quoted(found.pain_points[0].quote)}")
    if found.buying_signals:
        lines.append(f"What they want: {quoted(found.buying_signals[-1].quote)}")
    against = found.leaving or (found.objections[0] if found.objections else None)
    if against:
        lines.append(f"What stands in the way: {quoted(against.quote)}")
    if found.next_steps:
        step = next((step for step in reversed(found.next_steps) if step.due), found.next_steps[-1])
        due = f" ({step.due})" if step.due and step.due.lower() not in step.text.lower() else ""
        lines.append(f"Next, {step.owner}: {step.text[:1].lower() + step.text[1:]}{due}.".replace("?.", "."))
    else:
        lines.append("No next step was agreed.")
    return tuple(lines[:5])


def quoted(words: str) -> str:
    return f"“{shortened(cleaned(words).rstrip('.,;'), QUOTE_WORDS)}”."


def joined(names: Sequence[str]) -> str:
    return names[0] if len(names) == 1 else f"{', '.join(names[:-1])} and {names[-1]}"
