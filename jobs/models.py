"""What the jobs process thinks with."""

from intelligence.reviewing import Reviewer
from jobs.reviewing import ReviewMaker
from providers.local.minilm import MiniLM


def load_reviewer() -> ReviewMaker:
    """The review by rules and embeddings, which needs no vendor. Takes about 3 s and the memory of the embeddings."""
    return Reviewer(MiniLM())
