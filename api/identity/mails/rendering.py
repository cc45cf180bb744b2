"""What a mail to a member looks like, as text and as HTML. Pure."""

from html import escape
from textwrap import fill

from api.identity.models import Mail
from api.platform.mail import MailMessage

_WIDTH = 76
_PAGE = """<!doctype html>
<html lang="en">
<head><meta charset="utf-8"><title>{subject}</title></head>
<body style="margin:0;padding:24px;font:16px/1.5 sans-serif;color:#1a1a1a">
<div style="max-width:560px;margin:0 auto">
{content}
<p><a href="{address}">{label}</a></p>
<p style="font-size:13px;color:#595959">{footer} <a href="{own_page}">Turn mails off</a>.</p>
</div>
</body>
</html>
"""


def message_of(mail: Mail, email: str, business_name: str, app_url: str) -> MailMessage:
    """The message for this recipient; addresses in it are of the app."""
    address, own_page = f"{app_url}{mail.link_path}", f"{app_url}/settings/account#mails"
    footer = f"You get this mail because you are a member of {business_name} on Jobtally."
    parts = [*(fill(text, _WIDTH) for text in mail.paragraphs), f"{mail.link_label}:\n{address}"]
    ending = f"{fill(footer, _WIDTH)}\nTurn mails off: {own_page}"
    return MailMessage(
        to=email,
        subject=mail.subject,
        text="\n\n".join([*parts, f"-- \n{ending}"]) + "\n",
        html=_PAGE.format(
            subject=escape(mail.subject),
            content="\n".join(f"<p>{escape(text)}</p>" for text in mail.paragraphs),
            address=escape(address),
            label=escape(mail.link_label),
            footer=escape(footer),
            own_page=escape(own_page),
        ),
        id=str(mail.id),
    )
