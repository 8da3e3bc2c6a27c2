"""A mail that shows that a mail server works."""

from domain.mail_server import MailServer
from notifications.letter import Letter, Stationery


def letter(server: MailServer, to_name: str, stationery: Stationery) -> Letter:
    facts = {"name": to_name, "server": f"{server.host}:{server.port}", "sender": server.sender_email}
    return stationery.render("trial", "Parley can send mail", facts)
