import pytest
from hypothesis import given
from hypothesis import strategies as st

from matching.text.uzbek import stem_uzbek, to_latin


@pytest.mark.parametrize(
    "forms",
    [
        "asal asalni asalning asaldan asalga asallar asallarimiz",
        "mahsulot mahsulotni mahsulotlar mahsulotlari mahsulotlarimiz mahsulotidan",
        "yaproq yaprog'i yaproqlar yaproqlarni yaprog'idan",
        "yurak yuragi yuraklar yurakdan",
        "go'sht go'shti go'shtni go'shtdan go'shtlar",
        "sut suti sutni sutdan sutning",
        "meva mevasi mevalar mevalari mevalarni mevadan",
        "olma olmasi olmani olmalar olmalarimizdan",
        "paxta paxtasi paxtani paxtadan paxtaning",
        "gilam gilami gilamlar gilamlarni gilamdan gilamga",
        "jun juni junni jundan junlar",
        "teri terisi terini terilar terilardan",
        "ipak ipagi ipakni ipaklar ipakdan",
        "tosh toshi toshni toshlar toshdan",
        "korxona korxonasi korxonamiz korxonalar korxonalarimiz",
        "bozor bozori bozorda bozordagi bozorlar bozordan",
        "do'kon do'konlar do'konlari do'konda",
        "qog'oz qog'ozi qog'ozni qog'ozlar qog'ozdan",
    ],
)
def test_forms_of_an_uzbek_noun_meet(forms):
    assert len({stem_uzbek(form) for form in forms.split()}) == 1


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("asal", "asab"),
        ("sut", "suv"),
        ("non", "nok"),
        ("teri", "tosh"),
        ("olma", "olcha"),
        ("guruch", "gul"),
        ("qand", "qandolat"),
        ("bosh", "bosim"),
        ("yog'", "yog'och"),
        ("paxta", "paxtakor"),
    ],
)
def test_different_uzbek_nouns_do_not_meet(one, other):
    assert stem_uzbek(one) != stem_uzbek(other)


@pytest.mark.parametrize("word", ["tong", "rang", "teng"])
def test_ng_of_a_stem_stays(word):
    assert stem_uzbek(word + "i") == word


@pytest.mark.parametrize(
    ("cyrillic", "latin"),
    [
        ("асал", "asal"),
        ("ўрик", "o'rik"),
        ("буғдой", "bug'doy"),
        ("қовун", "qovun"),
        ("ҳунар", "hunar"),
        ("хом", "xom"),
        ("жун", "jun"),
        ("чой", "choy"),
        ("шакар", "shakar"),
        ("етказиб", "yetkazib"),
        ("ёғ", "yog'"),
        ("юк", "yuk"),
        ("янги", "yangi"),
        ("цемент", "tsement"),
        ("asal", "asal"),
    ],
)
def test_uzbek_in_cyrillic_is_written_in_latin(cyrillic, latin):
    assert to_latin(cyrillic) == latin


@given(st.text(alphabet="abdegiklmnoqrstuxyz'", max_size=14))
def test_uzbek_stem_has_no_more_to_lose(word):
    stemmed = stem_uzbek(word)
    assert stem_uzbek(stemmed) == stemmed
    assert bool(stemmed) == bool(word)
