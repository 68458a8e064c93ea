"""The link machine, told as transcripts: event in, effects out. No sleeping, no sockets."""

from __future__ import annotations

from datetime import UTC, datetime, timedelta

import pytest

from kds.connection.machine import Link, LinkMachine, quality_of
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
    Refresh,
    RefreshFailed,
    SignedOut,
    Start,
    Stop,
    Tick,
    Wake,
)

NOON = datetime(2026, 11, 21, 12, tzinfo=UTC)
NOBODY = OpenFailed("offline", "The server cannot be reached.")


class Script:
    """A machine, its clock, and the effects of the last event."""

    def __init__(self) -> None:
        self.machine = LinkMachine()
        self.t = 0.0
        self.wake: float | None = None

    def __call__(self, event: Event, *, at: float | None = None, roll: float = 0.5) -> list[Effect]:
        """The effects of `event`, without the wake-up, which `wake` remembers."""
        self.t = self.t if at is None else at
        moment = Moment(self.t, NOON + timedelta(seconds=self.t))
        effects = self.machine.on(event, moment, roll)
        for effect in effects:
            if isinstance(effect, Wake):
                self.wake = effect.at
        return [effect for effect in effects if not isinstance(effect, Wake)]

    @property
    def link(self) -> Link:
        return self.machine.link


@pytest.fixture
def says() -> Script:
    return Script()


@pytest.fixture
def live(says: Script) -> Script:
    """A link that has been live since t=0.05, its first heartbeat answered after 50 ms."""
    says(Start())
    says(Opened())
    says(Answered(1), at=0.05)
    return says


def test_nothing_happens_before_a_start(says: Script) -> None:
    assert says.link == Link("disconnected", "stopped")
    assert says(Tick()) == []
    assert says(Contact("offline")) == []
    assert says(Stop()) == []


def test_a_start_opens_a_socket_and_the_first_answer_makes_it_connected(says: Script) -> None:
    assert says(Start()) == [Open()]
    assert says.link == Link("connecting", "")
    assert says(Opened()) == [Join(), Beat(1)]
    assert says.link.state == "connecting"
    assert says(Answered(1), at=0.25) == []
    assert says.link == Link("connected", "", "good", 250.0)


def test_a_second_start_changes_nothing(live: Script) -> None:
    assert live(Start()) == []
    assert live.link.state == "connected"


def test_a_socket_that_never_answers_is_given_up_after_the_proof_time(says: Script) -> None:
    says(Start())
    says(Opened())
    assert says.wake == 10
    assert says(Tick(), at=10) == [Part(), Close(abort=True)]
    assert says.link.state == "reconnecting"
    assert says.link.problem == "The server stopped answering."


def test_heartbeats_go_out_every_thirty_seconds(live: Script) -> None:
    assert live.wake == 30
    assert live(Tick(), at=30) == [Beat(2)]
    assert live.wake == 45.05
    assert live(Answered(2), at=30.4) == []
    assert (live.link.state, live.link.quality) == ("connected", "fair")
    assert live.link.rtt_ms == pytest.approx(400.0)
    assert live.wake == 60


def test_a_tick_too_early_only_asks_to_be_woken_again(live: Script) -> None:
    live.wake = None
    assert live(Tick(), at=29.999) == []
    assert live.wake == 30


def test_forty_five_seconds_of_silence_end_the_link(live: Script) -> None:
    live(Tick(), at=30)
    assert live(Tick(), at=45.0) == []
    assert live(Tick(), at=45.05) == [Part(), Close(abort=True)]
    assert live.link.state == "reconnecting"
    assert live.link.reason == "offline"
    assert live.link.quality == "offline"


def test_an_answer_to_an_older_heartbeat_proves_nothing(live: Script) -> None:
    live(Tick(), at=30)
    assert live(Answered(1), at=31) == []
    assert live(Tick(), at=45.05) == [Part(), Close(abort=True)]


def test_an_answered_heartbeat_is_counted_once(live: Script) -> None:
    live(Answered(1), at=20)
    assert live.link.rtt_ms == 50.0


def test_the_answer_to_a_join_proves_the_link_alive(live: Script) -> None:
    live(Heard(), at=40)
    live(Tick(), at=45.05)
    assert live.link.state == "connected"
    assert live(Tick(), at=85) == [Part(), Close(abort=True)]


