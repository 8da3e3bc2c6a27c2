"""Rules about people."""

import pytest

from domain.errors import LastAdmin, NotOneself
from domain.ids import UserId, uuid7
from domain.people import must_be_somebody_else, must_keep_an_admin

pytestmark = pytest.mark.unit

ONE, OTHER = UserId(uuid7()), UserId(uuid7())


def test_an_organization_keeps_an_admin() -> None:
    must_keep_an_admin({ONE, OTHER}, without=ONE)
    must_keep_an_admin({ONE}, without=OTHER)
    for admins in ({ONE}, set[UserId]()):
        with pytest.raises(LastAdmin):
            must_keep_an_admin(admins, without=ONE)


def test_nobody_shuts_themselves_out() -> None:
    must_be_somebody_else(ONE, OTHER)
    with pytest.raises(NotOneself):
        must_be_somebody_else(ONE, ONE)
