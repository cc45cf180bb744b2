"""Postal addresses."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel
from api.platform.text import OneLine
from api.records.text import Line, ShortLine


def _spelled_out(country: str) -> str:
    if not country.replace(" ", "").isalpha():
        raise PydanticCustomError("country_malformed", "Write the country in letters and spaces only.")
    return country


Street = Annotated[str, Field(min_length=1, max_length=500), OneLine]
CountryName = Annotated[ShortLine, AfterValidator(_spelled_out)]


_LINE_1 = "Street and number, or P.O. box."
_LINE_2 = "More of the street address, such as the building."
_CITY = "City or town."
_REGION = "State or region."
_POSTAL_CODE = "Postcode."
_COUNTRY = "In words, like `New Zealand`."


class Address(InputModel):
    """A postal address. Every part may be left out."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"line1": "14 Rata Street", "city": "Wellington", "postal_code": "6011"}]}
    )

    line1: Street | None = Field(None, description=_LINE_1)
    line2: Street | None = Field(None, description=_LINE_2)
    city: Line | None = Field(None, description=_CITY)
    region: Line | None = Field(None, description=_REGION)
    postal_code: ShortLine | None = Field(None, description=_POSTAL_CODE)
    country: CountryName | None = Field(None, description=_COUNTRY)


class AddressOut(OutputModel):
    """A postal address."""

    line1: str | None = Field(description=_LINE_1)
    line2: str | None = Field(description=_LINE_2)
    city: str | None = Field(description=_CITY)
    region: str | None = Field(description=_REGION)
    postal_code: str | None = Field(description=_POSTAL_CODE)
    country: str | None = Field(description=_COUNTRY)
