"""A channel's membership as transcripts."""

from __future__ import annotations

import pytest

from kds.connection.membership import Failed, Failure, Membership, Signal


class Script:
    """A membership and its clock; calling it returns the acts."""

    def __init__(self) -> None:
        self.member = Membership("low")
        self.t = 0.0

    def __call__(
        self, *events: Signal | Failed, at: float | None = None, roll: float = 0.5
    ) -> list[str]:
        """The acts of the last event."""
        self.t = self.t if at is None else at
        acts: list[str] = []
        for event in events:
            acts = list(self.member.on(event, self.t, roll))
        return acts

    @property
    def status(self) -> str:
        return self.member.status

    def wait(self) -> float:
        assert self.member.wake_at is not None
        return self.member.wake_at - self.t


@pytest.fixture
def says() -> Script:
    return Script()


@pytest.fixture
def joined(says: Script) -> Script:
    says("up", "turn", "subscribed")
    return says


def test_a_socket_a_turn_and_a_subscription_make_a_member(says: Script) -> None:
    assert says("up") == ["queue"]
    assert says("turn") == ["join"]
    assert says.status == "joining"
    assert says("subscribed") == ["announce"]
    assert says.status == "joined"


def test_a_repeated_subscription_is_not_news(joined: Script) -> None:
    assert joined("subscribed") == []


def test_a_turn_without_a_queue_is_ignored(joined: Script) -> None:
    assert joined("turn") == []


def test_a_new_socket_means_a_new_join(joined: Script) -> None:
    assert joined("down") == ["announce"]
    assert joined.status == "joining"
    assert joined("up") == ["queue"]


def test_an_accepted_join_that_is_never_subscribed_is_given_up(says: Script) -> None:
    says("up", "turn")
    assert says("tick", at=14.9) == []
    assert says("tick", at=15) == ["leave"]
    assert says.member.phase == "waiting"


def test_a_closed_channel_is_joined_again_after_a_wait(joined: Script) -> None:
    assert joined(Failed("lost"), at=60) == ["announce"]
    assert joined.wait() == 0.5
    assert joined("tick", at=60.4) == []
    assert joined("tick", at=60.5) == ["queue"]


def test_a_refusal_is_said_and_waits_longer(says: Script) -> None:
    says("up", "turn")
    assert says(Failed("refused"), roll=0.0) == ["announce"]
    assert says.status == "refused"
    assert says.wait() == 2.5


@pytest.mark.parametrize(
    ("failure", "waits"), [("lost", [0.5, 1.0]), ("expired", [0.5, 1.0]), ("busy", [3.75, 7.5])]
)
def test_every_failure_waits_longer_than_the_one_before(
    says: Script, failure: Failure, waits: list[float]
) -> None:
    seen = []
    says("up")
    for _ in waits:
        says("turn", Failed(failure))
        seen.append(says.wait())
        says("tick", at=says.member.wake_at)
    assert seen == waits


def test_a_refused_channel_keeps_its_deadline_over_a_new_socket(says: Script) -> None:
    says("up", "turn", Failed("refused"))
    assert says("down") == []
    assert says("up", at=1) == []
    assert says.status == "refused"
    assert says("tick", at=3.75) == ["queue"]


def test_a_deadline_without_a_socket_waits_for_the_socket(says: Script) -> None:
    says("up", "turn", Failed("refused"), "down")
    assert says("tick", at=10) == []
    assert says("up") == ["queue"]


def test_after_its_attempts_a_channel_is_degraded_and_tries_slowly_on(says: Script) -> None:
    says("up")
    for _ in range(3):
        assert says.status != "degraded"
        says("turn", Failed("lost"))
        says("tick", at=says.member.wake_at)
    says("turn", Failed("lost"))
    assert says.status == "degraded"
    assert says.wait() == 225
    assert says("tick", at=says.member.wake_at) == ["queue"]
    assert says("turn", "subscribed") == ["announce"]
    assert says.status == "joined"


def test_a_membership_that_held_starts_over(says: Script) -> None:
    says("up")
    for _ in range(2):
        says("turn", Failed("lost"))
        says("tick", at=says.member.wake_at)
    says("turn", "subscribed")
    says(Failed("lost"), at=says.t + 10)
    assert says.wait() == 0.5


