"""By which mail servers an organization's mail goes."""

from dataclasses import dataclass

from db import mail_servers
from db.pool import Pool, transaction
from db.sealed import Seal, SealBroken
from domain.ids import OrganizationId
from domain.mail_server import ORGANIZATION_HEADER, MailServer

LOOPBACK = ("127.0.0.1", "localhost", "::1")

NO_SERVER = "No mail server is set. An admin can set one in the settings."
SEALED = "The password of the mail server has to be entered again."


@dataclass(frozen=True, slots=True, kw_only=True)
class Order:
    """Servers in the order in which they are tried; `problem` says why there is none."""

    servers: tuple[MailServer, ...]
    problem: str = NO_SERVER


class Servers:
    def __init__(self, pool: Pool, *, secret: str, installation: MailServer | None, mailbox_port: int | None) -> None:
        """`installation`: comes last, or alone. `mailbox_port`: of our own catcher."""
        self._pool = pool
        self._seal = Seal(secret)
        self._installation = installation
        self._mailbox_port = mailbox_port

    async def of(self, organization_id: OrganizationId) -> Order:
        async with transaction(self._pool, organization_id) as connection:
            own = await mail_servers.of(connection, organization_id)
        servers, problem = [], NO_SERVER
        for server in own:
            try:
                servers.append(mail_servers.unsealed(server, self._seal))
            except SealBroken:
                problem = SEALED
        # What falls into the mailbox reaches nobody: it is no way out for those who have a server.
        if self._installation and not (own and self._is_mailbox(self._installation)):
            servers.append(self._installation)
        return Order(servers=tuple(servers), problem=problem)

    def headers(self, server: MailServer, organization_id: OrganizationId) -> dict[str, str]:
        return {ORGANIZATION_HEADER: str(organization_id)} if self._is_mailbox(server) else {}

    def _is_mailbox(self, server: MailServer) -> bool:
        return server.host in LOOPBACK and server.port == self._mailbox_port
