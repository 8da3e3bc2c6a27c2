"""The page that asks before reminders end, for mail programs that open the address instead of posting to it, and the
one that says that they have ended.

They are no pages of the app: nothing is to be learned of the call, and they work without a script.
"""

from base64 import b64encode
from hashlib import sha256

from fastapi.responses import HTMLResponse

STYLE = """
:root { color-scheme: light dark }
body { font: 1.1rem/1.5 system-ui, sans-serif; max-width: 32rem; margin: 15vh auto; padding: 0 1rem }
button { font: inherit; padding: 0.7rem 1.2rem }
"""

ASKING = """<h1>No reminders any more?</h1>
<p>Invitations to calls and changes of them are still sent to your address.</p>
<form method="post"><button>Send me no reminders</button></form>"""

DONE = """<h1>No reminders any more</h1>
<p>Invitations to calls and changes of them are still sent to your address.</p>"""

POLICY = (
    f"default-src 'none'; style-src 'sha256-{b64encode(sha256(STYLE.encode()).digest()).decode()}'; "
    "base-uri 'none'; form-action 'self'; frame-ancestors 'none'"
)


def asking() -> HTMLResponse:
    """Its form is sent to the address at which it was opened."""
    return _page("No reminders any more?", ASKING)


def done() -> HTMLResponse:
    """For whoever pressed the button; mail programs that posted by themselves do not read it."""
    return _page("No reminders any more", DONE)


def _page(title: str, main: str) -> HTMLResponse:
    return HTMLResponse(
        f"""<!doctype html>
<html lang="en">
<head>
<meta charset="utf-8">
<meta name="viewport" content="width=device-width">
<title>{title}</title>
<style>{STYLE}</style>
</head>
<body>
<main>
{main}
</main>
</body>
</html>
""",
        headers={"Content-Security-Policy": POLICY},
    )
