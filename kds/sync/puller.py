"""Keeping up with the streams, pure: when to pull, what of an answer or a poke to apply.

For every stream the terminal has a cursor (all changes up to it are applied) or None (a snapshot
is needed). Numbers of a stream have no gaps, so:

    poke.rev == cursor + 1, rows inline     apply it
    poke.rev == cursor + 1, no rows         pull
    poke.rev >  cursor + 1                  a gap: pull
    poke.rev <= cursor                      known already
    poke.epoch differs                      pull; the answer says reset
    pull answers reset                      snapshot

A poke is a hint: whatever is lost, the poll finds it. Without a live link there are no pokes, so
the poll is a fast one as long as it is answered: WebSockets may be blocked where requests are not.

One pull or snapshot is under way at a time; pokes that arrive meanwhile are applied or remembered
as `heard`.

The first stream leads: while it is behind its head the others are not read any further. What a
transaction wrote to several streams so shows in the first one first: an order's new sum before
the payment that it came from, never the other way round.
"""

from __future__ import annotations

from collections.abc import Iterable, Mapping

from kds.sync.attempts import Attempt, Pace
from kds.sync.signals import Apply, Ask, Audit, Install, Pull, TakeSnapshot, Verdict, Write
from kds.sync.wire import Cursor, Poke, StreamAnswer, StreamChanges, StreamSnapshot


