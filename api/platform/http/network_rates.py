"""How much a network may do, and how quickly: counted in this process alone, without a window."""

import math
from dataclasses import dataclass
from typing import Final

_REMEMBERED_NETWORKS: Final = 10_000


@dataclass
class _Allowance:
    """How much a network may do at this instant."""

    left: float
    at: float


class NetworkRates:
    """Each network may do `burst` things at once, then `per_second`. The clock may be any that counts seconds."""

    def __init__(self, per_second: float, burst: float) -> None:
        self._per_second = per_second
        self._burst = burst
        self._allowances: dict[str, _Allowance] = {}

    def allow(self, network: str, now: float, amount: float = 1) -> bool:
        """Count `amount`, also if less of it is left; False, and nothing is counted, if nothing is left."""
        allowance = self._present(network, now)
        if allowance.left < 1:
            return False
        allowance.left = max(-self._burst, allowance.left - amount)
        return True

    def charge(self, network: str, now: float, amount: float) -> None:
        """Count `amount` without asking; it leaves no debt."""
        allowance = self._present(network, now)
        allowance.left = min(allowance.left, max(0.0, allowance.left - amount))

    def seconds_left(self, network: str, now: float) -> int:
        """In how many whole seconds `allow` will be True again; at least one."""
        return max(1, math.ceil((1 - self._present(network, now).left) / self._per_second))

    def _present(self, network: str, now: float) -> _Allowance:
        allowance = self._allowances.get(network)
        if allowance is None:
            allowance = self._first(network, now)
        allowance.left = min(self._burst, allowance.left + (now - allowance.at) * self._per_second)
        allowance.at = now
        return allowance

    def _first(self, network: str, now: float) -> _Allowance:
        if len(self._allowances) >= _REMEMBERED_NETWORKS:
            full_again = now - 2 * self._burst / self._per_second
            self._allowances = {each: known for each, known in self._allowances.items() if known.at > full_again}
            if len(self._allowances) >= _REMEMBERED_NETWORKS:
                self._allowances.clear()
        allowance = self._allowances[network] = _Allowance(self._burst, now)
        return allowance
