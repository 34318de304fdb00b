"""The commonest words that carry grammar and no trade: signs of a language, and no terms.

Those of `DENYING` say that the next word is what there is not, those of `DENYING_BEFORE` that the word before
them is, and the endings of `PRIVATIVES` (in plain letters) that the word itself is; after one of `LIMITING`
(not only …, not less than …) nothing is denied. After one of `LACKING` what there is not is what the business
wants: «бізде мал дәрігері жоқ».

Those of `JOINING`, between two goods, say what the first ones are in, for, with or made of; those of
`JOINING_BEFORE` say so of the word before them, and `JOINING_ENDINGS` (in plain letters) of the word itself.
"""

FUNCTION_WORDS: dict[str, frozenset[str]] = {
    "en": frozenset(
        "a an and are as at be been but by can do each for from has have if in into is it its more "
        "most not of on or other our own per so such than that the their them they this those to up "
        "us want we were which who will with you your after also around any both during every "
        "including several since through toward towards under upon while within was he my his me just "
        "about out what when had there her would she how some him over then could these because said "
        "much very where should may here really did being too off why got never say something between "
        "better does might someone away let called having done however already anything nothing "
        "everything told yet once seen believe took came went thank everyone together hope hopes "
        "hoping hopefully oh others often become almost lost along anyone else probably saying yeah "
        "cause either stay taken rather soon whether among further myself yourself ourselves "
        "themselves himself although asked quite according sometimes bring brings bringing heard "
        "across goes held instead seems knew gone sorry guess everybody anybody nobody maybe things "
        "etc regarding beyond isn't don't doesn't won't can't it's we're we've i i'm let's gladly "
        "welcome currently presently shortly mostly furthermore moreover therefore thus hence usually "
        "normally generally typically recently lately previously formerly ever whatever whichever "
        "whoever miss misses died dying sense hate hates kill watching watched worst lack lacks "
        "lacking combined combines contain contains contained containing terrible tired candidate "
        "candidates cute dating coverage armed mess shift shifts refused attractive detailed memories "
        "barely filed filing filings topic topics vast mount tied thrown throwing fate logic awarded "
        "poll polls formed handled handles playing driven bears raised raising signed wanna "
        "gonna re ll dr mr mrs ms "
        "dear sir sirs madam please pls thx hello hi hey greetings regards ask asking until plus via "
        "yours abt whom hereby kindly "
        "made call calls manner noon shot shots beforehand "
        "perhaps somewhere somehow anywhere elsewhere nowhere somebody anybody itself till onto upon amid "
        "beside besides despite though unless whereby wherever whenever whom whose could've would've i'd "
        "we'd you'd he'd she'd they'd i'll we'll you'll they'll you're they're i've you've they've "
        "aren't wasn't weren't didn't doesn't haven't hasn't couldn't wouldn't shouldn't shall might "
        "must like likewise thereby therein thereof "
        "here's james peter jamie pete silly kong".split()
    ),
    "ru": frozenset(
        "а без бы в вам вас ваш во все всех вы где для до его ее ей если есть еще же за и из или им "
        "их к как ко который которые ли мы на над нам нами нас наш наша наше наши не нет ни но о об "
        "он она они от по под при с свой своя со также так то того у уже чем что чтобы это этот я "
        "более менее можно либо сразу своих свои каждый каждая которым двое будет будем ты был когда "
        "было мне меня кто может очень были была вот быть да даже том ну там себя тебя теперь всего "
        "через ему них тоже почему пока тем между здесь себе тебе него однако ничего тут свою "
        "несколько своей сказал тогда хочу мой которых является являемся являются вместе лишь какой "
        "тот именно поэтому сделать всем которая которой чего вообще должны должен должна спасибо "
        "могут никогда около могу своего которого нибудь случае ней ним буду кого никто назад сказать "
        "например затем моя образом про какие нельзя собой совсем правда значит куда кажется которое "
        "нее моей нашей слишком иногда некоторые своим которую мои свое тому котором зачем течение "
        "точно уж хочет впервые какая мной немного согласно опять чуть будто поскольку дальше кому "
        "наших полностью последний последние всей несмотря наиболее нем ними вся благодаря вместо "
        "вокруг вроде удалось вновь сделал следует столько довольно кстати наверное своими та "
        "частности станет какое нашего тобой туда мое своем совершенно пожалуйста позже примерно "
        "имеют имеет имеем некоторых никаких никакой любой любая любые раз раза разу такой такое "
        "такие таким такая таких такого такою такую таком такими стал стала стало часто чаще пор "
        "порой ради рад рада рады рамках ясно столь суть сути судя казалось обоих входит входят "
        "входим входил вошли вошёл приводит приводят проводим родился родились милый милая составил "
        "составила составили составляет составляют обратно просит просим просил просить известен "
        "известна известно известны пытаясь пытаемся угоду насчет насчёт дважды трижды каждой каждого "
        "каждому каждом каждую каждые каждых самый самая самое самые самого самой самым самими сами "
        "сам сама вами всему всеми всё нему нею одному одним одной одного одни шести десяти нашем "
        "нашему нашими нашу ваши вашей вашего ваша вашем вашу вашими вашим ваших нём неё её берем "
        "берём беремся идет идёт идут посмотреть отвечаем держим готовы готова хотели хотел хотелось "
        "ждем ждём думаем считаем можем можете нужно нужна нужны вчера скоро давно недавно обычно "
        "постоянно целая целое вдоль сквозь среди мимо кругом "
        "после здравствуйте уважаемый уважаемая уважаемые привет салам салем ассаламу алейкум ищете "
        "занимаетесь предлагаете пишите напишите звоните чел обл сможет сможете ваше берут возьмет "
        "возьмёт знает хотите интересуетесь "
        "мечтаю мечтаем "
        "сергей сергея иван ивана борис бориса денис елена анатолий крис саша майкл максим макс сэр "
        "леди санкт сан лос сити рио пер ура черт черти мид нато ок окей сент эль эл еле вести "
        "подать подал составить хочется таки такому пора "
        "почти хотя хоть потом потому ведь "
        "оно обо пусть словно самом ввиду прочь наконец напротив угодно одновременно "
        "соответственно "
        "мною тобою ею ими собою моего моему моим моими моих мою твой твоя твое твои твоего твоей твоему "
        "твоим твоими твоих твоем твою нашим вашему своему ихний эта эти этого этой этому этим этими этих "
        "этом эту те той теми ту таков такова таково таковы сей сия сие сии сего сему сих стольких чему "
        "чём какого какому каким какими каких каком какую каков какова каково каковы чей чья чье чьи "
        "чьего чьей чьему чьим чьими чьих которому которыми сколько скольких некто нечто некого нечего "
        "некоего некий некая некое некие неких некоторый некоторая некоторое некоторого некоторой "
        "некоторому некоторым некоторыми некотором некоторую нескольких нескольким несколькими никого "
        "никому никем ничто ничему ничем никакая никакое никакие никакого никакому никаким никакими ничей "
        "всю самому самим самих саму самую самыми каждое каждым каждыми любое любого любому любым любыми "
        "любых любом любую всякий всякая всякое всякие всякого всяких всяким надо подо ото изо безо "
        "передо меж средь помимо вопреки вследствие наподобие посредством путем путём близ впереди позади "
        "вне поверх сверх сверху снизу изнутри извне навстречу наряду наравне вслед спустя накануне "
        "относительно касаемо исходя начиная включая невзирая смотря нежели чтоб дабы едва пускай оттого "
        "отчего притом причем причём зато итак ибо вон разве неужели ещё давай давайте сюда отсюда оттуда "
        "откуда везде всюду повсюду нигде никуда ниоткуда некуда негде неоткуда домой вниз вверх вперед "
        "вперёд вправо влево ныне нынче сначала вначале сперва ранее позднее вскоре тотчас немедленно "
        "порою нечасто ежечасно позавчера отныне доныне поныне впредь бывало отродясь заранее "
        "заблаговременно наперед впоследствии весьма чрезвычайно чересчур достаточно вполне маловато "
        "немало гораздо намного меньше приблизительно порядка ровно вдвое втрое вдвоем втроем заодно этак "
        "иначе инако никак нипочем нарочно зря вдруг наверно вероятно видимо возможно пожалуй конечно "
        "разумеется безусловно действительно вправду вправе впрочем вобщем допустим скажем собственно "
        "буквально якобы дескать следовательно напоследок будешь будете будут будь будьте будучи бывает "
        "бывают бываем бывать являться являюсь являлся являлась являлись являясь являющийся являющаяся "
        "являющиеся стать стану станем станут становится становятся становимся оказаться оказался "
        "оказалась оказалось оказались оказывается надобно должно приходится пришлось придется придётся "
        "удается удаётся стоит надлежит полагается приветствую приветствуем".split()
    ),
    "kk": frozenset(
        "ал арқылы бар барлық бен бір біз біздің бойынша болады болып бұл да дейін де деп және жоқ "
        "кейін қана мен не немесе өз пен сондай сол та те тек туралы үшін ғана болса деген деді еді "
        "екен еш қазір осы олар оны оған ол олардың сізге сіз мұнда онда онымен сайын қатар кез әр "
        "бәрі бүкіл келген келеміз келеді келіп кел кетті кетіп кеткен жатыр отыр отырмыз тұр тұрған "
        "жүр жүрміз болған болу өзіміздің өзіміз арғы аса бәрінен бірге қарай қарсаңында ретінде "
        "дейміз дейтін едік алдымен тисе түседі түсе түсіп қатарында қатарындамыз қыламыз қылып әрі "
        "арасында жағынан яғни әлі енді өте тағы мұның бұның соның арналған сен сіздер біздер ненің "
        "қандай қайсы қашан қайда неге кім кімдер мұндай осындай ондай мына мынау анау бірақ алайда "
        "өйткені себебі егер тіпті бүткіл ешкім ешқандай ешқашан шығар болар болуы болмақ боламыз "
        "аламыз алып алған береміз беріп берген бердік етеміз етіп еткен ете етеді келе келдік тұрмыз "
        "тұрып жүрген жүріп дайынбыз арқасында түрінде әлдеқашан әрдайым үнемі жиі тым ең едәуір "
        "біраз кеше бізде сізде бізге бізді сізді бізден сізден оларды оларға одан содан бұдан мұнан "
        "оның кейбір бірнеше көбінесе мысалы секілді тәрізді шейін шамамен жуық түгелдей бәріміз "
        "бәрін барлығы барлығын өздері өзіңіз дейді дедік дегенмен сонымен сондықтан сонда солай "
        "осылай былай қоса тиіс тиісті күллі алдында артында сыртында үстінде астында бері ары шақты "
        "гөрі сонан сосын сәл сәті "
        "құрметті қайырлы сәлем сәлеметсіз сәлеметсіздер ассалаумағалейкум ассалаумағалайкум немен "
        "кімді кімге ма ме ба бе па пе болсын аласыз аласыздар аласыңдар жазыңыз жазыңыздар "
        "жазсаңыз хабарласыңыз мырза мырзалар ханым ханымдар тілегіңіз іздейсіз айналысасыз ұсынасыз "
        "кетеміз жіберейік баршаңызға сіздерге өзіміздікі бірден шамасында ғой күйінде күйде "
        "армандаймын армандаймыз "
        "сияқты сияқтылар іспетті сықылды арнап арнаған арналып арналады арналатын бойына бойында "
        "бойынан бойымен бойындағы жөнінде жөніндегі жөнінен жайында жайындағы турасында турасындағы "
        "хақында соң барысында барысындағы кезі кезде кезден кезге кездегі кездері кезінде кезіндегі "
        "тұсында тұсындағы маңындағы маңынан арасындағы арасынан арасына сыртынан алдындағы алдынан "
        "алдына артындағы артынан жанынан қасында қасындағы қасынан қасына түбінде түбіндегі ортасында "
        "ортасындағы бағытында бағытындағы шегінде шегіндегі шеңберінде шеңберіндегі негізінде "
        "негізіндегі салдарынан кесірінен тарапынан тұрғысынан тұрғысында қарамастан орай сай кейінірек "
        "бұрынырақ дейінде қосқанда есебінен мақсатында мақсатымен нәтижесінде екенін екеніне екенінде "
        "екенінен екенім екенбіз екенмін екенсіз екенсің екендігі екендігін екендігіне екендіктен еместігі "
        "жатырмыз жатырмын жатырсыз жатырсың жатырсыздар отырмын отырсыз тұрмын тұрсыз жүрмін жүрсіз "
        "едім едің едіңіз едіңіздер емей емеспін емеспіз емессің емессіз бармыз бармын жоқпыз жоқпын "
        "тиіспіз тиіспін ретпен мәрте бұндай анадай осымен бұнымен сондайақ бірде біреу біреуі біреудің "
        "біреуге біреуін біреулер әркім әрқайсысы әрқайсысына әрқайсысын әрқайсысының бәрібір бірдеңе "
        "бірнәрсе ештеңе ешнәрсе ешбір ешқайсысы ештеме кейбірі кейбіреулер кейде мені маған менің "
        "менде менен меніңше менімен сені саған сенің сенде сенен сенімен бізбен сіздің сізбен "
        "сіздермен сіздерден сіздерде сіздерді сіздердің сіздікі сіздерсіз біздікі олармен олардан "
        "оларда олардікі менікі сенікі онікі мынадай мынандай мынаған мынадан мынаны мынаның мыналар "
        "мыналарды мынауы анаған ананы мұны мұнымен бұған бұны бұлар бұларды бұларға бұлардың осыны "
        "осыған осыдан осында осының осылар осыларды осыларға осылардың осындағы мұндағы сондағы соны "
        "соған сонысы солар соларды соларға солардың солармен солардан сонша соншама мұнша осынша "
        "осыншама соншалық соншалықты сонау қанша қаншама неше нешеге нешінші неде неден неменеге "
        "қайдан қайсысы қайсысын қалай қалайша кіммен кімнен кімнің кімде неліктен неғұрлым соғұрлым "
        "нендей әлде мейлі әйтпесе әйтпегенде сөйтіп өйтсе өйтіп бүйтіп әйтеуір әйтсе ендеше мәселен "
        "айталық әрине бәлкім сірә расында шынында шын негізі кемінде үйткені ақыр тағыда мүлдем мүлде "
        "бірқатар бірталай айтарлықтай азырақ көбірек көбінше дәлірек алғаш алғашында жолғы бұлай олай "
        "бұлайша олайша былайша солайша барша баршасы баршамыз бәріне бәрінің бәрінде мүмкіндігінше "
        "биыл биылғы былтыр былтырғы бүрсігүні кешегі қазірде жуырда таяуда шықты шықтық".split()
    ),
    "de": frozenset(
        "als am an auch auf aus bei bis das dem den der des die durch ein eine einem einen einer "
        "eines es für haben hat im in ist kann mit nach nicht oder sich sie sind über um und uns "
        "unser unsere unseren fürs ins ans aufs von vor wie wir wird zu zum zur ich er dass so aber "
        "noch du wenn was werden man da dann habe ja mir sein hier mich doch ihr diese dieser dieses "
        "diesem diesen wurde wurden sehr muss bin vom gibt hatte ihre ihrer ihren ihnen ihrem seine "
        "seiner seinen seinem also geht ab denn meine meiner meinen meinem damit dir weil beim etwas "
        "mein soll sollen sollte sollten wo dich hab kommt nichts nun würde würden wer ihm ob ihn "
        "zwischen dabei dort warum wohl vielleicht dazu euch hätte hätten sei könnte könnten konnte "
        "sowie dafür steht während nie gemacht genau gar dies beiden beide davon eigentlich denen "
        "sieht zurück deine jedoch liegt welche zusammen kannst kam darauf hatten letzten letzte nein "
        "sogar worden zwar allerdings darf jemand stehen heißt oft statt gehört lässt darüber deren "
        "hin gesagt sonst bzw bleibt je deshalb gewesen außerdem leider musste bleiben daher kaum "
        "daran genug allein dessen solche solcher überhaupt ebenfalls eher bald lieber nachdem danach "
        "deutlich nächsten unserer damals endlich gilt egal gegenüber bisher trotzdem bestimmt "
        "niemand scheint zunächst bisschen laut stellt dürfen geworden besteht manchmal obwohl "
        "ziemlich dadurch wann wieso weshalb innerhalb insgesamt gern gerne müssen müsse besser "
        "bessere besseren besseres besten hast sagt sagte sagten fast wollte wollten wollt tut tun "
        "dachte plötzlich seid lass lassen lasse gestellt teilweise teils selten lediglich klingt "
        "knapp gebe gegeben lachen lacht lächerlich wiederum laufe lauf laufen läuft steckt stecken "
        "sodass gegenteil anlass anlässlich fordern fordert spätestens verbreitet hass hasse "
        "sämtliche sämtlicher sämtlichen verbrechen begründung begründet bezüglich ordentlich geraten "
        "schien verbringen betont haft heftig stört dieselbe denselben allen aller jede jedes jeden "
        "jedem mehrere mehreren einigen einiger wenige wenigen manche anderen anderer anderes viele "
        "vielen vieler ganze ganzen bereits schon nämlich übernehmen übernimmt beliefern beliefert "
        "ihres eures jeweils derzeit zurzeit momentan möchte woher wohin hierbei hierfür dank bezieht "
        "geehrte geehrter geehrten bitte guten hallo wen wem etwa mal "
        "hause mindestens peter karl walter wilhelm wolfgang roger sir angela gelten gelernt gebt "
        "kriegen kriegt einander kannte blöd sozusagen angelegenheit angelegenheiten herzlich "
        "herzlichen schief erledigt erledigen gelungen garnicht rüber grossteil erleichtert hebt "
        "deiner euer meines dein deinem deinen deines seines unserem unseres unsre unsrem unsren unsrer "
        "eure eurem euren eurer jener jene jenes jenem jenen mancher manches manchem manchen solch "
        "solches solchem solchen welch welcher welches welchem welchen derjenige diejenige dasjenige "
        "dasselbe demselben desselben irgendein irgendeine irgendwelche irgendetwas irgendwie irgendwo "
        "irgendwann irgendwas allem beider beides einiges mehrerer jemanden jemandem niemanden niemandem "
        "jedermann wessen wofür womit woran worauf woraus worin worüber wovon wozu wobei wodurch entlang "
        "gemäß infolge inmitten außerhalb oberhalb unterhalb diesseits jenseits inklusive inkl mangels "
        "mittels mithilfe per pro nebst mitsamt seit seitens anstatt trotz wegen zufolge zugunsten "
        "zuzüglich zzgl abzüglich aufgrund anhand anstelle angesichts hinsichtlich betreffs "
        "einschließlich ungeachtet unweit zwecks entsprechend durchs übers ums unters vors überm unterm "
        "sondern sowohl weder entweder falls seitdem sobald solange sofern soweit insofern insoweit "
        "obgleich obschon wenngleich indem zumal hierher dorthin dahin heraus herein hinaus hinein hinauf "
        "herauf herunter hinunter herüber hinüber vorn drinnen draußen drüben nirgends nirgendwo überall "
        "weg fort voraus soeben gestern vorgestern übermorgen heutzutage niemals öfter stets jemals erst "
        "zuerst zuletzt schließlich inzwischen mittlerweile nachher vorerst seither bislang neuerdings "
        "demnächst künftig einst zweimal mehrmals dauernd zugleich gleichzeitig beinahe nahezu bloß "
        "ebenso gleichfalls insbesondere vorwiegend überwiegend größtenteils ungefähr circa ca wenigstens "
        "höchstens zumindest allzu vielem vieles meist meiste meisten meistens weniger möglichst "
        "vermutlich möglicherweise sicherlich selbstverständlich freilich hoffentlich glücklicherweise "
        "übrigens jedenfalls ohnehin sowieso folglich somit darum deswegen demnach dennoch dagegen daraus "
        "darin darunter davor dazwischen daneben hiermit hierzu hierzulande hiervon hieran hierdurch "
        "zudem ansonsten andererseits einerseits beziehungsweise usw etc bist war warst wart seist "
        "seien wäre wärst wären habt hattest hattet gehabt werde wirst werdet wurdest könnt konnten "
        "gekonnt musst müsst mussten müsste müssten darfst dürft durfte durften dürfte dürften sollst "
        "sollt will willst mögen mögt mochte mochten ließ ließen danke grüße gruß grüßen freundlichen mfg "
        "herr".split()
    ),
    "tr": frozenset(
        "bir bu çok da daha de değil en gibi göre her için ile ise kadar ki mi mı mu mü olan olarak "
        "olup sonra şu tüm ve veya ya yok biz bizim ne ben ama sen hiç nasıl şey şeyi şeye şeyler "
        "diye olduğu olduğunu olur neden olmak çünkü ancak bunu öyle hemen yine siz hakkında size "
        "teşekkürler olacak biraz hem ayrıca hiçbir bize evet fakat kez zaten üzerine kim sizin "
        "bulunan hep üzerinde eğer herkes lütfen burada onun üzere bizi kimse etmek demek sizi belki "
        "olmaz oluyor birçok olabilir ardından dedi hangi olması yoksa yaptığı başladı buna bunlar "
        "olmayan eder ederim kaç hadi merak rağmen beraber edilen oldukça falan herhangi yaklaşık "
        "belli nedeniyle sanki tabi bundan tamamen böylece dedim den dolayı oldu oldum oldun oldular "
        "olduk olsa olsun olsam olmuş olmuştur olunca olun artık sana bana ona onlar onların etti "
        "ettim ettik ettin ettiler ettiniz etmiş etmiştir eden ediyor ediyoruz edecek edilir yapılan "
        "yapılmış yapılmıştır hala hâlâ asla niye beri tane şöyle söyle halde haline halinde hale "
        "halen dolayısıyla derken derler derim giden gördü gördüm gördük görünce mesela mesele "
        "meselesi neyi neyin neye aşkın madem aksine aksi kazanan kazanmak kazandı masum gözden vali "
        "filan gene orda baktım musun mısınız bitti sırada altında altına yönde lakin resmen dostum "
        "düşün düşen sayın bunun şunu onu bizden sizden kendisi kendimiz bazı dün hâlbuki zira doğru "
        "ait dair böyle birlikte yani genellikle isteriz istiyorum başlayabiliriz verebiliriz "
        "yapabiliriz olabiliriz ediyorum etmekteyiz yapmaktayız "
        "merhaba merhabalar selam selamün aleyküm yapıyorsunuz arıyorsunuz sunuyorsunuz rica lütfedin "
        "kimi kime isterim efendim tamam "
        "yap yaptı yaptım yaptık yaptılar yaptın yaptınız yapıldı yapayım yapsın yapanlar aldı aldım "
        "aldık aldılar aldın attı attım etsin olsan olayım gör görmeye canım canımı canını canı derdi "
        "derdim derdin pişman tarık hasan halil malum haliyle gelince giderken bende sende neydi neyse "
        "onları onlara onlardan musunuz misiniz mısın misin musun müsün muyum muyuz hatta cidden "
        "oysa aslında boyunca gerçekten sonunda önceden eskiden şimdiden şimdiye yalnızca "
        "beni benden benim benimle seni senden senin seninle onda ondan onunla bizde bizimle sizde "
        "sizinle onlarda onlarla bunda bununla bunları bunlara bunlardan bunların şuna şunda şundan şunun "
        "şununla şunlar şunları şunlara şunlardan şunların kendim kendimizin kendiniz kendinize kendisini "
        "kendisine kendini kendileri kendilerini kendilerine kimde kimden kimin kimler kimseyi "
        "kimseye kimsenin kimisi nerede nereden nereye neler niçin hangisi hangileri kaçta biri birini "
        "birine birinin birisi birileri birilerini bazısı bazıları çoğu çoğunu çoğunun çoğunlukla hepsini "
        "hepsine hepimiz hepiniz herkesi herkese herkesin hiçbiri hiçbirini başkası başkaları öbür beriki "
        "diğerleri birbiri birbirini birbirine birbirinden birbirimiz tümü tümünü bütünü hiçkimse birçoğu "
        "birkaçı veyahut yahut oysaki halbuki şayet mademki üstelik ila gerek ister itibaren dek değin "
        "ötürü itibarıyla itibariyle üzerinden altından yanında yanından yanına yanı içinde içinden içine "
        "içerisinde içerisinden içerisine dışından dışına önünde önünden önüne ardında ardına arkasında "
        "arkasından arkasına karşısında karşısından karşısına arasında arasından arasına etrafında "
        "etrafından etrafına çevresinde civarında civarından civarına civarı yüzünden sayesinde sebebiyle "
        "vasıtasıyla aracılığıyla yoluyla tarafından tarafımıza tarafımızdan tarafınıza tarafınızdan "
        "adına bakımından açısından yönünden konusunda hususunda hâlinde biçiminde oranla "
        "nazaran kıyasla istinaden ilaveten mukabil karşın esnasında sırasında süresince zarfında bazında "
        "bazlı dahil dâhil bile dahi pek hayli epey epeyce gayet birazcık azıcık fazla fazlaca fazlasıyla "
        "yeterince sırf tamamıyla büsbütün neredeyse bilhassa genelde ekseriyetle bazen arada sıkça daima "
        "katiyen nadiren kâh henüz şimdilik demin sonradan evvel evvelce derhal geçenlerde yakında kısaca "
        "özetle doğrusu elbette kesinlikle mutlaka muhakkak herhalde galiba sanırım acaba keşke inşallah "
        "maalesef örneğin nitekim böylelikle böylesi öylesine şöylece buradan buraya burası orada oradan "
        "oraya orası şurada şuradan şuraya bura ora mıyım miyim müyüm mıyız miyiz müyüz müsünüz mıdır "
        "midir değiliz değilim değildir değilse değiller vardır varsa yoktur varız varım idi idik iken "
        "imiş isek iseniz saygılarımla saygılarımızla selamlar teşekkür bey beyefendi hanımefendi".split()
    ),
    "sv": frozenset(
        "att av bara de den det detta där eller en ett från för ha har i inte kan med men mot när och "
        "om oss på samt ska som till under vi vår våra vara är jag du mig han då hur vill sig skulle "
        "ut min dig hade ju mycket upp gör blir mer än efter göra ni också går även någon något några "
        "nog tror bli ja kanske ser dem din sin sina sitt helt varit blev dom tar tycker bättre denna "
        "dessa just nej kom ner mina vilket vilka vilken annat genom hans hennes känner bort ens "
        "precis väldigt ändå gjort redan inom ditt gjorde ganska honom står tillbaka vem ger mindre "
        "runt deras fortfarande sett enligt förstår mest alltså faktiskt längre tog dina därför hos "
        "kvar börjar börja började eftersom blivit istället nån nästan nästa klart låter hemma ofta "
        "ute snart ännu ibland emot ihop helst sagt säga säger säg sägs tillsammans största ville "
        "samtidigt skall säkert heller vårt dessutom egentligen låt jo trots vart ifrån hon måste "
        "fick fått fan ligger ligga gärna gäller gälla gällande henne bör bor fanns fann finns nåt "
        "brukar brukade håll håller läs minns minnas väntar saknar saknas sakna räcker räcka "
        "spännande knappt knappast rädd skrivit inlägg enbart överallt förmodligen laget lägre "
        "massor växer växte ledsen gett räknas räknat slipper snacka snackar skäl ringer ringde stolt "
        "stolta sällan dels kollade sådär sade taget duktig duktiga tackar tack lade ladda märkligt "
        "märker påstår påstå fruktansvärt styra styr försvara försvarar sällskap råkar råkade ledig "
        "lediga ledigt våga skedde sköta sköter slänga avgöra avgör avgörande sprida sprider hemliga "
        "leka leker överleva vettigt konstig konstiga konstigt lust körkort sämsta täcker satsa "
        "satsar övertygad notera bilda krafter kap rädda räddar vägrade släng nyfiken nyfikna nyfiket "
        "varandra all ingenting någonting varför varifrån därifrån härifrån tills medan minst kring "
        "genast numera igår "
        "hej ert era er åt bästa vänliga ungefär cirka vad "
        "klockan senast "
        "borta gött peter rätta sakta saken sakerna lugnt karlsson karlstad petter lasse lindgren agnes "
        "konstatera konstaterar spontant vettig sämst slänger släpper kika lustigt läskigt "
        "dess denne sådan sådant sådana vems vars var varenda vardera envar båda bägge mången flest "
        "flesta färre somliga vissa viss visst slik dylik dylika respektive varannan vartannat "
        "ur inför bakom framför igenom utanför innanför ovanför nedanför ovan nedan "
        "omkring längs utmed utefter förbi vare pga via inkl inklusive jämte beträffande angående "
        "avseende rörande medelst förutom utöver oavsett gentemot tvärs så ifall emedan förrän "
        "fastän såvida såsom liksom desto både antingen varken här dit inne uppe nere ned framme "
        "någonstans ingenstans någonstädes varest vadan strax nyss aldrig emellanåt stundom förrgår "
        "nuförtiden hittills dittills först sist slutligen äntligen länge jämt ständigt återigen ånyo "
        "vidare tämligen blott ca drygt dryga dryg alltför likaså speciellt framförallt huvudsakligen "
        "åtminstone iallafall rentav hellre troligen troligtvis antagligen väl visserligen naturligtvis "
        "självklart givetvis verkligen förstås tyvärr lyckligtvis dock likväl däremot emellertid annars "
        "således därmed därav därtill därvid därpå därefter härmed härvid härtill hitom nämligen "
        "exempelvis osv dvs etc vore varande haft havande bliva kunde kunnat velat borde böra må måtte "
        "tör torde bruka lät låtit hejsan vänligen hälsningar mvh emotses".split()
    ),
    "uz": frozenset(
        "bilan bir biz bizning bo'lgan bo'lib bo'ladi bu esa ega emas ham har hamda haqida keyin "
        "kerak ko'p lekin mumkin o'z shu shuningdek sizning siz uchun va yoki yo'q билан бир биз "
        "бизнинг бўлган бўлиб бўлади бу эса эга эмас ҳам ҳар ҳамда ҳақида керак кўп лекин мумкин ўз "
        "шу сиз учун ва ёки йўқ men sen u ular sizlar bizlar nima qanday qaysi qachon qayer qayerda "
        "nega kim kimdir bunday shunday o'sha ana mana ammo biroq chunki hatto balki hech bor edi "
        "ekan emish bo'lar bo'lsa bo'lishi bo'lmoqchi bo'lamiz olamiz olib olgan beramiz berib bergan "
        "qilamiz qilib qilgan qilish kelamiz kelgan kelib turibmiz turib yuribmiz xohlaymiz "
        "izlayapmiz tayyormiz orqali tomonidan sifatida bo'yicha endi avval juda eng ancha biroz "
        "kecha o'zimiz o'zimizning bizda sizda bizga sizga bizni sizni bizdan sizdan ularni ularga "
        "ularning "
        "assalomu alaykum salom hurmatli qidiryapsiz shug'ullanasiz kimni kimga yozing yozinglar "
        "ketamiz olasizmi bo'lsin janob janoblar iltimos darrov салом "
        "kutamiz oladi oladigan "
        "undan shundan bundan bunga shunga unga unda bunda shunda unday bundagi undagi buning uning "
        "shuning buni shuni mening sening meni seni menga senga menda senda mendan sendan ularda ulardan "
        "bular bularning shular bizniki sizniki kimning kimda kimdan nimani nimaga nimadan nimalar "
        "qaysidir qandaydir kimlar ayrim ba'zi ba'zan biron birorta mayli ravishda darhol kabi xolos "
        "atrofida bo'ylab tufayli ortiq jumladan deyarli albatta qaramay qaramasdan holda holida holatda "
        "singari doir ko'ra binoan muvofiq qarab so'ng beri buyon ustida ostida oldida orasida o'rtasida "
        "haqda hali hanuz hattoki ya'ni masalan xususan garchi go'yo to'g'risida yuzasidan vositasida "
        "odatda doimo hamisha goh ba'zida nihoyat balkim demak shunchaki shundayki modomiki zotan axir "
        "tag'in ni ning ga ka qa da dan dagi gacha li lik ta tasi tadan tagacha tali talik".split()
    ),
    "zh": frozenset(
        "的 和 与 在 是 了 我 我们 你 你们 他 他们 也 为 这 对 就 都 吗 会 到 被 还 而 个 可以 但 "
        "于 什么 这个 将 并 能 很 让 从 以 把 又 或 因为 着 之 过 及 由 就是 已经 已 更 这些 得 所 "
        "最 这样 它 那 可 吧 如果 其 该 向 却 才 但是 应该 以及 真的 这种 同时 所以 比 跟 请 还有 一些 "
        "如何 还是 一样 其中 则 不过 作为 至 那么 一定 使 像 只是 根据 此 起 任何 只有 这里 一起 因此 如 "
        "而且 一直 者 对于 由于 许多 各 等等 我方 本 愿 愿意 需 欢迎 方 您 您好 悉 "
        "尊敬 谁 请问 能否 可否 "
        "她 她们 它们 咱 咱们 大家 别人 别的 别处 某 某些 各式 各样 各个 种 一种 多种 几种 两种 这边 那边 "
        "那里 那些 那个 那样 那种 哪 哪里 哪些 怎么 怎样 多少 几 何 为何 另 另有 其余 彼此 本人 本身 要 有 "
        "没 做 须 肯 敢 应 应当 是否 即 即可 均 均可 勿 未 别 只要 只能 只需 还要 还想 仍 仍然 供 求 招 收 "
        "办 出 进 配 送 签 谈 回 帮 补 付 建 备 含 附 持 作 属于 成为 进行 给予 予以 加以 面向 针对 "
        "通过 除了 经 朝 往 关于 至于 当 随 随着 按 按照 依 依照 据 凭 为了 因 替 代 包括 包含 经由 鉴于 "
        "基于 来自 趁 离 里 之内 以内 之间 以上 以下 以外 之外 以后 之后 旁 左右 上下 前后 当中 其间 先 常 "
        "常常 经常 往往 通常 正 正在 现 如今 刚 刚刚 便 即将 马上 随时 随后 然后 接着 顺便 顺带 越 "
        "越来越 更加 非常 十分 极其 相当 较 太 够 不够 再次 共 一共 总共 大约 约 大概 差不多 几乎 至少 "
        "至多 最少 最多 起码 首先 其次 终于 陆续 一边 仅仅 甚至 尽量 尽快 必 务必 互 互相 亲自 确实 实在 "
        "本来 曾 一旦 不 不少 不断 不仅 不但 不只 不光 不管 不论 无论 不限 不等 不错 不得 不必 不便 不可 "
        "不能 不会 不想 不如 不然 不妨 不止 不及 不久 不得不 未必 有没有 能不能 会不会 要不要 是不是 "
        "好不好 可不可以 并且 况且 何况 或者 或是 要么 既 既然 虽 虽然 尽管 即使 哪怕 假如 若 倘若 除非 "
        "以便 以免 从而 于是 因而 故 例如 比如 譬如 诸如 等 之类 呢 啊 呀 嘛 啦 似 般 似的 们 起来 下来 "
        "下去 出来 出去 进来 过来 回去 次 式 子 儿 性 些".split()
    ),
    "ky": frozenset("жана менен үчүн бул эмес болуп керек ошондой".split()),
    "mn": frozenset("ба нь юм байна болон тус бид манай хийх үйлдвэрлэдэг".split()),
    "ar": frozenset("من في على و إلى عن مع التي الذي نحن".split()),
}

