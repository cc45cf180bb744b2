"""API shapes of passwords, of e-mail addresses, and of links that work once."""

from datetime import datetime

from pydantic import ConfigDict, Field

from api.identity.passwords import NewPassword, Password
from api.identity.schemas import Email
from api.platform.http.schemas import InputModel, OutputModel


class PasswordChange(InputModel):
    """The present password and the new one."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {"current_password": "correct horse battery staple", "new_password": "four unrelated plain words"}
            ]
        }
    )

    current_password: Password = Field(description="Your present password.")
    new_password: NewPassword = Field(description="The password to use from now on: 8 to 256 characters.")


class Confirmation(InputModel):
    """The password of the signed-in user."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"password": "correct horse battery staple"}]})

    password: Password = Field(description="Your present password.")


class ConfirmationOut(OutputModel):
    """Until when the session may change the connection, keys and people."""

    confirmed_until: datetime = Field(
        description="The end of the ten minutes: an instant in UTC.", examples=["2026-11-24T20:50:00Z"]
    )


class PasswordResetRequest(InputModel):
    """The address of the account whose password is forgotten."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"email": "mere@kereru-plumbing.co.nz"}]})

    email: Email


class PasswordResetRequested(OutputModel):
    """The same for every address, whether it has an account or not."""

    by_mail: bool = Field(
        description="Whether this installation sends mail. If not, an administrator of the business makes the link.",
        examples=[True],
    )


class PasswordResetOut(OutputModel):
    """A link with which a member chooses a new password. No other answer contains it."""

    link: str | None = Field(
        description="Null when it was sent by mail. Without a mail server: the address that the member opens.",
        examples=["https://jobs.example.nz/password-reset#v3rY-l0ng-T0ken"],
    )
    expires_at: datetime = Field(
        description="When the link stops working: an instant in UTC.", examples=["2026-11-24T21:40:00Z"]
    )


class PasswordReset(InputModel):
    """What a person sends to choose a new password."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [{"token": "v3rY-l0ng-T0ken-from-the-mail", "password": "four unrelated plain words"}]
        }
    )

    token: str = Field(min_length=1, max_length=100, description="The part of the link after `#`.")
    password: NewPassword = Field(description="The password to use from now on: 8 to 256 characters.")


class VerificationSent(OutputModel):
    """The address that the mail goes to."""

    email: str = Field(
        examples=["mere@kereru-plumbing.co.nz"], description="The e-mail address that has to be verified."
    )


class EmailVerification(InputModel):
    """The token of the link that was sent to the address."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"token": "v3rY-l0ng-T0ken-from-the-mail"}]})

    token: str = Field(min_length=1, max_length=100, description="The part of the link after `#`.")
