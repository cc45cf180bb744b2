"""API shapes for creating a business."""

from typing import Annotated, Any

from pydantic import ConfigDict, Discriminator, Field, Tag, ValidationInfo, field_validator
from pydantic_core import PydanticCustomError

from api.identity.passwords import WORDS_CODE, NewPassword, words_remedy
from api.identity.schemas import BusinessName, Country, Email, PersonName
from api.platform.http.schemas import InputModel

_COUNTRY = "Sets currency, language and time zone."


class AnotherBusiness(InputModel):
    """A further business of the signed-in user."""

    model_config = ConfigDict(json_schema_extra={"examples": [{"business_name": "Tūī Electrical", "country": "NZ"}]})

    business_name: BusinessName = Field(description="The name of the business.")
    country: Country = Field(description=_COUNTRY)


class SignUp(AnotherBusiness):
    """A business with its first administrator."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "business_name": "Kererū Plumbing",
                    "country": "NZ",
                    "name": "Mere Hohepa",
                    "email": "mere@kereru-plumbing.co.nz",
                    "password": "correct horse battery staple",
                }
            ]
        }
    )

    name: PersonName
    email: Email
    password: NewPassword = Field(description="The password of the new user: 8 to 256 characters.")

    @field_validator("password")
    @classmethod
    def _not_of_names(cls, password: str, info: ValidationInfo) -> str:
        names = [str(info.data[name]) for name in ("business_name", "name", "email") if name in info.data]
        if (remedy := words_remedy(password, names)) is not None:
            raise PydanticCustomError(WORDS_CODE, "{remedy}", {"remedy": remedy})
        return password


def _variant(body: Any) -> str:
    if isinstance(body, AnotherBusiness):
        return "sign_up" if isinstance(body, SignUp) else "another"
    personal = isinstance(body, dict) and body.keys() & {"name", "email", "password"}
    return "sign_up" if personal else "another"


NewBusiness = Annotated[
    Annotated[SignUp, Tag("sign_up")] | Annotated[AnotherBusiness, Tag("another")], Discriminator(_variant)
]
