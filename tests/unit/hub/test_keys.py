"""The hub's keys."""

from __future__ import annotations

import stat
import sys
from datetime import UTC, datetime
from pathlib import Path

import jwt
import pytest

from kds.base.errors import ConfigError
from kds.hub.keys import load_keys, load_or_create, make_keys

NOW = datetime(2026, 11, 21, 8, tzinfo=UTC)


def test_the_first_start_makes_keys_and_the_next_one_finds_them(tmp_path: Path) -> None:
    made = load_or_create(tmp_path, NOW)
    assert load_or_create(tmp_path, NOW.replace(year=2030)) == made
    assert load_keys(tmp_path) == made
    assert [path.name for path in tmp_path.iterdir()] == ["keys.json"]


@pytest.mark.skipif(sys.platform == "win32", reason="Windows has no mode bits")
def test_nobody_else_can_read_the_file(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    load_or_create(tmp_path, NOW)
    assert stat.S_IMODE(path.stat().st_mode) == 0o600


def test_the_keys_are_tokens_of_their_roles_that_last_for_years() -> None:
    keys = make_keys("s" * 40, NOW)
    for key, role in ((keys.anon, "anon"), (keys.service, "service_role")):
        claims = jwt.decode(key, "s" * 40, algorithms=["HS256"])
        assert claims["role"] == role
        assert claims["exp"] - claims["iat"] > 9 * 365 * 24 * 3600


@pytest.mark.parametrize(
    "text", ["", "{", "[]", '{"anon": "a"}', '{"jwt_secret": 1, "anon": "a", "service": "b"}']
)
def test_a_damaged_file_is_reported_and_left_alone(tmp_path: Path, text: str) -> None:
    path = tmp_path / "keys.json"
    path.write_text(text)
    with pytest.raises(ConfigError, match="is damaged"):
        load_or_create(tmp_path, NOW)
    assert path.read_text() == text


def test_a_file_that_is_not_text_is_reported(tmp_path: Path) -> None:
    path = tmp_path / "keys.json"
    path.write_bytes(b"\xff\xfe\x00")
    with pytest.raises(ConfigError, match="cannot be read"):
        load_or_create(tmp_path, NOW)


def test_a_folder_without_a_hub_is_reported(tmp_path: Path) -> None:
    with pytest.raises(ConfigError, match="holds no hub"):
        load_keys(tmp_path)


def test_what_a_crash_left_behind_is_in_nobodys_way(tmp_path: Path) -> None:
    (tmp_path / "keys.new").write_text("half")
    load_or_create(tmp_path, NOW)
