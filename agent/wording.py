"""Lets a language model re-word nudges and questions, and never makes anybody wait for it longer than it may."""

import asyncio
from collections import deque
from concurrent.futures import Executor

from domain.ids import QuestionId
from domain.nudge import Nudge
from domain.question_set import Question
from domain.transcript import Segment
from intelligence.embedding import Embedder
from intelligence.language_model import LanguageModel, NoAnswer
from intelligence.wording import (
    MOST_SEGMENTS,
    NudgeWording,
    QuestionWording,
    nudge_prompt,
    question_prompt,
    worded_nudge,
    worded_question,
)
from telemetry import log

logger = log.get(__name__)

NUDGE_DEADLINE_S = 0.8
"""A nudge that is later than that is about something said before; the rule's own words go out then."""

QUESTION_DEADLINE_S = 6.0
"""The next question is worded while the one before it is being answered, so nobody waits for this."""


class Wording:
    """The owner runs `run()` as a task. Works as well with a model that never answers."""

    def __init__(self, model: LanguageModel, embedder: Embedder, thinking: Executor) -> None:
        self._model = model
        self._embedder = embedder
        self._thinking = thinking
        self._heard: deque[Segment] = deque(maxlen=MOST_SEGMENTS)
        self._next: asyncio.Queue[Question] = asyncio.Queue(1)
        self._prepared: set[QuestionId] = set()
        self._worded: dict[QuestionId, str] = {}

    def hear(self, segment: Segment) -> None:
        """A final segment of anybody, the agent included."""
        self._heard.append(segment)

    async def nudge(self, nudge: Nudge) -> Nudge:
        """In the model's words when they come in time and pass the checks, else as it is."""
        heard = list(self._heard)
        try:
            wording = await self._model.ask(nudge_prompt(nudge, heard), NudgeWording, deadline_s=NUDGE_DEADLINE_S)
        except NoAnswer:
            return nudge
        worded = worded_nudge(nudge, wording, heard)
        if worded is None:
            logger.info("nudge not re-worded", kind=nudge.kind.value)
        return worded or nudge

    def prepare(self, question: Question) -> None:
        """Words this question beside the conversation, once; of several that wait only the newest is worded."""
        if question.question_id in self._prepared:
            return
        self._prepared.add(question.question_id)
        while not self._next.empty():
            self._next.get_nowait()
        self._next.put_nowait(question)

    def asked_as(self, question: Question) -> str | None:
        """The model's way to ask it, if it has one by now."""
        return self._worded.get(question.question_id)

    async def run(self) -> None:
        """Until cancelled."""
        while True:
            question = await self._next.get()
            try:
                wording = await self._model.ask(
                    question_prompt(question, list(self._heard)), QuestionWording, deadline_s=QUESTION_DEADLINE_S
                )
            except NoAnswer:
                continue
            loop = asyncio.get_running_loop()
            worded = await loop.run_in_executor(self._thinking, worded_question, question, wording, self._embedder)
            if worded is None:
                logger.info("question not re-worded", position=question.position)
            else:
                self._worded[question.question_id] = worded
