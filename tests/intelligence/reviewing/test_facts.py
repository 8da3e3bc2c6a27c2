"""Money, time, people and promises, in sentences that no rule was written for by name."""

import pytest

from domain.ids import SegmentId, uuid7
from domain.transcript import ParticipantRole, Segment
from intelligence.reviewing.budget import budget_of
from intelligence.reviewing.next_steps import next_steps_of
from intelligence.reviewing.people import competitors_of, decision_makers_of
from intelligence.reviewing.timeline import timeline_of
from tests.sample import a_segment

pytestmark = pytest.mark.unit

ROLES = {"buyer": ParticipantRole.PROSPECT, "seller": ParticipantRole.REP, "agent": ParticipantRole.AGENT}


def said(*lines: str) -> list[Segment]:
    """`buyer: …`, `seller: …` and `agent: …`, in the order of speaking."""
    found = []
    for number, line in enumerate(lines):
        who, _, text = line.partition(": ")
        name = {"buyer": "Robin Finch", "seller": "Ada Lee", "agent": "Nova"}[who]
        found.append(
            a_segment(
                text, segment_id=SegmentId(uuid7()), name=name, role=ROLES[who], start_ms=number * 5000,
                end_ms=number * 5000 + 4000,
            )
        )  # fmt: skip
    return found


@pytest.mark.parametrize(
    ("lines", "low", "high", "currency", "period"),
    [
        (["buyer: We've earmarked between ten and fifteen thousand euros a year."], 10_000, 15_000, "EUR", "year"),
        (["seller: What could you spend?", "buyer: Four hundred pounds a month."], 400, 400, "GBP", "month"),
        (["buyer: Up to $9,000 was approved."], None, 9_000, "USD", None),
        (
            ["buyer: I had a budget of eighty thousand dollars in mind.", "buyer: No. I'd go up to thirty, tops."],
            None, 30_000, "USD", None,
        ),
    ],
)  # fmt: skip
def test_a_budget_is_what_the_buyer_has(
    lines: list[str], low: int | None, high: int | None, currency: str | None, period: str | None
) -> None:
    budget = budget_of(said(*lines))
    assert budget is not None
    assert (budget.amount_min, budget.amount_max, budget.currency, budget.period) == (low, high, currency, period)


@pytest.mark.parametrize(
    "lines",
    [
        ["seller: The package is nine thousand pounds a year."],
        ["buyer: We pay eleven thousand euros today."],
        ["buyer: The last outage cost us four thousand dollars."],
        ["buyer: I couldn't pay two thousand at once."],
        ["seller: What is your budget?", "buyer: I'd rather not say."],
        ["seller: Is there a budget?", "buyer: There are forty people in the team."],
        ["buyer: My number is double four seven, nine hundred."],
    ],
)
def test_a_price_a_cost_and_a_count_are_no_budget(lines: list[str]) -> None:
    assert budget_of(said(*lines)) is None


@pytest.mark.parametrize(
    ("lines", "quote"),
    [
        (["buyer: We must be live by the end of March."], "We must be live by the end of March."),
        (["seller: When does the board meet?", "buyer: On the ninth of May."], "On the ninth of May."),
        (
            ["seller: By when do you need it?", "buyer: Before Christmas would be good."],
            "Before Christmas would be good.",
        ),
    ],
)
def test_a_timeline_is_when_they_decide_buy_or_go_live(lines: list[str], quote: str) -> None:
    timeline = timeline_of(said(*lines))
    assert timeline is not None
    assert timeline.quote == quote


@pytest.mark.parametrize(
    "lines",
    [
        ["buyer: We moved here last summer."],
        ["buyer: It has been slow since April."],
        ["seller: We could start in June."],
        ["buyer: By the third shower it's cold."],
        ["buyer: Call me on Friday."],
    ],
)
def test_the_past_and_an_appointment_are_no_timeline(lines: list[str]) -> None:
    assert timeline_of(said(*lines)) is None


@pytest.mark.parametrize(
    ("lines", "who"),
    [
        (["buyer: Anything bigger goes to the board."], "Board"),
        (["buyer: I have to ask my husband first."], "Husband"),
        (["buyer: I can sign that myself."], "Robin Finch"),
        (["seller: Who else has a say?", "buyer: That would be Simone, she runs the shop."], "Simone"),
    ],
)
def test_who_decides_is_named(lines: list[str], who: str) -> None:
    assert [claim.text for claim in decision_makers_of(said(*lines))] == [who]


def test_nobody_is_made_to_decide() -> None:
    assert decision_makers_of(said("buyer: I can't decide that.", "seller: My boss decides our prices.")) == []


@pytest.mark.parametrize(
    ("line", "names"),
    [
        ("buyer: We had a demo from Quarrix last week.", ["Quarrix"]),
        ("buyer: We're on Ledgerly at the moment.", ["Ledgerly"]),
        ("buyer: Flowbase showed us theirs in May.", ["Flowbase"]),
        ("buyer: I had a call from Robin on Monday.", []),
        ("seller: Are you talking to Quarrix?", []),
    ],
)
def test_a_rival_is_named_by_the_buyer(line: str, names: list[str]) -> None:
    assert [claim.text for claim in competitors_of(said(line), ["Harbour & Finch"])] == names


def test_a_promise_has_its_owner_and_its_day() -> None:
    steps = next_steps_of(
        said("seller: I'll send you the offer by Tuesday.", "buyer: Good. I can export the customer list tomorrow.")
    )
    assert [(step.owner, step.due) for step in steps] == [("Ada Lee", "by Tuesday"), ("Robin Finch", "tomorrow")]
    assert steps[0].text == "Send Robin the offer by Tuesday"


def test_a_proposal_becomes_a_step_when_it_is_accepted() -> None:
    asks = "seller: Shall I book the demo for Thursday?"
    assert [step.due for step in next_steps_of(said(asks, "buyer: Yes, please."))] == ["Thursday"]
    assert next_steps_of(said(asks, "buyer: Rather not.")) == []
