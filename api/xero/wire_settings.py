"""The JSON of an organisation's currencies, and of what its user may do."""

from api.xero.json_types import RequiredText
from api.xero.wire import Read


class Currency(Read):
    """A currency that the organisation has."""

    code: RequiredText


class Action(Read):
    """Something that a user may do (`ALLOWED`) or not (`NOT-ALLOWED`), such as CreateApprovedInvoice."""

    name: RequiredText
    status: RequiredText
