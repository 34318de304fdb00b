"""The commonest words that carry grammar and no trade: signs of a language, and no terms.

Those of `DENYING` say that the next word is what there is not.
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
        "болған болу өзіміздің өзіміз".split()
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
    "en": frozenset({"no", "without", "non", "excluding"}),
    "ru": frozenset({"без", "кроме", "исключая"}),
    "de": frozenset({"ohne", "kein", "keine", "keinen", "außer"}),
    "sv": frozenset({"utan", "ingen", "inga", "inget", "icke", "exklusive"}),
}
