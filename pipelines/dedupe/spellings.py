"""What newsrooms write in more than one way, as tables and rules."""

import re

# Units and currencies stand before the number in one house and behind it in the next: the number stays, they
# go.
_UNITS = """
pct percent percentage procent prozent dlr dlrs dollar dollars usd eur euro euros stg gbp pound pounds
sterling yen yuan rmb rouble roubles ruble rubles franc francs mark marks
"""

DROPPED = frozenset(_UNITS.split())
"""Words that are not counted."""

_VARIANTS = {
    "million": "mln mn m mio millions millionen миллион миллиона миллионов млн",
    "billion": "bln bn b billions mrd milliard milliarden миллиард миллиарда миллиардов млрд",
    "trillion": "trn tn trillions трлн",
    "thousand": "k thousands тыс тысяч тысячи",
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
    "kilometer": "km kms kilometre kilometres kilometers",
    "kilogram": "kg kgs kilogramme kilogrammes kilograms",
    "meter": "metre metres meters",
    "ton": "tonne tonnes tons",
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
    "2": "two",
    "3": "three",
    "4": "four",
    "5": "five",
    "6": "six",
    "7": "seven",
    "8": "eight",
    "9": "nine",
    "10": "ten",
    "11": "eleven",
    "12": "twelve",
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
# someone thought of. The name of a group is what its letters become.
_SPELLING = re.compile(
    r"(?P<iz>is(?=(?:e|ed|es|er|ers|ing|ation|ations)$))|(?P<yz>ys(?=(?:e|ed|es|er|ers|ing)$))|(?P<or>(?<=..)our)"
    r"|(?P<ter>(?<=..)tre(?=s?$))|(?P<ber>(?<=..)bre(?=s?$))|(?P<og>ogue(?=s?$))|(?P<gram>gramme(?=s?$))"
    r"|(?P<ens>(?<=..)enc(?=es?$))|(?P<l>ll)|(?P<e>[ao]e)"
)


def american(word: str) -> str:
    """An English word in something close to its American spelling, "honour" as "honor".

    It need not be right, only the same for both spellings: "filled" becomes "filed".
    """
    return _SPELLING.sub(lambda letters: letters.lastgroup or "", word)
