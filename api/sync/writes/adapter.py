"""What the engine asks of each kind of write, and what they tell each other."""

import json
from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import dataclass, field, replace
from datetime import datetime
from decimal import Decimal
from functools import cached_property
from typing import Any, Generic, Protocol, TypeVar
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.connections.service import XeroGateway
from api.sync.writes.models import WriteAttempt
from api.sync.writes.states import WriteKind
from api.xero.client import XeroClient
from api.xero.reply import Reply

T = TypeVar("T")
R = TypeVar("R")


@dataclass
class Outcomes(Generic[T]):
    """The results of elements; each element is in one of the first five at most. `T` is what an adapter keeps of one.

    `again`: certainly not written, free for another attempt. `batch_limits`: the largest batch in which an element
    may be sent from now on. `remarks` are kept with elements that were accepted or go again.
    """

    accepted: dict[UUID, T] = field(default_factory=dict)
    refused: dict[UUID, Sequence[Problem]] = field(default_factory=dict)
    review: dict[UUID, Sequence[Problem]] = field(default_factory=dict)
    unknown: set[UUID] = field(default_factory=set)
    again: set[UUID] = field(default_factory=set)
    remarks: dict[UUID, Sequence[Problem]] = field(default_factory=dict)
    batch_limits: dict[UUID, int] = field(default_factory=dict)
    refused_status: int | None = None  # of HTTP, where Xero refused the whole call
    asked_at: datetime | None = None  # by Xero's clock, of a look-up

    @property
    def ids(self) -> list[UUID]:
        """Every element with a result."""
        return [*self.accepted, *self.refused, *self.review, *self.unknown, *self.again]

    def only(self, waiting: Collection[UUID]) -> "Outcomes[T]":
        """The results of the elements that wait; those without a result are unknown."""
        return replace(
            self,
            accepted={key: value for key, value in self.accepted.items() if key in waiting},
            refused={key: value for key, value in self.refused.items() if key in waiting},
            review={key: value for key, value in self.review.items() if key in waiting},
            unknown=set(waiting) - (set(self.ids) - self.unknown),
            again=self.again & set(waiting),
        )


@dataclass(frozen=True)
class Batch:
    """Elements to be sent in one call, and the body that holds them in this order.

    `limit` is how many might stand in it: the smallest of their limits.
    """

    element_ids: Sequence[UUID]
    body: bytes
    limit: int


@dataclass(frozen=True)
class Attempt:
    """An attempt as it was committed."""

    id: UUID
    kind: WriteKind
    group_id: UUID | None
    organisation_id: UUID
    body: bytes
    key: str
    element_ids: Sequence[UUID]
    batch_limit: int
    was_uncertain: bool  # before this sending: an earlier one may have written
    sent_after: datetime  # by Xero's clock: of its last reply before the first sending
    quiet_since: datetime | None  # by Xero's clock: of the first look-up after the last sending
    prepared_at: float  # of the monotonic clock

    @cached_property
    def elements(self) -> Mapping[UUID, Mapping[str, Any]]:
        """The elements of the body, by our id."""
        (sent,) = json.loads(self.body, parse_float=Decimal).values()
        return dict(zip(self.element_ids, sent, strict=True))


@dataclass(frozen=True)
class Locked:
    """What an attempt belongs to (`group`, if anything), locked, and whether the attempt may be sent again."""

    may_be_sent: bool = True
    group: Any = None


@dataclass(frozen=True)
class Held(Generic[R]):
    """A locked attempt, what it belongs to, and the locked rows of the elements that wait for it."""

    row: WriteAttempt
    locked: Locked
    waiting: Mapping[UUID, R]


class Adapter(Protocol[T, R]):
    """One kind of write; `R` are the rows of its elements.

    Every method may raise the gateway's four errors, but for `lock` and `record`."""

    kind: WriteKind

    async def call(self, client: XeroClient, attempt: Attempt, *, before_sending: Callable[[], None]) -> Reply[Any]:
        """Make the call."""

    async def judge(self, gateway: XeroGateway, attempt: Attempt, reply: Reply[Any]) -> Outcomes[T]:
        """What the reply says about each element; those that it leaves out are unknown."""

    async def look_up(
        self, gateway: XeroGateway, attempt: Attempt, is_quiet: Callable[[datetime], bool]
    ) -> Outcomes[T]:
        """What Xero holds of the elements; `again` only for those whose absence is certain.

        `is_quiet` says whether at an instant of Xero's clock nothing of the attempt could be written any more. The
        result names the instant at which Xero was asked.
        """

    def refusal(self, attempt: Attempt, element_id: UUID, messages: Sequence[str]) -> Sequence[Problem]:
        """Why an element was refused that was alone in a call that Xero refused."""

    def failure(self, attempt: Attempt, element_id: UUID) -> Sequence[Problem]:
        """Why an element is given up that was alone each time Xero failed."""

    async def lock(self, work: UnitOfWork, attempt: Attempt) -> "Locked":
        """Lock what the attempt belongs to, before its elements."""

    async def waiting(self, work: UnitOfWork, attempt: Attempt) -> Mapping[UUID, R]:
        """The rows of the elements that still wait for the outcome, locked, by element."""

    async def record(
        self, work: UnitOfWork, gateway: XeroGateway, attempt: Attempt, outcomes: Outcomes[T], held: "Held[R]"
    ) -> None:
        """Write the results of elements that wait, each once."""
