"""Who may do what: one function for each right, over who asks and what they want to touch.

Routes load what is asked for, ask here, and answer as if it were not there when the answer is no. `visible_owners` is
the same question for lists.
"""

from dataclasses import dataclass

from domain.call import Call, prospect_identity
from domain.ids import DeviceId, Identity, TeamId, UserId
from domain.people import User, UserRole


@dataclass(frozen=True, slots=True, kw_only=True)
class Person(User):
    """A user and whom they answer for."""

    team_ids: frozenset[TeamId] = frozenset()
    answers_for: frozenset[UserId] = frozenset()
    """Reps assigned to this manager, and the reps of teams in which they are manager. Without themselves."""

    @property
    def is_admin(self) -> bool:
        return self.role is UserRole.ADMIN


@dataclass(frozen=True, slots=True, kw_only=True)
class Viewer(Person):
    """Who asks: signed in on a device."""

    device_id: DeviceId


def may_see_calls_of(viewer: Person, owner_id: UserId) -> bool:
    """Their calls with transcript, review, nudges and mails; to come in, end them, and remove people from them."""
    return viewer.is_admin or owner_id == viewer.user_id or owner_id in viewer.answers_for


def may_be_in_room(call: Call, identity: Identity, person: Person | None) -> bool:
    """Whether a human with that identity may stay; a room token outlives the right it was made for.

    `person` is the active colleague whose identity it is, if it is one's. The call's invitees are those who were not
    removed.
    """
    if person is not None:
        return may_see_calls_of(person, call.owner.user_id)
    return any(identity == prospect_identity(invitee.invitee_id) for invitee in call.invitees)


def may_book_for(viewer: Viewer, owner_id: UserId) -> bool:
    return may_see_calls_of(viewer, owner_id)


def visible_owners(viewer: Viewer) -> frozenset[UserId] | None:
    """Whose calls a list shows; None: everybody's in the organization."""
    return None if viewer.is_admin else viewer.answers_for | {viewer.user_id}


def may_see_person(viewer: Viewer, user_id: UserId) -> bool:
    """Their profile beyond name, address and role."""
    return may_see_calls_of(viewer, user_id)


def may_manage_people(viewer: Viewer) -> bool:
    """Invite, change roles and teams, assign, disable, end devices."""
    return viewer.is_admin


def may_change_settings(viewer: Viewer) -> bool:
    """The organization's settings, mail server and providers; and to read them."""
    return viewer.is_admin


def may_read_audit(viewer: Viewer) -> bool:
    return viewer.is_admin
