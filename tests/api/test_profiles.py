from uuid import uuid4

import pytest
from fastapi.testclient import TestClient

from service.platform.database import Database
from tests.factories import profiles as make
from tests.factories.accounts import Caller, make_api_client, make_centre

PATHS = {"exporters": make.exporter, "entrepreneurs": make.entrepreneur}


@pytest.fixture
def agency(database: Database) -> Caller:
    return make_api_client(database)


def _errors(answer) -> dict[str, str]:
    return {error["pointer"]: error["code"] for error in answer.json()["errors"]}


@pytest.mark.parametrize("path", PATHS)
def test_submit_new_profile_answers_created_and_reads_back(
    client: TestClient, agency: Caller, path: str
) -> None:
    sent = PATHS[path]()
    answer = client.post(f"/api/v1/{path}", json=sent, headers=agency.headers)
    assert answer.status_code == 201, answer.text
    read = client.get(f"/api/v1/{path}/{answer.json()['id']}", headers=agency.headers).json()
    assert read["review_status"] == "submitted"
    assert read["revision"] == 1
    expected = {name: value for name, value in sent.items() if not name.startswith("contact")}
    for side in ("offers", "seeks"):
        given = expected.pop(side)
        stored = read[side]
        assert [{name: row[name] for name in one} for row, one in zip(stored, given, strict=True)] == given
    consents = expected.pop("consents")
    assert read["consents"] == [{**consent, "withdrawn_at": None} for consent in consents]
    assert {name: read[name] for name in expected} == expected
    assert not any("contact" in name for name in read)


def test_submit_same_again_answers_unchanged(client: TestClient, agency: Caller) -> None:
    sent = make.exporter()
    first = client.post("/api/v1/exporters", json=sent, headers=agency.headers)
    again = client.post("/api/v1/exporters", json=sent, headers=agency.headers)
    assert (again.status_code, again.json()["outcome"]) == (200, "unchanged")
    assert again.json()["id"] == first.json()["id"]


def test_submit_known_external_id_changes_the_profile(client: TestClient, agency: Caller) -> None:
    sent = make.exporter()
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers).json()
    changed = {**sent, "city": "Риддер", "offers": [make.statement(text="Қой жүні", hs_codes=["5101"])]}
    answer = client.post("/api/v1/exporters", json=changed, headers=agency.headers)
    assert (answer.status_code, answer.json()["outcome"]) == (200, "updated")
    read = client.get(f"/api/v1/exporters/{created['id']}", headers=agency.headers).json()
    assert (read["city"], read["revision"]) == ("Риддер", 2)
    assert [offer["text"] for offer in read["offers"]] == ["Қой жүні"]


def test_change_with_an_old_revision_is_refused(client: TestClient, agency: Caller) -> None:
    sent = make.exporter()
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers).json()
    address = f"/api/v1/exporters/{created['id']}"
    first = client.put(f"{address}?revision=1", json={**sent, "city": "Риддер"}, headers=agency.headers)
    second = client.put(f"{address}?revision=1", json={**sent, "city": "Семей"}, headers=agency.headers)
    assert (first.status_code, second.status_code) == (200, 409)
    assert second.json()["type"] == "urn:qazaq-house:problem:conflict"
    assert client.get(address, headers=agency.headers).json()["city"] == "Риддер"


def test_codes_of_a_tariff_count_by_their_first_six_digits(client: TestClient, agency: Caller) -> None:
    sent = make.exporter(offers=[make.statement(hs_codes=["0409 00 000 0", "5101.11.00", "0410"])])
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers)
    assert created.status_code == 201, created.text
    read = client.get(f"/api/v1/exporters/{created.json()['id']}", headers=agency.headers).json()
    assert read["offers"][0]["hs_codes"] == ["040900", "0410", "510111"]


