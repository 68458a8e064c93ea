"""Profiles: one TOML file says which back end a terminal talks to, and what it is.

    url = "http://127.0.0.1:54321"     back end: a hub or a Supabase project
    key = "eyJ…"                       its anon (publishable) key
    branch = "00000000-…"              the branch this terminal belongs to
    branches = ["00000000-…"]          manager only: the branches to show; all of the account's
                                       when left out
    role = "kitchen"                   kitchen, pos or manager
    name = "Pass"                      what others call this terminal
    email = "kitchen@example.com"      the account it signs in with
    stations = ["oven", "grill"]       kitchen only: what its board shows; all when left out
    view = "line"                      kitchen only: line (a station's board), expo (the pass), or
                                       ready (what guests read); line when left out
    theme = "dark"                     dark or light; by role when left out
    printer = "tcp://192.168.1.50:9100" a receipt printer; or "file:/dev/usb/lp0", "usb:04b8:0202"

Every key can be overridden by an environment variable `KDS_<KEY>` (`KDS_STATIONS` and
`KDS_BRANCHES` separated by commas). `KDS_PASSWORD` signs in without asking; a password is never
read from a file.
"""

from __future__ import annotations

import os
import re
import tomllib
import uuid
from collections.abc import Mapping
from pathlib import Path
from typing import Annotated, Any, Literal
from urllib.parse import urlsplit

from pydantic import (
    AfterValidator,
    BaseModel,
    ConfigDict,
    Field,
    ValidationError,
    ValidationInfo,
    field_validator,
)

from kds.base.errors import ConfigError
from kds.domain.rows import Role
from kds.printing import address_of

_LISTS = ("stations", "branches")
View = Literal["line", "expo", "ready"]


def _http_url(text: str) -> str:
    if not re.fullmatch(r"https?://[^\s/]+(/.*)?", text):
        raise ValueError("it must start with http:// or https://")
    try:
        _ = urlsplit(text).port
    except ValueError as error:
        raise ValueError(f"it is no address: {error}") from None
    return text.rstrip("/")


def _uuid(text: str) -> str:
    try:
        return str(uuid.UUID(text))
    except ValueError:
        raise ValueError("it must be a UUID") from None


def _uuids(texts: list[str]) -> list[str]:
    try:
        return [_uuid(text) for text in texts]
    except ValueError:
        raise ValueError("they must be UUIDs") from None


def _printer(text: str) -> str:
    if text:
        address_of(text)
    return text


class Profile(BaseModel):
    """One terminal's settings, checked."""

    model_config = ConfigDict(extra="forbid", frozen=True, strict=True)

    url: Annotated[str, AfterValidator(_http_url)]
    key: Annotated[str, Field(min_length=1)]
    role: Role
    branch: Annotated[str, AfterValidator(_uuid)] | None = None
    branches: Annotated[list[str], AfterValidator(_uuids)] = []
    name: str = ""
    email: str = ""
    stations: list[str] = []
    view: View = "line"
    theme: Literal["dark", "light"] | None = None
    printer: Annotated[str, AfterValidator(_printer)] = ""

    @field_validator("view")
    @classmethod
    def _of_a_kitchen(cls, view: View, info: ValidationInfo) -> View:
        if view != "line" and info.data.get("role") not in (None, "kitchen"):
            raise ValueError("only a kitchen has another view")
        return view

    @field_validator("branches")
    @classmethod
    def _one_or_all(cls, branches: list[str], info: ValidationInfo) -> list[str]:
        """Tills and kitchens are in one branch; and a manager's home is one of theirs."""
        if branches and info.data.get("role") not in (None, "manager"):
            raise ValueError("only a manager has several branches")
        home = info.data.get("branch")
        if branches and home is not None and home not in branches:
            raise ValueError("'branch' must be one of them")
        return branches


def load_profile(
    path: Path, environment: Mapping[str, str] | None = None, defaults: Mapping[str, Any] = {}
) -> Profile:
    """The profile in `path` (TOML), with the environment's overrides.

    A missing file is an empty one, so that the environment alone can be enough. `defaults` give
    way to both. Raises ConfigError, which names the file, the line, and what is allowed there.
    """
    text = _read(path)
    values = _parse(path, text)
    overrides = _overrides(os.environ if environment is None else environment)
    try:
        return Profile.model_validate({**defaults, **values, **overrides})
    except ValidationError as error:
        raise ConfigError(
            "\n".join(_explain(path, text, problem, overrides) for problem in error.errors())
        ) from None


def _read(path: Path) -> str:
    try:
        return path.read_text(encoding="utf-8")
    except FileNotFoundError:
        return ""
    except (OSError, UnicodeDecodeError) as error:
        raise ConfigError(f"{path}: cannot be read: {error}") from None


def _parse(path: Path, text: str) -> dict[str, Any]:
    try:
        return tomllib.loads(text)
    except (ValueError, RecursionError) as error:  # also: a number of thousands of digits
        raise ConfigError(f"{path}: not valid TOML: {error}") from None


def _overrides(environment: Mapping[str, str]) -> dict[str, Any]:
    found: dict[str, Any] = {}
    for key in Profile.model_fields:
        value = environment.get(f"KDS_{key.upper()}")
        if value is not None:
            found[key] = (
                [s.strip() for s in value.split(",") if s.strip()] if key in _LISTS else value
            )
    return found


def _explain(path: Path, text: str, problem: Any, overrides: Mapping[str, Any]) -> str:
    """One sentence about one wrong value: where it stands and what is allowed."""
    key = str(problem["loc"][0])
    if key in overrides:
        where = f"environment variable KDS_{key.upper()}"
    else:
        line = _line_of(text, key)
        where = f"{path}, line {line}" if line else str(path)
    if problem["type"] == "extra_forbidden":
        return f"{where}: '{key}' is not known. Allowed: {', '.join(Profile.model_fields)}."
    if problem["type"] == "missing":
        return f"{where}: '{key}' is missing. Add it, or set KDS_{key.upper()}."
    message = problem["msg"].removeprefix("Value error, ")
    return f"{where}: '{key}' is {problem['input']!r}: {message}."


def _line_of(text: str, key: str) -> int | None:
    for number, line in enumerate(text.splitlines(), start=1):
        if re.match(rf"\s*[\"']?{re.escape(key)}[\"']?\s*[=.]|\s*\[+\s*{re.escape(key)}\b", line):
            return number
    return None
