"""The identity provider of the tests, a process of its own: the mock of others, which here holds people to PKCE too."""

import hashlib
import sys
from base64 import urlsafe_b64encode
from urllib.parse import parse_qs, urlsplit

import flask
from oidc_provider_mock import app as provider
from werkzeug.serving import make_server

CHALLENGES: dict[str, str] = {}


def remember(answer: flask.Response) -> flask.Response:
    """Keep with which challenge a code was given."""
    asked = flask.request.args
    code = parse_qs(urlsplit(answer.headers.get("Location", "")).query).get("code")
    if code and asked.get("code_challenge_method") == "S256":
        CHALLENGES[code[0]] = asked["code_challenge"]
    return answer


def hold() -> tuple[dict[str, str], int] | None:
    """Refuse whoever cannot show what his challenge was made of."""
    if flask.request.path != "/oauth2/token":
        return None
    shown = hashlib.sha256(flask.request.form.get("code_verifier", "").encode()).digest()
    if CHALLENGES.get(flask.request.form["code"]) == urlsafe_b64encode(shown).decode().rstrip("="):
        return None
    return {"error": "invalid_grant"}, 400


def main() -> None:
    """Serve until the process is ended, after saying on which port."""
    made = provider()
    made.after_request(remember)
    made.before_request(hold)
    server = make_server("127.0.0.1", 0, made, threaded=True)
    sys.stdout.write(f"{server.server_port}\n")
    sys.stdout.flush()
    server.serve_forever()


if __name__ == "__main__":
    main()
