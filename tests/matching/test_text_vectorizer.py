import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import CountVectorizer, TfidfTransformer
from sklearn.pipeline import make_pipeline

from matching import MatchConfig, TextVectorizer
from matching.text.analyzer import analyze
from matching.text.term_vectorizers import CodeVectorizer
from matching.text.weighting import TermVectorizer
from tests.matching.oracle import text_blocks, weigher

TEXTS = ["қою бал", "балды және жүнді сатамыз", "wool and wool carpets", "羊毛 wool", "и 12", ""]


def test_rows_are_normalised_float32():
    rows = TextVectorizer().fit(TEXTS).transform(TEXTS)
    assert isinstance(rows, csr_array)
    assert (rows.dtype, rows.shape[0]) == (np.float32, 6)
    assert np.sqrt((rows**2).sum(axis=1)).tolist() == pytest.approx([1, 1, 1, 1, 0, 0])


def test_weights_of_counts_are_those_of_scikit_learn():
    counter = CountVectorizer()
    counts = csr_array(counter.fit_transform(TEXTS).astype(float))
    for sublinear in (True, False):
        expected = TfidfTransformer(sublinear_tf=sublinear).fit_transform(counts).toarray()
        vectorizer = TermVectorizer(sublinear=sublinear).fit(counts, counter.get_feature_names_out().tolist())
        assert vectorizer.transform(counts).toarray() == pytest.approx(expected, abs=1e-6)


def test_saturation_and_length_are_those_of_bm25():
    counts = csr_array(np.array([[3.0, 1.0], [0.0, 2.0]]))
    rows = (
        TermVectorizer(sublinear=False, saturation=1.2, length=0.75).fit(counts, ["a", "b"]).transform(counts)
    )
    slowed = 1.2 * (0.25 + 0.75 * 4 / 3)
    weights = np.array([3 * 2.2 / (3 + slowed) * (np.log(3 / 2) + 1), 1 * 2.2 / (1 + slowed)])
    assert rows.toarray()[0] == pytest.approx(weights / np.linalg.norm(weights))


@given(
    st.lists(st.lists(st.sampled_from(["бал", "honey", "sunflower oil", "Wollfilz", "Altyn"])).map(" ".join))
)
def test_rows_equal_a_naive_sum(texts):
    config = MatchConfig()
    documents = [text_blocks(analyze(text), config) for text in texts]
    # A text without words counts among the texts here, as scikit-learn has it.
    weigh = weigher(documents, "text", config)
    vectorizer = TextVectorizer()
    rows = vectorizer.fit_transform([text for text in texts if text]).toarray()
    names = vectorizer.get_feature_names_out().tolist()
    for row, document in zip(rows, [one for one in documents if any(one)], strict=True):
        found = {name: weight for name, weight in zip(names, row.tolist(), strict=True) if weight}
        assert found == pytest.approx(weigh(document), abs=1e-6)


@given(st.lists(st.text()))
def test_fit_transform_is_fit_and_transform(texts):
    together = TextVectorizer().fit_transform(texts)
    apart = TextVectorizer().fit(texts).transform(texts)
    assert together.shape == apart.shape
    assert (together.toarray() == apart.toarray()).all()


def test_languages_that_are_named_are_used_throughout():
    texts, languages = ["der wool", "der felt"], ["en", "en"]
    vectorizer = TextVectorizer()
    rows = vectorizer.fit_transform(texts, languages=languages)
    assert "der" in vectorizer.get_feature_names_out().tolist()
    assert (rows.toarray() == vectorizer.transform(texts, languages).toarray()).all()
    assert "der" not in TextVectorizer().fit(texts, languages=["de", "de"]).get_feature_names_out().tolist()


@pytest.mark.parametrize("texts", [[], [""], ["", "12", "и"]])
def test_texts_without_words_have_empty_rows(texts):
    vectorizer = TextVectorizer()
    rows = vectorizer.fit_transform(texts)
    assert (rows.shape, rows.dtype, rows.nnz) == ((len(texts), 0), np.float32, 0)
    assert vectorizer.get_feature_names_out().tolist() == []
    assert vectorizer.transform(["wool"]).shape == (1, 0)


def test_no_texts_have_no_rows():
    vectorizer = TextVectorizer().fit(TEXTS)
    assert vectorizer.transform([]).shape == (0, len(vectorizer.get_feature_names_out()))


def test_unknown_words_have_an_empty_row():
    assert TextVectorizer(letters=0).fit(TEXTS).transform(["zz"]).nnz == 0


def test_part_without_weight_has_no_terms():
    names = TextVectorizer(broader=0, spelling=0, letters=0).fit(["алма"]).get_feature_names_out().tolist()
    assert names == ["=apple"]
    assert TextVectorizer(inside=0, broader=0, letters=0).fit(
        ["sunflower oil"]
    ).get_feature_names_out().tolist() == ["=sunflower oil"]
    assert (
        TextVectorizer(everyday=0, spelling=0, letters=0).fit(["seller"]).get_feature_names_out().tolist()
        == []
    )
    assert TextVectorizer(others=0, spelling=0, letters=0).fit(["ISO"]).get_feature_names_out().tolist() == []
    assert TextVectorizer(unknown=0, letters=0).fit(["zolbergen"]).get_feature_names_out().tolist() == []


def test_estimator_can_be_cloned_and_piped():
    vectorizer = TextVectorizer(sublinear=False, letters=0.5)
    assert clone(vectorizer).get_params() == TextVectorizer().get_params() | {
        "sublinear": False,
        "letters": 0.5,
    }
    assert make_pipeline(vectorizer).fit(TEXTS).transform(TEXTS).shape[0] == 6
    assert vectorizer.set_params(sublinear=True).sublinear is True


def test_defaults_are_those_of_the_configuration():
    assert TextVectorizer().get_params() == MatchConfig().of_text()


@pytest.mark.parametrize("vectorizer", [TextVectorizer(), CodeVectorizer()])
def test_vectorizer_before_fit_is_refused(vectorizer):
    with pytest.raises(NotFittedError):
        vectorizer.transform([])
    with pytest.raises(NotFittedError):
        vectorizer.get_feature_names_out()


@pytest.mark.parametrize(
    ("texts", "languages", "message"),
    [
        ("wool", None, "texts must be several texts, not one string"),
        (["wool", None], None, "text 1 is not a string but None"),
        (["wool"], ["en", "ru"], "2 languages for 1 texts"),
    ],
)
def test_wrong_texts_are_refused(texts, languages, message):
    with pytest.raises(ValueError, match=message):
        TextVectorizer().fit(texts, languages=languages)
    with pytest.raises(ValueError, match=message):
        TextVectorizer().fit_transform(texts, languages=languages)
