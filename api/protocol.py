"""HTTP as uvicorn reads it, but what is no HTTP at all is answered with a problem too."""

from starlette.exceptions import HTTPException
from uvicorn.protocols.http.httptools_impl import HttpToolsProtocol

from api import problems


class Http(HttpToolsProtocol):
    def send_400_response(self, msg: str) -> None:
        body = bytes(problems.of_http_exception(HTTPException(400)).body)
        head = (
            "HTTP/1.1 400 Bad Request\r\ncontent-type: application/problem+json\r\ncache-control: no-store\r\n"
            f"x-content-type-options: nosniff\r\ncontent-length: {len(body)}\r\nconnection: close\r\n\r\n"
        )
        self.transport.write(head.encode() + body)
        self.transport.close()
