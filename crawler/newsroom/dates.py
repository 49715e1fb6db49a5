"""Dates as outlets print them: for readers in their language, for machines in the feed's format."""

from datetime import UTC, datetime
from email.utils import format_datetime

from crawler.newsroom.outlets import Outlet

# strftime would follow the machine's locale; a dozen words a language are all that is needed.
_MONTHS: dict[str, tuple[str, ...]] = {
    language: tuple(names.split())
    for language, names in {
        "en": "January February March April May June July August September October November December",
        "ru": "января февраля марта апреля мая июня июля августа сентября октября ноября декабря",
        "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
        "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
        "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
        "pt": "janeiro fevereiro março abril maio junho julho agosto setembro outubro novembro dezembro",
        "ar": "يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر",
    }.items()
}

_DAY: dict[str, str] = {
    "en": "{day} {month} {year}",
    "ru": "{day} {month} {year}",
    "zh": "{year}年{number:02}月{day:02}日",
    "ja": "{year}年{number}月{day}日",
    "fr": "{day} {month} {year}",
    "de": "{day}. {month} {year}",
    "es": "{day} de {month} de {year}",
    "pt": "{day} de {month} de {year}",
    "ar": "{day} {month} {year}",
}

_TIME: dict[str, str] = {
    "en": ", {hour:02}:{minute:02}",
    "ru": ", {hour:02}:{minute:02}",
    "zh": " {hour:02}:{minute:02}",
    "ja": " {hour}時{minute:02}分",
    "fr": " à {hour:02}h{minute:02}",
    "de": ", {hour:02}:{minute:02} Uhr",
    "es": ", {hour:02}:{minute:02}",
    "pt": ", {hour:02}:{minute:02}",
    "ar": "، {hour:02}:{minute:02}",
}


def printed_day(instant: datetime, outlet: Outlet) -> str:
    """The day as the outlet prints it, in its language and zone: `5 октября 2021`, `October 5, 2021`."""
    local = instant.astimezone(outlet.zone)
    names = _MONTHS.get(outlet.language)
    american = outlet.country in {"US", "CA"}
    pattern = "{month} {day}, {year}" if american else _DAY[outlet.language]
    return pattern.format(
        day=local.day, month=names[local.month - 1] if names else "", number=local.month, year=local.year
    )


def printed_instant(instant: datetime, outlet: Outlet) -> str:
    """Day and time as the outlet prints them: `5. Oktober 2021, 11:02 Uhr`."""
    local = instant.astimezone(outlet.zone)
    time = _TIME[outlet.language].format(hour=local.hour, minute=local.minute)
    return printed_day(instant, outlet) + time


def local_iso(instant: datetime, outlet: Outlet) -> str:
    """ISO 8601 with the outlet's offset: `2021-10-05T11:55:00+03:00`."""
    return instant.astimezone(outlet.zone).isoformat(timespec="seconds")


def feed_date(instant: datetime, outlet: Outlet) -> str:
    """The date as the outlet's feed prints it."""
    style, local = outlet.feed_dates, instant.astimezone(outlet.zone)
    if style == "iso":
        return local.isoformat(timespec="seconds")
    if style == "naive":
        return local.replace(tzinfo=None).isoformat(sep=" ", timespec="seconds")
    if style == "gmt":
        return http_date(instant)
    rfc822 = format_datetime(local)
    # Named zones beyond the American ones are not RFC 822, yet Moscow's feeds print them.
    return rfc822 if style == "offset" else f"{rfc822.rsplit(' ', 1)[0]} {local.tzname()}"


def http_date(instant: datetime) -> str:
    """RFC 9110, section 5.6.7: `Tue, 05 Oct 2021 08:55:00 GMT`."""
    return format_datetime(instant.astimezone(UTC).replace(microsecond=0), usegmt=True)
