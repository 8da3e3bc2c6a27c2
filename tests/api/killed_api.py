"""A process whose children serve the API and are killed in the middle of an answer.

Each line on its stdin names the next server to the database; a child serves by fork, since what it needs is loaded
already. The pid of the child is printed, then how it ended.
"""

import json
import os
import sys

from api.__main__ import main as serve
from api.settings import ApiSettings


def main() -> None:
    url = ApiSettings().app_database_url
    for line in sys.stdin:
        child = os.fork()
        if child == 0:
            nowhere = os.open(os.devnull, os.O_RDWR)
            os.dup2(nowhere, sys.stdin.fileno())
            os.dup2(nowhere, sys.stdout.fileno())
            os.environ["PARLEY_APP_DATABASE_URL"] = f"{url}&application_name={line.strip()}"
            serve()
            os._exit(0)
        print(json.dumps({"pid": child}), flush=True)
        _, status = os.waitpid(child, 0)
        print(json.dumps({"exit": os.waitstatus_to_exitcode(status)}), flush=True)


if __name__ == "__main__":
    main()
