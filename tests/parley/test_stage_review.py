"""The review in the report of a staged call: fetched through a front door made of canned answers."""

import uuid
from collections.abc import Callable

import httpx
import pytest
from pydantic import TypeAdapter

from domain.review import Qualification, Review
from intelligence.reviewing.evidence import BudgetDraft, ClaimDraft, ReviewDraft, ScoreReasonDraft, review_of
from parley.stage.front_door import FrontDoor, FrontDoorClosed
from parley.stage.review import review_reported
from tests.sample import a_segment

pytestmark = pytest.mark.unit


def front_door(answer: Callable[[httpx.Request], httpx.Response]) -> FrontDoor:
    door = FrontDoor("http://parley.test")
    door._http = httpx.AsyncClient(base_url="http://parley.test/api/v1", transport=httpx.MockTransport(answer))
    return door


async def test_the_review_is_waited_for() -> None:
    views = [{"status": "queued", "review": None}, {"status": "done", "review": {"lead_score": 61}}]
    asked: list[str] = []

    def answer(request: httpx.Request) -> httpx.Response:
        asked.append(request.url.path)
        return httpx.Response(200, json=views[min(len(asked), len(views)) - 1])

    door = front_door(answer)
    assert await door.review("c1", within_s=10) == {"lead_score": 61}
    assert asked == ["/api/v1/calls/c1/review"] * 2
    await door.aclose()


@pytest.mark.parametrize(
    "response",
    [
        httpx.Response(404, json={"title": "Not found"}),
        httpx.Response(200, json={"status": "failed", "review": None}),
    ],
)
async def test_no_review_is_none(response: httpx.Response) -> None:
    door = front_door(lambda _request: response)
    assert await door.review("c1", within_s=10) is None
    await door.aclose()


async def test_a_review_that_never_comes_is_given_up() -> None:
    door = front_door(lambda _request: httpx.Response(200, json={"status": "running", "review": None}))
    assert await door.review("c1", within_s=0.2) is None
    await door.aclose()


async def test_a_product_that_is_gone_is_said_to_be() -> None:
    def gone(request: httpx.Request) -> httpx.Response:
        raise httpx.ConnectError("refused", request=request)

    door = front_door(gone)
    with pytest.raises(FrontDoorClosed, match="does not answer"):
        await door.review("c1", within_s=5)
    await door.aclose()


def test_claims_carry_the_turn_of_their_segment() -> None:
    segments = [a_segment("Hello there."), a_segment("We have ten thousand euros and a leak.")]
    draft = ReviewDraft(
        summary=("A call.",),
        qualification=Qualification.QUALIFIED,
        qualification_reason="Because.",
        score_reasons=(ScoreReasonDraft(points=5, text="a leak", segment=1),),
        pain_points=(ClaimDraft(text="A leak", segment=1, quote="a leak"),),
        competitors=(ClaimDraft(text="Quarrix", segment=0, quote="Hello"),),
        budget=BudgetDraft(
            text="Ten thousand", segment=1, quote="ten thousand euros", amount_min=10_000, amount_max=10_000,
            currency="EUR", period=None,
        ),
    )  # fmt: skip
    review = TypeAdapter(Review).dump_python(review_of(draft, segments, made_by="test"), mode="json")
    turn_of: dict[str, int | None] = {str(segments[1].segment_id): 3, str(uuid.uuid4()): 4}
    reported = review_reported(review, turn_of)
    assert (reported["qualification_status"], reported["lead_score"]) == ("qualified", 55)
    assert [(claim["turn"], claim["quote"]) for claim in reported["pain_points"]] == [(3, "a leak")]
    assert (reported["budget"]["amount_max"], reported["budget"]["turn"]) == (10_000, 3)
    assert reported["score_reasons"] == [{"points": 5, "text": "a leak", "turn": 3}]
    assert reported["competitors"] == ["Quarrix"]
    assert (reported["timeline"], reported["next_steps"]) == (None, [])
    assert "sentiment" not in reported
