"""What an answer is good for in the next line: to be said back, or to be asked about once more."""

import re

from domain.question_set import Question
from intelligence.interview.coverage import Answer
from intelligence.interview.forms import Form, expected_of, forms_in
from intelligence.interview.judging import fits, names_option

ECHO_WORDS = 6


def is_clear_choice(question: Question, text: str) -> bool:
    """True when the words point to one of the options, or to a number on the scale."""
    if not question.options or names_option(question, text):
        return True
    return fits(question, forms_in(text)) if expected_of(question) else False


def echo_of(answer: Answer) -> str:
    """The amount, time or name at the heart of a short answer, to be said back; empty when there is none."""
    words = answer.text.strip(" .!?,").split()
    if len(words) > ECHO_WORDS or not expected_of(answer.question) & {Form.NUMBER, Form.TIME}:
        return ""
    text = re.sub(
        r"^(?:um|uh|er|well|so|oh|hmm?|i (?:would say|think|guess))[, ]+", "", " ".join(words), flags=re.IGNORECASE
    )
    if re.search(r"\b(?:i|i'm|i'd|my|me|we|we're|our|us|you|your|no|not|don't|never)\b", text.lower()):
        return ""
    return text[:1].upper() + text[1:]
