"""What of an answer is said back in the next line."""

import re

from intelligence.interview.coverage import Answer
from intelligence.interview.forms import Form, expected_of

ECHO_WORDS = 6


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
