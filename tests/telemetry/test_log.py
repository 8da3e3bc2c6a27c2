import json
import logging
from collections.abc import Iterator

import pytest
import structlog

from telemetry import log

pytestmark = pytest.mark.unit


@pytest.fixture(autouse=True)
def _loggers_as_they_were() -> Iterator[None]:
    root = logging.getLogger()
    handlers, level = list(root.handlers), root.level
    yield
    root.handlers[:] = handlers
    root.setLevel(level)
    structlog.reset_defaults()
    structlog.contextvars.clear_contextvars()


def lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines()]


def test_a_fact_is_one_json_line_with_the_process_and_no_personal_data(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("api", keep_pii=False)
    log.get("somewhere").warning("call refused", call_id="7", **{"pii.name": "Robin Finch"})
    written = capsys.readouterr().err
    (line,) = lines(written)
    assert line["event"] == "call refused"
    assert line["level"] == "warning"
    assert line["process"] == "api"
    assert line["call_id"] == "7"
    assert "Robin" not in written


def test_personal_data_are_written_only_where_it_was_asked_for(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("api", keep_pii=True)
    log.get("somewhere").info("joined", **{"pii.name": "Robin Finch"})
    (line,) = lines(capsys.readouterr().err)
    assert line["pii.name"] == "Robin Finch"


def test_the_standard_librarys_logs_take_the_same_form(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("jobs", keep_pii=False)
    logging.getLogger("some.library").warning("two\nlines of %s", "text")
    logging.getLogger("livekit").info("chatter")
    (line,) = lines(capsys.readouterr().err)
    assert line["event"] == "two\nlines of text"
    assert line["process"] == "jobs"


def test_an_exception_stays_on_its_line(capsys: pytest.CaptureFixture[str]) -> None:
    log.configure("api", keep_pii=False)
    try:
        raise KeyError("missing")
    except KeyError:
        logging.getLogger("some.library").exception("it failed")
    (line,) = lines(capsys.readouterr().err)
    assert "KeyError" in str(line["exception"])
