"""Who does what next, and by when: promises of the seller, and what the buyer offers or asks for."""

import re
from collections.abc import Sequence

from domain.transcript import ParticipantRole, Segment
from intelligence.reviewing.evidence import NextStepDraft, shortened
from intelligence.reviewing.readable import cleaned
from intelligence.reviewing.times import FAR, NEAR, PAST
from intelligence.reviewing.utterances import cut, is_buyer

ACTION = (
    r"(?:send|e-?mail|mail|call|ring|phone|book|schedule|set (?:\w+ ){0,3}up|set up"
    r"|forward|invite|prepare|draft|write|get|put|open|request|order|leave|block|arrange"
    r"|organi[sz]e"
    r"|follow up|come back|check in|check|confirm|share|export|pass|ask|report|register"
    r"|refund|credit|come by|come out|bring|talk to|speak to|stop|restore|have|connect"
    r"|introduce|make sure|post|drop)"
)
PROMISE = re.compile(
    rf"\b(?:I'll|we'll|I will|we will|I'm going to|let me|I can|I could)(?: also| then"
    rf"| just| personally)? (?P<what>{ACTION}\b[^.?!]*)",
    re.I,
)
REQUEST = re.compile(
    r"(?:^|[,.] |\band )(?P<what>(?:send|call|e-?mail|ring|forward|put|give|get) (?:me|us"
    r"|him|her|it|that|the|them|in)\b[^.?!]*)",
    re.I,
)
INVITATION = re.compile(r"\b(?P<what>(?:you'll get|you will get|a colleague will) [^.?!]*)", re.I)
OFFER = re.compile(
    rf"\b(?:can|shall|should|could|may) (?:I|we)(?: also| just)? (?P<what>{ACTION}\b[^.?!]*)\?"
    rf"|\bhow about (?:I|we) (?P<instead>{ACTION}\b[^.?!]*)\?",
    re.I,
)
AGREES = re.compile(
    r"^(?:\W|um|uh|oh)*(?:yes|yeah|yep|sure|okay|ok|good|great|perfect|please|do\b"
    r"|that works|fine|lovely|of course|absolutely|go ahead|why not)|^.{0,20}\b(?:is|'s"
    r"|are) (?:fine|good|doable|perfect|great)|\bworks\b",
    re.I,
)
AT_ONCE = re.compile(
    r"\b(?:let me (?:see|look|show|open|check|put|get|ask you|write|take|have|pull)"
    r"|I'll (?:be|show|have a look|check the|get (?:out|the)|put these)|right (?:here"
    r"|back)|one (?:second|minute|moment)|a second|once)\b"
    r"|\bhave (?:to|a look|it|removed)\b|\bput (?:it|that) (?:this way|differently)|\bleave (?:it|that)\b|\bget it\b",
    re.I,
)
MOST = 6


def next_steps_of(segments: Sequence[Segment]) -> list[NextStepDraft]:
    found: list[NextStepDraft] = []
    for number, segment in enumerate(segments):
        for sentence in cut(segment.text):
            step = _step(segments, number, sentence)
            if step and not any(_same(step, other) for other in found):
                found.append(step)
                break  # one for a segment
    return found[-MOST:]


def _step(segments: Sequence[Segment], number: int, sentence: str) -> NextStepDraft | None:
    segment = segments[number]
    promise, request, invitation = (
        PROMISE.search(sentence),
        REQUEST.search(cleaned(sentence)),
        INVITATION.search(sentence),
    )
    offer = OFFER.search(sentence) if not is_buyer(segment) else None
    agreed = number + 1 < len(segments) and bool(AGREES.search(segments[number + 1].text))
    if AT_ONCE.search(sentence) and not NEAR.search(sentence):
        return None
    if promise:
        what, owner = promise.group("what"), segment.name
    elif request and is_buyer(segment):
        what, owner = request.group("what"), _other_side(segments, number)
    elif invitation and segment.role is ParticipantRole.AGENT:
        what, owner = invitation.group("what"), segment.name
    elif offer and agreed:
        what, owner = offer.group("what") or offer.group("instead"), segment.name
    elif not is_buyer(segment) and sentence.endswith("?") and NEAR.search(sentence) and agreed:
        what, owner = sentence, segment.name
    else:
        return None
    if len(re.findall(r"\w{4,}", what)) < 2 and not NEAR.search(sentence):
        return None
    what = _with_names(what, segments, number)
    return NextStepDraft(
        text=shortened(cleaned(what.strip(" ,;"))), segment=number, quote=sentence, owner=owner,
        due=_due(segments, number, sentence),
    )  # fmt: skip


def _due(segments: Sequence[Segment], number: int, sentence: str) -> str | None:
    """In the sentence, in its segment, or in what the other side answers."""
    if when := NEAR.search(sentence) or FAR.search(sentence) or NEAR.search(segments[number].text):
        return when.group().strip(" ,.")
    if number + 1 < len(segments) and is_buyer(segments[number]) != is_buyer(segments[number + 1]):
        answer = segments[number + 1].text
        if (when := NEAR.search(answer)) and not PAST.search(answer):
            return when.group().strip(" ,.")
    return None


def _with_names(what: str, segments: Sequence[Segment], number: int) -> str:
    """ "Call you on Friday" as "Call Robin on Friday": a reader does not know who "you" is."""
    segment = segments[number]
    order = [*reversed(segments[:number]), *segments[number + 1 :]]
    others = [s.name for s in order if is_buyer(s) != is_buyer(segment)]
    what = re.sub(r"\bme\b", first_name(segment.name), what, count=1)
    return (
        re.sub(r"(?<!of )\byou\b(?!['’]| (?:can|are|will|have|were|know))", first_name(others[0]), what, count=1)
        if others
        else what
    )


def first_name(name: str) -> str:
    return name.split()[0] if name.split() else name


def _other_side(segments: Sequence[Segment], number: int) -> str:
    """The seller who spoke last before, else after; ourselves when there is none."""
    order = [*reversed(segments[:number]), *segments[number + 1 :]]
    return next((segment.name for segment in order if not is_buyer(segment)), "us")


def _same(left: NextStepDraft, right: NextStepDraft) -> bool:
    words, others = (set(re.findall(r"\w{4,}", step.text.lower())) for step in (left, right))
    return bool(words) and len(words & others) / len(words | others) > 0.5
