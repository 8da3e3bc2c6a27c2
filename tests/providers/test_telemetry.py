import os
import subprocess
import sys
from pathlib import Path

import pytest

pytestmark = pytest.mark.unit

LOAD_ALL = """
from providers.local.recognizer import Moonshine
from providers.local.silero import Silero
from providers.local.hibari import synthesize_pcm
Moonshine(), Silero(), synthesize_pcm("Hello.", seed=1)
"""


def test_the_models_leave_no_trace_of_telemetry(tmp_path: Path) -> None:
    """onnxruntime's telemetry keeps a device id and a queue under the home folder as soon as it is on."""
    environment = {**os.environ, "HOME": str(tmp_path), "XDG_CACHE_HOME": str(tmp_path)}
    environment.pop("ORT_DISABLE_TELEMETRY", None)
    loaded = subprocess.run(
        [sys.executable, "-c", LOAD_ALL], env=environment, capture_output=True, text=True, timeout=60
    )
    assert loaded.returncode == 0, loaded.stderr
    assert "telemetry" not in loaded.stderr
    assert list(tmp_path.rglob("*")) == []
