"""Who may stay in a room, whatever token they came in with."""

import pytest

from domain.access import Person, may_be_in_room
from domain.call import Call, agent_identity, colleague_identities, colleague_identity, colleague_of, prospect_identity
from domain.ids import Identity, InviteeId, OrganizationId, UserId, uuid7
from domain.people import User, UserRole
from tests.sample import a_call, a_user

pytestmark = pytest.mark.unit

ORGANIZATION = OrganizationId(uuid7())
OWNER = a_user(ORGANIZATION, UserRole.REP)
CALL: Call = a_call(OWNER)


def person(user: User, *answers_for: UserId) -> Person:
    return Person(
        user_id=user.user_id,
        organization_id=user.organization_id,
        organization_name=user.organization_name,
        name=user.name,
        email=user.email,
        role=user.role,
        answers_for=frozenset(answers_for),
    )


def may(identity: str, somebody: Person | None = None) -> bool:
    return may_be_in_room(CALL, Identity(identity), somebody)


def test_the_calls_invitees_may_be_there_and_nobody_elses() -> None:
    assert may(prospect_identity(CALL.invitees[0].invitee_id))
    assert not may(prospect_identity(InviteeId(uuid7())))
    assert not may(colleague_identity("rep", UserId(CALL.invitees[0].invitee_id)))


def test_colleagues_may_be_there_who_may_see_the_call() -> None:
    manager, admin, other = (a_user(ORGANIZATION, role) for role in (UserRole.MANAGER, UserRole.ADMIN, UserRole.REP))
    for somebody, expected in (
        (person(OWNER), True),
        (person(manager, OWNER.user_id), True),
        (person(admin), True),
        (person(manager), False),
        (person(manager, other.user_id), False),
        (person(other), False),
    ):
        for identity in colleague_identities(somebody.user_id):
            assert may(identity, somebody) is expected, somebody
            assert not may(identity, None), "not active any more"


@pytest.mark.parametrize(
    "identity",
    ["", "rep", "rep-", "rep-7", "nobody", f"guest-{OWNER.user_id}", f"prospect-{uuid7()}x"],
    ids=["nothing", "role", "role-", "role-7", "nobody", "another role", "more than an id"],
)
def test_an_identity_that_we_do_not_give_may_not_be_there(identity: str) -> None:
    assert colleague_of(Identity(identity)) is None
    assert not may(identity)


def test_a_colleague_is_known_by_their_identity_in_every_role() -> None:
    for identity in colleague_identities(OWNER.user_id):
        assert colleague_of(identity) == OWNER.user_id
    assert colleague_of(prospect_identity(CALL.invitees[0].invitee_id)) is None
    assert colleague_of(agent_identity(CALL.call_id, 1)) is None
