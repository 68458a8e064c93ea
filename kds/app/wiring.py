"""From a profile to a session, or to a house of them."""

from __future__ import annotations

import os

from kds.app import paths
from kds.app.config import Profile
from kds.session.house import House
from kds.session.session import Session, SessionOptions


def open_session(name: str, profile: Profile) -> Session:
    """The session of the profile called `name`; AlreadyRunning when it is open elsewhere."""
    return Session.open(_options(name, profile))


def open_house(name: str, profile: Profile) -> House:
    """All branches of the profile called `name`; AlreadyRunning when it is open elsewhere."""
    return House.open(_options(name, profile), profile.branches)


def _options(name: str, profile: Profile) -> SessionOptions:
    return SessionOptions(
        url=profile.url,
        key=profile.key,
        branch_id=profile.branch,
        role=profile.role,
        name=profile.name or name.title(),
        stations=frozenset(profile.stations),
        data_dir=paths.data_dir(name),
        email=profile.email,
        password=os.environ.get("KDS_PASSWORD"),
    )
