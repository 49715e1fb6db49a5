"""The place and day that a news agency prints before its first words; they date the report, not what it tells.

"MOSCOW, May 15 (Agency) - An actress ...", "МОСКВА, 5 окт - Агентство. Экипаж ...", "莫斯科5月14日电 ...",
"【モスクワ17日】 ...".
"""

import re

LONGEST_DATELINE = 80
"""Characters before the dash; two places, a day and an agency's name take sixty."""

_DASHED = re.compile(r"(?P<head>[^\n!?;:]{2,80}?)(?:\s(?:--|[-–—])|\.[-–—]|[-–—]{2})\s")
_CAPITALS = re.compile(r"[A-ZÀ-ÖØ-ÞĀĂĄĆĈČĎĐĒĖĘĚĞĠİŁŃŇŐŒŘŚŞŠŤŪŮŰŹŻŽА-ЯЁІЇЄҐ]{3,}")
_AGENCY = re.compile(r"\([^()]{2,30}\)\.?$")
_EAST_ASIAN = re.compile(
    r"[【（(\[][^】）)\]\n]{1,40}[】）)\]]|[^，,。、\s]{0,24}?\d{1,2}\s?日(?:综合|綜合|专)?[电電讯訊]"
)


def dateline_length(sentence: str) -> int:
    """How many characters at the head of a paragraph's first sentence are a dateline; 0 for none.

    Args:
        sentence: as written; only its first `LONGEST_DATELINE` characters are looked at.

    >>> dateline_length("MOSCOW, May 15 - An actress will fly on October 5.")
    17
    >>> dateline_length("On May 15 the actress - and only she - was named.")
    0
    """
    head = sentence[: LONGEST_DATELINE + 4]
    if found := _EAST_ASIAN.match(head):
        return found.end()
    found = _DASHED.match(head)
    return found.end() if found and (_AGENCY.search(found["head"]) or _CAPITALS.match(found["head"])) else 0
