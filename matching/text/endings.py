"""The endings of Kazakh, Turkish and Uzbek words, and what they ask of the word before them.

These languages put endings behind a word that hardly changes: of a noun plural, possessive, case and "to be",
of a verb voice, denial, tense and person, or what makes a noun of it again (R. Muhamedowa, Kazakh: A
Comprehensive Grammar, Routledge 2015; A. Göksel and C. Kerslake, Turkish: A Comprehensive Grammar, Routledge
2005; A. F. Sjoberg, Uzbek Structural Grammar, Indiana University 1962). Here are the rows that they may stand
in; `bases` cuts words by them.

Capitals stand for sounds that depend on those before: `A` and `I` for low and high vowels, others for
consonants. Three groups have names: `denied` in a verb that is not done, `certain` in one that no noun looks
like, `doer` in who does it. A group without a name is in what says less of the word before it: what may be
mine or thine, or is only made of it.
"""

import re
from collections.abc import Mapping, Sequence
from typing import NamedTuple


class Grammar(NamedTuple):
    """The endings of a language.

    Attributes
    ----------
    vowels : frozenset of str
    after_vowel, after_consonant, after_root : pattern
        Rows of endings of nouns and of verbs.
    next_vowels : mapping of str to str
        The vowels that may follow a vowel in endings; of others all may.
    disharmonic : pattern
        Endings that are the same behind all vowels.
    hard, voiced : str
        First consonants of endings after hard ones, and those after others.
    before_hard : str
        Hard last consonants.
    soft : tuple of str
        How stems of loan words end behind which any vowel may come.
    softened : sequence of (str, str)
        How a stem ends before a vowel, and otherwise.
    fleeting : str
        Vowels that the last syllable of a stem loses before a vowel.
    """

    vowels: str
    after_vowel: re.Pattern[str]
    after_consonant: re.Pattern[str]
    after_root: re.Pattern[str]
    next_vowels: Mapping[str, str]
    disharmonic: re.Pattern[str]
    hard: str
    voiced: str
    before_hard: str
    soft: tuple[str, ...]
    softened: Sequence[tuple[str, str]]
    fleeting: str


def _any(endings: str) -> str:
    return "(?:" + "|".join(endings.split()) + ")"


def _spelled(endings: str, letters: Mapping[str, str]) -> str:
    return "".join([letters.get(letter, letter) for letter in endings])


def _turkish() -> Grammar:
    letters = {"A": "[ae]", "I": "[ıiuü]", "D": "[dt]", "G": "[kğg]", "C": "[cç]", "S": "[sş]"}
    ki = f"ki(?:lAr{_any('I A In DA DAn lA')}?|{_any('nI nA nIn nDA nDAn ylA')})?"
    case = _any(f"I A DA(?:{ki})? DAn In lA CA")
    case_after_vowel = _any(f"yI yA DA(?:{ki})? DAn nIn ylA CA")
    of_theirs = _any(f"nI nA nDA(?:{ki})? nDAn nIn ylA nCA")
    mine, mine_after_vowel = f"({_any('Im In ImIz InIz')}{case}?)", f"({_any('m n mIz nIz')}{case}?)"
    plural = f"lAr(?:{case}|I{of_theirs}?|{mine})?"
    is_ = f"{_any('DIr(?:lAr)? y?sA y?mIS y?ken (y?DI)(?:lAr)? (y?Im|y?Iz|sIn|sInIz)')}?"
    noun = f"(?:{plural}|I{of_theirs}?|{case}|{mine})?{is_}"
    noun_after_vowel = f"(?:{plural}|sI{of_theirs}?|{case_after_vowel}|{mine_after_vowel})?{is_}"
    # With it, what is like it, who is busy with it.
    of_nouns = f"(lI|CI){noun_after_vowel}|(lIG|CIlIG|sIzlIG|sAl){noun}"
    voice = f"{_any('DIr t Ir Ar Il In I?S n l')}{{0,3}}(?:y?Abil)?(?P<denied>(?:y?A)?(?:mA|mI))?"
    tense = "y?AcAG (?P<certain>I?yor) mIS mAlI mAGtA y?Abilir A?r I?r (?(denied)z|(?!)) sA DI y?A"
    who = f"{_any('y?Im sIn y?Iz sInIz lAr m n k nIz')}?{is_}{_any('m n k nIz lAr')}?"
    of_verbs = f"(?:y?An|DIG|y?AcAG|mAG|y?IS|mIS){noun}|(?:mA|(?P<doer>y?IcI)){noun_after_vowel}"
    others = _any("y?Ip y?ArAk y?IncA mAdAn DIGCA y?ken y?AlIm y?AyIm sInlAr sIn y?In(?:Iz)?")
    return Grammar(
        vowels="aeıioöuü",
        after_vowel=re.compile(_spelled(f"{of_nouns}|{noun_after_vowel}", letters)),
        after_consonant=re.compile(_spelled(f"{of_nouns}|{noun}", letters)),
        after_root=re.compile(_spelled(f"{voice}(?:{_any(tense)}{who}|{of_verbs}|{others})", letters)),
        next_vowels={
            vowel: following
            for vowels, following in (("aı", "aı"), ("ei", "ei"), ("ou", "au"), ("öü", "eü"))
            for vowel in vowels
        },
        disharmonic=re.compile("(?<=[dt][ae])ki|(?<=[ae])bil|y?ken$|yor"),
        hard="t",
        voiced="d",
        before_hard="çfhkpsşt",
        soft=("l", "at", "lp", "rp", "rf"),
        softened=(("b", "p"), ("c", "ç"), ("d", "t"), ("ğ", "k"), ("g", "k")),
        fleeting="ıiuü",
    )


