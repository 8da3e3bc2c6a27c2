"""Rights as pure functions: of all viewers and all owners that hypothesis thinks of."""

from dataclasses import replace

import pytest
from hypothesis import given
from hypothesis import strategies as st

from domain import access
from domain.access import Viewer
from domain.ids import DeviceId, OrganizationId, UserId, uuid7
from domain.people import UserRole

pytestmark = pytest.mark.unit

SOMEBODY = tuple(UserId(uuid7()) for _ in range(6))
OF_A_CALL = (access.may_see_calls_of, access.may_book_for, access.may_see_person)
OF_THE_ORGANIZATION = (access.may_manage_people, access.may_change_settings, access.may_read_audit)


@st.composite
def viewers(draw: st.DrawFn, roles: tuple[UserRole, ...] = tuple(UserRole)) -> Viewer:
    user_id = draw(st.sampled_from(SOMEBODY))
    return Viewer(
        user_id=user_id,
        organization_id=OrganizationId(uuid7()),
        organization_name="Acme",
        name="Ada",
        email="ada@acme.example",
        role=draw(st.sampled_from(roles)),
        device_id=DeviceId(uuid7()),
        answers_for=draw(st.frozensets(st.sampled_from(SOMEBODY))) - {user_id},
    )


owners = st.sampled_from(SOMEBODY)


@given(viewers(), owners)
def test_a_list_shows_exactly_the_calls_that_open(viewer: Viewer, owner_id: UserId) -> None:
    visible = access.visible_owners(viewer)
    assert access.may_see_calls_of(viewer, owner_id) is (visible is None or owner_id in visible)


@given(viewers(), owners)
def test_nobody_but_an_admin_sees_the_calls_of_somebody_for_whom_they_do_not_answer(
    viewer: Viewer, owner_id: UserId
) -> None:
    is_theirs = owner_id == viewer.user_id or owner_id in viewer.answers_for
    for right in OF_A_CALL:
        assert right(viewer, owner_id) is (is_theirs or viewer.role is UserRole.ADMIN)


@given(viewers((UserRole.REP, UserRole.MANAGER)), owners)
def test_whoever_answers_for_nobody_has_their_own_alone(viewer: Viewer, owner_id: UserId) -> None:
    alone = replace(viewer, answers_for=frozenset())
    assert access.visible_owners(alone) == frozenset({alone.user_id})
    assert access.may_see_calls_of(alone, owner_id) is (owner_id == alone.user_id)


@given(viewers(), owners, st.integers(0, 1))
def test_a_higher_role_takes_no_right_away(viewer: Viewer, owner_id: UserId, step: int) -> None:
    roles = (UserRole.REP, UserRole.MANAGER, UserRole.ADMIN)
    lower, higher = replace(viewer, role=roles[step]), replace(viewer, role=roles[step + 1])
    for of_a_call in OF_A_CALL:
        assert of_a_call(lower, owner_id) <= of_a_call(higher, owner_id)
    for of_the_organization in OF_THE_ORGANIZATION:
        assert of_the_organization(lower) <= of_the_organization(higher)


@given(viewers())
def test_people_settings_and_the_audit_log_are_for_admins_whomever_others_answer_for(viewer: Viewer) -> None:
    for right in OF_THE_ORGANIZATION:
        assert right(viewer) is (viewer.role is UserRole.ADMIN)
