import pytest

from domain.ids import QuestionId, uuid7
from domain.question_set import Question, QuestionType
from intelligence.interviewing import Interview, Introduction, Line, LineKind
from tests.sample import questions

pytestmark = pytest.mark.unit

INTRODUCTION = Introduction(agent_name="Nova", organization_name="Acme", owner_name="Tom Okafor")
ASKED = questions("Why now?", "Who decides?", "What does it cost you today?")


def interview(asked: tuple[Question, ...] = ASKED) -> Interview:
    made = Interview(asked, INTRODUCTION)
    made.greeting(["Robin Finch"])
    return made


def said_by(line: Line | None) -> Line:
    assert line is not None
    return line


def test_the_greeting_names_the_guest_says_that_it_is_an_ai_and_for_whom() -> None:
    line = Interview(ASKED, INTRODUCTION).greeting(["Robin Finch", "Sam Lee"])
    assert line.kind is LineKind.GREETING
    first_sentence = line.text.partition(".")[0]
    assert first_sentence == "Hello Robin and Sam, I am Nova, an AI assistant for Acme"
    assert "three short questions" in line.text


@pytest.mark.parametrize("names", [[], ["", "  "]])
def test_who_has_no_name_is_greeted_without_one(names: list[str]) -> None:
    assert Interview(ASKED, INTRODUCTION).greeting(names).text.startswith("Hello, I am Nova")


def test_all_questions_are_asked_in_order_each_answer_goes_to_its_question_and_it_closes_once() -> None:
    talk = interview()
    answer, line = talk.take_turn("Yes, that is fine.")
    assert answer is None
    for number, question in enumerate(ASKED):
        assert said_by(line).question == question
        assert question.text in said_by(line).text
        answer, line = talk.take_turn(f"My answer to number {number}.")
        assert answer is not None
        assert (answer.question, answer.text) == (question, f"My answer to number {number}.")
    assert said_by(line).kind is LineKind.CLOSING
    assert "Tom will be in touch" in said_by(line).text
    assert talk.closed
    assert talk.take_turn("One more thing.") == (None, None)
    assert talk.go_on() is None


@pytest.mark.parametrize(
    "request_to_repeat", ["Sorry, I didn't catch that.", "Could you repeat the question?", "Pardon me?", "Come again?",
                          "Can you say that again please?", "What was the question?", "I didn't hear"],
)  # fmt: skip
def test_a_question_is_repeated_on_request_and_the_request_is_no_answer(request_to_repeat: str) -> None:
    talk = interview()
    talk.take_turn("Yes.")
    for _ in range(2):
        answer, line = talk.take_turn(request_to_repeat)
        assert answer is None
        assert said_by(line).kind is LineKind.REPEAT
        assert said_by(line).question == ASKED[0]
        assert ASKED[0].text in said_by(line).text
    answer, line = talk.take_turn("Because our contract ends.")
    assert answer is not None
    assert answer.question == ASKED[0]
    assert said_by(line).question == ASKED[1]


def test_a_long_answer_that_happens_to_hold_such_words_is_an_answer() -> None:
    talk = interview()
    talk.take_turn("Yes.")
    answer, _ = talk.take_turn(
        "Our customers call us and say that again and again their orders were lost, which costs us a day every week."
    )
    assert answer is not None


def test_a_guests_own_question_is_passed_on_and_the_interview_goes_on() -> None:
    talk = interview()
    talk.take_turn("Yes.")
    answer, line = talk.take_turn("We lose orders. Can you connect it to our till?")
    assert answer is not None
    assert "pass it on to Tom" in said_by(line).text
    assert said_by(line).question == ASKED[1]


def test_who_says_nothing_is_asked_the_next_question_and_the_last_stays_unanswered() -> None:
    talk = interview()
    talk.take_turn("Yes.")
    line = talk.go_on()
    assert said_by(line).question == ASKED[1]
    answer, _ = talk.take_turn("The board does.")
    assert answer is not None
    assert answer.question == ASKED[1]


@pytest.mark.parametrize(
    ("asked", "answered", "resumes_with", "kind"),
    [
        (0, 0, 0, LineKind.QUESTION),
        (1, 0, 0, LineKind.REPEAT),
        (1, 1, 1, LineKind.QUESTION),
        (2, 1, 1, LineKind.REPEAT),
        (3, 2, 2, LineKind.REPEAT),
        (3, 3, None, LineKind.CLOSING),
    ],
)
def test_a_later_agent_goes_on_where_the_earlier_one_broke_off(
    asked: int, answered: int, resumes_with: int | None, kind: LineKind
) -> None:
    talk = Interview(ASKED, INTRODUCTION)
    line = talk.resume(ASKED[:asked], ASKED[:answered])
    assert line.kind is kind
    assert line.question == (None if resumes_with is None else ASKED[resumes_with])
    assert "I lost the connection" in line.text
    if resumes_with is not None:
        answer, following = talk.take_turn("Here is my answer.")
        assert answer is not None
        assert answer.question == ASKED[resumes_with]
        expected = ASKED[resumes_with + 1] if resumes_with + 1 < len(ASKED) else None
        assert said_by(following).question == expected


def test_a_question_that_was_left_open_long_ago_is_not_asked_again_after_a_break() -> None:
    line = Interview(ASKED, INTRODUCTION).resume(ASKED[:2], ASKED[1:2])
    assert line.question in (ASKED[0], ASKED[2])


def test_a_cut_off_line_is_said_again_without_the_thanks_before_it() -> None:
    talk = interview()
    _, line = talk.take_turn("Yes.")
    again = talk.again(said_by(line))
    assert again.text == ASKED[0].text
    assert again.question == ASKED[0]


def test_the_options_of_a_choice_are_read_out() -> None:
    choice = Question(
        question_id=QuestionId(uuid7()), position=0, text="How many?", type=QuestionType.MULTIPLE_CHOICE,
        options=("one", "two", "many"),
    )  # fmt: skip
    _, line = interview((choice,)).take_turn("Yes.")
    assert "Would you say one, two or many?" in said_by(line).text


def test_with_nothing_to_ask_it_greets_and_closes() -> None:
    talk = interview(())
    _, line = talk.take_turn("Yes.")
    assert said_by(line).kind is LineKind.CLOSING
