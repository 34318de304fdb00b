"""Passwords, keys, signatures and the headers that every answer carries."""

import hashlib
import hmac
import secrets
from typing import Any

from argon2 import PasswordHasher
from argon2.exceptions import InvalidHashError, VerificationError
from itsdangerous import BadSignature, URLSafeTimedSerializer

from service.settings import Settings

API_KEY_PREFIX = "qh_"
SECURITY_HEADERS = {
    "Content-Security-Policy": (
        "default-src 'none'; style-src 'self'; img-src 'self'; font-src 'self'; script-src 'none'; "
        "form-action 'self'; base-uri 'none'; frame-ancestors 'none'"
    ),
    "X-Content-Type-Options": "nosniff",
    "Referrer-Policy": "same-origin",
    "Cross-Origin-Opener-Policy": "same-origin",
    "Permissions-Policy": "camera=(), microphone=(), geolocation=()",
}

_hasher = PasswordHasher()
# Verified when an account is unknown, so that both answers take the same time.
_DECOY_HASH = _hasher.hash(secrets.token_urlsafe(16))


def hash_password(password: str) -> str:
    """Hash a password with argon2id."""
    return _hasher.hash(password)


def password_matches(password: str, password_hash: str | None) -> bool:
    """Check a password; without a hash the same work is done and the answer is no."""
    try:
        _hasher.verify(password_hash or _DECOY_HASH, password)
    except (VerificationError, InvalidHashError):
        return False
    return password_hash is not None


def new_token() -> str:
    """Make a secret of 256 random bits."""
    return secrets.token_urlsafe(32)


def hash_token(token: str) -> str:
    """Hash a secret of ours for storage; it is random, so a fast hash is enough."""
    return hashlib.sha256(token.encode("utf-8", "surrogatepass")).hexdigest()


class Signer:
    """Signs what leaves the service and must come back unchanged."""

    def __init__(self, settings: Settings) -> None:
        self._key = settings.signing_key

    def sign(self, value: Any, *, purpose: str) -> str:
        """Sign a JSON value for one purpose."""
        return URLSafeTimedSerializer(self._key, salt=purpose).dumps(value)

    def unsign(self, signed: str, *, purpose: str, max_age_seconds: int | None) -> Any | None:
        """Give the value back, or None when it was altered, is too old or has another purpose."""
        try:
            return URLSafeTimedSerializer(self._key, salt=purpose).loads(signed, max_age=max_age_seconds)
        except BadSignature:
            return None

    def form_token(self, browser: str) -> str:
        """Token that proves a form was served to this browser's session."""
        key = hashlib.sha256(f"form-token:{self._key}".encode()).digest()
        return hmac.new(key, browser.encode(), hashlib.sha256).hexdigest()

    def form_token_matches(self, token: str, browser: str) -> bool:
        """Check the token that came back with a form."""
        return hmac.compare_digest(token.encode("utf-8", "surrogatepass"), self.form_token(browser).encode())
