"""The review as a language model writes it: the same evidence is asked of it as of the rules, which stay behind it."""

from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel

from domain.call import Call
from domain.review import Claim, Review
from domain.transcript import Segment
from intelligence.language_model import LanguageModel, NoAnswer, Prompt, instructions
from intelligence.reviewing.evidence import ClaimDraft, ReviewDraft, review_of

DEADLINE_S = 60.0
MOST_CHARACTERS = 300_000
"""About 75,000 tokens, a call of five hours. A longer one is reviewed by the rules."""

LEAST_GROUNDED = 0.6
"""Of its claims; who makes up more of their quotes than that is not believed about the rest either."""


class WrittenReview(BaseModel):
    """The form a model fills in."""

    review: ReviewDraft


async def reviewed(model: LanguageModel, call: Call, segments: Sequence[Segment], by_rules: Review) -> Review:
    """The model's review, or `by_rules` when there is none in time or too little of it has evidence."""
    prompt = review_prompt(call, segments)
    if not segments or len(prompt.text) > MOST_CHARACTERS:
        return by_rules
    try:
        written = await model.ask(prompt, WrittenReview, deadline_s=DEADLINE_S)
    except NoAnswer:
        return by_rules
    draft = written.review
    review = review_of(draft, segments, made_by=model.name)
    made, grounded = len(claims_of_draft(draft)), len(claims_of(review))
    if (made and grounded < LEAST_GROUNDED * made) or not any(sentence.strip() for sentence in review.summary):
        return by_rules
    return replace(review, sentiment=review.sentiment if call.switches.sentiment else None)


def review_prompt(call: Call, segments: Sequence[Segment]) -> Prompt:
    facts = [
        f"Kind of call: {call.kind.value}",
        f"Seller: {call.organization_name}, {call.owner.name}",
        f"Buyer: {call.lead.name} of {call.lead.company}" if call.lead else "Buyer: not in the books",
    ]
    lines = [f"[{number}] {said.name} ({said.role.value}): {said.text}" for number, said in enumerate(segments)]
    return Prompt(instructions=instructions("review"), text="\n".join([*facts, "", "Transcript:", *lines]))


def claims_of_draft(draft: ReviewDraft) -> list[ClaimDraft]:
    one = [claim for claim in (draft.budget, draft.timeline) if claim]
    return [
        *one, *draft.pain_points, *draft.buying_signals, *draft.objections, *draft.decision_makers, *draft.competitors,
        *draft.next_steps, *draft.upsells, *draft.coaching_moments,
    ]  # fmt: skip


def claims_of(review: Review) -> list[Claim]:
    one = [claim for claim in (review.budget, review.timeline) if claim]
    return [
        *one, *review.pain_points, *review.buying_signals, *review.objections, *review.decision_makers,
        *review.competitors, *review.next_steps, *review.upsells, *review.coaching_moments,
    ]  # fmt: skip