class Puller:
    """`cursors`: where each followed stream stands. `head`: the newest rev heard of it."""

    def __init__(self, cursors: Mapping[str, Cursor | None], pace: Pace) -> None:
        self._pace = pace
        self._lead = next(iter(cursors), "")
        self.cursors = dict(cursors)
        self.head = {stream: cursor.rev for stream, cursor in cursors.items() if cursor}
        self.verified: dict[str, bool | None] = dict.fromkeys(cursors)
        self.pull = Attempt(pace)
        self.audit = Attempt(pace)
        self._heard: dict[str, int] = {}  # revs poked since the request under way was made
        self._known = {stream: cursor for stream, cursor in cursors.items() if cursor}
        self._snapped_at: dict[str, float] = {}
        self._settles_at = float("-inf")  # until then a channel may be joined and yet deaf
        self._live = False  # pokes may be expected
        self._moved = 0  # audits in a row that met a moving stream

    @property
    def complete(self) -> bool:
        """Every stream is at the newest rev that was heard of."""
        return all(map(self._complete, self.cursors))

    def _complete(self, stream: str) -> bool:
        cursor = self.cursors.get(stream)
        return cursor is not None and cursor.rev >= self.head.get(stream, 0)

    # -- what happens ---------------------------------------------------------------------

    def start(self, now: float) -> None:
        self.pull.hurry(now)
        self.audit.want(now + self._pace.audit_first)

    def joined(self, now: float) -> None:
        """Pull now, and once more when changes surely flow."""
        self._settles_at = now + self._pace.settle
        self.pull.hurry(now)

    def hurry(self, now: float) -> None:
        self.pull.hurry(now)

    def link_up(self, now: float) -> None:
        self._live = True
        self.pull.hurry(now)

    def link_down(self, now: float) -> None:
        self._live = False
        self.pull.want(now + self._pace.poll_fast)

    def poked(self, poke: Poke, now: float) -> list[Write]:
        stream, rev = poke.stream, poke.reaches.rev
        if stream not in self.cursors:
            return []
        self._heard[stream] = max(rev, self._heard.get(stream, 0))
        cursor = self.cursors[stream]
        if cursor is None:
            return []
        if poke.reaches.epoch != cursor.epoch:
            self.pull.want(now)
            return []
        self.head[stream] = max(rev, self.head.get(stream, 0))
        if rev == cursor.rev + 1 and poke.changes is not None:
            writes = self._advance([StreamChanges(stream, poke.reaches, poke.changes)])
            if writes:
                return writes
        if rev > cursor.rev:
            self.pull.want(now)
        return []

    def pulled(self, answers: Mapping[str, StreamAnswer], now: float) -> list[Write]:
        self.pull.succeed()
        parts: list[StreamChanges] = []
        for stream, answer in answers.items():
            cursor = self.cursors.get(stream)
            if cursor is None:
                continue
            if answer.reset or answer.part.reaches.epoch != cursor.epoch:
                self.cursors[stream] = None
                continue
            self.head[stream] = max(answer.head, cursor.rev, self._heard.get(stream, 0))
            if answer.part.reaches.rev > cursor.rev:
                parts.append(_after(cursor.rev, answer.part))
        writes = self._advance(parts)
        self._plan_next(now, moved=bool(parts))
        return writes

    def snapped(self, snapshots: tuple[StreamSnapshot, ...], now: float) -> list[Write]:
        self.pull.succeed()
        reopen = any(_restored(self._known.get(one.stream), one.reaches) for one in snapshots)
        for one in snapshots:
            self.cursors[one.stream] = self._known[one.stream] = one.reaches
            self._snapped_at[one.stream] = now
            self.head[one.stream] = max(one.reaches.rev, self._heard.get(one.stream, 0))
            if self.verified[one.stream] is False:
                self.audit.hurry(now)
        self.pull.want(now)
        return [Install(snapshots, reopen)]

    def audited(self, stream: str, verdict: Verdict, now: float) -> None:
        self.audit.succeed()
        if verdict == "moved":
            self._moved += 1
            self.audit.want(now + min(self._pace.audit, self._pace.audit_again * 2**self._moved))
            return
        self._moved = 0
        self.verified[stream] = verdict == "equal"
        if verdict == "differs":
            self.cursors[stream] = None
            self.pull.want(now)
        soon = None in self.verified.values()
        self.audit.want(now if soon else now + self._pace.audit)

    def rewound(self, cursors: Iterable[tuple[str, Cursor]], now: float, dice: float = 0.5) -> None:
        """The disk did not take the last step: start from what it has."""
        self._known = dict(cursors)
        self.cursors = {**dict.fromkeys(self.cursors), **self._known}
        self.pull.fail(now, dice)

    # -- what to ask for ------------------------------------------------------------------

    def next(self, now: float) -> list[Ask]:
        """The request to make now, if any."""
        if self.pull.ready(now):
            return self._ask(now)
        if self.audit.ready(now) and not self.pull.busy and None not in self.cursors.values():
            self.audit.begin()
            return [Audit(min(self.cursors, key=self._audit_order))]
        return []

    def _ask(self, now: float) -> list[Ask]:
        missing = tuple(stream for stream, cursor in self.cursors.items() if cursor is None)
        last = max((self._snapped_at.get(s, float("-inf")) for s in missing), default=float("-inf"))
        earliest = last + self._pace.snapshot_apart
        if earliest > now:  # two in a row: the server contradicts itself, do not hammer it
            self.pull.postpone(earliest)
            return []
        self.pull.begin()
        self._heard.clear()
        if missing:
            return [TakeSnapshot(missing)]
        return [Pull({stream: cursor for stream, cursor in self.cursors.items() if cursor})]

    def _audit_order(self, stream: str) -> tuple[int, str]:
        """Those that are known to differ first, then the unknown, then the equal ones."""
        return ({False: 0, None: 1, True: 2}[self.verified[stream]], stream)

    def _plan_next(self, now: float, *, moved: bool) -> None:
        if None in self.cursors.values() or (moved and not self.complete):
            self.pull.want(now)
        elif not self.complete:  # the server has not got there itself
            self.pull.want(now + self._pace.retry)
        elif self._settles_at > now:
            self.pull.want(self._settles_at)
        else:
            self.pull.want(now + (self._pace.poll if self._live else self._pace.poll_fast))

    def _advance(self, parts: list[StreamChanges]) -> list[Write]:
        taken: list[StreamChanges] = []
        for part in sorted(parts, key=lambda part: part.stream != self._lead):
            if part.stream == self._lead or self._complete(self._lead):
                self.cursors[part.stream] = self._known[part.stream] = part.reaches
                taken.append(part)
        return [Apply(tuple(taken))] if taken else []


def _restored(known: Cursor | None, now: Cursor) -> bool:
    """The server is not the one we knew: another epoch, or it has lost what we have seen."""
    return known is not None and (known.epoch != now.epoch or known.rev > now.rev)


def _after(rev: int, part: StreamChanges) -> StreamChanges:
    """What a pull brought beyond `rev`; pokes have overtaken the rest."""
    news = tuple(change for change in part.changes if change.rev > rev)
    return StreamChanges(part.stream, part.reaches, news)
