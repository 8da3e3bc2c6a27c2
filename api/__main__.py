"""Starts the API process."""

import uvicorn

from api.app import create_app
from api.protocol import Http
from api.settings import ApiSettings
from telemetry import log


def main() -> None:
    settings = ApiSettings()
    log.configure("api", keep_pii=settings.log_pii)
    uvicorn.run(
        create_app(settings),
        host="127.0.0.1",
        port=settings.port,
        log_config=None,
        access_log=False,
        http=Http,
        ws="none",
        proxy_headers=False,  # whom to believe is ours to say: api/addresses.py
        server_header=False,
        timeout_graceful_shutdown=2,
    )


if __name__ == "__main__":
    main()
