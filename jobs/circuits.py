"""Mail servers that fail are left alone for a while, so that nothing waits for them in vain."""

from collections import defaultdict
from dataclasses import dataclass
from datetime import datetime, timedelta

from domain.mail_server import MailServer

MOST_FAILURES = 3
SHORTEST_REST, LONGEST_REST = timedelta(seconds=30), timedelta(minutes=10)


@dataclass
class Circuit:
    failures: int = 0
    rest: timedelta = timedelta()
    rests_until: datetime | None = None


class Circuits:
    """Of one process. A server whose settings were changed is another server, and begins anew."""

    def __init__(self) -> None:
        self._circuits: dict[MailServer, Circuit] = defaultdict(Circuit)

    def rests_until(self, server: MailServer, now: datetime) -> datetime | None:
        """Until when it is left alone; None: it may be asked."""
        until = self._circuits[server].rests_until
        return until if until and until > now else None

    def answered(self, server: MailServer) -> None:
        self._circuits.pop(server, None)

    def failed(self, server: MailServer, now: datetime, *, is_locked: bool = False) -> None:
        """`is_locked`: it refuses our password; asking often would have it shut us out."""
        circuit = self._circuits[server]
        if circuit.rests_until and circuit.rests_until > now:
            return  # what had begun before the rest
        circuit.failures += 1
        if is_locked:
            circuit.rest = LONGEST_REST
        elif circuit.failures >= MOST_FAILURES:
            circuit.rest = min(max(circuit.rest * 2, SHORTEST_REST), LONGEST_REST)
        else:
            return
        circuit.rests_until = now + circuit.rest
