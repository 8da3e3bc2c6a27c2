"""Every error as RFC 9457 problem+json: one table from what went wrong to how it is answered.

Never echoes the input: it may be personal, and may not even be text. `docs/problems.md` lists the types.
"""

from collections.abc import Mapping
from typing import Any

from fastapi import FastAPI, Request
from fastapi.exceptions import RequestValidationError
from fastapi.responses import JSONResponse, Response
from starlette.exceptions import HTTPException

from db.pool import DatabaseAway
from domain import errors
from telemetry import log

logger = log.get(__name__)


def problem(status: int, kind: str, title: str, detail: str, **more: Any) -> JSONResponse:
    return JSONResponse(
        {"type": f"/problems/{kind}", "title": title, "status": status, "detail": detail, **more},
        status_code=status,
        media_type="application/problem+json",
        headers={"Cache-Control": "no-store"},
    )


def of_domain_error(error: errors.DomainError) -> Response:
    match error:
        case errors.LinkUnknown():
            return problem(
                404, "link-unknown", "This link is not known",
                "It may have been cut off or replaced. Open the newest mail again, or ask who invited you.",
            )  # fmt: skip
        case errors.NotFound(noun=noun):
            return problem(404, "not-found", "This is not here", f"There is no such {noun}, or it is not yours.")
        case errors.NotSignedIn():
            return problem(401, "not-signed-in", "You are not signed in", "Sign in and try again.")
        case errors.NotAllowed():
            return problem(
                403, "not-allowed", "This is not for your role",
                "Ask an admin of your organization to do it. Nothing was changed.",
            )  # fmt: skip
        case errors.TooManyRequests(retry_after_s=retry_after_s):
            return too_many_requests(retry_after_s)
        case errors.CallNotOpen(opens_at=opens_at):
            return problem(
                409, "call-not-open", "The call is not open yet", "You can come in shortly before it starts.",
                opens_at=opens_at.isoformat(),
            )  # fmt: skip
        case errors.CallEnded(reason=reason):
            return problem(
                410, "call-ended", "The call is over",
                "Nobody can come in any more. Ask who invited you for a new one.",
                reason=reason,
            )  # fmt: skip
        case errors.CallBegun(status=status):
            return problem(
                409, "call-ended", "The call cannot be changed any more",
                "It has begun, is over or was cancelled. Nothing was changed.",
                reason=status,
            )  # fmt: skip
        case errors.CallChanged():
            return problem(
                409, "call-changed", "Somebody has changed this call meanwhile",
                "Look at it as it is now, then change it again. Nothing was changed.",
            )  # fmt: skip
        case errors.GuestsCannotMove():
            return problem(
                409, "guests-cannot-move", "This call cannot be moved by its guests",
                "Others are invited too, or it begins within the hour. Write to who invited you. Nothing was changed.",
            )  # fmt: skip
        case errors.AlreadyThere(noun=noun):
            return problem(
                409, "already-there", "This is there already",
                f"There is such {a(noun)} already. Nothing was changed.",
            )  # fmt: skip
        case errors.LastAdmin():
            return problem(
                409, "last-admin", "Somebody must stay an admin",
                "This is the last admin of your organization. Make somebody else one first. Nothing was changed.",
            )  # fmt: skip
        case errors.NotOneself():
            return problem(
                409, "not-oneself", "You cannot disable yourself",
                "Another admin of your organization can do it. Nothing was changed.",
            )  # fmt: skip
        case errors.KeyUsed():
            return problem(
                409, "key-used", "This form has been sent before with other words",
                "What was sent first stands. Open a new form to book another call.",
            )  # fmt: skip
        case errors.QuestionSetChanged():
            return problem(
                409, "question-set-changed", "Somebody saved these questions meanwhile",
                "Nothing of yours was saved. Open the newest version and make your changes there.",
            )  # fmt: skip
        case errors.ReviewNotPossible():
            return problem(
                409, "review-not-possible", "There is nothing to review",
                "The call is not over, was held without a transcript, or its words have been erased.",
            )  # fmt: skip
        case errors.InvalidInput(pointer=pointer, detail=detail):
            return malformed([{"pointer": pointer, "detail": detail}])
        case errors.RoomUnavailable():
            return problem(
                503, "room-unavailable", "The room cannot be reached",
                "The media server does not answer. Nothing is lost; try again in a moment.",
            )  # fmt: skip
    return internal_error()


def a(noun: str) -> str:
    return f"{'an' if noun[:1] in 'aeiou' else 'a'} {noun}"


