"""What a question set wants of an interview: must-ask, depth, time boxes, skip rules, questions that rest."""

from typing import Any

import pytest

from domain.question_set import Depth, Question, SkipIfAnswered, SkipIfContains
from intelligence.interview import phrases
from intelligence.interview.choices import chosen
from intelligence.interview.lines import LineKind
from intelligence.interview.pacing import QUESTION_MS
from intelligence.interview.skipping import is_needless
from tests.intelligence.interviewees import Talk, question, questions

pytestmark = pytest.mark.unit

MINUTE_MS = 60_000
SIZE = ("under ten", "ten to fifty", "more than fifty")


def asked_in(talk: Talk) -> list[int]:
    """Positions in the order of asking, each once."""
    return list(dict.fromkeys(line.question.position for line in talk.lines if line.question))


def started(*asked: Question, **other: Any) -> Talk:
    talk = Talk(asked, **other).greet()
    talk.hear("Yes, please.")
    return talk


# Skip rules.


def sized(**rule: Any) -> tuple[Question, ...]:
    size = question("How many people would use it?", 0, "multiple_choice", SIZE)
    return (
        size,
        question("Who looks after your computers?", 1, skip_if=SkipIfAnswered(question_id=size.question_id, **rule)),
        question("Why now?", 2),
    )


@pytest.mark.parametrize(
    ("words", "is_skipped"),
    [
        ("Under ten, I would say.", True), ("About seven.", True), ("Maybe two hundred of us.", False),
        ("Thirty.", False), ("I don't know.", False), ("I'd rather not say.", False),
    ],
)  # fmt: skip
def test_a_question_is_left_out_when_the_choice_above_was_answered_so_and_not_otherwise(
    words: str, is_skipped: bool
) -> None:
    talk = started(*sized(answers=("under ten",)))
    talk.hear(words)
    if not is_skipped:
        talk.hear("My brother does.")
    assert (1 not in asked_in(talk)) is is_skipped
    assert talk.lines[-1].question is talk.asked[2]


def test_a_correction_brings_a_question_back_that_was_left_out() -> None:
    talk = started(*sized(answers=("under ten",)), question("How do you sell?", 3))
    talk.hear("About seven.")
    assert talk.lines[-1].question is talk.asked[2]
    assert talk.ledger.is_skipped(talk.asked[1])
    talk.hear("Because we grow. No, sorry, thirty people would use it.")
    assert talk.answer_of(0) is not None
    assert not talk.ledger.is_skipped(talk.asked[1])
    assert talk.lines[-1].question is talk.asked[1]


def test_a_word_in_the_answer_leaves_a_question_out_whole_and_in_any_case() -> None:
    first = question("What do you use today?", 0)
    rule = SkipIfContains(question_id=first.question_id, contains=("nothing at all", "no tool"))
    second = question("What do you like about it?", 1, skip_if=rule)
    for words, expected in (("Nothing at all, to be honest.", [0, 2]), ("Nothing much, at all times paper.", [0, 1])):
        talk = started(first, second, question("Why now?", 2))
        talk.hear(words)
        assert asked_in(talk) == expected, words


def test_words_are_whole() -> None:
    rule = SkipIfContains(question_id=question("?").question_id, contains=("no",))
    assert not is_needless(rule, question("?"), ["We know now."])
    assert is_needless(rule, question("?"), ["Right now", "well, NO!"])
    assert not is_needless(rule, question("?"), [])


def test_the_last_choice_counts_and_a_word_counts_wherever_it_was_said() -> None:
    size = question("How many?", 0, "multiple_choice", SIZE)
    rule = SkipIfAnswered(question_id=size.question_id, answers=("under ten",))
    assert is_needless(rule, size, ["Sixty.", "No, six."])
    assert not is_needless(rule, size, ["Six.", "No, sixty."])
    assert is_needless(rule, size, ["Six.", "That is how it is."])


@pytest.mark.parametrize(
    ("options", "text", "option"),
    [
        (SIZE, "Eight.", "under ten"), (SIZE, "ten", "ten to fifty"), (SIZE, "fifty at most", "ten to fifty"),
        (SIZE, "It's a hundred and twenty.", "more than fifty"), (SIZE, "between ten and twenty", "ten to fifty"),
        (SIZE, "More than fifty.", "more than fifty"), (SIZE, "lots", None), (SIZE, "", None),
        (("1-9", "10-49", "50+"), "forty nine", "10-49"), (("1-9", "10-49", "50+"), "50", "50+"),
        (("up to 5", "at least 6"), "five", "up to 5"), (("up to 5", "at least 6"), "six", "at least 6"),
        (tuple(str(n) for n in range(1, 11)), "I'd say eight.", "8"),
        (tuple(str(n) for n in range(1, 11)), "An eight out of ten.", "8"),
        (("desk", "floor", "both"), "On the floor.", "floor"), (("desk", "floor", "both"), "desk or floor", None),
        (("the desk", "the desk and the floor"), "The desk and the floor.", "the desk and the floor"),
        (SIZE, "No, under ten.", "under ten"), (("yes", "no"), "Yes, we do.", "yes"),
        (("desk", "floor", "both"), "Not on the desk.", None),
        (("cloud", "own servers"), "Not the cloud, our own servers.", "own servers"),
    ],
)  # fmt: skip
def test_which_option_is_meant(options: tuple[str, ...], text: str, option: str | None) -> None:
    assert chosen(question("Which?", 0, "multiple_choice", options), text) == option