def test_the_answer_to_a_join_gives_a_new_socket_more_time(says: Script) -> None:
    says(Start())
    says(Opened())
    says(Heard(), at=5)
    assert says(Tick(), at=10) == []
    assert says(Tick(), at=15) == [Part(), Close(abort=True)]


def test_the_waits_double_up_to_thirty_seconds_and_go_on_for_ever(says: Script) -> None:
    says(Start())
    waits = []
    for _ in range(9):
        says(NOBODY, roll=0.999999)
        assert says.wake is not None
        waits.append(round(says.wake - says.t))
        assert says(Tick(), at=says.wake) == [Open()]
    assert waits == [1, 2, 4, 8, 16, 30, 30, 30, 30]


def test_the_wait_is_full_jitter(says: Script) -> None:
    says(Start())
    for _ in range(4):
        says(NOBODY)
        says(Tick(), at=says.wake)
    says(NOBODY, roll=0.25)
    assert says.wake == says.t + 0.25 * 16


def test_a_person_sees_when_the_next_attempt_is(says: Script) -> None:
    says(Start())
    says(NOBODY, roll=0.5)
    assert says.link == Link(
        "reconnecting",
        "offline",
        retry_at=NOON + timedelta(seconds=0.5),
        problem="The server cannot be reached.",
    )
    says(Tick(), at=0.5)
    assert says.link.retry_at is None
    assert says.link.problem == "The server cannot be reached."


def test_a_clean_close_is_met_like_any_other_loss(live: Script) -> None:
    assert live(Lost("The connection was lost."), at=66) == [Part(), Close(abort=True)]
    assert live.link.state == "reconnecting"
    assert live(Tick(), at=66.5) == [Open()]


def test_a_link_that_held_starts_over_at_the_shortest_wait(says: Script) -> None:
    says(Start())
    for _ in range(6):
        says(NOBODY)
        says(Tick(), at=says.wake)
    says(Opened(), at=100)
    says(Answered(7), at=100)
    says(Answered(1), at=100)
    assert says.link.state == "connected"
    says(Lost("gone"), at=110, roll=0.5)
    assert says.wake == 110.5


def test_a_server_that_hangs_up_at_once_is_not_hammered(live: Script) -> None:
    waits = []
    for ref in (2, 3, 4):
        live(Lost("gone"), roll=0.5)
        assert live.wake is not None
        waits.append(live.wake - live.t)
        live(Tick(), at=live.wake)
        live(Opened())
        live(Answered(ref))
        assert live.link.state == "connected"
    assert waits == pytest.approx([0.5, 1.0, 2.0])


def test_the_returning_network_cuts_the_wait_short(says: Script) -> None:
    says(Start())
    says(NOBODY)
    assert says(NetworkUp(), at=0.1) == [Open()]


def test_a_changed_network_makes_a_live_link_prove_itself(live: Script) -> None:
    assert live(NetworkUp(), at=12) == [Beat(2)]
    assert live.wake == 22
    assert live(Tick(), at=22) == [Part(), Close(abort=True)]


def test_a_request_that_finds_nobody_makes_a_live_link_prove_itself(live: Script) -> None:
    assert live(Contact("offline"), at=12) == [Beat(2)]
    assert live(Contact("offline"), at=13) == []
    assert live(Answered(2), at=14) == []
    assert live.link.state == "connected"
    assert live(Tick(), at=22) == []


def test_a_doubt_uses_the_heartbeat_under_way(live: Script) -> None:
    assert live(Tick(), at=30) == [Beat(2)]
    assert live(Contact("offline"), at=31) == []
    assert live(Tick(), at=41) == [Part(), Close(abort=True)]


def test_an_answer_over_http_is_no_doubt(live: Script) -> None:
    assert live(Contact(""), at=12) == []
    assert live(Contact("server_error"), at=12) == []


def test_an_answer_over_http_ends_an_offline_wait_once(says: Script) -> None:
    says(Start())
    says(NOBODY)
    assert says(Contact(""), at=0.1) == [Open()]
    says(NOBODY)
    assert says.link.state == "reconnecting"
    assert says.link.reason == "server_error"
    assert says(Contact(""), at=0.2) == []


