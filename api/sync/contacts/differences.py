"""What a contact of ours and one in Xero have otherwise, field by field, and what follows for its state. Pure."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

from api.records.contacts.service import ContactView, SyncState
from api.records.text import name_key
from api.sync.contacts.ownership import (
    FIELDS,
    Base,
    Effect,
    Field,
    Mirrored,
    effect_of,
    our_values,
    shown,
    their_values,
)


@dataclass(frozen=True)
class Difference:
    """Both values of a field, as a person reads them, and what the next push does with it."""

    field: Field
    ours: str | None
    theirs: str | None
    effect: Effect

    @property
    def is_remarkable(self) -> bool:
        """Whether both sides have a value, and not the same; another spelling of a name is the same name."""
        if self.effect == "equal" or not self.ours or not self.theirs or self.field in ("first_name", "last_name"):
            return False
        return self.field != "name" or name_key(self.ours) != name_key(self.theirs)


def compare(
    view: ContactView,
    mirrored: Mirrored,
    base: Base | None = None,
    *,
    send_payer_reference: bool,
    xero_name: str | None = None,
) -> tuple[Difference, ...]:
    """Every field that either side has, the equal ones among them. Without a base, nothing is ours to send."""
    ours = our_values(view, send_payer_reference=send_payer_reference, name=xero_name)
    theirs = their_values(mirrored)
    return tuple(
        Difference(field, shown(field, ours[field]), shown(field, theirs[field]), effect_of(field, ours, theirs, base))
        for field in FIELDS
        if field in ours and (ours[field] or theirs[field])
    )


def unequal(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that are not equal."""
    return tuple(difference for difference in differences if difference.effect != "equal")


def remarkable(differences: Iterable[Difference]) -> tuple[Difference, ...]:
    """Those that a linked contact gets a remark for."""
    return tuple(difference for difference in differences if difference.is_remarkable)


def state_of(differences: Sequence[Difference]) -> SyncState:
    """`changed` if something waits to be sent or decided, or deserves a remark."""
    is_changed = any(each.effect in ("sent", "undecided") or each.is_remarkable for each in differences)
    return SyncState.CHANGED if is_changed else SyncState.IN_STEP
