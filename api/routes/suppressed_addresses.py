"""Addresses that are not written to, and their way off that list."""

from typing import Annotated

from fastapi import APIRouter, Path

from api.deps import MayChangeSettings, OwnConnection
from api.views import Page
from db import audit, suppression
from domain.audit import Actor, Subject
from domain.email import SuppressedAddress, SuppressionScope
from domain.errors import NotFound

router = APIRouter(prefix="/suppressed-addresses")


@router.get("")
async def list_suppressed_addresses(connection: OwnConnection, user: MayChangeSettings) -> Page[SuppressedAddress]:
    return Page(items=await suppression.of(connection, user.organization_id), next_cursor=None)


@router.delete("/{address}/{scope}", status_code=204)
async def lift_suppression(
    connection: OwnConnection,
    user: MayChangeSettings,
    address: Annotated[str, Path(max_length=254)],
    scope: Annotated[str, Path(max_length=100)],
) -> None:
    """A scope that is none is not there either."""
    is_scope = scope in {one.value for one in SuppressionScope}
    if (
        not is_scope
        or "\0" in address
        or not await suppression.lift(connection, user.organization_id, address, SuppressionScope(scope))
    ):
        raise NotFound("address")
    await audit.write(
        connection, user.organization_id, Actor.user(user.user_id), "settings_changed",
        Subject("settings", "suppressed_addresses"), scope=SuppressionScope(scope),
    )  # fmt: skip
