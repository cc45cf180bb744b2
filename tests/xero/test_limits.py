"""The arithmetic of limits keeps every call within Xero's limits, in every phase of Xero's windows."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from api.xero.limits import (
    LOG_WINDOW,
    MINUTE_WINDOW,
    Ceilings,
    Decision,
    LimitReading,
    Priority,
    Usage,
    day_surplus,
    decide,
)

NOW = datetime(2026, 11, 22, 9, 0, tzinfo=UTC)
CEILINGS = Ceilings()


def seconds(count: float) -> timedelta:
    return timedelta(seconds=count)


def hours(count: float) -> timedelta:
    return timedelta(hours=count)


def run_flat_out(pauses: list[float], ceilings: Ceilings) -> list[datetime]:
    """After each of these pauses, begin a call as soon as it is allowed."""
    starts: list[datetime] = []
    now = NOW
    for pause in pauses:
        now += seconds(pause)
        usage = Usage(starts=[start for start in starts if start > now - LOG_WINDOW])
        decision = decide(ceilings, usage, now)
        if not decision.go:
            now += seconds(decision.wait)
            usage = Usage(starts=[start for start in starts if start > now - LOG_WINDOW])
            assert decide(ceilings, usage, now).go, "the wait of the decision is long enough"
        starts.append(now)
    return starts


@given(
    pauses=st.lists(st.floats(0, 20) | st.just(0.0), min_size=100, max_size=250),
    ceiling=st.integers(3, 60),
)
def test_no_fixed_minute_of_any_phase_has_more_calls_than_the_ceiling(pauses: list[float], ceiling: int) -> None:
    starts = run_flat_out(pauses, Ceilings(per_minute=ceiling))

    # A window that opens with a call has the most calls; each call may be a second late or early.
    for opening in starts:
        assert sum(opening <= start < opening + seconds(61) for start in starts) <= ceiling - 2


@given(
    recent=st.integers(0, 70),
    older=st.integers(0, 70),
    in_flight=st.integers(0, 5),
    day_count=st.integers(0, 5100),
    remaining=st.tuples(*[st.none() | st.integers(0, most) for most in (60, 5000, 10_000)]),
    read_ago=st.integers(0, 60) | st.integers(0, 7200),
    priority=st.sampled_from(Priority),
)
def test_a_reading_only_lowers_the_number_of_allowed_calls(
    recent: int,
    older: int,
    in_flight: int,
    day_count: int,
    remaining: tuple[int | None, int | None, int | None],
    read_ago: int,
    priority: Priority,
) -> None:
    leaving = NOW - seconds(7200) if day_count else None  # the oldest call of the day
    known = Usage(
        starts=[NOW - seconds(10)] * recent + [NOW - seconds(70)] * older,
        deadlines=[NOW + seconds(60)] * in_flight,
        day_count=day_count,
        leaving=leaving,
    )
    with_reading = Usage(
        starts=known.starts,
        deadlines=known.deadlines,
        day_count=day_count,
        reading=LimitReading(*remaining),
        read_at=NOW - seconds(read_ago),
        day_count_at_reading=day_count,
        leaving=leaving,
    )

    alone = decide(CEILINGS, known, NOW, priority)
    after_reading = decide(CEILINGS, with_reading, NOW, priority)

    assert after_reading.wait >= alone.wait
    assert alone.go or not after_reading.go


@given(flying=st.lists(st.integers(-10, 70), max_size=8))
def test_one_concurrent_call_stays_free_and_an_unsettled_call_counts_until_its_deadline(
    flying: list[int],
) -> None:
    decision = decide(CEILINGS, Usage(deadlines=[NOW + seconds(left) for left in flying]), NOW)

    assert decision.go == (sum(left > 0 for left in flying) <= 3)
    assert decision.go or (decision.limit == "concurrent" and 0 < decision.wait <= 1)


def test_calls_of_other_apps_count() -> None:
    usage = Usage(
        starts=[NOW - seconds(5)] * 10,
        reading=LimitReading(minute_remaining=2),
        read_at=NOW - seconds(1),
    )

    assert decide(CEILINGS, usage, NOW).limit == "minute"
    assert decide(CEILINGS, usage, NOW + MINUTE_WINDOW).go


def test_our_own_calls_in_a_reading_are_not_counted_twice() -> None:
    usage = Usage(starts=[NOW - seconds(5)] * 30, reading=LimitReading(minute_remaining=30), read_at=NOW - seconds(1))

    assert decide(CEILINGS, usage, NOW).go


def test_the_last_calls_of_a_day_are_reserved_for_essential_calls() -> None:
    spent = Usage(day_count=CEILINGS.per_day - CEILINGS.day_reserve(Priority.NORMAL))

    assert decide(CEILINGS, spent, NOW).limit == "day"
    assert decide(CEILINGS, spent, NOW, Priority.ESSENTIAL).go
    assert decide(CEILINGS, Usage(day_count=5000), NOW, Priority.ESSENTIAL).limit == "day"


def test_what_nobody_waits_for_leaves_three_tenths_of_the_day_to_the_others() -> None:
    assert decide(CEILINGS, Usage(day_count=3499), NOW, Priority.BACKGROUND).go
    assert decide(CEILINGS, Usage(day_count=3500), NOW, Priority.BACKGROUND).limit == "day"
    assert decide(CEILINGS, Usage(day_count=3500), NOW).go


@pytest.mark.parametrize(("ceiling", "reserve"), [(5000, 250), (1000, 50), (400, 50)])
def test_the_reserve_of_a_day_is_a_twentieth_and_at_least_fifty(ceiling: int, reserve: int) -> None:
    assert Ceilings(per_day=ceiling).day_reserve(Priority.NORMAL) == reserve


def test_a_spent_day_ends_when_enough_of_our_calls_have_left_it() -> None:
    spent = Usage(day_count=4752, leaving=NOW - hours(20))

    assert day_surplus(CEILINGS, spent, NOW) == 3
    assert decide(CEILINGS, spent, NOW) == Decision(4 * 3600.0, "day")
    assert decide(CEILINGS, spent, NOW, Priority.ESSENTIAL).go


def test_calls_that_only_xero_has_counted_make_more_of_ours_leave_the_day() -> None:
    reported = Usage(day_count=760, day_count_at_reading=760, reading=LimitReading(day_remaining=240), read_at=NOW)

    assert day_surplus(CEILINGS, reported, NOW) == 11
    assert decide(CEILINGS, replace(reported, leaving=NOW - hours(23)), NOW) == Decision(3600.0, "day")


def test_a_day_that_others_have_spent_ends_a_day_after_xero_reported_it() -> None:
    usage = Usage(reading=LimitReading(day_remaining=10), read_at=NOW - hours(2))

    assert decide(CEILINGS, usage, NOW) == Decision(22 * 3600.0, "day")
    assert decide(CEILINGS, usage, NOW + hours(22)).go


def test_a_block_wins_over_shorter_waits_and_ends_at_its_instant() -> None:
    usage = Usage(blocked_until=NOW + seconds(66975), blocked_by="day", starts=[NOW] * 58)

    decision = decide(CEILINGS, usage, NOW)

    assert (decision.limit, decision.wait) == ("day", 66975.0)
    assert decide(CEILINGS, usage, NOW + seconds(66975)).go


def test_the_last_hundred_calls_of_the_whole_app_are_not_used() -> None:
    usage = Usage(reading=LimitReading(app_remaining=100), read_at=NOW)

    assert decide(CEILINGS, usage, NOW).limit == "app"


@pytest.mark.parametrize(
    ("reading", "until"),
    [
        (LimitReading(retry_after=27.0, limit="minute"), NOW + seconds(27)),
        (LimitReading(limit="concurrent"), NOW + seconds(1)),
        (LimitReading(minute_remaining=0, day_remaining=0), None),
    ],
)
def test_an_answer_blocks_calls_for_as_long_as_xero_asked(reading: LimitReading, until: datetime | None) -> None:
    assert reading.blocks_until(NOW) == until


def test_headers_are_read_in_any_letter_case_and_invalid_numbers_are_ignored() -> None:
    headers = {"X-MINLIMIT-REMAINING": "58", "x-daylimit-remaining": "many", "X-AppMinLimit-Remaining": "-1"}

    assert LimitReading.from_headers(headers) == LimitReading(minute_remaining=58)


def test_the_wait_after_a_minute_that_others_spent_also_covers_our_own_calls() -> None:
    usage = Usage(starts=[NOW - seconds(10)] * 58, reading=LimitReading(minute_remaining=0), read_at=NOW - seconds(11))

    assert decide(CEILINGS, usage, NOW).wait == 51.0
