"""What every answer tells the browser: to run nothing but ours, and to let nobody frame, read or sniff it."""

from api.settings import ApiSettings

YEAR_SECONDS = 365 * 24 * 3600


def security_headers(settings: ApiSettings) -> dict[str, str]:
    """For every answer; a page brings a Content-Security-Policy of its own."""
    headers = {
        "Content-Security-Policy": "default-src 'none'; base-uri 'none'; form-action 'none'; frame-ancestors 'none'",
        "Cross-Origin-Opener-Policy": "same-origin",
        "Cross-Origin-Resource-Policy": "same-origin",
        "Permissions-Policy": "microphone=(self), camera=(), display-capture=(), geolocation=(), payment=(), usb=()",
        "Referrer-Policy": "no-referrer",
        "X-Content-Type-Options": "nosniff",
    }
    if settings.public_url.startswith("https:"):
        headers["Strict-Transport-Security"] = f"max-age={YEAR_SECONDS}"
    return headers


def page_policy(settings: ApiSettings, nonce: str) -> str:
    """The Content-Security-Policy of the page. `nonce` is for the styles that our own scripts write at run time."""
    media = settings.livekit_url
    return "; ".join(
        (
            "default-src 'self'",
            f"style-src 'self' 'nonce-{nonce}'",
            "img-src 'self' data:",
            f"connect-src 'self' {media} {media.replace('ws', 'http', 1)}",
            "media-src 'self' blob: mediastream:",
            "object-src 'none'",
            "base-uri 'none'",
            "form-action 'self'",
            "frame-ancestors 'none'",
        )
    )
