"""What other packages say in a mail."""

from collections.abc import Sequence
from dataclasses import dataclass


@dataclass(frozen=True)
class MailContent:
    """What a mail says. It must hold no secret; the link leads to a path of the app."""

    subject: str
    paragraphs: Sequence[str]
    link_label: str
    link_path: str
