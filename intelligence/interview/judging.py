"""Which question a clause answers: by what it is about, by the form an answer must have, and by what was just asked."""

from collections.abc import Sequence
from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray

from domain.ids import QuestionId
from domain.question_set import Question, QuestionType
from domain.transcript import Segment
from intelligence.embedding import Embedder
from intelligence.interview.clauses import Clause, clauses_of
from intelligence.interview.forms import Form, expected_in, expected_of, forms_in, is_yes_no
from intelligence.interview.moves import Move, move_of
from intelligence.interview.topics import Topic

NEAREST = 2
"""Similarity to a topic is the mean of its two nearest examples: one alone may be a coincidence of words."""

TOPIC_OF_QUESTION = 0.42
"""Least similarity of a question to the ways in which a topic is asked for."""

FORM_FITS = 0.12
FORM_MISSING = -0.12
LIKE_OTHERS = -0.15
OPTION_NAMED = 0.35


@dataclass(frozen=True, slots=True, kw_only=True)
class KnownTopic:
    """A topic with its examples embedded, float32[n, d] each."""

    topic: Topic
    questions: NDArray[np.float32]
    answers: NDArray[np.float32]
    others: NDArray[np.float32]


def known_topics(topics: Sequence[Topic], embedder: Embedder) -> tuple[KnownTopic, ...]:
    """For a process to make once: embeds some 300 sentences, about a second."""
    return tuple(
        KnownTopic(
            topic=topic,
            questions=embedder.embed(list(topic.questions)),
            answers=embedder.embed(list(topic.answers)),
            others=embedder.embed(list(topic.others)),
        )
        for topic in topics
    )


@dataclass(frozen=True, slots=True, kw_only=True)
class Reading:
    """One clause, and how far it speaks to each question: about −0.3 for not at all, 0.5 and more for certainly."""

    clause: Clause
    move: Move
    forms: frozenset[Form]
    relations: dict[QuestionId, float]

    def relation(self, question: Question) -> float:
        return self.relations[question.question_id]


class Judge:
    """Made for one call's questions; embeds them when it is made, some ms each.

    Keeps no state between turns: `read` may run on another thread.
    """

    def __init__(self, questions: Sequence[Question], topics: Sequence[KnownTopic], embedder: Embedder) -> None:
        self._questions = tuple(questions)
        self._embedder = embedder
        self._asked = embedder.embed([question.text for question in self._questions])  # float32[q, d]
        self._topics: dict[QuestionId, KnownTopic] = {}
        for question, row in zip(self._questions, self._asked, strict=True):
            alike = [(nearest(known.questions @ row), known) for known in topics if asks_alike(known.topic, question)]
            likeness, known = max(alike, key=lambda pair: pair[0], default=(0.0, None))
            if known and likeness >= TOPIC_OF_QUESTION:
                self._topics[question.question_id] = known

    def topic_of(self, question: Question) -> Topic | None:
        known = self._topics.get(question.question_id)
        return known.topic if known else None

    def read(self, segment: Segment) -> list[Reading]:
        """One reading for each clause of the segment, in order. Blocks for some ms a clause."""
        clauses = clauses_of(segment)
        vectors = self._embedder.embed([clause.text for clause in clauses])
        return [self._reading(clause, vector) for clause, vector in zip(clauses, vectors, strict=True)]

    def read_by_rules(self, segment: Segment) -> list[Reading]:
        """The same without embeddings, at once: what was just asked can be told to be answered, and little more."""
        return [self._reading(clause, np.zeros(self._asked.shape[1], np.float32)) for clause in clauses_of(segment)]

    def _reading(self, clause: Clause, vector: NDArray[np.float32]) -> Reading:
        forms = forms_in(clause.text)
        relations = {
            question.question_id: self._relation(question, float(row @ vector), clause, vector, forms)
            for question, row in zip(self._questions, self._asked, strict=True)
        }
        return Reading(clause=clause, move=move_of(clause.text), forms=forms, relations=relations)

    def _relation(
        self, question: Question, relation: float, clause: Clause, vector: NDArray[np.float32], forms: frozenset[Form]
    ) -> float:
        if known := self._topics.get(question.question_id):
            is_like = nearest(known.answers @ vector)
            relation = max(relation, is_like)
            if nearest(known.others @ vector) > is_like:
                relation += LIKE_OTHERS
        if expected_of(question):
            relation += FORM_FITS if fits(question, forms) else FORM_MISSING
        if question.type is QuestionType.MULTIPLE_CHOICE and names_option(question, clause.text):
            relation += OPTION_NAMED
        return relation


def asks_alike(topic: Topic, question: Question) -> bool:
    """False for "who signs the contract" and "when does it end": a person is no answer to a question for a time."""
    return any(expected_in(text) == expected_of(question) for text in topic.questions)


def nearest(similarities: NDArray[np.float32]) -> float:
    return float(np.sort(similarities)[-NEAREST:].mean())


def fits(question: Question, forms: frozenset[Form]) -> bool:
    """True when a clause of these forms looks like an answer to that question."""
    expected = expected_of(question)
    if forms & (expected | {Form.UNKNOWN}):
        return True
    return bool(forms & {Form.YES, Form.NO}) and is_yes_no(question)


def names_option(question: Question, text: str) -> bool:
    """True when an option's own words are said; options that are ranges of numbers are not found this way."""
    said = set(words_of(text))
    for option in question.options:
        own = [word for word in words_of(option) if len(word) > 2]
        if own and not any(char.isdigit() for char in option) and all(word in said for word in own):
            return True
    return False


def words_of(text: str) -> list[str]:
    kept = "".join(char if char.isalnum() or char in "'-" else " " for char in text.lower())
    return kept.split()
