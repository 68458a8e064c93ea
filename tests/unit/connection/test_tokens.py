from __future__ import annotations

import stat
from collections.abc import Iterator
from pathlib import Path

import keyring
import keyring.backend
import keyring.errors
import pytest

from kds.connection.tokens import TokenStore


class MemoryKeyring(keyring.backend.KeyringBackend):
    """A key ring that works, in memory."""

    priority = 5

    def __init__(self) -> None:
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        if self.kept.pop((service, username), None) is None:
            raise keyring.errors.PasswordDeleteError


class NoKeyring(MemoryKeyring):
    """What keyring has when the machine has none."""

    priority = -1


@pytest.fixture
def before() -> Iterator[None]:
    kept = keyring.get_keyring()
    yield
    keyring.set_keyring(kept)


def test_a_file_keeps_the_token_for_its_owner_only(tmp_path: Path) -> None:
    path = tmp_path / "profile" / "token"
    store = TokenStore.file(path)
    assert store.load() is None
    store.save("one")
    store.save("two")
    assert TokenStore.file(path).load() == "two"
    assert stat.S_IMODE(path.stat().st_mode) == 0o600
    assert [entry.name for entry in path.parent.iterdir()] == ["token"]


def test_a_cleared_file_has_no_token(tmp_path: Path) -> None:
    store = TokenStore.file(tmp_path / "token")
    store.save("one")
    store.clear()
    store.clear()
    assert store.load() is None


def test_a_write_that_fails_leaves_the_old_token_and_no_litter(tmp_path: Path) -> None:
    path = tmp_path / "token"
    store = TokenStore.file(path)
    store.save("one")
    with pytest.raises(UnicodeEncodeError):
        store.save("\ud800")
    assert store.load() == "one"
    assert [entry.name for entry in tmp_path.iterdir()] == ["token"]


@pytest.mark.usefixtures("before")
def test_the_key_ring_is_used_where_there_is_one(tmp_path: Path) -> None:
    ring = MemoryKeyring()
    keyring.set_keyring(ring)
    store = TokenStore.best("till-1", tmp_path / "token")
    store.save("one")
    assert ring.kept == {("kds", "till-1"): "one"}
    assert store.load() == "one"
    store.clear()
    store.clear()
    assert store.load() is None
    assert list(tmp_path.iterdir()) == []


@pytest.mark.usefixtures("before")
def test_without_a_key_ring_the_file_is_used(tmp_path: Path) -> None:
    keyring.set_keyring(NoKeyring())
    TokenStore.best("till-1", tmp_path / "token").save("one")
    assert (tmp_path / "token").read_text() == "one"