# Time.


def test_while_there_is_time_the_order_is_that_of_the_set() -> None:
    talk = started(
        *(
            question(text, n, must_ask=n == 2)
            for n, text in enumerate(("Why now?", "What do you sell?", "Who decides?"))
        ),
        lasts_ms=10 * MINUTE_MS,
    )
    for words in ("Because our contract ends in May.", "Garden furniture.", "The board does."):
        talk.at_ms += MINUTE_MS
        talk.hear(words)
    assert asked_in(talk) == [0, 1, 2]
    assert phrases.closing("Tom") in talk.lines[-1].text


def test_a_must_ask_comes_first_when_there_is_no_time_for_more_and_then_the_time_is_over() -> None:
    asked = (question("Why now?", 0), question("What do you sell?", 1), question("Who decides?", 2, must_ask=True))
    talk = started(*asked, lasts_ms=10 * MINUTE_MS)
    talk.at_ms = 10 * MINUTE_MS - 2 * QUESTION_MS + 1
    talk.hear("Because our contract ends in May.")
    assert talk.lines[-1].question is asked[2]
    talk.at_ms = 10 * MINUTE_MS
    talk.hear("The board does.")
    assert talk.lines[-1].kind is LineKind.CLOSING
    assert phrases.closing_in_time("Tom") in talk.lines[-1].text
    assert asked_in(talk) == [0, 2]


def test_with_time_for_both_the_order_stays() -> None:
    asked = (question("Why now?", 0), question("What do you sell?", 1), question("Who decides?", 2, must_ask=True))
    talk = started(*asked, lasts_ms=10 * MINUTE_MS)
    talk.at_ms = 10 * MINUTE_MS - 2 * QUESTION_MS
    talk.hear("Because our contract ends in May.")
    assert talk.lines[-1].question is asked[1]


def test_a_must_ask_is_asked_also_after_somebody_talked_through_all_the_time() -> None:
    asked = (question("Why now?", 0), question("What do you sell?", 1), question("Who decides?", 2, must_ask=True))
    talk = started(*asked, lasts_ms=MINUTE_MS * 10)
    talk.at_ms = 60 * MINUTE_MS
    talk.hear("Because our contract ends in May.")
    assert talk.lines[-1].question is asked[2]
    talk.hear("The board does.")
    assert talk.lines[-1].kind is LineKind.CLOSING


def test_the_time_counts_from_the_greeting_and_not_from_the_wait_before_it() -> None:
    asked = questions("Why now?", "What do you sell?")
    talk = Talk(asked, lasts_ms=5 * MINUTE_MS, at_ms=9 * MINUTE_MS).greet()
    talk.hear("Yes, please.")
    assert talk.lines[-1].question is asked[0]


def test_who_has_little_time_is_asked_what_must_be_asked_first_and_nothing_deeper() -> None:
    asked = (
        question("Why now?", 0, depth=Depth.DEEP), question("What do you sell?", 1),
        question("Who decides?", 2, must_ask=True, depth=Depth.DEEP),
    )  # fmt: skip
    talk = started(*asked)
    talk.hear("I only have two minutes.")
    talk.hear("Because our contract ends in May.")
    assert talk.lines[-1].question is asked[2]
    talk.hear("The board does.")
    assert (talk.lines[-1].kind, talk.lines[-1].question) == (LineKind.QUESTION, asked[1])


@pytest.mark.parametrize(("after_s", "kind"), [(29, LineKind.REPEAT), (30, LineKind.QUESTION)])
def test_a_question_is_not_asked_again_when_its_time_is_over(after_s: int, kind: LineKind) -> None:
    asked = (question("How many shops do you have?", 0, time_box_seconds=30), question("Why now?", 1))
    talk = started(*asked)
    talk.at_ms += after_s * 1000
    talk.hear("The weather is lovely here.")
    assert talk.lines[-1].kind is kind
    silent = started(*asked)
    line = silent.interview.break_silence(after_s * 1000, said_again=False)
    assert line
    assert line.kind is kind


def test_asking_again_gives_no_more_time() -> None:
    asked = (question("Why now?", 0, time_box_seconds=30, depth=Depth.DEEP), question("Who decides?", 1))
    talk = started(*asked)
    talk.at_ms = 20_000
    talk.hear("Can you repeat the question?")
    talk.at_ms = 31_000
    talk.hear("Because our contract ends in May.")
    assert (talk.lines[-1].kind, talk.lines[-1].question) == (LineKind.QUESTION, asked[1])


# Depth.


