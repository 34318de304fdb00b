import pytest

from service.meetings.interpreting import interpreter_for


@pytest.mark.parametrize(
    ("entrepreneur", "exporter", "there", "needed"),
    [
        (["de", "kk"], ["kk", "ru"], {"de": 2}, None),
        (["kk-Arab", "zh"], ["kk"], {"zh": 2}, None),
        (["de-AT"], ["de"], {}, None),
        ([], ["kk"], {"de": 2}, None),
        (["de"], [], {"de": 2}, None),
        (["de"], ["kk", "ru"], {"de": 2, "en": 5}, "de"),
        (["de"], ["ru"], {}, "de"),
        (["de", "en"], ["ru"], {"de": 1, "en": 2}, "en"),
        (["de", "en"], ["ru"], {"de": 2, "en": 2}, "de"),
        (["kk"], ["en"], {"en": 1}, "en"),
        (["de", "kk"], ["en", "ru"], {"en": 2, "de": 1}, "en"),
        (["de", "kk"], ["en", "ru"], {"en": 1, "de": 1}, "de"),
        (["tr"], ["en"], {"en": 4}, "tr"),
        (["kk"], ["ru"], {"en": 1, "de": 3}, "de"),
        (["kk"], ["ru"], {}, "kk"),
    ],
)
def test_interpreter_is_of_a_language_that_bridges_the_two_sides(entrepreneur, exporter, there, needed):
    assert interpreter_for(entrepreneur, exporter, there) == needed