def test_after_an_http_failure_the_next_answer_is_news_again(says: Script) -> None:
    says(Start())
    says(NOBODY)
    says(Contact(""))
    says(NOBODY)
    says(Contact("offline"))
    assert says.link.reason == "offline"
    assert says(Contact("")) == [Open()]


def test_trouble_on_the_server_is_told_apart_from_nobody(says: Script) -> None:
    says(Start())
    says(OpenFailed("server_error", "The server does not accept this program's key."))
    assert says.link.reason == "server_error"
    says(Contact("server_error"))
    assert says.link.reason == "server_error"


def test_contact_while_opening_explains_a_failure(says: Script) -> None:
    says(Start())
    says(Contact(""))
    says(NOBODY)
    assert says.link.reason == "server_error"


def test_a_loss_forgets_what_http_said_before(live: Script) -> None:
    live(Lost("gone"), at=20)
    assert live.link.reason == "offline"
    assert live(Contact("")) == [Open()]


def test_a_sign_out_closes_the_link_and_says_why(live: Script) -> None:
    assert live(SignedOut("Sign in again.")) == [Part(), Close(abort=False)]
    assert live.link == Link("disconnected", "signed_out", problem="Sign in again.")
    assert live.wake is None
    assert live(SignedOut("Sign in.")) == []
    assert live.link.problem == "Sign in."


def test_a_sign_in_opens_the_link_again(says: Script) -> None:
    says(Start())
    assert says(SignedOut("Sign in.")) == [Close(abort=False)]
    assert says(Granted(3600)) == [Open()]
    assert says.link == Link("connecting", "", problem=None)


def test_a_stop_ends_everything_from_every_phase(live: Script) -> None:
    assert live(Stop()) == [Part(), Close(abort=False)]
    assert live.link == Link("disconnected", "stopped")
    assert live.wake is None
    live(Start())
    live(NOBODY)
    assert live(Stop()) == [Close(abort=False)]
    live(Start())
    live(SignedOut("Sign in."))
    assert live(Stop()) == []
    assert live.link == Link("disconnected", "stopped")


def test_what_comes_late_from_a_closed_socket_is_ignored(live: Script) -> None:
    live(Stop())
    assert live(Lost("gone")) == []
    assert live(Answered(1)) == []
    assert live(Opened()) == []
    assert live(NOBODY) == []


def test_the_token_is_renewed_at_eighty_percent_of_its_life(live: Script) -> None:
    live(Granted(20), at=5)
    assert live.wake == 21
    assert live(Tick(), at=21) == [Refresh()]
    assert live.wake == 30
    live(Granted(20))
    assert live.wake == 30


def test_a_failed_renewal_is_tried_again_with_growing_waits(live: Script) -> None:
    live(Granted(10), at=0)
    waits = []
    for _ in range(3):
        live(Tick(), at=live.wake)
        live(RefreshFailed(), roll=0.5)
        assert live.wake is not None
        waits.append(live.wake - live.t)
    assert waits == [0.5, 1.0, 2.0]
    assert live.link.state == "connected"


def test_a_token_from_before_the_start_is_renewed_in_time(says: Script) -> None:
    says(Granted(100))
    assert says.wake is None
    says(Start(), at=50)
    assert says.wake == 80


def test_a_renewal_does_not_disturb_the_wait_for_the_next_attempt(says: Script) -> None:
    says(Start())
    says(Granted(1))
    says(NOBODY, roll=0.9)
    assert says(Tick(), at=0.8) == [Refresh()]
    assert says.wake == 0.9
    assert says(Tick(), at=0.9) == [Open()]


@pytest.mark.parametrize(
    ("rtt_ms", "quality"),
    [(0, "excellent"), (99.9, "excellent"), (100, "good"), (299, "good"), (300, "fair"),
     (999, "fair"), (1000, "poor"), (5000, "poor")],
)  # fmt: skip
def test_the_round_trip_has_a_word(rtt_ms: float, quality: str) -> None:
    assert quality_of(rtt_ms) == quality


def blocked(says: Script) -> Script:
    """A link whose sockets fail while requests are answered, twice in a row."""
    says(Start())
    for _ in range(2):
        says(NOBODY)
        says(Contact(""))
        if says.machine.phase == "waiting":
            says(Tick(), at=says.wake)
    return says


