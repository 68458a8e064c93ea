"""The life of the link as a pure state machine: `on(event, now, roll) -> effects`.

The person sees four states; the machine has six phases, because "trying" has three of them:

    stopped      disconnected (stopped)     nothing is wanted
    signed_out   disconnected (signed_out)  a person has to sign in
    opening      connecting/reconnecting    token and handshake are under way
    proving      connecting/reconnecting    the socket is open, its first heartbeat unanswered
    live         connected                  heartbeats are answered
    waiting      connecting/reconnecting    until the next attempt, for ever

An open socket proves nothing: a half-open link looks the same. So `connected` begins with the
first answered heartbeat and ends `silence` seconds after the last answer. A request over HTTP
that finds nobody is a doubt: the link must prove itself again within `proof` seconds.

Failures count up until a link has held for `stable_after` seconds, so a server that accepts and
hangs up at once is not hammered. The wait is full jitter: `roll` (0 <= roll < 1, passed in) times
the step; a server that has too many links already is left alone for `crowded_wait` seconds at
least, whatever else is heard. News that the server or the network is back cuts a wait short, once
per silence. News that the network is gone is a doubt about a live link and no more: operating
systems err, so nothing ever keeps the link from trying.

Where requests are answered and sockets fail again and again (`polling.Signs` decides) the link is
`polling`: a word for the screen, and no other phase. The attempts go on with the same waits.

"connecting" is for the first attempt after a start; whoever has failed or lost a link is
"reconnecting". `reason` tells why: "offline" when nobody answers, "server_error" when the server
answers but gives no live link. What is not in the table at the end does not matter in that phase.
"""

from __future__ import annotations

from collections.abc import Callable
from datetime import timedelta
from typing import Any, Literal

from kds.connection.link import Link, LinkState, Quality, quality_of
from kds.connection.policy import DEFAULT, Policy, step
from kds.connection.polling import Signs
from kds.connection.renewal import Renewal
from kds.connection.signals import (
    Answered,
    Beat,
    Close,
    Contact,
    Effect,
    Event,
    Granted,
    Heard,
    Join,
    Lost,
    Moment,
    NetworkDown,
    NetworkUp,
    Open,
    Opened,
    OpenFailed,
    Part,
    Reason,
    Refresh,
    RefreshFailed,
    SignedOut,
    Start,
    Stop,
    Tick,
    Wake,
)

__all__ = ["Link", "LinkMachine", "LinkState", "Quality", "quality_of"]

Phase = Literal["stopped", "signed_out", "opening", "proving", "live", "waiting"]


