"""From the segments of a call to its review, by rules and sentence embeddings: no network, no clock, no chance."""

from collections.abc import Sequence
from pathlib import Path

from domain.call import Call
from domain.review import Review
from domain.transcript import Segment
from intelligence.embedding import Embedder
from intelligence.reviewing import classifier, score
from intelligence.reviewing.budget import budget_of
from intelligence.reviewing.claims import LEAVING_FROM, Judged, buying_signals, judged, objections, pain_points, upsells
from intelligence.reviewing.classifier import Classifier
from intelligence.reviewing.coaching import coaching_moments
from intelligence.reviewing.evidence import ClaimDraft, ReviewDraft, review_of
from intelligence.reviewing.next_steps import next_steps_of
from intelligence.reviewing.people import competitors_of, decision_makers_of
from intelligence.reviewing.readable import told
from intelligence.reviewing.summary import summary_of
from intelligence.reviewing.timeline import timeline_of
from intelligence.reviewing.utterances import clauses_of, is_buyer

MADE_BY = "rules 1"
FOLDER = Path(__file__).parent

SENTIMENT_BASE, SENTIMENT_SLOPE, SENTIMENT_OF_LEAVING = 0.36, 2.0, -0.5
"""From the mean valence of the buyer's clauses, and whether they may leave, to −1…1.
Source: least squares over 16 labelled calls and 6 of our own, rounded."""


class Reviewer:
    """Construct it once: it embeds some six hundred example sentences, about 3 s on one core. Calls are independent."""

    def __init__(self, embedder: Embedder) -> None:
        self._embedder = embedder
        self._buyer = Classifier(classifier.read(FOLDER / "buyer.txt"), embedder)
        self._seller = Classifier(classifier.read(FOLDER / "seller.txt"), embedder)

    def review(self, call: Call, segments: Sequence[Segment]) -> Review:
        """Blocks for about 5 ms a sentence. `segments` in the order of speaking; none gives a review without claims."""
        return review_of(self.draft(call, segments), segments, made_by=MADE_BY)

    def draft(self, call: Call, segments: Sequence[Segment]) -> ReviewDraft:
        company = call.lead.company if call.lead else None
        own_names = [company or "", call.organization_name, call.owner.name]
        clauses = clauses_of(segments)
        buyer = judged([clause for clause in clauses if clause.is_buyer], self._buyer, self._embedder)
        seller = judged([clause for clause in clauses if not clause.is_buyer], self._seller, self._embedder)
        sentiment = sentiment_of(buyer)
        found = score.Findings(
            pain_points=pain_points(buyer),
            buying_signals=buying_signals(buyer),
            objections=objections(buyer),
            upsells=upsells(buyer, segments),
            budget=budget_of(segments),
            timeline=timeline_of(segments),
            decision_makers=decision_makers_of(segments),
            next_steps=next_steps_of(segments),
            leaving=leaving_of(buyer),
            sentiment=sentiment,
            buyer_words=sum(len(segment.text.split()) for segment in segments if is_buyer(segment)),
        )
        reasons = score.reasons(found)
        points = score.total(reasons)
        qualified, reason = score.qualification(found, points)
        return ReviewDraft(
            summary=summary_of(
                found, segments, kind=call.kind, company=company, qualified=qualified, reason=reason, score=points
            ),
            qualification=qualified,
            qualification_reason=reason,
            score_reasons=reasons,
            pain_points=tuple(found.pain_points),
            buying_signals=tuple(found.buying_signals),
            objections=tuple(found.objections),
            budget=found.budget,
            timeline=found.timeline,
            decision_makers=tuple(found.decision_makers),
            competitors=tuple(competitors_of(segments, own_names)),
            next_steps=tuple(found.next_steps),
            upsells=tuple(found.upsells),
            coaching_moments=coaching_moments(seller, segments, found.objections),
            sentiment=round(sentiment, 2) if call.switches.sentiment and buyer else None,
            engagement=score.engagement(found, points),
            follow_up_priority=score.priority(found, qualified),
        )


def sentiment_of(buyer: Sequence[Judged]) -> float:
    """−1…1; 0 when nothing was said."""
    if not buyer:
        return 0.0
    mean = sum(judged.valence for judged in buyer) / len(buyer)
    leaving = SENTIMENT_OF_LEAVING if leaving_of(buyer) else 0.0
    return min(1.0, max(-1.0, SENTIMENT_BASE + SENTIMENT_SLOPE * mean + leaving))


def leaving_of(buyer: Sequence[Judged]) -> ClaimDraft | None:
    """The clearest words of a customer who may leave."""
    clearest = max(buyer, key=lambda judged: judged.scores["churn"], default=None)
    if clearest is None or clearest.scores["churn"] < LEAVING_FROM:
        return None
    clause = clearest.clause
    return ClaimDraft(text=told(clause.text), segment=clause.segment, quote=clause.text)