@pytest.mark.parametrize(
    ("depth", "words", "count"),
    [
        (Depth.LOW, "Money.", 0), (Depth.MEDIUM, "Money.", 1), (Depth.MEDIUM, "Because our contract ends in May.", 0),
        (Depth.HIGH, "Because our contract ends in May.", 2), (Depth.DEEP, "Because our contract ends in May.", 3),
        (Depth.HIGH, "Because our contract ends in May and the people who keep it running have all left us by now.", 0),
        (Depth.DEEP, "I don't know.", 0),
    ],
)  # fmt: skip
def test_how_often_more_is_asked_follows_the_depth(depth: Depth, words: str, count: int) -> None:
    talk = started(question("Why now?", 0, depth=depth), question("Who decides?", 1))
    for _ in range(count):
        talk.hear(words)
        assert (talk.lines[-1].kind, talk.lines[-1].question) == (LineKind.FOLLOW_UP, talk.asked[0])
    talk.hear(words)
    assert (talk.lines[-1].kind, talk.lines[-1].question) == (LineKind.QUESTION, talk.asked[1])
    bodies = [line.body for line in talk.lines if line.kind is LineKind.FOLLOW_UP]
    assert len(bodies) == len(set(bodies)) == count


def test_nothing_deeper_is_asked_when_the_must_asks_need_the_time() -> None:
    asked = (question("Why now?", 0, depth=Depth.DEEP), question("Who decides?", 1, must_ask=True))
    for left_ms, kind in ((2 * QUESTION_MS, LineKind.FOLLOW_UP), (2 * QUESTION_MS - 1, LineKind.QUESTION)):
        talk = started(*asked, lasts_ms=10 * MINUTE_MS)
        talk.at_ms = 10 * MINUTE_MS - left_ms
        talk.hear("Because our contract ends in May.")
        assert talk.lines[-1].kind is kind


def test_what_a_set_asks_for_does_not_count_against_what_is_asked_besides() -> None:
    asked = [question(f"Why {n}?", n, depth=Depth.DEEP) for n in range(2)]
    asked += [question(f"Why {n}?", n) for n in range(2, 5)]
    talk = started(*asked)
    for _ in range(2 * 4 + 2 + 2 + 1):
        talk.hear("Money.")
    behind = [line.question.position for line in talk.lines if line.kind is LineKind.FOLLOW_UP and line.question]
    assert behind == [0, 0, 0, 1, 1, 1, 2, 3]
    assert talk.interview.closed


def test_behind_a_follow_up_the_answer_that_says_more_counts_and_a_choice_is_not_lost() -> None:
    size = question("How many people would use it?", 0, "multiple_choice", SIZE, depth=Depth.DEEP)
    talk = started(size, question("Why now?", 1, depth=Depth.HIGH), question("Who decides?", 2))
    assert [answer.text for answer in talk.hear("Ten to fifty.").answers] == ["Ten to fifty."]
    assert talk.hear("Because we were five when we started, and grew from there.").answers == ()
    assert talk.hear("I'd rather not say.").answers == ()
    assert talk.answer_of(0) == "Ten to fifty."
    assert talk.lines[-1].question is talk.asked[1]
    talk.hear("Our contract ends.")
    talk.hear("It ends in May, and nobody here wants to renew it.")
    talk.hear("Like the till.")
    assert talk.answer_of(1) == "It ends in May, and nobody here wants to renew it."


def test_another_number_behind_a_follow_up_is_another_choice_and_a_reason_with_a_number_is_none() -> None:
    scale = tuple(str(n) for n in range(1, 11))
    talk = started(question("On a scale of one to ten, how urgent is it?", 0, "rating", scale, depth=Depth.DEEP))
    talk.hear("A seven.")
    assert talk.lines[-1].body == phrases.REASONS[0]
    talk.hear("Because we lose about three orders every Saturday.")
    assert talk.answer_of(0) == "A seven."
    talk.hear("I'd say an eight.")
    assert talk.answer_of(0) == "I'd say an eight."


def test_a_correction_behind_a_follow_up_counts() -> None:
    size = question("How many people would use it?", 0, "multiple_choice", SIZE, depth=Depth.DEEP)
    talk = started(size, question("Why now?", 1))
    talk.hear("Ten to fifty.")
    talk.hear("No, sorry, under ten.")
    assert talk.answer_of(0) == "No, sorry, under ten."


# Questions that rest.


def test_an_inactive_question_is_neither_asked_nor_counted() -> None:
    asked = (question("Why now?", 0), question("What do you sell?", 1, is_active=False), question("Who decides?", 2))
    talk = started(*asked)
    assert "two short questions" in talk.lines[0].text
    talk.hear("Because our contract ends in May.")
    talk.hear("The board does.")
    assert asked_in(talk) == [0, 2]
    assert talk.interview.closed


def test_a_later_agent_skips_as_the_earlier_one_would_have() -> None:
    asked = sized(answers=("under ten",))
    talk = Talk(asked)
    talk.ledger.restore(asked[:1], asked[:1], (), {asked[0].question_id: ["About seven."]})
    assert talk.interview.resume(was_sent_away=False, at_ms=0).question is asked[2]
    without = Talk(asked)
    without.ledger.restore(asked[:1], asked[:1], ())
    assert without.interview.resume(was_sent_away=False, at_ms=0).question is asked[1]
