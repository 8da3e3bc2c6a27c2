"""What can be wrong with a machine or a set-up, in words for the person who runs it."""

from __future__ import annotations


class SetupProblem(Exception):
    """Something that the operator can put right: what is wrong, and what helps."""

    def __init__(self, what: str, remedy: str) -> None:
        super().__init__(f"{what}\n  {remedy}")
        self.what = what
        self.remedy = remedy
