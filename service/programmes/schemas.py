"""The programmes and how they are called."""

from enum import StrEnum


class Programme(StrEnum):
    """A state programme that supports exporters or returning entrepreneurs."""

    QAZAQ_HOUSE = "qazaq_house"
    TURAKTY_AUYL = "turakty_auyl"
    BEREKE = "bereke"
    OTANDASTAR = "otandastar"


# Proper names, written by the rules of each language.
PROGRAMME_NAMES: dict[Programme, dict[str, str]] = {
    Programme.QAZAQ_HOUSE: {"kk": "Qazaq House", "ru": "Qazaq House", "en": "Qazaq House"},
    Programme.TURAKTY_AUYL: {"kk": "Тұрақты ауыл", "ru": "Туракты ауыл", "en": "Turakty Auyl"},
    Programme.BEREKE: {"kk": "Береке", "ru": "Береке", "en": "Bereke"},
    Programme.OTANDASTAR: {
        "kk": "Отандастар – болашаққа бағдар",
        "ru": "Отандастар – Болашаққа бағдар",
        "en": "Otandastar – Bolashaqqa Bagdar",
    },
}
