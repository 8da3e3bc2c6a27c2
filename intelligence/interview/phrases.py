"""Every sentence that the agent says on its own. One place, so that a language model can word them better"
" beside it."""

from collections.abc import Sequence

from domain.question_set import Question, QuestionType

THANKS = ("Thank you.", "Understood.", "Thanks, that helps.", "Got it.", "I see, thank you.", "All right.")
NOTED = ("{}, thank you.", "{}, understood.", "{}, noted.")
I_SEE = ("I see, thank you for telling me.", "I understand.")

GREAT = "Great."
BRIEF = "Then I will be brief."
GO_AHEAD = "Of course, go ahead."
TAKE_YOUR_TIME = "Of course, take your time."
OF_COURSE = "Of course."
BACK = "Sorry, I lost the connection for a moment, nothing of what you said is lost."
RETURNED = "I am back, and go on where we were."
LET_US_GO_ON = "Let us go on."
SKIPPED = "That is fine, we leave it out."
COMING_BACK = ("Thank you. Back to my question.", "I have noted that. Let me ask once more.")
NO_COMMANDS = ("That is not something I can do.", "I can only ask my questions and pass on what you say.")
WRITE = "I cannot hear you in this call, so please write your answers."
TELL_ME_MORE = "Could you say a little more about that?"
DEEPER = (TELL_ME_MORE, "Can you give me an example of that?", "And what does that mean for you from day to day?")
REASONS = ("What makes you say that?", TELL_ME_MORE, "And what does that mean for you from day to day?")


def greeting(names: Sequence[str], agent: str, organization: str, owner: str, questions: int, *, can_hear: bool) -> str:
    """The first sentence tells that an AI is talking. Source: product.md, consent."""
    first_names = [name.split()[0] for name in names if name.split()]
    hello = f"Hello {listed(first_names)}" if first_names else "Hello"
    hearing = "You can interrupt me at any time." if can_hear else WRITE
    return (
        f"{hello}, I am {agent}, an AI assistant for {organization}. "
        f"I have {spoken_count(questions)} for you, and {owner} will get the notes. {hearing} Is that all right"
        f" with you?"
    )


def welcome(name: str, agent: str) -> str:
    hello = f"Welcome, {name.split()[0]}." if name.split() else "Welcome."
    return f"{hello} I am {agent}, an AI assistant, and I ask the questions here."


def who(agent: str, organization: str, owner: str) -> str:
    return f"I am {agent}, an AI assistant for {organization}, and no human. I ask some questions for {owner}."


def recorded(owner: str, *, can_hear: bool) -> str:
    if not can_hear:
        return f"Nothing you say is written down in this call; what you write goes to {owner}."
    return (
        f"What you say is written down as you chose when you came in, and {owner} gets the notes. "
        "You can change that on the page at any time."
    )


def length(left: int) -> str:
    if left == 0:
        return "We are nearly done."
    return f"I have {spoken_count(left)} left, about {spoken_minutes(left)}."


def human(owner: str) -> str:
    return f"I will tell {owner} that you would like to talk to a person, and you will be called back."


def why(owner: str) -> str:
    return f"I ask so that {owner} knows what you need before you talk with each other."


def passed_on(owner: str) -> str:
    return f"Good question, I will pass it on to {owner}."


def skips(spoken: Sequence[str]) -> str:
    return f"You have told me about {listed(list(spoken))} already, so I skip that." if spoken else ""


def closing(owner: str) -> str:
    return f"That was my last question. Thank you for your time. {owner} will be in touch with you. Goodbye."


def closing_in_time(owner: str) -> str:
    return f"Our time is over, so I stop here. Thank you for yours. {owner} will be in touch with you. Goodbye."


def closing_early(owner: str) -> str:
    return f"Of course, we stop here. Thank you for your time. {owner} will be in touch with you. Goodbye."


def closing_for_human(owner: str) -> str:
    return f"I understand. {owner} will call you. Thank you for your time. Goodbye."


def after_closing(owner: str) -> str:
    return f"I will pass that on to {owner}. Goodbye."


def asked_as(question: Question) -> str:
    """The question as it is spoken: the options of a choice are read out, a rating's scale is in its text."""
    if question.type is QuestionType.MULTIPLE_CHOICE:
        return f"{question.text} Would you say {listed(question.options, last='or')}?"
    return question.text


def options_again(question: Question) -> str:
    if question.type is QuestionType.RATING and len(question.options) > 1:
        return f"Which number from {question.options[0]} to {question.options[-1]} would you give?"
    return f"Which of these comes closest: {listed(question.options, last='or')}?"


def listed(names: Sequence[str], *, last: str = "and") -> str:
    if len(names) < 2:
        return "".join(names)
    return f"{', '.join(names[:-1])} {last} {names[-1]}"


COUNTS = ("no", "one", "two", "three", "four", "five", "six", "seven", "eight", "nine", "ten")


def spoken_count(count: int) -> str:
    number = COUNTS[count] if count < len(COUNTS) else "some"
    return f"{number} short question{'' if count == 1 else 's'}"


def spoken_minutes(questions: int) -> str:
    minutes = max(1, round(questions * 0.5))
    return f"{COUNTS[minutes] if minutes < len(COUNTS) else minutes} minute{'' if minutes == 1 else 's'}"