@pytest.mark.parametrize(
    ("changes", "pointer", "code"),
    [
        ({"country": "XX"}, "/country", "unknown_country"),
        ({"languages": ["kk", "qq-nonsense"]}, "/languages/1", "unknown_language"),
        ({"bin": "123"}, "/bin", "malformed_bin"),
        ({"bin": "010203300000"}, "/bin", "not_a_bin"),
        ({"bin": "010140000012"}, "/bin", "wrong_bin_check_digit"),
        ({"offers": [make.statement(hs_codes=["409"])]}, "/offers/0/hs_codes/0", "hs_code_lost_zero"),
        ({"offers": [make.statement(hs_codes=["409000000"])]}, "/offers/0/hs_codes/0", "hs_code_lost_zero"),
        ({"offers": [make.statement(hs_codes=["040900000"])]}, "/offers/0/hs_codes/0", "malformed_hs_code"),
        ({"offers": [make.statement(hs_codes=["honey"])]}, "/offers/0/hs_codes/0", "malformed_hs_code"),
        ({"offers": [make.statement(hs_codes=["0498"])]}, "/offers/0/hs_edition", "unknown_hs_code"),
        ({"offers": [make.statement(incoterm="FOX")]}, "/offers/0/incoterm", "unknown_incoterm"),
        ({"offers": [make.statement(price_min="5")]}, "/offers/0/price_currency", "currency_needed"),
        ({"offers": [make.statement(capacity="5")]}, "/offers/0/capacity_unit", "unit_needed"),
        (
            {"offers": [make.statement(price_min="5", price_max="4", price_currency="USD")]},
            "/offers/0/price_max",
            "price_band_reversed",
        ),
        (
            {"offers": [make.statement(price_min="5", price_currency="XYZ")]},
            "/offers/0/price_currency",
            "unknown_currency",
        ),
        ({"offers": [{"target_countries": ["DE"]}]}, "/offers/0/partnership_types", "empty_statement"),
        ({"offers": [make.statement(partnership_types=["barter"])]}, "/offers/0/partnership_types/0", "enum"),
        ({"offers": [make.statement(partnership_types=[None])]}, "/offers/0/partnership_types/0", "enum"),
        ({"offers": [make.statement(capacity="1E+10000000")]}, "/offers/0/capacity", "decimal_max_digits"),
        ({"offers": [make.statement(price_min="1e-99999999")]}, "/offers/0/price_min", "decimal_max_digits"),
        ({"offers": [make.statement(minimum_order="NaN")]}, "/offers/0/minimum_order", "finite_number"),
        ({"certifications": ["magic"]}, "/certifications/0", "unknown_certificate"),
        ({"contact_email": "nobody"}, "/contact_email", "malformed_email"),
        ({"contact_phone": "12"}, "/contact_phone", "malformed_phone"),
        ({"website": "javascript://alert"}, "/website", "malformed_website"),
        ({"display_name": "Ара\x00"}, "/display_name", "nul_character"),
        ({"display_name": "Ара\x07"}, "/display_name", "control_character"),
        ({"display_name": "  "}, "/display_name", "string_too_short"),
        ({"founded_year": 3000}, "/founded_year", "founded_in_future"),
        ({"activity_code": "10.51"}, "/activity_code", "scheme_needed"),
        ({"kandas_owned": True}, "/consents", "kandas_consent_needed"),
        ({"iin": "1"}, "/iin", "extra_forbidden"),
        ({"ethnicity": "x"}, "/ethnicity", "extra_forbidden"),
        ({"valid_until": "soon"}, "/valid_until", "date_from_datetime_parsing"),
        ({"source_agency": "another"}, "/source_agency", "foreign_source_agency"),
        (
            {"consents": [{**make.CONSENT, "given_on": "2999-01-01"}]},
            "/consents/0/given_on",
            "consent_in_future",
        ),
        (
            {"consents": [{**make.CONSENT, "wording_version": "x"}]},
            "/consents/0/wording_version",
            "unknown_consent_wording",
        ),
    ],
)
def test_submit_with_a_wrong_field_names_it(
    client: TestClient, agency: Caller, changes: dict, pointer: str, code: str
) -> None:
    answer = client.post("/api/v1/exporters", json=make.exporter(**changes), headers=agency.headers)
    assert answer.status_code == 422, answer.text
    assert answer.headers["content-type"] == "application/problem+json"
    assert _errors(answer) == {pointer: code}
    assert (
        client.get("/api/v1/exporters?review_status=submitted", headers=agency.headers).json()["total"] == 0
    )


