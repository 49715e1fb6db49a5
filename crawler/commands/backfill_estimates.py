"""How `orbitwatch backfill --dry-run` tells what a backfill would cost, and how long it would take."""

from typing import TYPE_CHECKING, Any

from crawler.durations import spoken

if TYPE_CHECKING:
    from collections.abc import Sequence

    from crawler.backfill.estimating import Estimate


class Pace:
    """How long requests take that wait for one another.

    Args:
        delays: seconds by host, for some.
        options: Scrapy's settings; DOWNLOAD_DELAY holds for the others.
    """

    def __init__(self, delays: dict[str, float], options: dict[str, Any]) -> None:
        from crawler.settings import DOWNLOAD_DELAY

        self._usual = float(options.get("DOWNLOAD_DELAY", DOWNLOAD_DELAY))
        self._delays = delays

    def seconds(self, estimate: "Estimate") -> float:
        """Seconds that a backfill takes: those of the host with most to do."""
        times = (self._between(host) * requests for host, requests in estimate.hosts.items())
        return max(times, default=0.0)

    def _between(self, host: str) -> float:
        """Seconds between two requests to a host."""
        return max(self._delays.get(host.partition(":")[0], 0.0), self._usual)


def show_estimates(estimates: "Sequence[Estimate]", pace: Pace, *, as_json: bool) -> None:
    """Estimates as JSON when asked for, else as a table."""
    from crawler.commands.output import console, counted, print_json, table

    if as_json:
        print_json(
            [
                {
                    "target": each.target,
                    "lists": round(each.units),
                    "read": each.read,
                    "pages": round(each.pages),
                    "at_least": each.at_least,
                    "seconds": round(pace.seconds(each)),
                    "problems": dict(sorted(each.problems.items())),
                }
                for each in estimates
            ]
        )
        return
    columns = ("target", "lists", "read", "pages", "time", "problems")
    rows = (
        (
            each.target,
            round(each.units),
            each.read,
            f"{'at least' if each.at_least else 'about'} {round(each.pages)}",
            spoken(pace.seconds(each)),
            counted(each.problems),
        )
        for each in estimates
    )
    right, wrap = ("lists", "read", "pages"), ("target", "problems")
    console().print(table("Estimate from a sample of the lists", columns, rows, right=right, wrap=wrap))
