"""From a profile to a session."""

from __future__ import annotations

import os

from kds.app import paths
from kds.app.config import Profile
from kds.session.session import Session, SessionOptions


def open_session(name: str, profile: Profile) -> Session:
    """The session of the profile called `name`; AlreadyRunning when it is open elsewhere."""
    return Session.open(
        SessionOptions(
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
    )
