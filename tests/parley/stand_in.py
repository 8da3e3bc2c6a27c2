"""A tiny process in the place of agent, api or jobs: `python -m tests.parley.stand_in NAME PORT [QUIRK]`.

`jobs` takes mail as far as greeting goes, the others answer by HTTP.

Quirks: `breaks` exits at once, `stubborn` ignores SIGTERM, `parent` has a child that outlives SIGTERM.
"""

import json
import os
import signal
import subprocess
import sys
from http.server import BaseHTTPRequestHandler, HTTPServer
from socketserver import StreamRequestHandler

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


class Mailbox(StreamRequestHandler):
    def handle(self) -> None:
        self.wfile.write(b"220 stand-in\r\n")
        for line in self.rfile:
            says_goodbye = line.upper().startswith(b"QUIT")
            self.wfile.write(b"221 stand-in\r\n" if says_goodbye else b"250 stand-in\r\n")
            if says_goodbye:
                return


def main() -> None:
    name, port, quirk = sys.argv[1], int(sys.argv[2]), "".join(sys.argv[3:])
    print(f"{name} begins", flush=True)
    if quirk == "breaks":
        print("the reason why it broke", flush=True)
        sys.exit(3)
    signal.signal(signal.SIGTERM, signal.SIG_IGN if quirk == "stubborn" else lambda *_: os._exit(0))
    if quirk == "parent":
        subprocess.Popen([sys.executable, "-m", "tests.parley.stand_in", f"{name}-child", "0", "stubborn"])
    HTTPServer(("127.0.0.1", port), Mailbox if name == "jobs" else Handler).serve_forever()


if __name__ == "__main__":
    main()
