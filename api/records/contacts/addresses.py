"""Postal addresses."""

from typing import Annotated

from pydantic import AfterValidator, ConfigDict, Field
from pydantic_core import PydanticCustomError

from api.platform.http.schemas import InputModel, OutputModel
from api.records.text import Line, ShortLine


def _spelled_out(country: str) -> str:
    if not country.replace(" ", "").isalpha():
        raise PydanticCustomError("country_malformed", "Write the country in letters and spaces only.")
    return country


Street = Annotated[str, Field(min_length=1, max_length=500)]
CountryName = Annotated[ShortLine, AfterValidator(_spelled_out)]


class Address(InputModel):
    """A postal address. Every part may be left out."""

    model_config = ConfigDict(
        json_schema_extra={"examples": [{"line1": "14 Rata Street", "city": "Wellington", "postal_code": "6011"}]}
    )

    line1: Street | None = None
    line2: Street | None = None
    city: Line | None = None
    region: Line | None = None
    postal_code: ShortLine | None = None
    country: CountryName | None = Field(None, description="In words, like `New Zealand`.")


class AddressOut(OutputModel):
    """A postal address."""

    line1: str | None
    line2: str | None
    city: str | None
    region: str | None
    postal_code: str | None
    country: str | None
