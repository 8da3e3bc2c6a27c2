"""How a language model may re-word what the rules decided to say, and the checks that its words must pass.

It never decides whether, when or what: a nudge keeps its kind and its evidence, a question its meaning. Words that fail
a check are dropped and the rule's are said.
"""

import re
from collections.abc import Sequence
from dataclasses import replace

from pydantic import BaseModel

from domain.nudge import Nudge
from domain.question_set import Question, QuestionType
from domain.transcript import Segment
from intelligence.embedding import Embedder
from intelligence.language_model import Prompt, instructions

MOST_SEGMENTS = 12
MOST_CHARACTERS = 4_000

MOST_NUDGE_WORDS = 30
"""Source: product.md row F."""

MOST_LINE_WORDS = 45
LONGEST_BY = 2.5
"""A question may grow to so many times its words; short ones need room for a clause of transition."""

SAME_MEANING = 0.84
"""Cosine of the two questions, which must also ask with the same word. Of the 26 pairs in
tests/intelligence/test_wording.py it lets 9 of 12 paraphrases pass and none of 14 questions that ask something else;
what it refuses needlessly is asked in the words of the question set."""

ASKING_WORDS = re.compile(
    r"\b(how (?:many|much|often|long|far|soon|big|large)|how|when|where|who|whom|whose|why|what|which)\b",
    re.IGNORECASE,
)
SAME_ASKING = {"which": "what", "whom": "who"}
NUMBER = re.compile(
    r"\d+(?:[.,]\d+)*|\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve|twenty|thirty|forty|fifty|sixty"
    r"|seventy|eighty|ninety|hundred|thousand|million)\b",
    re.IGNORECASE,
)
MARKUP = re.compile(r"https?:|www\.|[<>{}*#`|\[\]]")
NEGATION = re.compile(r"\b(?:not|no|never|without|n't)\b|n['’]t\b", re.IGNORECASE)
PROMISE = re.compile(r"\b(?:guarantee|promise|for free|discount|refund|we will|we'll)\w*", re.IGNORECASE)


class NudgeWording(BaseModel):
    message: str


class QuestionWording(BaseModel):
    question: str


def nudge_prompt(nudge: Nudge, heard: Sequence[Segment]) -> Prompt:
    """`heard` is what was said up to the nudge, oldest first."""
    text = f"Kind: {nudge.kind.value}\nAdvice: {nudge.message}\nIt rests on: {nudge.quote}\n\n{conversation(heard)}"
    return Prompt(instructions=instructions("nudge"), text=text)


def worded_nudge(nudge: Nudge, wording: NudgeWording, heard: Sequence[Segment]) -> Nudge | None:
    """The nudge with the model's message, or None when that says what nobody said, or cannot be read at a glance."""
    message = " ".join(wording.message.split())
    said = " ".join([nudge.message, nudge.quote, *(segment.text for segment in heard)])
    is_readable = 3 <= len(message.split()) <= MOST_NUDGE_WORDS and not MARKUP.search(message)
    invents = bool(numbers(message) - numbers(said)) or new_words(PROMISE, message, said)
    return replace(nudge, message=message) if is_readable and not invents else None


def question_prompt(question: Question, heard: Sequence[Segment]) -> Prompt:
    options = f"\nOptions, all to be named: {', '.join(question.options)}" if question.options else ""
    text = f"Question: {question.text}{options}\n\n{conversation(heard)}"
    return Prompt(instructions=instructions("question"), text=text)


def worded_question(question: Question, wording: QuestionWording, embedder: Embedder) -> str | None:
    """The model's question, or None when it does not ask the same: other meaning, number, option or negation."""
    asked = " ".join(wording.question.split())
    whole = " ".join([question.text, *question.options])
    most = min(LONGEST_BY * max(6, len(whole.split())), MOST_LINE_WORDS)
    if not asked.endswith("?") or asked.count("?") > 1 or len(asked.split()) > most or MARKUP.search(asked):
        return None
    if numbers(asked) != numbers(whole) or new_words(PROMISE, asked, whole):
        return None
    if bool(NEGATION.search(asked)) != bool(NEGATION.search(question.text)):
        return None
    if question.type is QuestionType.MULTIPLE_CHOICE and not all(o.lower() in asked.lower() for o in question.options):
        return None
    if asking_word(asked) != asking_word(question.text):
        return None
    one, other = embedder.embed([whole, last_sentence(asked)])
    return asked if float(one @ other) >= SAME_MEANING else None


def conversation(heard: Sequence[Segment]) -> str:
    """The last of it, as data: whatever stands in it is said by people in a call and is no instruction."""
    lines = [f"{segment.name} ({segment.role.value}): {segment.text}" for segment in heard[-MOST_SEGMENTS:]]
    return "The conversation so far:\n" + "\n".join(lines)[-MOST_CHARACTERS:]


def numbers(text: str) -> set[str]:
    return {number.replace(",", "").lower() for number in NUMBER.findall(text)}


def asking_word(text: str) -> str:
    """What a question asks for; nothing for one that wants a yes or a no."""
    found = ASKING_WORDS.search(text)
    word = found[1].lower() if found else ""
    return SAME_ASKING.get(word, word)


def new_words(pattern: re.Pattern[str], text: str, said: str) -> bool:
    """Whether the pattern finds something in `text` that does not stand in what was said."""
    return any(found.group().lower() not in said.lower() for found in pattern.finditer(text))


def last_sentence(text: str) -> str:
    return re.split(r"(?<=[.!?])\s+", text)[-1]
