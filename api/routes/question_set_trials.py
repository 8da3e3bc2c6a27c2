"""Trying a question set in text: the real interviewer's next words. Nothing is kept."""

import asyncio
from concurrent.futures import ThreadPoolExecutor
from functools import cache
from typing import Annotated, Literal
from uuid import UUID

from fastapi import APIRouter
from pydantic import BaseModel, ConfigDict, Field

from api.deps import CurrentUser, PartsHeld
from api.text import Words
from db import question_sets
from db.pool import transaction
from domain.call import AGENT_DISPLAY_NAME
from domain.errors import NotFound
from domain.ids import QuestionSetId
from intelligence.interview import topics
from intelligence.interview.judging import KnownTopic, known_topics
from intelligence.interview.lines import Introduction
from intelligence.trying import TriedInterview, tried
from providers.local.minilm import MiniLM

router = APIRouter(prefix="/question-sets")

MOST_SAID = 200

THINKING = ThreadPoolExecutor(1, "trials")
"""One thread: reading is work for the processor, and calls go before trials."""


class Said(BaseModel):
    model_config = ConfigDict(extra="forbid")
    who: Literal["agent", "guest"]
    text: Words


class Conversation(BaseModel):
    """As it went so far; empty at the beginning."""

    model_config = ConfigDict(extra="forbid")
    said: Annotated[list[Said], Field(max_length=MOST_SAID)]


@cache
def models() -> tuple[MiniLM, tuple[KnownTopic, ...]]:
    """Loaded with the first trial, about 2 s; only ever called on the one thread."""
    embedder = MiniLM()
    return embedder, known_topics(topics.load(), embedder)


@router.post("/{question_set_id}/trials")
async def try_question_set(
    held: PartsHeld, user: CurrentUser, question_set_id: UUID, wanted: Conversation
) -> TriedInterview:
    """Says what the agent would say next, by rules: what it said before follows from what the guest said."""
    async with transaction(held.pool, user.organization_id) as connection:
        found = await question_sets.get(connection, user.organization_id, QuestionSetId(question_set_id))
    if found is None:
        raise NotFound("question set")
    introduction = Introduction(
        agent_name=AGENT_DISPLAY_NAME, organization_name=user.organization_name, owner_name=user.name
    )
    heard = [said.text for said in wanted.said if said.who == "guest"]
    lasts_ms = found.time_box_minutes * 60_000 if found.time_box_minutes else None

    def think() -> TriedInterview:
        embedder, known = models()
        return tried(found.questions, known, embedder, introduction, heard, lasts_ms=lasts_ms)

    return await asyncio.get_running_loop().run_in_executor(THINKING, think)
