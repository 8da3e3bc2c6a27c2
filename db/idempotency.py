"""Requests that were answered, so that the same one is answered again and not done again."""

from collections.abc import Sequence
from dataclasses import dataclass

from db.pool import Connection, queries
from domain.ids import CallId, OrganizationId, UserId


@dataclass(frozen=True, slots=True, kw_only=True)
class RequestKey:
    """What somebody's browser made up for one request, and the digest of what it asked."""

    organization_id: OrganizationId
    user_id: UserId
    key: str
    request_sha256: bytes


class OtherRequest(Exception):
    """The key came before, with another request."""


async def find(connection: Connection, request: RequestKey) -> CallId | None:
    """The call that this request made before, None when it is new. Raises OtherRequest.

    Of several at once with one key the others wait here until the first one's transaction is over.
    """
    whose = {"organization_id": request.organization_id, "user_id": request.user_id, "key": request.key}
    await queries.lock_key(connection, **whose)
    row = await queries.get_answered_request(connection, **whose)
    if row is None:
        return None
    if row["request_sha256"] != request.request_sha256:
        raise OtherRequest
    return CallId(row["call_id"])


async def find_several(connection: Connection, requests: Sequence[RequestKey]) -> dict[str, CallId]:
    """The calls that requests of one person made before, by key; whoever does not find one has to `find` it again.

    Raises OtherRequest.
    """
    if not requests:
        return {}
    rows = queries.get_answered_requests(
        connection,
        organization_id=requests[0].organization_id,
        user_id=requests[0].user_id,
        keys=[request.key for request in requests],
    )
    digests = {request.key: request.request_sha256 for request in requests}
    found = {}
    async for row in rows:
        if row["request_sha256"] != digests[row["key"]]:
            raise OtherRequest
        found[row["key"]] = CallId(row["call_id"])
    return found


async def keep(connection: Connection, request: RequestKey, call_id: CallId) -> None:
    """In the transaction that made the call."""
    await queries.keep_answered_request(
        connection,
        organization_id=request.organization_id,
        user_id=request.user_id,
        key=request.key,
        request_sha256=request.request_sha256,
        call_id=call_id,
    )