# Those that are words of other languages too, and no signs of their own: undan, meni; endings that stand
# apart behind numbers: 500 ga, 18 ta.
UNTELLING: dict[str, frozenset[str]] = {
    "uz": frozenset(
        "undan unga meni seni bular hali "
        "ni ning ga ka qa da dan dagi gacha li lik ta tasi tadan tagacha tali talik".split()
    )
}

# Roots of verbs that mean nothing without another word, in all their forms.
AUXILIARIES: dict[str, frozenset[str]] = {
    "kk": frozenset("бол ет қыл е де жат жатыр тұр отыр жүр кет шық шығ тиіс".split()),
    "tr": frozenset("et ol edil".split()),
    "uz": frozenset("bo'l qil et de".split()),
}

DENYING: dict[str, frozenset[str]] = {
    "en": frozenset("no not nor neither without non excluding except instead unlike".split()),
    "ru": frozenset("не нет ни без кроме исключая вместо".split()),
    "de": frozenset("nicht ohne kein keine keinen keiner keinem außer statt anstatt anstelle".split()),
    "sv": frozenset("inte ej utan ingen inga inget icke exklusive istället stället".split()),
    "zh": frozenset(
        "无 没有 不是 不卖 不做 不要 非 代替 而不是 不太 没太 别太 不含 未含 不加 没加 未加 别加 不添加 "
        "未添加 不用 没用 未用 别用 不使用 未使用 勿用 不放 没放 未放 别放 不掺 没掺 未掺 别掺 不带 不兑 "
        "不打 没打 未打 不喷 没喷 未喷 不洒 不施 未施 不涂 未涂 不熏 没熏 未熏".split()
    ),
}
DENYING_BEFORE: dict[str, frozenset[str]] = {
    "kk": frozenset("емес емеспіз емеспін жоқ орнына қосылмаған".split()),
    "tr": frozenset("değil yok hariç yerine katılmamış eklenmemiş".split()),
    "uz": frozenset("emas yo'q o'rniga qo'shilmagan эмас емас йўқ ўрнига".split()),
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
LACKING: dict[str, frozenset[str]] = {
    "kk": frozenset("бізде өзімізде менде өзімде".split()),
    "tr": frozenset("bizde kendimizde bende kendimde".split()),
    "uz": frozenset("bizda o'zimizda menda o'zimda бизда ўзимизда менда ўзимда".split()),
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
    "ru": frozenset("в во для из с со под на".split()),
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
