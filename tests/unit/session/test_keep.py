"""Where the sign-in is kept."""

from __future__ import annotations

from collections.abc import Iterator
from pathlib import Path

import keyring
import pytest
from keyring.backend import KeyringBackend

from kds.session.keep import token_store


class Ring(KeyringBackend):
    """A key ring of this test."""

    priority = 5.0

    def __init__(self) -> None:
        super().__init__()  # type: ignore[no-untyped-call]
        self.kept: dict[tuple[str, str], str] = {}

    def get_password(self, service: str, username: str) -> str | None:
        return self.kept.get((service, username))

    def set_password(self, service: str, username: str, password: str) -> None:
        self.kept[service, username] = password

    def delete_password(self, service: str, username: str) -> None:
        del self.kept[service, username]


@pytest.fixture
def ring() -> Iterator[Ring]:
    before, ring = keyring.get_keyring(), Ring()
    keyring.set_keyring(ring)
    yield ring
    keyring.set_keyring(before)


def test_the_key_ring_keeps_it_where_there_is_one(
    ring: Ring, tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.delenv("KDS_TOKENS")
    store = token_store(tmp_path)
    store.save("secret")
    assert list(ring.kept) == [("kds", str(tmp_path.resolve()))]
    assert token_store(tmp_path).load() == "secret"
    store.clear()
    assert store.load() is None
    assert not any(tmp_path.iterdir())


def test_a_file_keeps_it_when_told_so(ring: Ring, tmp_path: Path) -> None:
    store = token_store(tmp_path)
    store.save("secret")
    assert ring.kept == {}
    assert token_store(tmp_path).load() == "secret"
    assert (tmp_path / "session.token").stat().st_mode & 0o777 == 0o600
