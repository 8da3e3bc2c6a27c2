"""What is made before anybody is there, so that the agent has only to speak: its voice in the room, the sound of the
greeting, and the judge of the answers."""

import asyncio

from livekit import rtc
from livekit.rtc.participant import PublishTrackError

from agent.models import Models
from agent.record import Plan, open_plan
from agent.voice import RoomVoice
from db.pool import DatabaseError, Pool
from domain.call import AGENT_DISPLAY_NAME, Call
from domain.ids import CallId, OrganizationId
from domain.question_set import Question
from intelligence.interview.coverage import Ledger
from intelligence.interview.judging import Judge
from intelligence.interview.lines import Introduction
from intelligence.interviewing import Interview
from telemetry import log

logger = log.get(__name__)


class Prepared:
    """By the call as it is planned. What has changed when somebody comes is made anew then. The owner closes it."""

    def __init__(self, room: rtc.Room, models: Models) -> None:
        self.voice = RoomVoice(room, models.text_to_speech)
        self._models = models
        self._judge: tuple[tuple[Question, ...], Judge] | None = None

    async def prepare(self, pool: Pool, organization_id: OrganizationId, call_id: CallId) -> None:
        """Once, and as far as it goes. Nothing for an agent that is to be silent."""
        try:
            plan = await open_plan(pool, organization_id, call_id)
            if plan and plan.agent_speaks:
                await asyncio.gather(self.voice.publish(), self._prepare_words(plan))
        except (*DatabaseError, PublishTrackError) as error:
            logger.warning("agent not prepared", call_id=str(call_id), error=type(error).__name__)

    async def judge(self, questions: tuple[Question, ...]) -> Judge:
        """Made on the thread for it: that takes a tenth of a second and more."""
        if self._judge is None or self._judge[0] != questions:
            models, in_thread = self._models, asyncio.get_running_loop().run_in_executor
            made = await in_thread(models.thinking, Judge, questions, models.topics, models.embedder)
            self._judge = questions, made
        return self._judge[1]

    async def aclose(self) -> None:
        await self.voice.aclose()

    async def _prepare_words(self, plan: Plan) -> None:
        """For the first of those invited: of several the others hear their own name a moment later."""
        call, questions = plan.call, plan.questions
        interview = Interview(Ledger(questions), await self.judge(questions), introduction_of(call))
        self.voice.prepare(interview.greeting([invitee.name for invitee in call.invitees[:1]]).text)


def introduction_of(call: Call) -> Introduction:
    return Introduction(
        agent_name=AGENT_DISPLAY_NAME,
        organization_name=call.organization_name,
        owner_name=call.owner.name,
        can_hear=call.switches.transcript,
    )
