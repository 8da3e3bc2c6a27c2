"""Speech and language models that run on this machine's CPU, as ordinary LiveKit plug-ins.

onnxruntime's Linux wheel reports to its maker unless it is told not to before it is loaded (seen in 1.31: a device id
kept under the home folder, events to a Microsoft host). Nothing leaves this machine, so it is told here, where every
import of it passes.
"""

import os

os.putenv("ORT_DISABLE_TELEMETRY", "1")
