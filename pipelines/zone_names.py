"""Zone names and offsets as dates print them.

A name that is not known must not pass for UTC: "08:55:00 MSK" would be three hours off in silence. And a name
that several countries share belongs to the source's own country, if its clocks go by it. The same country decides
which way round an English 10/05/2021 is.
"""

import re
from datetime import UTC, timedelta, timezone, tzinfo
from functools import lru_cache
from zoneinfo import ZoneInfo, ZoneInfoNotFoundError

ZONES: dict[str, str | float] = {
    # Universal time.
    "utc": 0,
    "ut": 0,
    "gmt": 0,
    "z": 0,
    "wet": 0,
    "west": 1,
    # Europe. BST is also Bangladesh's, IST also India's and Israel's: see `AMBIGUOUS_NAMES`.
    "bst": 1,
    "cet": 1,
    "cest": 2,
    "met": 1,
    "mest": 2,
    "mez": 1,
    "mesz": 2,
    "eet": 2,
    "eest": 3,
    "sast": 2,
    "trt": 3,
    "fet": 3,
    # Russia. Moscow time was UTC+4 from 2011 to 2014, so the name goes by the zone's history.
    "msk": "Europe/Moscow",
    "мск": "Europe/Moscow",
    "msd": 4,
    "samt": 4,
    "yekt": 5,
    "novt": 7,
    "krat": 7,
    "vlat": 10,
    # Asia and Australia. EST and CST are Australia's and China's as well: see `AMBIGUOUS_NAMES`.
    "gst": 4,
    "pkt": 5,
    "ist": 5.5,
    "npt": 5.75,
    "wib": 7,
    "ict": 7,
    "hkt": 8,
    "sgt": 8,
    "pht": 8,
    "myt": 8,
    "awst": 8,
    "jst": 9,
    "kst": 9,
    "acst": 9.5,
    "acdt": 10.5,
    "aest": 10,
    "aedt": 11,
    "nzst": 12,
    "nzdt": 13,
    # The Americas; RFC 822 itself names these of the United States.
    "nst": -3.5,
    "ndt": -2.5,
    "art": -3,
    "brt": -3,
    "brst": -2,
    "ast": -4,
    "adt": -3,
    "est": -5,
    "edt": -4,
    "cst": -6,
    "cdt": -5,
    "mst": -7,
    "mdt": -6,
    "pst": -8,
    "pdt": -7,
    "akst": -9,
    "akdt": -8,
    "hst": -10,
    # Names without a season go by the calendar.
    "et": "America/New_York",
    "ct": "America/Chicago",
    "mt": "America/Denver",
    "pt": "America/Los_Angeles",
    # RFC 822's military letters. RFC 2822 distrusts them, since RFC 822 gave them the wrong sign; feeds that
    # use them mean these.
    "a": -1,
    "m": -12,
    "n": 1,
    "y": 12,
}
"""Zone name in lower case -> hours from UTC, or the zone whose calendar decides."""

AMBIGUOUS_NAMES: dict[str, frozenset[str]] = {
    # India Standard Time by default; Irish Summer Time, Israel Standard Time.
    "ist": frozenset({"Europe/Dublin", "Asia/Jerusalem", "Asia/Tel_Aviv"}),
    # British Summer Time by default; Bangladesh Standard Time.
    "bst": frozenset({"Asia/Dhaka"}),
    # Central Standard Time by RFC 822; China's and Cuba's.
    "cst": frozenset({"Asia/Shanghai", "Asia/Taipei", "Asia/Macau", "Asia/Chongqing", "America/Havana"}),
    # Eastern Standard Time by RFC 822; Australia's.
    "est": frozenset({"Australia/Sydney", "Australia/Melbourne", "Australia/Brisbane", "Australia/Hobart"}),
    # Atlantic Standard Time by RFC 822; Arabia's.
    "ast": frozenset({"Asia/Riyadh", "Asia/Kuwait", "Asia/Qatar", "Asia/Baghdad"}),
}
"""Names that mean another zone than in `ZONES` when a source of one of these zones prints them."""

_AMERICAN_ZONES = re.compile(
    r"US/|America/(?:Indiana/|Kentucky/|North_Dakota/|(?:New_York|Detroit|Chicago|Menominee|Denver|Boise|Phoenix|Los_Angeles"
    r"|Anchorage|Juneau|Sitka|Metlakatla|Yakutat|Nome|Adak)$)|Pacific/Honolulu$"
)
"""Zones of the United States, which put the month first in 10/05/2021."""

_DAY_FIRST_ZONES = re.compile(r"(?:Africa|Australia|Europe)/|Asia/(?:Kolkata|Calcutta)$|Pacific/Auckland$")
"""Zones where English puts the day first. Elsewhere, in Canada for one, both orders are usual."""

_FARTHEST = timedelta(hours=14)
"""No clock is farther from UTC: what looks like a greater offset is something else."""


def source_zone(name: str) -> tzinfo:
    """The zone of that name in the IANA data base.

    Raises:
        ValueError: if there is none.
    """
    if name == "UTC":
        return UTC
    try:
        return ZoneInfo(name)
    except (ZoneInfoNotFoundError, ValueError, OSError) as error:
        raise ValueError(f"unknown time zone {name!r}; use a name such as 'Europe/Moscow'") from error


@lru_cache(maxsize=256)
def printed_zone(text: str, source: tzinfo) -> tzinfo | None:
    """The zone that stands behind a time of day.

    Args:
        text: a name ("MSK", "Etc/GMT") or an offset ("+03:00", "GMT+3"), with spaces or without.
        source: the source's own zone, which decides about names that several zones share.

    Returns:
        None for no zone, for a name that is not known and for an offset that no clock has.
    """
    name = text.lower().replace(" ", "").replace("\N{MINUS SIGN}", "-").removeprefix("etc/")
    if len(name) > 3 and name[:3] in {"gmt", "utc"}:
        name = name[3:]
    if name[:1] in {"+", "-"}:
        digits = name[1:].replace(":", "")
        digits = f"{digits:0>2}" if len(digits) < 3 else f"{digits:0>4}"
        offset = timedelta(hours=int(digits[:2]), minutes=int(digits[2:4] or 0))
        if offset > _FARTHEST:
            return None
        return timezone(-offset if name[0] == "-" else offset)
    if str(source) in AMBIGUOUS_NAMES.get(name, frozenset()):
        return source
    known = ZONES.get(name)
    if isinstance(known, str):
        return ZoneInfo(known)
    return None if known is None else timezone(timedelta(hours=known))


def puts_month_first(zone: tzinfo) -> bool | None:
    """Whether English puts the month first in a numeric date where clocks go by the zone.

    Returns:
        None where both orders are usual, and for UTC, which is nobody's zone.
    """
    name = str(zone)
    if _AMERICAN_ZONES.match(name):
        return True
    return False if _DAY_FIRST_ZONES.match(name) else None
