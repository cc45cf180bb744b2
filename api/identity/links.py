"""Addresses with a secret that works once: sent by mail, or given to an administrator when mail is not set up."""

from fastapi import BackgroundTasks, Request

from api.platform.errors import Conflict
from api.platform.mail import Mailer, MailMessage


class MailNotSetUp(Conflict):
    code, title = "mail_not_set_up", "This installation sends no mail"
    remedy = "Ask the operator of Jobtally to set up mail."


def send_or_give(request: Request, message: MailMessage, later: BackgroundTasks) -> str | None:
    """Send the message after the commit. Without a mail server nothing is sent and the address is the result."""
    mailer: Mailer = request.app.state.mailer
    if not mailer.is_set_up:
        return message.secret
    later.add_task(mailer.send, message)  # runs after the commit, without an open transaction
    return None
