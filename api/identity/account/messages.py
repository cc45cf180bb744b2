"""The mails about an account."""

from datetime import timedelta

from api.platform.mail import MailMessage

RESET_LIFETIME = timedelta(hours=1)


def reset_message(email: str, app_url: str, secret: str) -> MailMessage:
    """The mail with the link that sets a new password."""
    text = (
        "Open this address within an hour to choose a new password for Jobtally:\n\n{secret}\n\n"
        "Then all your sessions end and you sign in with the new password.\n"
        "If you did not ask for this, do nothing: your password stays as it is.\n"
    )
    address = f"{app_url}/password-reset#{secret}"
    return MailMessage(to=email, subject="Choose a new password for Jobtally", text=text, secret=address)
