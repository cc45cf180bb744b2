"""What an export does when Xero refuses the contact of an invoice."""

import re
from collections.abc import Mapping
from http import HTTPStatus
from uuid import UUID

from api.platform.db.work import UnitOfWork
from api.platform.problems import Problem
from api.sync.contacts.service import ContactLinkService
from api.sync.exports.models import ExportItem, ExportRun
from api.sync.exports.results import Document
from api.sync.writes.service import Outcomes

_IS_GONE = re.compile(r"contact.*(not found|could not be found|does not exist)", re.IGNORECASE)


async def recheck_contacts(
    work: UnitOfWork,
    run: ExportRun,
    items: Mapping[UUID, ExportItem],
    outcomes: Outcomes[Document],
) -> None:
    """Send an invoice once more when its contact was archived, merged or removed in Xero after it was linked.

    The link is doubted, so that the contact is read again first. Xero answers the whole call with 404 when something
    that it refers to does not exist.
    """
    is_not_found = outcomes.refused_status == HTTPStatus.NOT_FOUND
    refused = [
        items[item_id]
        for item_id, problems in outcomes.refused.items()
        if is_not_found or any(map(_is_about_a_lost_contact, problems))
    ]
    if not refused:
        return
    await ContactLinkService(work).doubt(run.organisation_id, {item.contact_id for item in refused})
    for item in refused:
        if not item.contact_rechecked:
            item.contact_rechecked = True
            del outcomes.refused[item.id]
            outcomes.again.add(item.id)


def _is_about_a_lost_contact(refusal: Problem) -> bool:
    return refusal.code == "contact_archived" or bool(_IS_GONE.search(refusal.xero_message or ""))
