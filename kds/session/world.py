"""What a session meets outside its own process: time, chance, the network, the key ring."""

from __future__ import annotations

import random
import secrets
from collections.abc import Callable
from dataclasses import dataclass, field
from pathlib import Path

from kds.base.clock import Clock, SystemClock
from kds.connection.internet import Internet
from kds.connection.policy import DEFAULT, Policy
from kds.connection.ports import Network
from kds.connection.tokens import TokenStore
from kds.domain.sightings import Patience
from kds.session.keep import token_store
from kds.sync.attempts import Pace


@dataclass(frozen=True, slots=True)
class World:
    """The real one by default of a program; a simulation passes its own.

    `rng` spreads retries; `randbits(n)` is what ids are made of.
    """

    network: Network
    tokens: TokenStore
    clock: Clock = field(default_factory=SystemClock)
    rng: random.Random = field(default_factory=random.Random)
    randbits: Callable[[int], int] = secrets.randbits
    policy: Policy = DEFAULT
    pace: Pace = field(default_factory=Pace)
    patience: Patience = field(default_factory=Patience)

    @classmethod
    def real(cls, url: str, key: str, data_dir: Path) -> World:
        """The back end at `url`, the machine's own clock, and its key ring."""
        return cls(Internet(url, key), token_store(data_dir))
