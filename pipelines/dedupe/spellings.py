"""What newsrooms write in more than one way, as tables and rules."""

import re

# Units and currencies stand before the number in one house and behind it in the next: the number stays, they
# go.
_UNITS = """
pct percent percentage procent prozent dlr dlrs dollar dollars usd eur euro euros stg gbp pound pounds
sterling yen yuan rmb rouble roubles ruble rubles franc francs mark marks
franken rappen dolar dolares peso pesos доллар доллара долларов евро рубль рубля рублей руб процент процента процентов
"""

DROPPED = frozenset(_UNITS.split())
"""Words that are not counted."""

_VARIANTS = {
    "million": "mln mn m mio millions millionen millon millones mdd миллион миллиона миллионов млн",
    "billion": "bln bn b billions mrd milliard milliarden миллиард миллиарда миллиардов млрд",
    "trillion": "trn tn trillions трлн",
    "thousand": "k thousands tausend tsd mille mil тыс тысяч тысячи",
    "cent": "ct cts cents",
    "versus": "vs v",
    "company": "co cos companies",
    "corporation": "corp corps",
    "incorporated": "inc",
    "limited": "ltd plc",
    "brothers": "bros",
    "government": "govt",
    "department": "dept",
    "international": "intl",
    "national": "natl",
    "association": "assn assoc",
    "quarter": "qtr",
    "share": "shr",
    "revenue": "rev revs revenues",
    "average": "avg avge",
    "president": "pres",
    "general": "gen",
    "senator": "sen",
    "representative": "rep",
    "doctor": "dr",
    "saint": "st",
    "kilometer": "km kms kilometre kilometres kilometers kilometern kilometros км километр километра километров",
    "kilogram": "kg kgs kilo kilos kilogramme kilogrammes kilograms kilogramm kilogramos "
    "кг килограмм килограмма килограммов",
    "meter": "metre metres meters",
    "ton": "tonne tonnes tons tonnen toneladas тонна тонны тонн",
    "january": "jan",
    "february": "feb",
    "march": "mar",
    "april": "apr",
    "june": "jun",
    "july": "jul",
    "august": "aug",
    "september": "sep sept",
    "october": "oct",
    "november": "nov",
    "december": "dec",
    "monday": "mon",
    "tuesday": "tue tues",
    "wednesday": "wed",
    "thursday": "thu thur thurs",
    "friday": "fri",
    "saturday": "sat",
    "sunday": "sun",
    "1": "one",
    "2": "two zwei deux два две",
    "3": "three drei trois tres три",
    "4": "four vier quatre cuatro четыре",
    "5": "five funf cinq cinco пять",
    "6": "six sechs seis шесть",
    "7": "seven sieben siete семь",
    "8": "eight acht huit ocho восемь",
    "9": "nine neun neuf nueve девять",
    "10": "ten zehn dix diez десять",
    "11": "eleven elf onze одиннадцать",
    "12": "twelve zwolf douze doce двенадцать",
    "gray": "grey",
    "tire": "tyre",
    "tires": "tyres",
    "plow": "plough",
    "check": "cheque",
    "checks": "cheques",
    "skeptic": "sceptic",
    "skeptical": "sceptical",
    "aluminum": "aluminium",
    "artifact": "artefact",
    "artifacts": "artefacts",
    "maneuver": "manoeuvre",
    "maneuvers": "manoeuvres",
    "while": "whilst",
    "among": "amongst",
    "toward": "towards",
    "curb": "kerb",
    "pajamas": "pyjamas",
    "judgment": "judgement",
    "aging": "ageing",
    "jewelry": "jewellery",
    "specialty": "speciality",
}

SAME = {variant: word for word, variants in _VARIANTS.items() for variant in variants.split()}
"""Abbreviations and single spellings, each with the word that stands for it."""

# British and American spelling by rule, wherever it applies: a rule reaches every word, a list those that
# someone thought of. The name of a group is what its letters become. Each begins with its letters and looks back
# from behind them for the two that must stand before, since a pattern that begins with a letter fails fast.
_SPELLING = re.compile(
    r"(?P<iz>is(?=(?:e|ed|es|er|ers|ing|ation|ations)$))|(?P<yz>ys(?=(?:e|ed|es|er|ers|ing)$))|(?P<or>our(?<=.{5}))"
    r"|(?P<ter>tre(?<=.{5})(?=s?$))|(?P<ber>bre(?<=.{5})(?=s?$))|(?P<og>ogue(?=s?$))|(?P<gram>gramme(?=s?$))"
    r"|(?P<ens>enc(?<=.{5})(?=es?$))|(?P<l>ll)|(?P<e>ae|oe)"
)


def american(word: str) -> str:
    """An English word in something close to its American spelling, "honour" as "honor".

    It need not be right, only the same for both spellings: "filled" becomes "filed".
    """
    return _SPELLING.sub(lambda letters: letters.lastgroup or "", word)
