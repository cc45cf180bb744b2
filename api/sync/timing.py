"""How long exports wait for what: the times of one installation, divided by JOBTALLY_TIME_SCALE in fault tests."""

from dataclasses import dataclass, fields, replace
from datetime import timedelta

from api.platform.clock import OVERLAP
from api.platform.db.lease import LeaseTiming
from api.xero.calls import FLIGHT_SECONDS
from api.xero.http import CALL_SECONDS, TOKEN_SECONDS

# Xero keeps a reply under its Idempotency-Key for this long after the first call.
XERO_KEY_LIFETIME = timedelta(minutes=6)
_SHORTEST_SWEEP_SECONDS = 0.2
_SHORTEST_ATTEMPT_SECONDS = 1.0


@dataclass(frozen=True)
class Timing:
    """Waiting times; what Xero asks for in Retry-After and the limits on calls are not among them."""

    lease: LeaseTiming = LeaseTiming()
    sweep_seconds: float = 5.0
    attempt_seconds: float = 10.0  # from preparing an attempt to its first byte
    turn_seconds: float = 20.0  # of one business, over all its exports

    replay_window: timedelta = timedelta(minutes=5)  # from Xero's last reply before an attempt to its last sending
    shortest_look_up_wait: timedelta = timedelta(seconds=2)  # before the first look-up; doubled by each sending
    longest_look_up_wait: timedelta = timedelta(seconds=60)
    quiet_period: timedelta = timedelta(minutes=10)  # from the first look-up until absence from Xero is certain
    look_up_wait: timedelta = timedelta(seconds=60)  # between look-ups that are to prove an absence

    checked_age: timedelta = timedelta(seconds=30)  # of the last answer of Xero, until it is stored again
    documents_age: timedelta = timedelta(seconds=60)  # of the read before the writes of a turn

    blocked_wait: timedelta = timedelta(seconds=60)
    ledger_wait: timedelta = timedelta(seconds=2)
    ledger_retry_wait: timedelta = timedelta(seconds=30)
    busy_wait: timedelta = timedelta(seconds=5)  # where Xero does not say how long
    unknown_wait: timedelta = timedelta(seconds=2)
    refused_look_up_wait: timedelta = timedelta(seconds=60)
    failed_turn_wait: timedelta = timedelta(seconds=2)

    @property
    def longest_attempt_wait(self) -> timedelta:
        """An attempt that is due later than this was stored before the database's clock was set back."""
        return max(self.longest_look_up_wait, self.look_up_wait) + OVERLAP

    def divided_by(self, scale: float) -> "Timing":
        """The times of a fault test; leases, sweep and the age of an attempt stay long enough for a busy machine."""
        waits = {
            field.name: getattr(self, field.name) / scale
            for field in fields(self)
            if isinstance(getattr(self, field.name), timedelta)
        }
        return replace(
            self,
            lease=self.lease.divided_by(scale),
            sweep_seconds=max(self.sweep_seconds / scale, _SHORTEST_SWEEP_SECONDS),
            attempt_seconds=max(self.attempt_seconds / scale, _SHORTEST_ATTEMPT_SECONDS),
            **waits,
        )


STANDARD = Timing()
_LONGEST_SENDING = timedelta(seconds=STANDARD.attempt_seconds + FLIGHT_SECONDS)
assert STANDARD.lease.lease_seconds > TOKEN_SECONDS, "a token call ends before the lease on its grant"
assert STANDARD.lease.call_seconds < STANDARD.attempt_seconds < STANDARD.lease.lease_seconds
assert FLIGHT_SECONDS > CALL_SECONDS, "a call counts as in flight until it has timed out"
assert STANDARD.longest_look_up_wait < STANDARD.replay_window, "a look-up comes before the window ends"
assert STANDARD.replay_window + timedelta(seconds=STANDARD.attempt_seconds) < XERO_KEY_LIFETIME, (
    "Xero still knows the key of every replay"
)
assert STANDARD.quiet_period > STANDARD.replay_window + _LONGEST_SENDING, (
    "no sending is in flight after the quiet period"
)
assert STANDARD.look_up_wait < STANDARD.quiet_period
assert STANDARD.sweep_seconds + STANDARD.lease.lease_seconds <= 20, "operations.md promises this for killed workers"
