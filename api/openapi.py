"""The contract as OpenAPI: what FastAPI finds, with the problems and the events that it cannot see."""

from collections.abc import Iterator
from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi
from fastapi.routing import APIRoute
from pydantic import BaseModel, Field

from db import event_json

COMPONENTS = "#/components/schemas/{model}"
A_FILE = {"application/octet-stream": {"schema": {"type": "string", "format": "binary"}}}
METHODS = {"get", "put", "post", "delete", "patch"}


class ProblemError(BaseModel):
    pointer: str
    detail: str


class Problem(BaseModel):
    """RFC 9457. Which types there are, and which of them carries more members, is in docs/problems.md."""

    type: str = Field(examples=["/problems/not-found"])
    title: str
    status: int
    detail: str
    errors: list[ProblemError] | None = None
    opens_at: str | None = None
    reason: str | None = None
    limit: int | None = None


def operation_id(route: APIRoute) -> str:
    """The function's name, which is then the name of the client's function too."""
    return route.name


def document(app: FastAPI) -> dict[str, Any]:
    """The whole document; made once."""
    if app.openapi_schema is None:
        found = get_openapi(title=app.title, version=app.version, routes=app.routes)
        schemas = found["components"]["schemas"]
        for model in (Problem.model_json_schema(ref_template=COMPONENTS), events_schema()):
            schemas.update(model.pop("$defs", {}))
            schemas[model["title"]] = model
        for path, method, operation in operations(found):
            operation["responses"].pop("422", None)
            operation["responses"]["default"] = {
                "description": "A problem",
                "content": {"application/problem+json": {"schema": {"$ref": COMPONENTS.format(model="Problem")}}},
            }
            if "200" in operation["responses"]:
                operation["responses"]["200"].setdefault("content", A_FILE)
            if (method, path.rpartition("/")[2]) == ("get", "events"):
                operation["responses"]["200"]["content"] = {
                    "text/event-stream": {"schema": {"$ref": COMPONENTS.format(model="Event")}}
                }
                operation["responses"]["204"] = {"description": "The log is closed, and all of it has been read"}
        for unused in ("HTTPValidationError", "ValidationError"):
            schemas.pop(unused, None)
        for schema in schemas.values():
            say_what_is_always_there(schema)
            leave_out_titles(schema)
        app.openapi_schema = found
    return app.openapi_schema


def events_schema() -> dict[str, Any]:
    return {"title": "Event", **event_json.ADAPTER.json_schema(mode="serialization", ref_template=COMPONENTS)}


def operations(found: dict[str, Any]) -> Iterator[tuple[str, str, dict[str, Any]]]:
    for path, of_path in found["paths"].items():
        for method in METHODS & set(of_path):
            yield path, method, of_path[method]


def say_what_is_always_there(schema: dict[str, Any]) -> None:
    """An answer has all its fields, also those with a default; only in requests may such be left out.

    Requests are the models that refuse unknown fields.
    """
    is_answer = schema.get("additionalProperties") is not False and schema.get("title") != "Problem"
    if is_answer and "properties" in schema:
        schema["required"] = list(schema["properties"])


def leave_out_titles(schema: dict[str, Any]) -> None:
    """Of fields, where they only say the name again."""
    for field in schema.get("properties", {}).values():
        field.pop("title", None)