def test_submit_with_a_wrong_field_says_so_in_the_callers_language(
    client: TestClient, agency: Caller
) -> None:
    headers = {**agency.headers, "Accept-Language": "ru-RU,ru;q=0.9"}
    answer = client.post("/api/v1/exporters", json=make.exporter(country="XX"), headers=headers)
    assert answer.headers["content-language"] == "ru"
    assert "XX" in answer.json()["errors"][0]["message"]


def test_submit_keeps_names_of_any_script_and_drops_direction_overrides(
    client: TestClient, agency: Caller
) -> None:
    for name, kept in (
        ("ءۇرىمجى شىرىن بازارى", "ءۇرىمجى شىرىن بازارى"),
        ("上海阿斯塔纳贸易", "上海阿斯塔纳贸易"),
        ("Алтын\u202eнәД", "АлтыннәД"),
    ):
        sent = make.exporter(display_name=name)
        created = client.post("/api/v1/exporters", json=sent, headers=agency.headers)
        read = client.get(f"/api/v1/exporters/{created.json()['id']}", headers=agency.headers)
        assert read.json()["display_name"] == kept


@pytest.mark.parametrize("name", ["Germany", "германия", "ГЕРМАНИЯ", "de", "DE "])
def test_country_is_understood_by_its_name(client: TestClient, agency: Caller, name: str) -> None:
    sent = make.entrepreneur(country=name, markets_served=[name])
    created = client.post("/api/v1/entrepreneurs", json=sent, headers=agency.headers)
    assert created.status_code == 201, created.text
    read = client.get(f"/api/v1/entrepreneurs/{created.json()['id']}", headers=agency.headers).json()
    assert (read["country"], read["markets_served"]) == ("DE", ["DE"])


def test_long_wrong_value_is_shortened_in_the_sentence(client: TestClient, agency: Caller) -> None:
    answer = client.post("/api/v1/exporters", json=make.exporter(country="x" * 5000), headers=agency.headers)
    assert len(answer.json()["errors"][0]["message"]) < 200


def test_list_finds_by_words_codes_and_places(client: TestClient, agency: Caller) -> None:
    honey = make.exporter(display_name="Бал үйі")
    wool = make.exporter(
        display_name="Жүн үйі",
        country="KZ",
        offers=[make.statement(text="Merino wool tops", hs_codes=["510529"], partnership_types=["off-take"])],
        seeks=[],
    )
    for sent in (honey, wool):
        client.post("/api/v1/exporters", json=sent, headers=agency.headers)

    def names(query: str) -> list[str]:
        answer = client.get(f"/api/v1/exporters?review_status=submitted&{query}", headers=agency.headers)
        assert answer.status_code == 200, answer.text
        return [profile["display_name"] for profile in answer.json()["profiles"]]

    assert names("text=MERINO") == ["Жүн үйі"]
    assert names("text=жүн%20merino") == ["Жүн үйі"]
    assert names("text=%25") == []
    assert names("hs_prefix=51") == ["Жүн үйі"]
    assert names("hs_prefix=04") == ["Бал үйі"]
    assert names("partnership_type=off_take") == ["Жүн үйі"]
    assert names("countries=KZ&language=kk") == ["Бал үйі", "Жүн үйі"]
    assert names("countries=DE") == []


