"""What the jobs process thinks with."""

from jobs.reviewing import ReviewMaker


def load_reviewer() -> ReviewMaker:
    """The review by rules and embeddings, which needs no vendor.

    Imported here and not above: what it stands on takes memory, and a copy without calls needs none of it.
    """
    from intelligence.reviewing import Reviewer
    from providers.local.minilm import MiniLM

    reviewer: ReviewMaker = Reviewer(MiniLM())
    return reviewer
