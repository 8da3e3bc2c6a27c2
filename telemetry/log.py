"""One JSON line for each fact: a static message and keys. Personal data only under `pii.` keys, dropped by default."""

import logging
import sys
import traceback
from typing import Any

import structlog

Logger = structlog.stdlib.BoundLogger

DEEPEST_FRAMES = 8


def configure(process: str, *, keep_pii: bool) -> None:
    """Sends structlog and the standard library's logs to stderr as JSON lines naming `process`."""

    def without_pii(_logger: Any, _method: str, event: structlog.typing.EventDict) -> structlog.typing.EventDict:
        return event if keep_pii else {key: event[key] for key in event if not key.startswith("pii.")}

    shared: list[structlog.typing.Processor] = [
        structlog.contextvars.merge_contextvars,
        structlog.stdlib.add_log_level,
        structlog.processors.TimeStamper(fmt="iso", utc=True, key="at"),
        without_pii,
    ]
    structlog.configure(
        processors=[*shared, structlog.stdlib.ProcessorFormatter.wrap_for_formatter],
        logger_factory=structlog.stdlib.LoggerFactory(),
        wrapper_class=structlog.stdlib.BoundLogger,
        cache_logger_on_first_use=True,
    )
    handler = logging.StreamHandler(sys.stderr)
    handler.setFormatter(
        structlog.stdlib.ProcessorFormatter(
            foreign_pre_chain=shared,
            processors=[
                structlog.stdlib.ProcessorFormatter.remove_processors_meta,
                structlog.processors.format_exc_info,
                structlog.processors.JSONRenderer(),
            ],
        )
    )
    root = logging.getLogger()
    root.handlers[:] = [handler]
    root.setLevel(logging.INFO)
    for chatty in ("livekit", "livekit.agents", "uvicorn.access", "httpx", "httpx2", "asyncio"):
        logging.getLogger(chatty).setLevel(logging.WARNING)
    logging.getLogger("mail.log").setLevel(logging.CRITICAL)  # aiosmtpd repeats what it hears, addresses included
    structlog.contextvars.bind_contextvars(process=process)


def failure(error: BaseException) -> dict[str, Any]:
    """Keys that say what went wrong and where, without the message: that may quote names, addresses and speech."""
    frames = traceback.extract_tb(error.__traceback__)[-DEEPEST_FRAMES:]
    return {"error": type(error).__name__, "trace": [f"{frame.filename}:{frame.lineno}" for frame in frames]}


def get(name: str) -> Logger:
    logger: Logger = structlog.stdlib.get_logger(name)
    return logger
