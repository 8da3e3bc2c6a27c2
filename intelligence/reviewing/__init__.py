"""The record after a call: claims with the words they rest on, facts, a score with its reasons, and a summary."""

from intelligence.reviewing.reviewer import Reviewer

__all__ = ["Reviewer"]
