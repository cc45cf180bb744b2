"""The mails about an account."""

from datetime import timedelta

from api.platform.mail import MailMessage

RESET_LIFETIME = timedelta(hours=1)
VERIFICATION_LIFETIME = timedelta(days=7)


def reset_message(email: str, app_url: str, secret: str) -> MailMessage:
    """The mail with the link that sets a new password."""
    text = (
        "Open this address within an hour to choose a new password for Jobtally:\n\n{secret}\n\n"
        "Then all your sessions end and you sign in with the new password.\n"
        "If you did not ask for this, do nothing: your password stays as it is.\n"
    )
    address = f"{app_url}/password-reset#{secret}"
    return MailMessage(to=email, subject="Choose a new password for Jobtally", text=text, secret=address)


def verification_message(email: str, app_url: str, secret: str) -> MailMessage:
    """The mail with the link that shows that mail to this address arrives."""
    text = (
        f"Open this address within {VERIFICATION_LIFETIME.days} days to confirm that this is your e-mail address:\n\n"
        "{secret}\n\n"
        "If you did not sign up for Jobtally, do nothing.\n"
    )
    address = f"{app_url}/email-verification#{secret}"
    return MailMessage(to=email, subject="Confirm your e-mail address for Jobtally", text=text, secret=address)
