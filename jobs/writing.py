"""Lets the organization's language model write the review; the one by rules stands behind it."""

from collections.abc import Sequence

from db import provider_choices
from db.pool import Pool, transaction
from domain.call import Call
from domain.review import Review
from domain.transcript import Segment
from intelligence.reviewing_by_model import reviewed
from providers.language import close, language_model
from providers.settings import ProviderSettings
from telemetry import log

logger = log.get(__name__)


class Writing:
    def __init__(self, pool: Pool, settings: ProviderSettings) -> None:
        self._pool = pool
        self._settings = settings

    async def review(self, call: Call, segments: Sequence[Segment], by_rules: Review) -> Review:
        """At the latest after `reviewing_by_model.DEADLINE_S`. Raises one of DatabaseError."""
        async with transaction(self._pool, call.organization_id) as connection:
            choices = await provider_choices.get(connection, call.organization_id)
        model = language_model(choices.language_model, self._settings, _told)
        try:
            return await reviewed(model, call, segments, by_rules)
        finally:
            await close(model)


def _told(by_vendor: bool, reason: str) -> None:
    logger.warning("review's language model", answers=by_vendor, reason=reason)
