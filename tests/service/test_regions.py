from collections import Counter

import pytest

from service.accounts.schemas import SYSTEM
from service.platform.database import Database
from service.profiles import operations as profiles
from service.profiles.regions import _REGIONS, region_name, spellings_of
from service.profiles.schemas import ProfileFilter
from service.profiles.vocabulary import Kind
from tests.factories.forums import make_approved


def test_no_spelling_means_two_regions() -> None:
    spellings = Counter(one.casefold() for names in _REGIONS for one in spellings_of(names[0]))
    assert len(_REGIONS) == 20
    assert spellings.most_common(1)[0][1] == 1


@pytest.mark.parametrize(
    ("written", "kk", "ru", "en"),
    [
        ("область Абай", "Абай облысы", "область Абай", "Abay Region"),
        (
            "east kazakhstan region",
            "Шығыс Қазақстан облысы",
            "Восточно-Казахстанская область",
            "East Kazakhstan Region",
        ),
        (
            "Шығыс Қазақстан",
            "Шығыс Қазақстан облысы",
            "Восточно-Казахстанская область",
            "East Kazakhstan Region",
        ),
        ("Алматы", "Алматы", "Алматы", "Almaty"),
        ("Алматы облысы", "Алматы облысы", "Алматинская область", "Almaty Region"),
        ("Bayern", "Bayern", "Bayern", "Bayern"),
    ],
)
def test_region_is_named_in_the_readers_language(written: str, kk: str, ru: str, en: str) -> None:
    assert [region_name(written, language) for language in ("kk", "ru", "en")] == [kk, ru, en]


def test_region_is_found_however_it_is_written(database: Database) -> None:
    written = ("Абай облысы", "область Абай", "ABAY REGION", "Алматы", "Алматы облысы", "Бавария")
    made = [make_approved(database, Kind.EXPORTER, region=region) for region in written]

    def found(region: str) -> set[int]:
        with database.read() as session:
            wanted = ProfileFilter(region=region)
            ids = profiles.matching_ids(session, SYSTEM, Kind.EXPORTER, wanted)
        return {made.index(one) for one in ids}

    assert found("abay region") == found("Абай облысы") == {0, 1, 2}
    assert found("Almaty") == {3}
    assert found("Алматинская область") == {4}
    assert found("Бавария") == {5}