def too_many_requests(retry_after_s: int) -> Response:
    response = problem(
        429, "too-many-requests", "This was asked for too often",
        f"Nothing was changed. Wait {retry_after_s} s and try again.",
    )  # fmt: skip
    response.headers["Retry-After"] = str(retry_after_s)
    return response


def malformed(found: list[dict[str, str]]) -> Response:
    return problem(
        422, "malformed-request", "The request is not in the expected form",
        "Nothing was changed. The list of errors says which part to mend.", errors=found,
    )  # fmt: skip


def internal_error() -> Response:
    return problem(
        500,
        "internal-error",
        "Something went wrong here",
        "Nothing of yours was lost. Try again; if it stays, tell us.",
    )


def database_away() -> Response:
    return problem(
        503, "database-away", "We cannot look this up now",
        "The database does not answer. Nothing of yours was lost; try again in a moment.",
    )  # fmt: skip


def cross_site() -> Response:
    return problem(
        403, "cross-site", "This was sent by another site", "Open our own page and do it there. Nothing was changed."
    )


def unknown_host() -> Response:
    return problem(
        421, "unknown-host", "This copy is not known by that name",
        "Open it as localhost, by its number, or at the address that PARLEY_PUBLIC_URL names. Nothing was changed.",
    )  # fmt: skip


TITLES: Mapping[int, tuple[str, str, str]] = {
    400: ("malformed-request", "The request is not in the expected form", "Its body could not be read."),
    404: ("not-found", "This is not here", "There is nothing at this address."),
    405: ("method-not-allowed", "This cannot be done here", "The address does not take this method."),
    413: ("too-large", "This is too large", "Send less at once."),
}


def of_http_exception(error: HTTPException) -> Response:
    kind, title, detail = TITLES.get(error.status_code, ("error", "This did not work", "Try again."))
    response = problem(error.status_code, kind, title, detail)
    for name, value in (error.headers or {}).items():
        response.headers[name] = value
    return response


def of_validation_error(error: RequestValidationError) -> Response:
    return malformed([explained(found) for found in error.errors()[:MOST_ERRORS]])


MOST_ERRORS = 20

DETAILS: Mapping[str, str] = {
    "extra_forbidden": "There is a field here that is not known.",
    "json_invalid": "This is not JSON.",
    "literal_error": "This is none of the values that can be chosen here.",
    "string_unicode": "The text has characters that cannot be stored.",
    "string_pattern_mismatch": "This is not in the expected form.",
    "uuid_parsing": "This is not a UUID.",
    "missing": "This is missing.",
    "string_too_short": "This is empty.",
    "string_too_long": "No more than {max_length} characters fit here.",
    "too_short": "Of these there must be {min_length} at least.",
    "too_long": "Of these there can be {max_length} at most.",
    "greater_than_equal": "This must be {ge} at least.",
    "less_than_equal": "This must be {le} at most.",
    "enum": "This is none of the values that can be chosen here.",
    "timezone_aware": "This time needs its offset from UTC.",
}
"""Instead of pydantic's own words, which are for programmers, or quote the input, a regular expression or our code.

In braces: the limits that pydantic names.
"""


def explained(found: Mapping[str, Any]) -> dict[str, str]:
    """The place in our own names, and what is wrong there: names of fields that we do not know are input too."""
    kind, place = found["type"], list(found["loc"])
    if kind == "extra_forbidden" or kind == "json_invalid":
        place.pop()
    detail = DETAILS.get(kind, "").format_map(found.get("ctx", {})) or str(found["msg"]).removeprefix("Value error, ")
    return {"pointer": "/" + "/".join(str(part) for part in place), "detail": detail}


def install(app: FastAPI) -> None:
    async def domain_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, errors.DomainError)
        return of_domain_error(error)

    async def http_exception(_request: Request, error: Exception) -> Response:
        assert isinstance(error, HTTPException)
        return of_http_exception(error)

    async def validation_error(_request: Request, error: Exception) -> Response:
        assert isinstance(error, RequestValidationError)
        return of_validation_error(error)

    async def away(_request: Request, error: Exception) -> Response:
        logger.warning("database away", error=type(error).__name__)
        return database_away()

    app.add_exception_handler(errors.DomainError, domain_error)
    app.add_exception_handler(HTTPException, http_exception)
    app.add_exception_handler(RequestValidationError, validation_error)
    for kind in DatabaseAway:
        app.add_exception_handler(kind, away)