def test_a_server_that_cuts_at_once_is_not_rushed(says: Script) -> None:
    says("up")
    waits = []
    for _ in range(2):
        says("turn", "subscribed", Failed("busy"))
        waits.append(says.wait())
        says("tick", at=says.member.wake_at)
    assert waits == [3.75, 7.5]


def test_a_fresh_token_is_worth_a_try_after_a_refusal(says: Script) -> None:
    says("up")
    for _ in range(3):
        says("turn", Failed("refused"))
        says("tick", at=says.member.wake_at)
    says("turn", Failed("refused"))
    assert says("token") == ["queue"]
    says("turn", Failed("refused"))
    assert says.wait() == 3.75


def test_a_fresh_token_helps_an_expired_join_once(says: Script) -> None:
    says("up", "turn", Failed("expired"))
    assert says("token") == ["queue"]
    says("turn", Failed("expired"))
    assert says("token") == []


def test_a_fresh_token_does_not_disturb_a_member(joined: Script) -> None:
    assert joined("token") == []


def test_other_terms_mean_a_new_join(joined: Script) -> None:
    assert joined("reshape") == ["leave", "queue"]


def test_other_terms_before_the_join_just_go_into_it(says: Script) -> None:
    assert says("reshape") == []


def test_a_release_leaves_and_nothing_happens_after_it(joined: Script) -> None:
    assert joined("release") == ["leave", "announce"]
    assert joined.status == "closed"
    assert joined("up") == []
    assert joined(Failed("lost")) == []


def test_a_release_off_the_air_sends_nothing(says: Script) -> None:
    assert says("release") == ["announce"]


def test_a_late_failure_of_a_channel_off_the_air_is_ignored(says: Script) -> None:
    assert says(Failed("lost")) == []


def test_a_pause_leaves_and_a_resume_joins_again_at_once(joined: Script) -> None:
    assert joined("pause") == ["leave", "announce"]
    assert joined.status == "paused"
    assert joined("pause") == []
    assert joined("resume") == ["queue", "announce"]
    assert joined.status == "joining"
    assert joined("turn", "subscribed") == ["announce"]
    assert joined.status == "joined"


def test_a_resume_of_what_was_not_paused_is_nothing(joined: Script) -> None:
    assert joined("resume") == []
    assert joined.status == "joined"


def test_a_paused_channel_stays_away_from_a_new_socket(joined: Script) -> None:
    joined("pause")
    assert joined("down") == []
    assert joined("up") == []
    assert joined.status == "paused"
    assert joined("resume") == ["queue", "announce"]


def test_a_resume_without_a_socket_waits_for_one(joined: Script) -> None:
    joined("pause", "down")
    assert joined("resume") == ["announce"]
    assert joined("up") == ["queue"]


def test_a_turn_that_comes_during_the_pause_is_not_taken(says: Script) -> None:
    says("up")
    assert says("pause") == ["announce"]
    assert says("turn") == []


@pytest.mark.parametrize("resume_at", [1.0, 10.0])
def test_a_pause_does_not_shorten_the_wait_after_a_refusal(says: Script, resume_at: float) -> None:
    says("up", "turn", Failed("refused"))
    says("pause")
    assert says.wait() == 3.75
    assert says("tick", at=3.7) == []
    if resume_at > 3.75:
        says("tick", at=3.75)
    early = resume_at < 3.75
    assert says("resume", at=resume_at) == (["announce"] if early else ["queue", "announce"])
    assert says.status == "refused"
    if early:
        assert says("tick", at=3.75) == ["queue"]


def test_a_degraded_channel_is_degraded_still_after_a_pause(says: Script) -> None:
    says("up")
    for _ in range(3):
        says("turn", Failed("lost"))
        says("tick", at=says.member.wake_at)
    says("turn", Failed("lost"))
    assert says.status == "degraded"
    says("pause", "resume")
    assert says.status == "degraded"


def test_a_fresh_token_lifts_a_refusal_also_in_a_pause(says: Script) -> None:
    says("up", "turn", Failed("refused"), "pause")
    assert says("token") == []
    assert says("resume") == ["queue", "announce"]
    assert says.status == "joining"


def test_a_paused_channel_can_be_released(joined: Script) -> None:
    joined("pause")
    assert joined("release") == ["announce"]
    assert joined.status == "closed"
    assert joined("resume") == []
