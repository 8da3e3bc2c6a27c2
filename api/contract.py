"""Prints the API's OpenAPI document, of which `make client` makes the page's types."""

import json
from pathlib import Path

from api.app import create_app
from api.settings import ApiSettings


def contract() -> str:
    """The document as it is committed, `web/openapi.json`. Nothing is started, nothing of the environment read."""
    nowhere = ApiSettings.model_construct(
        livekit_url="ws://localhost", public_url="http://localhost", web_dir=Path("not-built"), local_mode=True
    )
    return json.dumps(create_app(nowhere).openapi(), indent=1, sort_keys=True, ensure_ascii=False) + "\n"


if __name__ == "__main__":
    print(contract(), end="")
