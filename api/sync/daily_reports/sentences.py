"""What the reports say. Pure."""

from collections.abc import Sequence

from api.sync.daily_reports.repository import NeverSent, Summary

_KINDS = {"customer": ("customer invoice", "customer invoices"), "supplier": ("supplier invoice", "supplier invoices")}


def never_sent_sentence(groups: Sequence[NeverSent], days: int) -> str:
    """Which invoices were never sent, in one sentence."""
    parts = []
    for kind, (singular, plural) in _KINDS.items():
        own = [group for group in groups if group.kind == kind]
        if number := sum(group.count for group in own):
            totals = _joined([f"{group.currency} {group.total:,.2f}" for group in own])
            parts.append(f"{number} {singular if number == 1 else plural} ({totals})")
    is_alone = sum(group.count for group in groups) == 1
    age = "a day" if days == 1 else f"{days} days"
    was, has = ("was", "has") if is_alone else ("were", "have")
    return f"{_joined(parts)} {was} approved more than {age} ago and {has} never been sent to Xero."


def fix_sentence(groups: Sequence[NeverSent]) -> str | None:
    """How many of them cannot be sent as they are; None if all can."""
    number = sum(group.count - group.ready for group in groups)
    if not number:
        return None
    return f"{number} of them {'needs' if number == 1 else 'need'} a fix first; the app says which."


def summary_lines(summary: Summary) -> list[str]:
    """One line for each count that is not 0."""
    counts = (
        ("Sent to Xero", summary.exported),
        ("Not accepted", summary.not_accepted),
        ("Waiting to be sent", summary.waiting),
        ("Need attention", summary.attention),
        ("Ready to export", summary.ready),
    )
    return [f"{label}: {number:,}" for label, number in counts if number]


def _joined(parts: Sequence[str]) -> str:
    return " and ".join([", ".join(parts[:-1]), parts[-1]]) if len(parts) > 1 else "".join(parts)
