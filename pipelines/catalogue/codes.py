"""The codes that a catalogue may use for countries, languages and time zones."""

from contextlib import suppress
from difflib import get_close_matches
from zoneinfo import ZoneInfo, available_timezones

_COUNTRIES = """
AD AE AF AG AI AL AM AO AQ AR AS AT AU AW AX AZ BA BB BD BE BF BG BH BI BJ BL BM BN BO BQ BR BS BT BV BW
BY BZ CA CC CD CF CG CH CI CK CL CM CN CO CR CU CV CW CX CY CZ DE DJ DK DM DO DZ EC EE EG EH ER ES ET FI
FJ FK FM FO FR GA GB GD GE GF GG GH GI GL GM GN GP GQ GR GS GT GU GW GY HK HM HN HR HT HU ID IE IL IM IN
IO IQ IR IS IT JE JM JO JP KE KG KH KI KM KN KP KR KW KY KZ LA LB LC LI LK LR LS LT LU LV LY MA MC MD ME
MF MG MH MK ML MM MN MO MP MQ MR MS MT MU MV MW MX MY MZ NA NC NE NF NG NI NL NO NP NR NU NZ OM PA PE PF
PG PH PK PL PM PN PR PS PT PW PY QA RE RO RS RU RW SA SB SC SD SE SG SH SI SJ SK SL SM SN SO SR SS ST SV
SX SY SZ TC TD TF TG TH TJ TK TL TM TN TO TR TT TV TW TZ UA UG UM US UY UZ VA VC VE VG VI VN VU WF WS YE
YT ZA ZM ZW
"""
COUNTRIES = frozenset(_COUNTRIES.split())
"""ISO 3166-1 alpha-2, the 249 codes assigned."""

_LANGUAGES = """
aa ab ae af ak am an ar as av ay az ba be bg bi bm bn bo br bs ca ce ch co cr cs cu cv cy da de dv dz ee
el en eo es et eu fa ff fi fj fo fr fy ga gd gl gn gu gv ha he hi ho hr ht hu hy hz ia id ie ig ii ik io
is it iu ja jv ka kg ki kj kk kl km kn ko kr ks ku kv kw ky la lb lg li ln lo lt lu lv mg mh mi mk ml mn
mr ms mt my na nb nd ne ng nl nn no nr nv ny oc oj om or os pa pi pl ps pt qu rm rn ro ru rw sa sc sd se
sg si sk sl sm sn so sq sr ss st su sv sw ta te tg th ti tk tl tn to tr ts tt tw ty ug uk ur uz ve vi vo
wa wo xh yi yo za zh zu
"""
LANGUAGES = frozenset(_LANGUAGES.split())
"""ISO 639-1, the primary tags of BCP 47 that news is written in."""

# What people write instead: mostly the country for its language, or a code that was withdrawn.
_LANGUAGE_SLIPS = {
    "cn": "zh", "cz": "cs", "dk": "da", "gb": "en", "gr": "el", "in": "id", "iw": "he", "jp": "ja",
    "ua": "uk", "us": "en",
}  # fmt: skip
_COUNTRY_SLIPS = {"UK": "GB", "EN": "GB", "JA": "JP", "KO": "KR", "CS": "CZ", "EL": "GR", "USA": "US"}


def country_mend(code: str) -> str:
    """Nothing when `code` is a country, else what to write instead."""
    if code in COUNTRIES:
        return ""
    upper = code.upper()
    likely = _COUNTRY_SLIPS.get(upper, upper if upper in COUNTRIES else "")
    return f'did you mean "{likely}"?' if likely else 'write the two letters of ISO 3166, for example "US"'


def language_mend(code: str) -> str:
    """Nothing when `code` is a language, else what to write instead."""
    if code in LANGUAGES:
        return ""
    lower = code.lower()
    primary = lower.partition("-")[0].partition("_")[0]
    likely = _LANGUAGE_SLIPS.get(primary, primary if primary in LANGUAGES else "")
    return f'did you mean "{likely}"?' if likely else 'write the two letters of ISO 639-1, for example "en"'


def timezone_mend(name: str) -> str:
    """Nothing when `name` is a zone of the IANA database, else what to write instead."""
    # A zone that is not there is a KeyError, a path such as "../x" a ValueError, a folder such as "Europe"
    # an OSError.
    with suppress(KeyError, ValueError, OSError):
        ZoneInfo(name)
        return ""
    known = sorted(available_timezones())  # reads a folder tree: only worth it for a mistake
    city = name.strip().lower().replace(" ", "_")
    likely = [zone for zone in known if zone.rpartition("/")[2].lower() == city] or get_close_matches(name, known, n=1)
    return f'did you mean "{likely[0]}"?' if likely else "write a zone of the IANA database, such as Europe/Paris"
