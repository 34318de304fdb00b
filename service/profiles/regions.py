"""Regions of Kazakhstan, which people write in any of its languages."""

# The 17 regions and 3 cities of ISO 3166-2:KZ: in Kazakh, Russian and English, then in other spellings.
_REGIONS = (
    ("Абай облысы", "область Абай", "Abay Region", "Абайская область", "Abai Region"),
    ("Ақмола облысы", "Акмолинская область", "Akmola Region", "Aqmola Region"),
    ("Ақтөбе облысы", "Актюбинская область", "Aktobe Region", "Aqtobe Region"),
    ("Алматы облысы", "Алматинская область", "Almaty Region"),
    ("Атырау облысы", "Атырауская область", "Atyrau Region"),
    ("Батыс Қазақстан облысы", "Западно-Казахстанская область", "West Kazakhstan Region", "ЗКО"),
    ("Жамбыл облысы", "Жамбылская область", "Zhambyl Region", "Jambyl Region"),
    ("Жетісу облысы", "область Жетісу", "Jetisu Region", "Zhetysu Region", "Zhetisu Region"),
    ("Қарағанды облысы", "Карагандинская область", "Karaganda Region", "Karagandy Region"),
    ("Қостанай облысы", "Костанайская область", "Kostanay Region", "Qostanay Region"),
    ("Қызылорда облысы", "Кызылординская область", "Kyzylorda Region", "Qyzylorda Region"),
    ("Маңғыстау облысы", "Мангистауская область", "Mangystau Region", "Мангыстауская область"),
    ("Павлодар облысы", "Павлодарская область", "Pavlodar Region"),
    ("Солтүстік Қазақстан облысы", "Северо-Казахстанская область", "North Kazakhstan Region", "СКО"),
    ("Түркістан облысы", "Туркестанская область", "Turkistan Region", "Turkestan Region"),
    ("Ұлытау облысы", "область Улытау", "Ulytau Region", "область Ұлытау"),
    ("Шығыс Қазақстан облысы", "Восточно-Казахстанская область", "East Kazakhstan Region", "ВКО"),
    ("Астана", "Астана", "Astana", "г. Астана", "Астана қаласы"),
    ("Алматы", "Алматы", "Almaty", "г. Алматы", "Алматы қаласы"),
    ("Шымкент", "Шымкент", "Shymkent", "г. Шымкент", "Шымкент қаласы"),
)
_LANGUAGES = ("kk", "ru", "en")
# `Шығыс Қазақстан` is the region, but `Алматы` is the city.
_SHORT = (" облысы", " Region")


def _spellings(names: tuple[str, ...]) -> tuple[str, ...]:
    short = [name.removesuffix(end) for name in names for end in _SHORT if name.endswith(end)]
    return tuple(dict.fromkeys([*names, *(one for one in short if one not in {"Алматы", "Almaty"})]))


_BY_SPELLING = {spelling.casefold(): names for names in _REGIONS for spelling in _spellings(names)}


def spellings_of(region: str) -> tuple[str, ...]:
    """List how people write a region; one that is not of Kazakhstan stands for itself."""
    names = _BY_SPELLING.get(region.casefold())
    return _spellings(names) if names else (region,)


def region_name(region: str, language: str) -> str:
    """Name a region in a language; one that is not of Kazakhstan stands for itself."""
    names = _BY_SPELLING.get(region.casefold())
    return names[_LANGUAGES.index(language)] if names else region
