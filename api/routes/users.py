"""Colleagues: who may own a call."""

from dataclasses import dataclass

from fastapi import APIRouter

from api.deps import CurrentUser, OwnConnection
from api.views import Page
from db import people
from domain.ids import UserId
from domain.people import UserRole

router = APIRouter()

MOST_USERS = 500


@dataclass(frozen=True, slots=True, kw_only=True)
class Colleague:
    user_id: UserId
    name: str
    email: str
    role: UserRole


@router.get("/users")
async def list_users(connection: OwnConnection, user: CurrentUser) -> Page[Colleague]:
    """By name."""
    found = await people.list_all(connection, user.organization_id, most=MOST_USERS)
    colleagues = [
        Colleague(user_id=somebody.user_id, name=somebody.name, email=somebody.email, role=somebody.role)
        for somebody in found
    ]
    return Page(items=colleagues, next_cursor=None)