class LinkMachine:
    """See the module's text. `link` is what a person may see after the last event."""

    def __init__(self, policy: Policy = DEFAULT) -> None:
        self.policy = policy
        self.phase: Phase = "stopped"
        self.link = Link()
        self._failures = 0
        self._live_since: float | None = None
        self._signs = Signs(policy.poll_after)
        self._renewal = Renewal(policy)
        self._crowded_until = float("-inf")
        self._reason: Reason = ""
        self._problem: str | None = None
        self._retry: Moment | None = None
        self._beat_at: float | None = None
        self._dead_at: float | None = None
        self._ref = 0
        self._beat_sent: float | None = None  # the heartbeat `_ref` is unanswered since then
        self._rtt_ms: float | None = None
        self._wake: float | None = None

    def on(self, event: Event, now: Moment, roll: float) -> list[Effect]:
        """Take one event in; what has to be done about it, in order. Out of place: nothing."""
        if isinstance(event, Tick):
            self._wake = None  # used up: ask again
        handler = _TRANSITIONS.get((self.phase, type(event)))
        effects = handler(self, event, now, roll) if handler else []
        self.link = self._link()
        wake = self._next_wake()
        if wake != self._wake:
            self._wake = wake
            effects.append(Wake(wake))
        return effects

    # -- transitions ------------------------------------------------------------------------

    def _start(self, _event: Start, _now: Moment, _roll: float) -> list[Effect]:
        self._failures = 0
        self._signs.forget()
        self._renewal.restart()
        self._crowded_until = float("-inf")
        self._reason, self._problem = "", None
        return self._open()

    def _stop(self, _event: Stop, _now: Moment, _roll: float) -> list[Effect]:
        return self._rest("stopped", None)

    def _sign_out(self, event: SignedOut, _now: Moment, _roll: float) -> list[Effect]:
        self._renewal.stop()
        return self._rest("signed_out", event.problem)

    def _opened(self, _event: Opened, now: Moment, _roll: float) -> list[Effect]:
        self.phase = "proving"
        self._dead_at = now.mono + self.policy.proof
        return [Join(), self._beat(now)]

    def _open_failed(self, event: OpenFailed, now: Moment, roll: float) -> list[Effect]:
        if event.crowded:
            self._crowded_until = now.mono + self.policy.crowded_wait * (1 + roll / 2)
        return self._wait(event.reason, event.problem, now, roll)

    def _answered(self, event: Answered, now: Moment, _roll: float) -> list[Effect]:
        if event.ref != self._ref or self._beat_sent is None:
            return []
        self._rtt_ms = (now.mono - self._beat_sent) * 1000
        self._beat_sent = None
        self._dead_at = now.mono + self.policy.silence
        if self.phase == "proving":
            self.phase, self._live_since = "live", now.mono
            self._reason, self._problem = "", None
        return []

    def _heard(self, _event: Heard, now: Moment, _roll: float) -> list[Effect]:
        patience = self.policy.silence if self.phase == "live" else self.policy.proof
        self._dead_at = now.mono + patience
        return []

    def _lost(self, event: Lost, now: Moment, roll: float) -> list[Effect]:
        return [Part(), Close(abort=True), *self._wait("offline", event.problem, now, roll)]

    def _grant(self, event: Granted, now: Moment, _roll: float) -> list[Effect]:
        self._renewal.granted(event.lifetime, now.mono)
        return []

    def _sign_in(self, event: Granted, now: Moment, roll: float) -> list[Effect]:
        self._failures, self._reason, self._problem = 0, "", None
        return [*self._grant(event, now, roll), *self._open()]

    def _refresh_failed(self, _event: RefreshFailed, now: Moment, roll: float) -> list[Effect]:
        self._renewal.failed(now.mono, roll)
        return []

    def _contact_waiting(self, event: Contact, now: Moment, _roll: float) -> list[Effect]:
        news = self._signs.contact(event.reason)
        self._reason = event.reason or "server_error"
        return self._open_unless_crowded(now) if news else []

    def _contact_trying(self, event: Contact, _now: Moment, _roll: float) -> list[Effect]:
        self._signs.contact(event.reason)
        return []

    def _contact_live(self, event: Contact, now: Moment, _roll: float) -> list[Effect]:
        return self._doubt(now) if event.reason == "offline" else []

    def _network_waiting(self, _event: NetworkUp, now: Moment, _roll: float) -> list[Effect]:
        return self._open_unless_crowded(now)

    def _network_live(
        self, _event: NetworkUp | NetworkDown, now: Moment, _roll: float
    ) -> list[Effect]:
        return self._doubt(now)

    def _tick(self, _event: Tick, now: Moment, roll: float) -> list[Effect]:
        effects: list[Effect] = []
        if self._renewal.take(now.mono):
            effects.append(Refresh())
        if self.phase == "waiting" and self._retry and now.mono >= self._retry.mono:
            effects += self._open()
        elif self._dead_at is not None and now.mono >= self._dead_at:
            effects += self._lost(Lost("The server stopped answering."), now, roll)
        elif self._beat_at is not None and now.mono >= self._beat_at:
            effects.append(self._beat(now))
        return effects

    # -- steps ------------------------------------------------------------------------------

    def _open(self) -> list[Effect]:
        self.phase, self._retry = "opening", None
        return [Open()]

    def _open_unless_crowded(self, now: Moment) -> list[Effect]:
        return self._open() if now.mono >= self._crowded_until else []

    def _rest(self, phase: Phase, problem: str | None) -> list[Effect]:
        parting: list[Effect] = [Part()] if self.phase in ("proving", "live") else []
        closing: list[Effect] = [Close(abort=False)] if self.phase in _TRYING else []
        self._forget_socket()
        self.phase, self._problem, self._retry = phase, problem, None
        return parting + closing

    def _wait(self, reason: Reason, problem: str, now: Moment, roll: float) -> list[Effect]:
        self._count_failure(now)
        jitter = step(self.policy.backoff, self._failures) * roll
        delay = max(jitter, self._crowded_until - now.mono)
        self._retry = Moment(now.mono + delay, now.utc + timedelta(seconds=delay))
        self._forget_socket()
        self.phase, self._problem = "waiting", problem
        self._reason = "server_error" if self._signs.answers else reason
        return []

    def _count_failure(self, now: Moment) -> None:
        if self._live_since is None:
            self._signs.socket_failed()
        else:
            held = now.mono - self._live_since >= self.policy.stable_after
            self._signs.link_lost(held=held)
            self._failures = 0 if held else self._failures
        self._failures += 1

    def _beat(self, now: Moment) -> Effect:
        self._ref += 1
        self._beat_sent = now.mono
        self._beat_at = now.mono + self.policy.beat_every
        return Beat(self._ref)

    def _doubt(self, now: Moment) -> list[Effect]:
        """Ask for proof, unless a heartbeat is under way that will give it."""
        soon = now.mono + self.policy.proof
        if self._dead_at is None or self._dead_at <= soon:
            return []
        self._dead_at = soon
        return [] if self._beat_sent is not None else [self._beat(now)]

    def _forget_socket(self) -> None:
        self._live_since = self._beat_at = self._dead_at = self._beat_sent = self._rtt_ms = None

    def _next_wake(self) -> float | None:
        if self.phase in ("stopped", "signed_out"):
            return None
        retry_at = self._retry.mono if self._retry else None
        deadlines = (retry_at, self._beat_at, self._dead_at, self._renewal.at)
        return min((at for at in deadlines if at is not None), default=None)

    def _link(self) -> Link:
        if self.phase == "stopped" or self.phase == "signed_out":
            return Link("disconnected", self.phase, problem=self._problem)
        if self.phase == "live":
            rtt_ms = self._rtt_ms or 0.0
            return Link("connected", "", quality_of(rtt_ms), rtt_ms)
        state: LinkState = "reconnecting" if self._failures else "connecting"
        retry_at = self._retry.utc if self._retry else None
        polling = self._signs.polling
        return Link(state, self._reason, retry_at=retry_at, problem=self._problem, polling=polling)


