"""When a question is left out because of what an earlier one was answered with."""

from collections.abc import Sequence

from domain.question_set import Question, SkipIfAnswered, SkipRule
from intelligence.interview.choices import chosen
from intelligence.interview.judging import words_of


def is_needless(rule: SkipRule, before: Question, said: Sequence[str]) -> bool:
    """`said` are the answers to the question `before`, oldest first; what was not answered leaves nothing out.

    Of several choices the last counts: people correct themselves. A word counts wherever it was said.
    """
    if isinstance(rule, SkipIfAnswered):
        choices = [choice for text in said if (choice := chosen(before, text))]
        return bool(choices) and choices[-1] in rule.answers
    return any(has_words(text, words) for text in said for words in rule.contains)


def has_words(text: str, words: str) -> bool:
    """Whole words in this order, in any case: "no" is not in "now"."""
    wanted = " ".join(words_of(words))
    return bool(wanted) and f" {wanted} " in f" {' '.join(words_of(text))} "
