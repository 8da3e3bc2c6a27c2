"""One run of the recognizer in a thread, and the two threads that all streams of the process share."""

import asyncio
import os
import sys
import threading
import time
from collections.abc import Sequence
from concurrent.futures import Executor, ThreadPoolExecutor

from providers.local.recognizer import Moonshine
from providers.local.segmenting import Segment


def _yield_to_others() -> None:
    """On a busy machine the calling thread gets a third of what others get; on Linux nice is per thread."""
    if sys.platform == "linux":
        os.setpriority(os.PRIO_PROCESS, threading.get_native_id(), 5)


# One thread for what people wait for and one for what they may glance at: a final never queues behind
# interims. Each stream has at most one decoding in each queue that is not abandoned.
FINALS = ThreadPoolExecutor(1, thread_name_prefix="moonshine-finals")
INTERIMS = ThreadPoolExecutor(1, thread_name_prefix="moonshine-interims", initializer=_yield_to_others)


class Decoding:
    """One run of the model in `executor`; `abandon` frees its thread before the next token.

    `draft`: the tokens of an earlier run on the beginning of the same speech.
    """

    def __init__(self, executor: Executor, model: Moonshine, segment: Segment, draft: Sequence[int] = ()) -> None:
        self.segment = segment
        self._stop = threading.Event()
        self._begun_s = time.perf_counter()
        loop = asyncio.get_running_loop()
        self.future = loop.run_in_executor(executor, model.transcribe, segment.samples, self._stop.is_set, draft)

    @property
    def took_s(self) -> float:
        return time.perf_counter() - self._begun_s

    def abandon(self) -> None:
        self._stop.set()
        self.future.cancel()