_TRYING: tuple[Phase, ...] = ("opening", "proving", "live", "waiting")

_Handler = Callable[[LinkMachine, Any, Moment, float], list[Effect]]

# What is not here does not matter in that phase: a late answer of a socket that is gone.
_TRANSITIONS: dict[tuple[Phase, type], _Handler] = {
    ("stopped", Start): LinkMachine._start,
    ("stopped", Granted): LinkMachine._grant,
    ("signed_out", Stop): LinkMachine._stop,
    ("signed_out", SignedOut): LinkMachine._sign_out,
    ("signed_out", Granted): LinkMachine._sign_in,
    ("opening", Opened): LinkMachine._opened,
    ("opening", OpenFailed): LinkMachine._open_failed,
    ("opening", Contact): LinkMachine._contact_trying,
    ("proving", Answered): LinkMachine._answered,
    ("proving", Heard): LinkMachine._heard,
    ("proving", Lost): LinkMachine._lost,
    ("proving", Contact): LinkMachine._contact_trying,
    ("live", Answered): LinkMachine._answered,
    ("live", Heard): LinkMachine._heard,
    ("live", Lost): LinkMachine._lost,
    ("live", Contact): LinkMachine._contact_live,
    ("live", NetworkUp): LinkMachine._network_live,
    ("live", NetworkDown): LinkMachine._network_live,
    ("waiting", Contact): LinkMachine._contact_waiting,
    ("waiting", NetworkUp): LinkMachine._network_waiting,
}
for _phase in _TRYING:
    _TRANSITIONS[_phase, Stop] = LinkMachine._stop
    _TRANSITIONS[_phase, SignedOut] = LinkMachine._sign_out
    _TRANSITIONS[_phase, Granted] = LinkMachine._grant
    _TRANSITIONS[_phase, RefreshFailed] = LinkMachine._refresh_failed
    _TRANSITIONS[_phase, Tick] = LinkMachine._tick