def test_contact_is_shown_to_the_keeper_only(client: TestClient, database: Database, agency: Caller) -> None:
    sent = make.exporter()
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers).json()
    address = f"/api/v1/exporters/{created['id']}/contact"
    other = make_api_client(database, agency="other-agency")
    assert client.get(address, headers=agency.headers).json()["contact_email"] == sent["contact_email"]
    assert client.get(address, headers=other.headers).status_code == 404


def test_profile_not_yet_approved_is_hidden_from_other_agencies(
    client: TestClient, database: Database, agency: Caller
) -> None:
    created = client.post("/api/v1/exporters", json=make.exporter(), headers=agency.headers).json()
    other = make_api_client(database, agency="other-agency")
    assert client.get(f"/api/v1/exporters/{created['id']}", headers=other.headers).status_code == 404
    for query in ("", "?review_status=submitted", "?text=алтын"):
        assert client.get(f"/api/v1/exporters{query}", headers=other.headers).json()["total"] == 0
        assert client.get(f"/api/v1/exporters{query}", headers=agency.headers).json()["total"] == 1
    nobody = make_api_client(database, scopes=("profiles:read",), agency=None)
    assert client.get("/api/v1/exporters", headers=nobody.headers).json()["total"] == 0


def test_key_without_the_scope_is_refused(client: TestClient, database: Database) -> None:
    reader = make_api_client(database, scopes=("profiles:read",))
    answer = client.post("/api/v1/exporters", json=make.exporter(), headers=reader.headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:qazaq-house:problem:not-allowed")


def test_contact_is_not_for_a_key_that_may_not_read_profiles(
    client: TestClient, database: Database, agency: Caller
) -> None:
    created = client.post("/api/v1/exporters", json=make.exporter(), headers=agency.headers).json()
    narrow = make_api_client(database, scopes=("forums:read",))
    answer = client.get(f"/api/v1/exporters/{created['id']}/contact", headers=narrow.headers)
    assert (answer.status_code, answer.json()["type"]) == (403, "urn:qazaq-house:problem:not-allowed")


def test_unknown_centre_is_named_with_the_known_ones(
    client: TestClient, database: Database, agency: Caller
) -> None:
    make_centre(database)
    sent = make.entrepreneur(centre="qh-atlantis")
    answer = client.post("/api/v1/entrepreneurs", json=sent, headers=agency.headers)
    assert _errors(answer) == {"/centre": "unknown_centre"}
    assert "qh-berlin" in answer.json()["errors"][0]["message"]


def test_unknown_profile_is_not_found(client: TestClient, agency: Caller) -> None:
    answer = client.get(f"/api/v1/exporters/{uuid4()}", headers=agency.headers)
    assert answer.status_code == 404
    assert client.get("/api/v1/exporters/not-an-id", headers=agency.headers).status_code == 422


def test_archived_profile_leaves_the_list_and_comes_back_when_sent_again(
    client: TestClient, agency: Caller
) -> None:
    sent = make.exporter()
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers).json()
    listed = "/api/v1/exporters?review_status=submitted"
    client.delete(f"/api/v1/exporters/{created['id']}", headers=agency.headers)
    assert client.get(listed, headers=agency.headers).json()["total"] == 0
    again = client.post("/api/v1/exporters", json=sent, headers=agency.headers)
    assert again.json()["outcome"] == "updated"
    assert client.get(listed, headers=agency.headers).json()["total"] == 1


def test_withdrawn_consent_is_dated_and_kandas_status_goes(client: TestClient, agency: Caller) -> None:
    sent = make.exporter(kandas_owned=True, consents=[make.CONSENT, make.KANDAS_CONSENT])
    created = client.post("/api/v1/exporters", json=sent, headers=agency.headers).json()
    address = f"/api/v1/exporters/{created['id']}/consents/kandas_status"
    read = client.delete(address, headers=agency.headers).json()
    assert read["kandas_owned"] is None
    withdrawn = {consent["purpose"]: consent["withdrawn_at"] is not None for consent in read["consents"]}
    assert withdrawn == {"matching": False, "kandas_status": True}
