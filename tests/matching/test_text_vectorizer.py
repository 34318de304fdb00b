import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from scipy.sparse import csr_array
from sklearn.base import clone
from sklearn.exceptions import NotFittedError
from sklearn.feature_extraction.text import TfidfVectorizer
from sklearn.pipeline import make_pipeline

from matching import TextVectorizer
from matching.text.analyzer import analyze
from matching.text.vectorizer import TermVectorizer

TEXTS = ["қою бал", "балды және жүнді сатамыз", "wool and wool carpets", "羊毛 wool", "и 12", ""]


def test_rows_are_normalised_float32():
    rows = TextVectorizer().fit(TEXTS).transform(TEXTS)
    assert isinstance(rows, csr_array)
    assert (rows.dtype, rows.shape) == (np.float32, (6, 7))
    assert np.sqrt((rows**2).sum(axis=1)).tolist() == pytest.approx([1, 1, 1, 1, 0, 0])


def test_weights_are_those_of_scikit_learn():
    reference = TfidfVectorizer(
        analyzer=lambda text: [term.term for term in analyze(text)], sublinear_tf=True
    )
    expected = reference.fit_transform(TEXTS).toarray()
    vectorizer = TextVectorizer()
    assert vectorizer.fit_transform(TEXTS).toarray() == pytest.approx(expected, abs=1e-6)
    assert vectorizer.get_feature_names_out().tolist() == reference.get_feature_names_out().tolist()


@given(st.lists(st.text()))
def test_fit_transform_is_fit_and_transform(texts):
    together = TextVectorizer().fit_transform(texts)
    apart = TextVectorizer().fit(texts).transform(texts)
    assert together.shape == apart.shape
    assert (together.toarray() == apart.toarray()).all()


def test_languages_that_are_named_are_used_throughout():
    languages = ["de", "de"]
    vectorizer = TextVectorizer()
    rows = vectorizer.fit_transform(["the wool", "the felt"], languages=languages)
    assert vectorizer.get_feature_names_out().tolist() == ["felt", "the", "wool"]
    assert (rows.toarray() == vectorizer.transform(["the wool", "the felt"], languages).toarray()).all()
    assert vectorizer.transform(["the"], [None]).nnz == 0


@pytest.mark.parametrize("texts", [[], [""], ["", "12", "и"]])
def test_texts_without_words_have_empty_rows(texts):
    vectorizer = TextVectorizer()
    rows = vectorizer.fit_transform(texts)
    assert (rows.shape, rows.dtype, rows.nnz) == ((len(texts), 0), np.float32, 0)
    assert vectorizer.get_feature_names_out().tolist() == []
    assert vectorizer.transform(["wool"]).shape == (1, 0)


def test_no_texts_have_no_rows():
    assert TextVectorizer().fit(TEXTS).transform([]).shape == (0, 7)


def test_unknown_words_have_an_empty_row():
    assert TextVectorizer().fit(TEXTS).transform(["steel pipes"]).nnz == 0


def test_sublinear_weighs_repeated_terms_less():
    texts = ["wool wool wool felt", "carpet"]
    first = {sub: TextVectorizer(sublinear=sub).fit_transform(texts).toarray()[0] for sub in (True, False)}
    assert first[False][2] / first[False][1] == pytest.approx(3)
    assert first[True][2] / first[True][1] == pytest.approx(1 + np.log(3))


def test_estimator_can_be_cloned_and_piped():
    vectorizer = TextVectorizer(sublinear=False)
    assert clone(vectorizer).get_params() == {"sublinear": False}
    assert make_pipeline(vectorizer).fit(TEXTS).transform(TEXTS).shape == (6, 7)
    assert vectorizer.set_params(sublinear=True).sublinear is True


@pytest.mark.parametrize("vectorizer", [TextVectorizer(), TermVectorizer()])
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
