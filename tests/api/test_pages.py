from pathlib import Path

import httpx
import pytest

from tests.api.conftest import NOBODY_THERE, Start, is_problem, settings
from tests.conftest import Database

pytestmark = pytest.mark.db


@pytest.mark.parametrize("path", ["/", "/join", "/calls/7", "/a/page/of/tomorrow", "/apiary", "/assetsmanager"])
async def test_every_address_of_the_app_is_the_page_and_asked_for_anew(client: httpx.AsyncClient, path: str) -> None:
    for method in ("GET", "HEAD"):
        answer = await client.request(method, path)
        assert answer.status_code == 200
        assert answer.headers["content-type"].startswith("text/html")
        assert answer.headers["cache-control"] == "no-cache"
        assert "frame-ancestors 'none'" in answer.headers["content-security-policy"]
        assert answer.headers["x-content-type-options"] == "nosniff"
        assert answer.headers["referrer-policy"] == "no-referrer"


async def test_built_files_are_kept_for_a_year_and_others_for_an_hour(client: httpx.AsyncClient) -> None:
    built = await client.get("/assets/index-1a2b.js")
    assert built.status_code == 200
    assert built.headers["cache-control"] == "public, max-age=31536000, immutable"
    icon = await client.get("/favicon.svg")
    assert icon.headers["content-type"] == "image/svg+xml"
    assert icon.headers["cache-control"] == "public, max-age=3600"


@pytest.mark.parametrize(
    "path",
    [
        "/assets/gone.js", "/assets/", "/assets", "/robots.txt", "/a/favicon.svg", "/api", "/api/", "/api/v1",
        "/api/v2/me",
        "/api/v1/nothing", "/assets/../../secret.txt", "/assets/..%2f..%2fsecret.txt", "/..%2fsecret.txt",
        "/assets/%00.js", "/%00.js", "/%2e%2e/secret.txt", "/assets/%ff.js", "/%ff.js",
    ],
)  # fmt: skip
async def test_what_is_not_there_is_a_problem_and_never_the_page(client: httpx.AsyncClient, path: str) -> None:
    answer = await client.get(path)
    is_problem(answer, 404, "not-found")
    assert "not for you" not in answer.text


async def test_a_page_that_has_not_been_built_says_what_to_do(start: Start, database: Database, tmp_path: Path) -> None:
    bare = await start(settings(database, NOBODY_THERE, tmp_path / "nothing"))
    problem = is_problem(await bare.get("/"), 503, "page-not-built")
    assert "make setup" in problem["detail"]
    is_problem(await bare.get("/favicon.svg"), 404, "not-found")
    is_problem(await bare.get("/assets/index-1a2b.js"), 404, "not-found")


async def test_answers_of_the_api_are_kept_nowhere(client: httpx.AsyncClient) -> None:
    for path in ("/api/v1/me", "/api/v1/demo", "/api/v1/health", "/api/v1/nothing"):
        assert (await client.get(path)).headers["cache-control"] == "no-store"
