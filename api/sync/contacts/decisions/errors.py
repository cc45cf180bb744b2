"""Why a decision about a contact is refused."""

from api.platform.errors import Conflict


class ContactArchived(Conflict):
    code, title = "contact_archived", "The contact is archived in Xero"
    remedy = "Restore the contact in Xero, or choose another contact for it. Then send again."


class ContactTaken(Conflict):
    code, title = "contact_taken", "The contact in Xero belongs to another of your contacts"
    remedy = "Choose another contact, or unlink the other one first."


class XeroNameTaken(Conflict):
    code, title = "xero_name_taken", "Xero already has a contact of this name"
    remedy = "Choose that contact, or another name for the new one."


class ContactNumberHeld(Conflict):
    code, title = "contact_number_held", "Xero already has this contact of yours"
    remedy = "Choose the contact in Xero that was made for it. If it is archived, restore it in Xero first."


class ContactBeingCreated(Conflict):
    code, title = "contact_being_created", "The contact is being created in Xero at the moment"
    remedy = "Wait until that is finished, then look again."
