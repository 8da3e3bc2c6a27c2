"""A tiny process in the place of agent, api or jobs: `python -m tests.parley.stand_in NAME PORT [QUIRK]`.

Quirks: `breaks` exits at once, `stubborn` ignores SIGTERM, `parent` has a child that outlives SIGTERM.
"""

import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer

ANSWERS = {
    "/": "OK",
    "/api/v1/health": json.dumps({"status": "ready", "parts": []}),
    "/api/v1/demo": json.dumps({"call": {"call_id": "the-call"}, "join_link": "http://127.0.0.1/join#link"}),
}


class Handler(BaseHTTPRequestHandler):
    def do_GET(self) -> None:
        answer = ANSWERS.get(self.path)
        self.send_response(200 if answer else 404)
        self.end_headers()
        self.wfile.write((answer or "").encode())

    def log_message(self, format: str, *args: object) -> None:
        pass


def main() -> None:
    name, port, quirk = sys.argv[1], int(sys.argv[2]), "".join(sys.argv[3:])
    print(f"{name} begins", flush=True)
    if quirk == "breaks":
        print("the reason why it broke", flush=True)
        sys.exit(3)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if quirk == "stubborn" else lambda *_: os._exit(0))
    if quirk == "parent":
        subprocess.Popen([sys.executable, "-m", "tests.parley.stand_in", f"{name}-child", "0", "stubborn"])
    HTTPServer(("127.0.0.1", port), Handler).serve_forever()


if __name__ == "__main__":
    main()
