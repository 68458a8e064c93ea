"""The hub's secret and the two API keys made from it, kept beside the database."""

from __future__ import annotations

import json
import os
import secrets
from dataclasses import asdict, dataclass
from datetime import datetime
from pathlib import Path
from typing import Literal

import jwt

from kds.base.errors import ConfigError

FILE = "keys.json"
ISSUER = "kds-hub"
_YEARS_10 = 10 * 365 * 24 * 3600


@dataclass(frozen=True, slots=True)
class Keys:
    """`anon` is handed to every terminal; `service` passes every policy and stays on the server."""

    jwt_secret: str
    anon: str
    service: str


def load_keys(data: Path) -> Keys:
    """The keys of the hub whose data folder this is.

    Raises ConfigError when there are none, or when their file cannot be read or is damaged.
    """
    path = data / FILE
    try:
        return _parse(path, path.read_text(encoding="utf-8"))
    except FileNotFoundError:
        raise ConfigError(f"{data} holds no hub: {FILE} is not there.") from None
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path} cannot be read: {error}") from error


def load_or_create(data: Path, now: datetime) -> Keys:
    """`load_keys`, made (for its owner's eyes only) when there are none yet.

    A damaged file stays and is reported: new keys in its place would lock out every terminal
    without a word.
    """
    path = data / FILE
    if not path.exists():
        data.mkdir(parents=True, exist_ok=True)
        _write(path, make_keys(secrets.token_urlsafe(48), now))
    return load_keys(data)


def make_keys(jwt_secret: str, now: datetime) -> Keys:
    """The two API keys that `jwt_secret` signs, good for ten years from `now`."""
    return Keys(jwt_secret, _key(jwt_secret, "anon", now), _key(jwt_secret, "service_role", now))


def _key(secret: str, role: Literal["anon", "service_role"], now: datetime) -> str:
    issued = int(now.timestamp())
    claims = {"iss": ISSUER, "role": role, "iat": issued, "exp": issued + _YEARS_10}
    return jwt.encode(claims, secret, algorithm="HS256")


def _parse(path: Path, text: str) -> Keys:
    try:
        values = json.loads(text)
        keys = Keys(**{name: values[name] for name in ("jwt_secret", "anon", "service")})
    except (ValueError, KeyError, TypeError) as error:
        raise ConfigError(
            f"{path} is damaged: it should be an object with jwt_secret, anon and service"
        ) from error
    if not all(isinstance(value, str) and value for value in asdict(keys).values()):
        raise ConfigError(f"{path} is damaged: jwt_secret, anon and service should be text")
    return keys


def _write(path: Path, keys: Keys) -> None:
    """Whole or not at all: a crash leaves no half file, and nobody else ever reads it."""
    temporary = path.with_suffix(".new")
    temporary.unlink(missing_ok=True)
    descriptor = os.open(temporary, os.O_WRONLY | os.O_CREAT | os.O_EXCL, 0o600)
    with os.fdopen(descriptor, "w", encoding="utf-8") as file:
        json.dump(asdict(keys), file, indent=2)
        file.flush()
        os.fsync(file.fileno())
    temporary.replace(path)
