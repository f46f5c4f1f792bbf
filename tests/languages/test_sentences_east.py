"""Sentences as the press of eastern Europe, the Caucasus and Central Asia writes them, and what they claim.

All sentences, figures and people are invented. The article is of Wednesday, 10 May 2023.
"""

from __future__ import annotations

import tomllib
from datetime import date
from pathlib import Path

import pytest

from tolqyn.claims import Document
from tolqyn.extract import extract
from tolqyn.languages import codes

_SAID = date(2023, 5, 10)

# language, text; then of its first claim: measure, place, group, value or (low, high), qualifier,
# window, and further fields that the sentence is about.
_Row = tuple[str, dict[str, object]]


def _row(
    text: str,
    measure: str,
    place: str,
    group: str,
    figure: float | tuple[float, float],
    qualifier: str,
    window: str,
    **more: object,
) -> _Row:
    """A sentence with what it claims; `window` is "MM-DD/MM-DD", either end may be empty."""
    start, end = (date.fromisoformat(f"2023-{day}") if day else None for day in window.split("/"))
    low, high = figure if isinstance(figure, tuple) else (None, None)
    wanted: dict[str, object] = {
        "measure": measure,
        "place": place,
        "group": group,
        "value": None if isinstance(figure, tuple) else figure,
        "low": low,
        "high": high,
        "qualifier": qualifier,
        "window_start": start,
        "window_end": end,
    }
    return text, wanted | more