def test_where_requests_pass_and_sockets_do_not_the_link_is_polling(says: Script) -> None:
    says(Start())
    says(NOBODY)
    says(Contact(""))
    assert not says.link.polling
    says(NOBODY)
    says(Contact(""))
    assert says.link.polling
    assert (says.link.state, says.link.reason) == ("reconnecting", "server_error")
    assert says.link.problem == "The server cannot be reached."


def test_a_polling_link_goes_on_trying_with_the_same_waits(says: Script) -> None:
    blocked(says)
    waits = []
    for _ in range(5):
        says(NOBODY, roll=0.999999)
        assert says.link.polling
        assert says.wake is not None
        waits.append(round(says.wake - says.t))
        assert says(Contact("")) == []
        assert says(Tick(), at=says.wake) == [Open()]
    assert waits == [4, 8, 16, 30, 30]


def test_a_socket_that_stays_ends_the_polling(says: Script) -> None:
    blocked(says)
    says(Opened())
    assert says.link.polling
    says(Answered(1))
    assert says.link.state == "connected"
    assert not says.link.polling


def test_a_request_that_finds_nobody_ends_the_polling(says: Script) -> None:
    blocked(says)
    says(NOBODY)
    says(Contact("offline"))
    assert not says.link.polling
    assert says.link.reason == "offline"


def test_sockets_that_open_and_die_at_once_are_a_sign_too(says: Script) -> None:
    says(Start())
    for ref in (1, 2):
        says(Opened())
        says(Answered(ref))
        assert says.link.state == "connected"
        says(Lost("gone"))
        says(Contact(""))
    assert says.link.polling


def test_a_server_that_was_away_for_long_is_never_polled(says: Script) -> None:
    says(Start())
    for _ in range(9):
        says(NOBODY)
        says(Contact("offline"))
        says(Tick(), at=says.wake)
    says(NOBODY)
    assert says(Contact("")) == [Open()]
    assert not says.link.polling
    says(Opened())
    says(Answered(1))
    assert says.link.state == "connected"


def test_a_link_that_held_wipes_the_signs_out(says: Script) -> None:
    blocked(says)
    says(Opened())
    says(Answered(1))
    says(Lost("gone"), at=says.t + 10)
    says(Contact(""))
    assert not says.link.polling


def test_a_new_start_forgets_that_sockets_were_blocked(says: Script) -> None:
    blocked(says)
    says(Stop())
    assert not says.link.polling
    says(Start())
    says(NOBODY)
    says(Contact(""))
    assert not says.link.polling


CROWDED = OpenFailed("server_error", "Too many.", crowded=True)


@pytest.mark.parametrize(("roll", "wait"), [(0.0, 20), (0.5, 25), (0.999999, 30)])
def test_a_crowded_server_is_left_alone_for_20_to_30_s(
    says: Script, roll: float, wait: int
) -> None:
    says(Start())
    says(CROWDED, roll=roll)
    assert says.wake == pytest.approx(wait, abs=0.01)
    assert (says.link.reason, says.link.problem) == ("server_error", "Too many.")


def test_no_news_brings_anybody_back_to_a_crowded_server_early(says: Script) -> None:
    says(Start())
    says(CROWDED)
    assert says(Contact(""), at=3) == []
    assert says(Contact("offline"), at=4) == []
    assert says(Contact(""), at=5) == []
    assert says(NetworkUp(), at=6) == []
    assert says.wake == 25
    assert says(Tick(), at=25) == [Open()]


def test_a_crowded_server_counts_once(says: Script) -> None:
    says(Start())
    says(CROWDED, roll=0.0)
    says(Tick(), at=20)
    says(NOBODY, roll=0.5)
    assert says.wake == 21


def test_news_that_the_network_is_gone_makes_a_live_link_prove_itself(live: Script) -> None:
    assert live(NetworkDown(), at=12) == [Beat(2)]
    assert live.wake == 22
    assert live(Answered(2), at=12.1) == []
    assert live.link.state == "connected"


def test_news_that_the_network_is_gone_keeps_nobody_from_trying(says: Script) -> None:
    says(Start())
    assert says(NetworkDown()) == []
    says(NOBODY)
    wake = says.wake
    assert says(NetworkDown(), at=0.1) == []
    assert says.wake == wake
    assert says(Tick(), at=wake) == [Open()]
