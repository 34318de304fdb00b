"""The commonest words that carry grammar and no trade: signs of a language, and no terms.

Those of `DENYING` say that the next word is what there is not, those of `DENYING_BEFORE` that the word before
them is, and the endings of `PRIVATIVES` (in plain letters) that the word itself is; after one of `LIMITING`
(not only …, not less than …) nothing is denied.

Those of `JOINING`, between two goods, say what the first ones are in, for, with or made of; those of
`JOINING_BEFORE` say so of the word before them, and `JOINING_ENDINGS` (in plain letters) of the word itself.
"""

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can do each for from has have if in into is it its more most "
        "not of on or other our own per so such than that the their them they this those to up us want we "
        "were which who will with you your after also around any both during every including several "
        "since through toward towards under upon while within".split()
    ),
    "ru": frozenset(
        "а без бы в вам вас ваш во все всех вы где для до его ее ей если есть еще же за и из или им их к "
        "как ко который которые ли мы на над нам нами нас наш наша наше наши не нет ни но о об он она они "
        "от по под при с свой своя со также так то того у уже чем что чтобы это этот я более менее можно "
        "либо сразу своих свои каждый каждая которым двое будет будем".split()
    ),
    "kk": frozenset(
        "ал арқылы бар барлық бен бір біз біздің бойынша болады болып бұл да дейін де деп және жоқ кейін "
        "қана мен не немесе өз пен сондай сол та те тек туралы үшін ғана болса деген деді еді екен еш "
        "қазір осы олар оны оған ол олардың сізге сіз мұнда онда онымен сайын қатар кез әр бәрі бүкіл "
        "келген келеміз келеді келіп кел кетті кетіп кеткен жатыр отыр отырмыз тұр тұрған жүр жүрміз "
        "болған болу өзіміздің өзіміз арғы аса бәрінен бірге қарай қарсаңында ретінде дейміз дейтін едік "
        "алдымен тисе түседі түсе түсіп қатарында қатарындамыз қыламыз қылып әрі арасында жағынан "
        "яғни әлі енді өте тағы мұның бұның соның арналған".split()
    ),
    "de": frozenset(
        "als am an auch auf aus bei bis das dem den der des die durch ein eine einem einen einer eines es "
        "für haben hat im in ist kann mit nach nicht oder sich sie sind über um und uns unser unsere "
        "unseren fürs ins ans aufs von vor wie wir wird zu zum zur".split()
    ),
    "tr": frozenset(
        "bir bu çok da daha de değil en gibi göre her için ile ise kadar ki mi mı mu mü olan olarak olup "
        "sonra şu tüm ve veya ya yok biz bizim".split()
    ),
    "sv": frozenset(
        "att av bara de den det detta där eller en ett från för ha har i inte kan med men mot när och om "
        "oss på samt ska som till under vi vår våra vara är".split()
    ),
    "uz": frozenset(
        "bilan bir biz bizning bo'lgan bo'lib bo'ladi bu esa ega emas ham har hamda haqida keyin kerak "
        "ko'p lekin mumkin o'z shu shuningdek sizning siz uchun va yoki yo'q билан бир биз бизнинг бўлган "
        "бўлиб бўлади бу эса эга эмас ҳам ҳар ҳамда ҳақида керак кўп лекин мумкин ўз шу сиз учун ва ёки "
        "йўқ".split()
    ),
    "ky": frozenset("жана менен үчүн бул эмес болуп керек ошондой".split()),
    "mn": frozenset("ба нь юм байна болон тус бид манай хийх үйлдвэрлэдэг".split()),
    "ar": frozenset("من في على و إلى عن مع التي الذي نحن".split()),
}

DENYING: dict[str, frozenset[str]] = {
    "en": frozenset("no not nor neither without non excluding except".split()),
    "ru": frozenset("не нет ни без кроме исключая".split()),
    "de": frozenset("nicht ohne kein keine keinen keiner keinem außer".split()),
    "sv": frozenset("inte ej utan ingen inga inget icke exklusive".split()),
    "zh": frozenset("无 没有 不含 不加 不是 不卖 不做 不要 非".split()),
}
DENYING_BEFORE: dict[str, frozenset[str]] = {
    "kk": frozenset("емес жоқ".split()),
    "tr": frozenset("değil yok hariç".split()),
    "uz": frozenset("emas yo'q емас йўқ".split()),
}
LIMITING: dict[str, frozenset[str]] = {
    "en": frozenset("only just merely less more later".split()),
    "ru": frozenset("только лишь просто менее более меньше больше реже позже ниже выше".split()),
    "de": frozenset("nur bloß weniger mehr später".split()),
    "sv": frozenset("bara endast enbart mindre mer senare".split()),
    "kk": frozenset("тек ғана жай".split()),
    "tr": frozenset("sadece yalnız yalnızca".split()),
    "uz": frozenset("faqat nafaqat фақат нафақат".split()),
}
PRIVATIVES: dict[str, tuple[str, ...]] = {
    "kk": ("siz",),
    "tr": ("siz", "suz"),
    "uz": ("siz",),
    "de": ("frei", "freie", "freier", "freies", "freien", "freiem"),
    "sv": ("fri", "fritt", "fria"),
}
JOINING: dict[str, frozenset[str]] = {
    "en": frozenset("in into for from with".split()),
    "ru": frozenset("в во для из с со под".split()),
    "de": frozenset("in im für fürs aus mit zum zur".split()),
    "sv": frozenset("i för med av från till".split()),
}
JOINING_BEFORE: dict[str, frozenset[str]] = {
    "kk": frozenset("үшін арналған".split()),
    "tr": frozenset("için".split()),
    "uz": frozenset("uchun учун".split()),
}
JOINING_ENDINGS: dict[str, tuple[str, ...]] = {
    "kk": ("da", "de", "ta", "te", "dan", "den", "tan", "ten", "nan", "nen"),
    "tr": ("da", "de", "ta", "te", "dan", "den", "tan", "ten"),
    "uz": ("da", "dan"),
}
