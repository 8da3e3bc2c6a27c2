"""The web page at every address that is not the API's, and the files it is made of."""

import os
import secrets
from collections.abc import Callable
from pathlib import Path

from fastapi import FastAPI
from fastapi.responses import FileResponse, HTMLResponse, Response
from starlette.convertors import Convertor, register_url_convertor
from starlette.exceptions import HTTPException
from starlette.staticfiles import StaticFiles
from starlette.types import Receive, Scope, Send

from api import problems


class PageAddress(Convertor[str]):
    """Matches what is neither the API's nor a built file, so that those answer for themselves."""

    regex = r"(?!api(?:/|$)|assets(?:/|$)).*"

    def convert(self, value: str) -> str:
        return value

    def to_string(self, value: str) -> str:
        return value


register_url_convertor("page", PageAddress())

NONCE_PLACE = "STYLE_NONCE"
"""Stands in the built page where each answer has a nonce of its own; see web/vite.config.ts."""

NONCE_BYTES = 16


class WholeFile(FileResponse):
    """Takes no notice of `Range`: none of these files is worth a part, and a broken range is no problem then."""

    async def __call__(self, scope: Scope, receive: Receive, send: Send) -> None:
        headers = [(name, value) for name, value in scope["headers"] if name != b"range"]
        await super().__call__({**scope, "headers": headers}, receive, send)


class BuiltFiles(StaticFiles):
    """Their names change with their content, so a browser never needs to ask again."""

    async def check_config(self) -> None:
        """Nothing: files of a page that has not been built are not there, which is no accident."""

    def file_response(
        self, full_path: str | os.PathLike[str], stat_result: os.stat_result, scope: Scope, status_code: int = 200
    ) -> Response:
        headers = {"Cache-Control": "public, max-age=31536000, immutable"}
        return WholeFile(full_path, status_code=status_code, headers=headers, stat_result=stat_result)


def serve(app: FastAPI, web_dir: Path, policy: Callable[[str], str]) -> None:
    """Adds the routes; they come last. `policy` makes the page's Content-Security-Policy of a nonce."""
    app.mount("/assets", BuiltFiles(directory=web_dir / "assets", check_dir=False), name="assets")
    index = web_dir / "index.html"

    @app.api_route("/{path:page}", methods=["GET", "HEAD"], include_in_schema=False)
    async def page(path: str) -> Response:
        if is_file_name(path):
            return file_beside(index, path)
        if not index.is_file():
            return problems.problem(
                503, "page-not-built", "The page has not been built", "Run `make setup` and start again."
            )
        nonce = secrets.token_urlsafe(NONCE_BYTES)
        return HTMLResponse(
            index.read_text(encoding="utf-8").replace(NONCE_PLACE, nonce),
            headers={"Cache-Control": "no-cache", "Content-Security-Policy": policy(nonce)},
        )


def is_file_name(path: str) -> bool:
    """True for `favicon.svg`; pages of the app have no dot in their last part."""
    return "." in path.rpartition("/")[2]


def file_beside(index: Path, name: str) -> Response:
    """Raises HTTPException 404 for what does not lie, under exactly this name, beside the page."""
    if not index.parent.is_dir() or name not in os.listdir(index.parent) or not (index.parent / name).is_file():
        raise HTTPException(404)
    return WholeFile(index.parent / name, headers={"Cache-Control": "public, max-age=3600"})
