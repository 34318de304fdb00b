import json
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching import Profile, ProfileChange, Statement
from tests.matching import strategies

EXPORTER = {
    "external_id": "X1",
    "name": "Тау балы",
    "country": "KZ",
    "languages": "kk;ru",
    "hs_codes": "0409.00; 0410",
    "partnership_seek": "retail;distribution",
    "offers_text": " Тау балы ",
    "seeks_text": "",
    "target_markets": "TR;DE",
}
ENTREPRENEUR = {
    "external_id": "E1",
    "country": "DE",
    "languages": ["de", "kk"],
    "hs_interest": ["04"],
    "partnership_offer": "import",
    "offers_text": "Läden",
    "seeks_text": ["Honig", "Wolle"],
    "markets_served": "DE;AT",
    "roles": "buyer",
}


def test_exporter_row_offers_goods_and_seeks_partners_in_its_markets():
    assert Profile.from_dict(EXPORTER) == Profile(
        id="X1",
        offers=Statement(texts=("Тау балы",), hs_codes=("040900", "0410")),
        seeks=Statement(partnership_types=("distribution", "retail"), markets=("DE", "TR")),
        languages=("kk", "ru"),
    )


def test_entrepreneur_row_seeks_goods_and_offers_partnership_in_its_markets():
    assert Profile.from_dict(ENTREPRENEUR) == Profile(
        id="E1",
        offers=Statement(texts=("Läden",), partnership_types=("import",), markets=("AT", "DE")),
        seeks=Statement(texts=("Honig", "Wolle"), hs_codes=("04",)),
        languages=("de", "kk"),
    )


def test_side_given_needs_no_telling_columns():
    row = {"id": 7, "country": "SE", "seeks_text": "ull"}
    assert Profile.from_dict(row, side="entrepreneur").offers.markets == ("SE",)
    assert Profile.from_dict(row, side="exporter").offers.markets == ()
    assert Profile.from_dict(row, side="exporter").id == "7"


@pytest.mark.parametrize("row", [{"id": "1", "offers_text": "wool"}, {**EXPORTER, **ENTREPRENEUR}])
def test_side_not_told_by_the_columns_is_refused(row):
    with pytest.raises(ValueError, match="the columns do not tell the side"):
        Profile.from_dict(row)


@pytest.mark.parametrize("empty", [None, math.nan, "", " ; ", [], [" "]])
def test_empty_cell_is_not_given(empty):
    row = {**EXPORTER, "hs_codes": empty, "offers_text": empty if empty != " ; " else " ", "languages": empty}
    assert Profile.from_dict(row).offers == Statement()
    assert Profile.from_dict(row).languages == ()


@pytest.mark.parametrize(
    ("change", "message"),
    [
        ({"external_id": None}, "external_id: the row has neither"),
        ({"hs_codes": 409}, "hs_codes: expected text, or a list of texts, not 409"),
        ({"hs_codes": "409"}, "hs_codes: an HS code has 2, 4, 6, 8 or 10 digits, not '409'"),
        ({"hs_codes": "honey"}, "hs_codes: an HS code has 2, 4, 6, 8 or 10 digits, not 'honey'"),
        ({"hs_codes": "٠٤"}, "hs_codes: an HS code has 2, 4, 6, 8 or 10 digits, not '٠٤'"),
        ({"offers_text": 3.5}, "offers_text: expected text, or a list of texts, not 3.5"),
        (
            {"target_markets": ["DE", 4]},
            r"target_markets: expected text, or a list of texts, not \['DE', 4\]",
        ),
        ({"partnership_seek": {"import": 1}}, "partnership_seek: expected text"),
    ],
)
def test_wrong_cell_is_refused_by_the_name_of_its_column(change, message):
    with pytest.raises(ValueError, match=message):
        Profile.from_dict({**EXPORTER, **change})


def test_unknown_side_is_refused():
    with pytest.raises(ValueError, match="side must be entrepreneur or exporter, not 'buyer'"):
        Profile.from_dict(EXPORTER, side="buyer")


@given(strategies.profiles("P1"))
def test_document_gives_back_an_equal_profile_through_json(profile):
    assert Profile.from_document(json.loads(json.dumps(profile.to_document()))) == profile


def test_document_of_broken_text_gives_it_back():
    profile = Profile("P", offers=Statement(texts=("\ud800 мёд \0", "🐝")))
    assert Profile.from_document(json.loads(json.dumps(profile.to_document()))) == profile


@pytest.mark.parametrize(
    "document",
    [
        {},
        {"id": "1", "offers": {}, "seeks": {}},
        {"id": "1", "offers": {"colour": []}, "seeks": {}, "languages": []},
        {"id": "1", "offers": {"texts": "wool"}, "seeks": {}, "languages": []},
        {"id": 1, "offers": {}, "seeks": {}, "languages": []},
    ],
)
def test_document_of_something_else_is_refused(document):
    with pytest.raises(ValueError, match=r"not the document|must be"):
        Profile.from_document(document)


def test_statement_of_lists_is_kept_as_tuples():
    assert Statement(texts=["wool"]) == Statement(texts=("wool",))
    assert hash(Statement(texts=["wool"])) == hash(Statement(texts=("wool",)))


@pytest.mark.parametrize("values", ["wool", None, ("wool", 3)])
def test_statement_of_something_else_is_refused(values):
    with pytest.raises(ValueError, match="texts must be a sequence of texts"):
        Statement(texts=values)


@pytest.mark.parametrize("identifier", ["", 5, None])
def test_profile_without_a_text_as_id_is_refused(identifier):
    with pytest.raises(ValueError, match="id must be a text that is not empty"):
        Profile(identifier)


@given(st.text())
def test_change_with_the_profile_of_another_is_refused(other):
    identifier = other + "!"
    assert ProfileChange(identifier, "exporter", Profile(identifier)).profile == Profile(identifier)
    assert ProfileChange(identifier, "exporter", None).profile is None
    with pytest.raises(ValueError, match="carries the profile"):
        ProfileChange("another" + identifier, "exporter", Profile(identifier))
