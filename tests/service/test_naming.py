"""Names are found in any script, on any keyboard."""

import pytest

from service.accounts.schemas import SYSTEM
from service.platform.database import Database
from service.profiles import naming
from service.profiles import operations as profiles
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved


@pytest.mark.parametrize(
    ("text", "name", "is_so"),
    [
        ("сарыарка", "Saryarka Goat & Loom", True),
        ("saryarka", "Сарыарқа сүті", True),
        ("ұлба", "Ulba Ridge Honey", True),
        ("нарынқол", "نارىنقول جەمىسى", True),
        ("gulu", "Şipa gülü", True),
        ("ridge ul", "Ulba Ridge Honey", True),
        ("idge", "Ulba Ridge Honey", True),
        ("", "Ulba Ridge Honey", True),
        ("улк", "Ulba Ridge Honey", False),
        ("ь", "Ulba Ridge Honey", False),
        ("–", "Ulba Ridge Honey", False),
    ],
)
def test_name_is_found_by_a_part_or_by_beginnings_in_another_script(
    text: str, name: str, is_so: bool
) -> None:
    assert naming.named(text, name) is is_so


def test_keys_are_written_once_and_found_by_their_beginning() -> None:
    written = naming.marked_keys(("Ұлба балы", None, "Ulba", ""))
    assert written == "~bali ~ulba ~балы ~ұлба"
    assert naming.marked("Ұл") == ["~ul", "~ұл"]
    assert naming.marked("—") == []


@pytest.mark.parametrize("text", ["сарыарка", "SARYARKA", "сары ткац", "gobelen", "оскем"])
def test_profiles_are_searched_in_any_script(database: Database, text: str) -> None:
    wanted = make_approved(
        database,
        Kind.EXPORTER,
        display_name="Saryarka Loom",
        legal_name="ТОО Ткацкая Гобелен",
        city="Өскемен",
    )
    make_approved(database, Kind.EXPORTER, city="Astana")
    with database.read() as session:
        found = profiles.listed(session, SYSTEM, Kind.EXPORTER, ProfileFilter(text=text))
    assert [one.id for one in found.profiles] == [wanted]