_KAZAKH = [
    _row(
        "1 мамырдан бері Қырғызстанға 12 мыңнан астам ресейлік кірді.",
        "entries", "KGZ", "RUS", 12000, "over", "05-01/05-10",
    ),
    _row(
        "2–8 мамыр аралығында елден 7 400 шетелдік шығып кетті, деп хабарлады Қазақстанның шекара қызметі.",
        "exits", "KAZ", "foreign", 7400, "exact", "05-02/05-08",
        organization="Border Service of Kazakhstan",
    ),
    _row(
        "Кеше Өзбекстаннан Қазақстанға 3 мыңға жуық адам келді.",
        "entries", "KAZ", "any", 3000, "about", "05-09/05-09", counterpart="UZB",
    ),
    _row(
        "Жыл басынан бері Қазақстанда 18,5 мың Ресей азаматына ЖСН берілді.",
        "registrations", "KAZ", "RUS", 18500, "exact", "01-01/05-10", kind="iin",
    ),
    _row(
        "2023 жылғы 3 мамырдағы жағдай бойынша Арменияда 40 мыңдай украиналық тұрып жатыр.",
        "stock", "ARM", "UKR", 40000, "about", "05-03/05-03",
    ),
    _row(
        "Соңғы 5 күнде Қазақстаннан 64 өзбекстандық депортацияланды.",
        "deportations", "KAZ", "UZB", 64, "exact", "05-06/05-10",
    ),
    _row(
        "4 мамырда Грузияға мыңдаған ресейлік ағылды.",
        "entries", "GEO", "RUS", (1000, 9999), "order", "05-04/05-04",
    ),
    _row(
        "Биыл Қазақстанда ресейліктердің екі мыңы азаматтық алуға өтініш берген.",
        "applications", "KAZ", "RUS", 2000, "exact", "01-01/05-10", kind="citizenship",
    ),
    _row(
        "Күніне Грузиядан Арменияға 4-5 мың адам өтеді.",
        "entries", "ARM", "any", (4000, 5000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "Мамырдың 1-інен бастап Қазақстанға 900 тәжік келді.",
        "entries", "KAZ", "TJK", 900, "exact", "05-01/05-10",
    ),
    _row(
        "Шекарада 250 көлік кезекте тұр, деді Қазақстан Ішкі істер министрлігі.",
        "queue", "KAZ", "any", 250, "exact", "05-10/05-10", unit="vehicles",
        organization="Ministry of Internal Affairs of Kazakhstan",
    ),
    _row(
        "Өткен аптада Қазақстанға 61 шетелдік кіргізілмеді.",
        "refusals", "KAZ", "foreign", 61, "exact", "05-01/05-07",
    ),
    _row(
        "Келесі аптада Қазақстанға 10 мыңға дейін ауғанстандық келеді деп күтіледі.",
        "entries", "KAZ", "AFG", 10000, "up_to", "05-15/05-21", modality="forecast",
    ),
]  # fmt: skip

_UKRAINIAN = [
    _row(
        "Із 1 травня до Молдови в'їхало понад 5,4 тис. українців.",
        "entries", "MDA", "UKR", 5400, "over", "05-01/05-10",
    ),
    _row(
        "За останню добу з України виїхали до Польщі 21 300 осіб, повідомила Прикордонна служба Польщі.",
        "exits", "UKR", "any", 21300, "exact", "05-09/05-09", counterpart="POL",
        organization="Border Guard of Poland",
    ),
    _row(
        "Від 2 до 8 травня Казахстан покинули майже 3 тисячі росіян.",
        "exits", "KAZ", "RUS", 3000, "almost", "05-02/05-08",
    ),
    _row(
        "Станом на 5 травня в Чехії перебували близько 325 тисяч громадян України.",
        "stock", "CZE", "UKR", 325000, "about", "05-05/05-05",
    ),
    _row(
        "Цього року статус біженця у Вірменії отримали 46 іранців.",
        "registrations", "ARM", "IRN", 46, "exact", "01-01/05-10", kind="asylum",
    ),
    _row(
        "Минулого тижня прикордонники відмовили у в'їзді до Румунії 112 іноземцям.",
        "refusals", "ROU", "foreign", 112, "exact", "05-01/05-07",
    ),
    _row(
        "Учора з Грузії депортували дванадцятьох азербайджанців.",
        "deportations", "GEO", "AZE", 12, "exact", "05-09/05-09",
    ),
    _row(
        "Щодня до Словаччини в'їжджають від 4 до 6 тисяч людей.",
        "entries", "SVK", "any", (4000, 6000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "На кордоні з Польщею в черзі стоять 700 вантажівок, каже речник Держприкордонслужби України.",
        "queue", "POL", "any", 700, "exact", "05-10/05-10", unit="vehicles",
        organization="State Border Guard Service of Ukraine",
    ),
    _row(
        "До кінця травня до Румунії можуть прибути до 8 тисяч молдован.",
        "entries", "ROU", "MDA", 8000, "up_to", "05-10/05-31", modality="forecast",
    ),
    _row(
        "3 травня до Грузії прибули десятки тисяч росіян.",
        "entries", "GEO", "RUS", (10000, 99999), "order", "05-03/05-03",
    ),
    _row(
        "Із початку року дозвіл на роботу в Литві отримали трохи більше ніж 900 узбеків.",
        "registrations", "LTU", "UZB", 900, "slightly_over", "01-01/05-10", kind="work_permit",
    ),
    _row(
        "За перші три місяці понад 1,2 млн громадян в'їхали в Україну.",
        "entries", "UKR", "any", 1200000, "over", "01-01/03-31",
    ),
]  # fmt: skip

_GEORGIAN = [
    _row(
        "5 მაისის შემდეგ საქართველოში 8 400 რუსი შემოვიდა.",
        "entries", "GEO", "RUS", 8400, "exact", "05-05/05-10",
    ),
    _row(
        "გუშინ საქართველოდან რუსეთის 3 100 მოქალაქე გავიდა, განაცხადა საქართველოს შინაგან საქმეთა სამინისტრომ.",
        "exits", "GEO", "RUS", 3100, "exact", "05-09/05-09",
        organization="Ministry of Internal Affairs of Georgia",
    ),
    _row(
        "2-8 მაისს სომხეთში 5 ათასზე მეტი ირანელი ჩავიდა.",
        "entries", "ARM", "IRN", 5000, "over", "05-02/05-08",
    ),
    _row(
        "ბოლო 5 დღეში საქართველოს საზღვარზე 120 უცხოელს უარი ეთქვა შემოსვლაზე.",
        "refusals", "GEO", "foreign", 120, "exact", "05-06/05-10",
    ),
    _row(
        "გასულ კვირას საქართველოდან 37 ავღანელი გააძევეს.",
        "deportations", "GEO", "AFG", 37, "exact", "05-01/05-07",
    ),
    _row(
        "ამჟამად თურქეთში დაახლოებით 60 ათასი უკრაინელი ცხოვრობს.",
        "stock", "TUR", "UKR", 60000, "about", "05-10/05-10",
    ),
    _row(
        "წლის დასაწყისიდან საქართველოში ბინადრობის ნებართვა 1 250 ბელარუსელმა მიიღო.",
        "registrations", "GEO", "BLR", 1250, "exact", "01-01/05-10", kind="residence",
    ),
    _row(
        "ყოველდღიურად საქართველოში 4-5 ათასი ადამიანი შემოდის.",
        "entries", "GEO", "any", (4000, 5000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "7 მაისს სომხეთში ათასობით რუსი ჩავიდა.",
        "entries", "ARM", "RUS", (1000, 9999), "order", "05-07/05-07",
    ),
    _row(
        "საქართველოს საზღვართან რიგში 300 ავტომობილი დგას.",
        "queue", "GEO", "any", 300, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "მოსალოდნელია, რომ მომავალ კვირას სომხეთში 10 000-მდე უკრაინელი ჩავა.",
        "entries", "ARM", "UKR", 10000, "up_to", "05-15/05-21", modality="forecast",
    ),
    _row(
        "შსს-ს ინფორმაციით, აპრილში საქართველოში 2 300 უცხოელმა მოქალაქეობა მიიღო.",
        "registrations", "GEO", "foreign", 2300, "exact", "04-01/04-30", kind="citizenship",
    ),
]  # fmt: skip

_AZERBAIJANI = [
    _row(
        "Mayın 1-dən bəri Gürcüstana 9 mindən çox rusiyalı gəlib.",
        "entries", "GEO", "RUS", 9000, "over", "05-01/05-10",
    ),
    _row(
        "Dünən Gürcüstandan 2 140 Rusiya vətəndaşı gedib.",
        "exits", "GEO", "RUS", 2140, "exact", "05-09/05-09",
    ),
    _row(
        "2-8 may tarixində Azərbaycana 5 minə yaxın iranlı daxil olub, Dövlət Sərhəd Xidməti məlumat verib.",
        "entries", "AZE", "IRN", 5000, "about", "05-02/05-08",
    ),
    _row(
        "Ötən həftə Azərbaycandan 43 əfqan deportasiya olunub.",
        "deportations", "AZE", "AFG", 43, "exact", "05-01/05-07",
    ),
    _row(
        "Hazırda Gürcüstanda təxminən 25 min ukraynalı yaşayır.",
        "stock", "GEO", "UKR", 25000, "about", "05-10/05-10",
    ),
    _row(
        "Bu il Azərbaycanda 310 əcnəbiyə vətəndaşlıq verilib.",
        "registrations", "AZE", "foreign", 310, "exact", "01-01/05-10", kind="citizenship",
    ),
    _row(
        "Hər gün Gürcüstana 3-4 min nəfər gəlir.",
        "entries", "GEO", "any", (3000, 4000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "Gürcüstan sərhədində 180 yük maşını növbədə gözləyir.",
        "queue", "GEO", "any", 180, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "4 mayda Ermənistana minlərlə rusiyalı gəlib.",
        "entries", "ARM", "RUS", (1000, 9999), "order", "05-04/05-04",
    ),
    _row(
        "Son 3 gündə Türkiyədən Azərbaycana 1 200 suriyalı gəlib.",
        "entries", "AZE", "SYR", 1200, "exact", "05-08/05-10", counterpart="TUR",
    ),
    _row(
        "Aprel ayında 75 özbək iş icazəsi üçün müraciət edib, Azərbaycan Daxili İşlər Nazirliyi bildirib.",
        "applications", "AZE", "UZB", 75, "exact", "04-01/04-30", kind="work_permit",
        organization="Ministry of Internal Affairs of Azerbaijan",
    ),
]  # fmt: skip

_POLISH = [
    _row(
        "Od 1 maja do Polski wjechało ponad 142 tys. obywateli Ukrainy.",
        "entries", "POL", "UKR", 142000, "over", "05-01/05-10",
    ),
    _row(
        "Minionej doby z Polski na Ukrainę wyjechało 19,8 tys. osób, podała Straż Graniczna.",
        "exits", "POL", "any", 19800, "exact", "05-09/05-09", counterpart="UKR",
    ),
    _row(
        "Między 2 a 8 maja Gruzję opuściło prawie 6 tysięcy Rosjan.",
        "exits", "GEO", "RUS", 6000, "almost", "05-02/05-08",
    ),
    _row(
        "Według stanu na 5 maja w Polsce przebywało około 980 tys. Ukraińców.",
        "stock", "POL", "UKR", 980000, "about", "05-05/05-05",
    ),
    _row(
        "W tym roku w Polsce numer PESEL otrzymało 74 300 cudzoziemców.",
        "registrations", "POL", "foreign", 74300, "exact", "01-01/05-10", kind="iin",
    ),
    _row(
        "W zeszłym tygodniu na Litwie odmówiono wjazdu 214 Białorusinom.",
        "refusals", "LTU", "BLR", 214, "exact", "05-01/05-07",
    ),
    _row(
        "W kwietniu z Niemiec deportowano dwunastu Afgańczyków.",
        "deportations", "DEU", "AFG", 12, "exact", "04-01/04-30",
    ),
    _row(
        "Codziennie do Rumunii wjeżdża od 4 do 6 tysięcy uchodźców z Ukrainy.",
        "entries", "ROU", "UKR", (4000, 6000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "3 maja do Gruzji dotarły dziesiątki tysięcy Rosjan.",
        "entries", "GEO", "RUS", (10000, 99999), "order", "05-03/05-03",
    ),
    _row(
        "W ciągu ostatnich 5 dni wniosek o azyl złożyło w Polsce nieco ponad 300 Czeczenów i innych obywateli Rosji.",
        "applications", "POL", "RUS", 300, "slightly_over", "05-06/05-10", kind="asylum",
    ),
    _row(
        "Na granicy z Białorusią czeka w kolejce 450 ciężarówek.",
        "queue", "BLR", "any", 450, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "W przyszłym tygodniu do Mołdawii może przybyć nawet 8 tysięcy Ukraińców, powiedział premier Mołdawii.",
        "entries", "MDA", "UKR", 8000, "up_to", "05-15/05-21", modality="forecast",
        organization="Prime Minister of Moldova",
    ),
]  # fmt: skip

_TURKISH = [
    _row(
        "1 Mayıs'tan bu yana Gürcistan'a 9 binden fazla Rus girdi.",
        "entries", "GEO", "RUS", 9000, "over", "05-01/05-10",
    ),
    _row(
        "Dün Yunanistan'dan 340 Afgan sınır dışı edildi.",
        "deportations", "GRC", "AFG", 340, "exact", "05-09/05-09",
    ),
    _row(
        "2-8 Mayıs tarihleri arasında Türkiye'den ayrılan Suriyelilerin sayısı 12.400 oldu.",
        "exits", "TUR", "SYR", 12400, "exact", "05-02/05-08",
    ),
    _row(
        "4 Mayıs itibarıyla Türkiye'de yaklaşık 3,3 milyon Suriyeli yaşıyor.",
        "stock", "TUR", "SYR", 3300000, "about", "05-04/05-04",
    ),
    _row(
        "Bu yıl Türkiye'de 21.500 yabancıya ikamet izni verildi.",
        "registrations", "TUR", "foreign", 21500, "exact", "01-01/05-10", kind="residence",
    ),
    _row(
        "Geçen hafta Bulgaristan'da 75 Iraklının girişine izin verilmedi.",
        "refusals", "BGR", "IRQ", 75, "exact", "05-01/05-07",
    ),
    _row(
        "Her gün Ermenistan'a 2-3 bin kişi giriyor.",
        "entries", "ARM", "any", (2000, 3000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "Son 5 günde Rusya'nın 480 vatandaşı Türkiye'de iltica başvurusu yaptı.",
        "applications", "TUR", "RUS", 480, "exact", "05-06/05-10", kind="asylum",
    ),
    _row(
        "3 Mayıs'ta Kazakistan'a on binlerce Rus geldi.",
        "entries", "KAZ", "RUS", (10000, 99999), "order", "05-03/05-03",
    ),
    _row(
        "Gürcistan sınırında 220 araç kuyrukta bekliyor.",
        "queue", "GEO", "any", 220, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "Gelecek hafta Ermenistan'a 5.000'e kadar Rus'un gelmesi bekleniyor.",
        "entries", "ARM", "RUS", 5000, "up_to", "05-15/05-21", modality="forecast",
    ),
    _row(
        "Nisan ayında Türkiye'de 1 150 düzensiz göçmen yakalandı, İçişleri Bakanlığı açıkladı.",
        "detentions", "TUR", "any", 1150, "exact", "04-01/04-30",
        organization="Ministry of the Interior of Türkiye",
    ),
]  # fmt: skip

_ARMENIAN = [
    _row(
        "Մայիսի 1-ից ի վեր Հայաստան է մտել ավելի քան 12 հազար ռուսաստանցի։",
        "entries", "ARM", "RUS", 12000, "over", "05-01/05-10",
    ),
    _row(
        "Երեկ Հայաստանից մեկնել է Ռուսաստանի 2 140 քաղաքացի, հայտնել է Հայաստանի սահմանապահ ծառայությունը։",
        "exits", "ARM", "RUS", 2140, "exact", "05-09/05-09",
        organization="Border Service of Armenia",
    ),
    _row(
        "Մայիսի 2-8-ը Վրաստան է ժամանել շուրջ 5 հազար ուկրաինացի։",
        "entries", "GEO", "UKR", 5000, "about", "05-02/05-08",
    ),
    _row(
        "Անցած շաբաթ Հայաստանից արտաքսվել է 14 աֆղան։",
        "deportations", "ARM", "AFG", 14, "exact", "05-01/05-07",
    ),
    _row(
        "Ներկայումս Հայաստանում բնակվում է մոտ 60 հազար ռուս։",
        "stock", "ARM", "RUS", 60000, "about", "05-10/05-10",
    ),
    _row(
        "Տարեսկզբից Հայաստանում կացության կարգավիճակ է ստացել 3 250 օտարերկրացի։",
        "registrations", "ARM", "foreign", 3250, "exact", "01-01/05-10", kind="residence",
    ),
    _row(
        "Ամեն օր Հայաստան է գալիս 2-3 հազար մարդ։",
        "entries", "ARM", "any", (2000, 3000), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "Մայիսի 4-ին Հայաստան են ժամանել հազարավոր ռուսներ։",
        "entries", "ARM", "RUS", (1000, 9999), "order", "05-04/05-04",
    ),
    _row(
        "Վրաստանի սահմանին հերթում սպասում է 190 բեռնատար։",
        "queue", "GEO", "any", 190, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "Վերջին 5 օրում Հայաստանում ապաստան է հայցել 31 իրանցի։",
        "applications", "ARM", "IRN", 31, "exact", "05-06/05-10", kind="asylum",
    ),
    _row(
        "Հաջորդ շաբաթ Հայաստան կարող է ժամանել մինչև 8 հազար սիրիացի։",
        "entries", "ARM", "SYR", 8000, "up_to", "05-15/05-21", modality="forecast",
    ),
]  # fmt: skip

_LATVIAN = [
    _row(
        "Kopš 1. maija Latvijā ieceļojuši vairāk nekā 5400 ukraiņu.",
        "entries", "LVA", "UKR", 5400, "over", "05-01/05-10",
    ),
    _row(
        "Vakar no Latvijas izbrauca 1 250 Krievijas pilsoņi, informēja Latvijas Valsts robežsardze.",
        "exits", "LVA", "RUS", 1250, "exact", "05-09/05-09",
        organization="Border Service of Latvia",
    ),
    _row(
        "No 2. līdz 8. maijam Gruziju pameta gandrīz 6 tūkstoši krievu.",
        "exits", "GEO", "RUS", 6000, "almost", "05-02/05-08",
    ),
    _row(
        "Uz 5. maiju Igaunijā dzīvo aptuveni 42 tūkstoši ukraiņu.",
        "stock", "EST", "UKR", 42000, "about", "05-05/05-05",
    ),
    _row(
        "Šogad Latvijā termiņuzturēšanās atļauju saņēma 830 ārvalstnieki.",
        "registrations", "LVA", "foreign", 830, "exact", "01-01/05-10", kind="temporary_stay",
    ),
    _row(
        "Pagājušajā nedēļā Latvijā liegta ieceļošana 112 baltkrieviem.",
        "refusals", "LVA", "BLR", 112, "exact", "05-01/05-07",
    ),
    _row(
        "Aprīlī no Lietuvas izraidīti 14 irākieši.",
        "deportations", "LTU", "IRQ", 14, "exact", "04-01/04-30",
    ),
    _row(
        "Katru dienu Igaunijā ierodas no 200 līdz 300 cilvēku.",
        "entries", "EST", "any", (200, 300), "range", "/05-10", unit="persons/day",
    ),
    _row(
        "3. maijā Gruzijā ieradās tūkstošiem krievu.",
        "entries", "GEO", "RUS", (1000, 9999), "order", "05-03/05-03",
    ),
    _row(
        "Pēdējo 5 dienu laikā patvērumu Latvijā lūguši 36 afgāņi.",
        "applications", "LVA", "AFG", 36, "exact", "05-06/05-10", kind="asylum",
    ),
    _row(
        "Pie robežas ar Krieviju rindā stāv 400 kravas automašīnas.",
        "queue", "RUS", "any", 400, "exact", "05-10/05-10", unit="vehicles",
    ),
    _row(
        "Nākamnedēļ Latvijā varētu ierasties līdz 2 tūkstošiem ukraiņu.",
        "entries", "LVA", "UKR", 2000, "up_to", "05-15/05-21", modality="forecast",
    ),
]  # fmt: skip

_TABLES = {
    "kk": _KAZAKH,
    "uk": _UKRAINIAN,
    "ka": _GEORGIAN,
    "az": _AZERBAIJANI,
    "pl": _POLISH,
    "tr": _TURKISH,
    "hy": _ARMENIAN,
    "lv": _LATVIAN,
}
_CASES = [
    pytest.param(language, *row, id=f"{language}-{n}")
    for language, rows in _TABLES.items()
    for n, row in enumerate(rows, 1)
]


@pytest.mark.parametrize(("language", "text", "wanted"), _CASES)
def test_a_sentence_claims_what_a_native_reader_takes_from_it(
    language: str, text: str, wanted: dict[str, object]
) -> None:
    """Measure, place, group, figure, qualifier, window and source of one sentence."""
    claim = extract(Document("a", text, published=_SAID, language=language)).claims[0]

    assert {name: getattr(claim, name) for name in wanted} == wanted


@pytest.mark.parametrize("code", codes())
def test_every_language_reads_at_least_a_handful_of_sentences_rightly(code: str) -> None:
    """Those of the tables here and in sentences/ are each held to be wholly right by a test of their own."""
    table = Path(__file__).parent / "sentences" / f"{code}.toml"
    invented = tomllib.loads(table.read_text(encoding="utf-8"))["sentence"] if table.exists() else []

    assert len(invented) + len(_TABLES.get(code, ())) >= 5