def _kazakh() -> Grammar:
    letters = {"A": "[ае]", "I": "[ыі]", "D": "[дт]", "N": "[ндт]", "G": "[ғқгк]", "L": "[лдт]", "B": "[мбп]"}
    is_ = f"({_any('BIн сIң BIз сIздAр')})?"
    with_ = "Bен(?:ен)?"
    case = _any(f"NIң NI GA DA DAGI(?:NI|NIң|лAр)? NAн {with_} DAй NIкі шA")
    of_ours = _any(f"NIң DI A GA DA DAGI NAн {with_} DAй")
    of_theirs = _any(f"нIң н нA ндA ндAGI нAн {with_} ндAй нікі")
    mine, mine_after_vowel = f"({_any('Iм Iң IмIз IңIз')}{of_ours}?)", f"({_any('м ң мIз ңIз')}{of_ours}?)"
    plural = f"LAр(?:{case}|I{of_theirs}?|{mine})?"
    noun = f"(?:{plural}|(Iн)|I{of_theirs}?|{case}|{mine})?{is_}"
    noun_after_vowel = f"(?:{plural}|сI{of_theirs}?|{case}|{mine_after_vowel})?{is_}"
    with_it = f"(лI){noun_after_vowel}"
    voice = f"{_any('DIр GIз т Iл Iн л н Iс с')}{{0,3}}(?P<denied>BA)?"
    who = _any("мIн сIң BIз сIз сIңдAр сIздAр DI")
    finite = _any(
        f"[аейи]{who}? I?DI{_any('м ң G ңIз ңдAр ңIздAр')}? [аейи]р{who}? (?(denied)[йс]|(?!)){who}? "
        f"I?п(?:{who}|BIн)? I?сA{_any('м ң G ңIз ңдAр ңIздAр')}? I?GI{_any('м ң сI мIз ңIз')} "
        f"BAGшI{who}? BAG{who}?"
    )
    # Being so is a reason: болғандықтан.
    of_nouns = f"(?:(?P<certain>[аейи]тIн)|I?GAн)(?:дIG)?{noun}|у{noun}|(?P<doer>ушI){noun_after_vowel}"
    others = _any(
        "I?ңIз(?:дAр)? I?ңдAр I?сIн [аейи]?йIн [аейи]?йIG I?GAлI I?GAншA I?GAсIн улI (?(denied)йAG|(?!))"
    )

    return Grammar(
        vowels="аәеоөұүыіэё",
        after_vowel=re.compile(_spelled(f"{with_it}|{noun_after_vowel}", letters)),
        after_consonant=re.compile(_spelled(f"{with_it}|{noun}", letters)),
        after_root=re.compile(_spelled(f"{voice}(?:{finite}|{of_nouns}|{others})", letters)),
        next_vowels=dict.fromkeys("аоұыё", "аы") | dict.fromkeys("әеөүіэ", "еі"),
        disharmonic=re.compile("[мбп]ен(?:ен)?$|[ндт]ікі$"),
        hard="тқкп",
        voiced="дғгблмн",
        before_hard="пткқсшщфхцчбвгд",
        soft=("в", "ф", "х"),
        softened=(("б", "п"), ("г", "к"), ("ғ", "қ")),
        fleeting="ыі",
    )


def _uzbek() -> Grammar:
    letters = {"D": "[dt]", "G": "[gkq]"}
    case = _any("ni ning Ga da dagi(?:lar)? dan gacha day dek niki cha")
    is_ = f"{_any('dir man miz san siz')}?(?:mi)?"
    mine, mine_after_vowel = f"({_any('im ing imiz ingiz')})", f"({_any('m ng miz ngiz')})"
    plural = f"lar(?:i|{mine})?"
    noun = f"(?:{plural}|i(?!miz)|{mine})?{case}?{is_}"
    noun_after_vowel = f"(?:{plural}|si|{mine_after_vowel})?{case}?{is_}"
    # What has it, who is busy with it, small ones; what is fit for it, who builds it, more of it, by the ton.
    of_nouns = f"(li|chi|cha){noun_after_vowel}|((?:chi|soz)?li[kg]|(?:lar)?bop|soz|ro(?:q|g')|lab){noun}"
    voice = f"{_any('Dir Giz iz t il in n l ish sh')}{{0,3}}(?P<denied>ma)?"
    who = _any("man san miz siz sizlar di dilar ti tilar")
    finite = _any(
        f"[ay]{who} a?yap{who} di{_any('m ng k ngiz lar')}? i?b{who}? sa{_any('m ng k ngiz lar')}? "
        f"a?r{who}? (?(denied)s|(?!)){who}?"
    )
    of_verbs = (
        f"(?:(?P<certain>[ay]digan)|Gan|a?yotgan|i?sh|moG(?:chi)?|[ou]?v){noun}|"
        f"(?P<doer>[ou]?vchi){noun_after_vowel}"
    )
    others = _any(
        "i?ng(?:iz|lar|izlar)? sin(?:lar)? Gach Guncha a?y(?:lik|in) a?yotib (?(denied)(?:sdan|y)|(?!))"
    )
    return Grammar(
        vowels="aeiou",
        after_vowel=re.compile(_spelled(f"{of_nouns}|{noun_after_vowel}", letters)),
        after_consonant=re.compile(_spelled(f"{of_nouns}|{noun}", letters)),
        after_root=re.compile(_spelled(f"{voice}(?:{finite}|{of_verbs}|{others})", letters)),
        next_vowels={},
        disharmonic=re.compile("(?!)"),
        hard="",
        voiced="",
        before_hard="",
        soft=(),
        softened=(("g'", "q"), ("g", "k")),
        fleeting="iua",
    )


GRAMMARS = {"kk": _kazakh(), "tr": _turkish(), "uz": _uzbek()}
