"""Stems: Snowball where it has the language, a suffix stripper of our own for Kazakh."""

import threading

import snowballstemmer

from matching.text.kazakh import stem_kazakh

_SNOWBALL = {"ru": "russian", "en": "english", "de": "german", "tr": "turkish", "sv": "swedish"}


class _Stemmers(threading.local):
    """Snowball stemmers of one thread: each keeps the word at which it works."""

    def __init__(self) -> None:
        self.by_language = {
            language: snowballstemmer.stemmer(algorithm) for language, algorithm in _SNOWBALL.items()
        }


_STEMMERS = _Stemmers()


def stem(word: str, language: str) -> str:
    """Bring a word to its stem.

    Parameters
    ----------
    word : str
        In lower case.
    language : str
        `kk`, `ru`, `en`, `de`, `tr` or `sv`; a word of another language stays as it is.

    Returns
    -------
    str
        The stem; the word itself where no more than a letter would be left of it.

    Examples
    --------
    >>> stem("шерстью", "ru"), stem("балды", "kk"), stem("fındık", "tr"), stem("oro", "es")
    ('шерст', 'бал', 'fındık', 'oro')
    """
    if language == "kk":
        return stem_kazakh(word)
    stemmer = _STEMMERS.by_language.get(language)
    stemmed = str(stemmer.stemWord(word)) if stemmer else word
    return stemmed if len(stemmed) > 1 else word
