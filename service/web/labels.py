"""What the fields of forms are called, for the summary of mistakes above a form."""

import re

from service.platform.i18n import Message, message
from service.profiles.flat import STATEMENT_FIELDS

LABELS: dict[str, Message] = {
    "activity_code": message("Activity code"),
    "activity_scheme": message("Classification"),
    "agency": message("Source agency"),
    "answer_by": message("Last day to answer"),
    "bin": message("BIN"),
    "buffer_minutes": message("Minutes between meetings"),
    "capacity": message("Capacity"),
    "capacity_period": message("Per"),
    "capacity_unit": message("Unit"),
    "centre": message("Centre"),
    "certifications": message("Certificates"),
    "city": message("City"),
    "code": message("Code"),
    "consent_given_on": message("Consent"),
    "consent_language": message("Consent"),
    "consent_wording": message("Consent"),
    "contact_email": message("E-mail address"),
    "contact_name": message("Contact person"),
    "contact_phone": message("Telephone"),
    "countries": message("Countries"),
    "country": message("Country"),
    "criterion": message("For whom"),
    "display_name": message("Name"),
    "due_on": message("Until when"),
    "effect": message("Rule"),
    "email": message("E-mail address"),
    "ends_at": message("Ends"),
    "ends_on": message("Last day"),
    "entrepreneur_id": message("Entrepreneur"),
    "entrepreneur_max": message("Meetings of an entrepreneur, at most"),
    "entrepreneur_min": message("Meetings of an entrepreneur, at least"),
    "export_experience_years": message("Years of export"),
    "export_markets": message("Export markets"),
    "exporter_id": message("Exporter"),
    "exporter_max": message("Meetings of an exporter, at most"),
    "exporter_min": message("Meetings of an exporter, at least"),
    "external_id": message("Identifier"),
    "file": message("File"),
    "founded_year": message("Founded in"),
    "host_country": message("Host country"),
    "hs_codes": message("HS codes"),
    "hs_edition": message("HS codes"),
    "hs_prefix": message("HS code"),
    "ids": message("Choose"),
    "incoterm": message("Incoterms 2020 rule"),
    "incoterm_place": message("Named place"),
    "interpreters": message("Interpreters"),
    "k": message("Candidates of each participant"),
    "kandas_owned": message("Owned by a kandas"),
    "label": message("New label"),
    "labels": message("Labels"),
    "language": message("Language"),
    "languages": message("Business languages"),
    "legal_name": message("Legal name"),
    "location": message("Location"),
    "markets_served": message("Markets served"),
    "max_meetings": message("Meetings at most"),
    "meeting_minutes": message("Minutes for a meeting"),
    "min_meetings": message("Meetings at least"),
    "minimum_order": message("Minimum order"),
    "minimum_order_unit": message("Unit"),
    "name": message("Name"),
    "name_en": message("Name"),
    "name_kk": message("Name"),
    "name_ru": message("Name"),
    "note": message("Reason"),
    "only_accepted": message("Which pairs"),
    "other_id": message("With"),
    "owner": message("Who does it"),
    "participant": message("Participant"),
    "partnership_type": message("Partnership"),
    "partnership_types": message("Kinds of partnership"),
    "password": message("Password"),
    "percent": message("Percent of the meetings"),
    "phase": message("Phase"),
    "place": message("Place in the order"),
    "price_currency": message("Currency"),
    "price_max": message("Price to"),
    "price_min": message("Price from"),
    "price_unit": message("Per unit"),
    "programme": message("Programme"),
    "rating": message("Rating, 5 is best"),
    "review_status": message("Review"),
    "reason": message("Reason"),
    "region": message("Region"),
    "registration_number": message("Local registration number"),
    "remind_days_before": message("Remind, days before"),
    "residence_country": message("Country of residence"),
    "role": message("Role"),
    "roles": message("Roles"),
    "rural": message("In a rural area"),
    "scopes": message("Permissions"),
    "size_band": message("Size"),
    "slot_id": message("Time"),
    "source_agency": message("Source agency"),
    "starts_at": message("Begins"),
    "starts_on": message("First day"),
    "table_id": message("Meeting table"),
    "target_countries": message("Countries"),
    "text": message("In your own words"),
    "time_zone": message("Time zone"),
    "valid_until": message("The profile is valid until"),
    "verdict": message("The meeting"),
    "website": message("Website"),
    "which": message("Meeting table"),
    "wish": message("Wish"),
}
_STATEMENT = re.compile(rf"(offers|seeks)_({'|'.join(STATEMENT_FIELDS)})(?:_([2-9]))?")
# The fields of the forms on the pages of a forum's set-up begin with what they are of.
_OF_SET_UP = re.compile(
    r"^(?:session|tables|chosen|table|shift|rule|entrepreneurs|exporters|share|pin)_|_\d+$"
)
_OFFER = message("Offer {number}")
_REQUEST = message("Request {number}")


def label_of(field: str, language: str) -> str:
    """Name a field as its form does; an unknown one has no name."""
    statement = _STATEMENT.fullmatch(field)
    if statement is None:
        known = LABELS.get(field) or LABELS.get(_OF_SET_UP.sub("", field))
        return known.text(language) if known else ""
    side, own, number = statement.groups()
    which = _OFFER if side == "offers" else _REQUEST
    heading = Message(which.template, {"number": number or 1}).text(language)
    label = LABELS.get(own)
    return f"{heading}, {label.text(language)}" if label else heading
