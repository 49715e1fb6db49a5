"""What does a crawl cost, beside Scrapy that only fetches and beside the design that suggests itself?

    python benchmarks/crawl.py                           ten outlets with 100 pages each, three rounds: four minutes
    python benchmarks/crawl.py --hosts 10 --pages 40 --rounds 1

Each round runs the three crawlers one after the other on the same world (`world.py`), which a process of its own
serves, so that a busy machine slows all of them alike. Every run is a fresh process, its start included. Linux only.
"""

import argparse
import json
import sys
import tempfile
from collections import defaultdict
from collections.abc import Callable
from pathlib import Path
from statistics import median

import pyarrow.dataset as ds
from measuring import Cost, measured, spread, table, verdict
from world import Plan, World
from world_server import served, sources_toml

FETCH, ORBITWATCH, NAIVE = "Scrapy, fetch only", "orbitwatch crawl", "Scrapy + trafilatura for every page"
_PLAIN = str(Path(__file__).with_name("plain_scrapy.py"))


def main() -> None:
    """Runs all rounds and prints two tables."""
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("--hosts", type=int, default=10, help="outlets (default 10)")
    parser.add_argument("--pages", type=int, default=100, help="articles of each outlet, at most 300 (default 100)")
    parser.add_argument("--on-topic", type=float, default=0.02, help="share of pages on topic (default 0.02)")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--uncompressed", action="store_true", help="serve pages without gzip")
    parser.add_argument("--bodies", default="", help="folder with HTML files to serve as the pages off topic")
    parser.add_argument("--no-naive", action="store_true", help="leave out the dear one")
    parser.add_argument("--seed", type=int, default=Plan().seed)
    options = parser.parse_args()
    plan = Plan(
        options.hosts,
        options.pages,
        options.on_topic,
        compressed=not options.uncompressed,
        bodies=options.bodies,
        seed=options.seed,
    )
    world = World(plan)
    costs: dict[str, list[Cost]] = defaultdict(list)
    recall: dict[str, float] = {}
    with served(plan) as bases, tempfile.TemporaryDirectory() as folder:
        addresses = Path(folder) / "addresses"
        addresses.write_text("\n".join(bases[article.host] + article.path for article in world.articles))
        on_topic = {bases[article.host] + article.path for article in world.articles if article.kind == "on_topic"}
        crawlers: dict[str, Callable[[int], tuple[Cost, int, set[str]]]] = {
            FETCH: lambda _: plain(addresses),
            ORBITWATCH: lambda number: orbitwatch(Path(folder) / f"data{number}", bases),
            NAIVE: lambda _: plain(addresses, "--extract"),
        }
        if options.no_naive:
            del crawlers[NAIVE]
        for number in range(options.rounds):
            for name, run in crawlers.items():
                cost, pages, kept = run(number)
                if pages != len(world.articles):
                    sys.exit(f"{name} fetched {pages} pages of {len(world.articles)}")
                costs[name].append(cost)
                recall[name] = len(kept & on_topic) / len(on_topic)
                print(f"round {number + 1}, {name}: {cost.cpu:.2f} CPU s", file=sys.stderr)
    report(world, costs, recall)


def plain(addresses: Path, *arguments: str) -> tuple[Cost, int, set[str]]:
    """One run of `plain_scrapy.py`: its cost, the number of pages, the addresses with a text."""
    cost = measured([sys.executable, _PLAIN, str(addresses), *arguments])
    found = json.loads(cost.output)
    return cost, found["pages"], set(found["found"])


def orbitwatch(data: Path, bases: list[str]) -> tuple[Cost, int, set[str]]:
    """One run of `orbitwatch crawl` on an empty store: its cost, the number of pages, the addresses stored."""
    data.mkdir()
    (data / "sources.toml").write_text(sources_toml(bases))
    cost = measured([*crawl_command(data), "--json"])
    total = json.loads(cost.output)["total"]
    stored = ds.dataset(data / "articles").to_table(columns=["url"])["url"].to_pylist() if total["stored"] else []
    return cost, total["pages"], set(stored)


def crawl_command(data: Path) -> list[str]:
    """`orbitwatch crawl` as in cron, on the loopback and without its waits."""
    command = [sys.executable, "-m", "crawler", "crawl", "--data", str(data), "--allow-private", "127.0.0.0/8"]
    return [*command, "-s", "DOWNLOAD_DELAY=0", "-s", "AUTOTHROTTLE_ENABLED=False"]


def report(world: World, costs: dict[str, list[Cost]], recall: dict[str, float]) -> None:
    """Prints the costs, and the bars with what was reached."""
    pages = len(world.articles)
    sizes = [len(world.page(article, "http://127.0.1.1:65535")) / 1000 for article in world.articles[:200]]
    on_topic = sum(article.kind == "on_topic" for article in world.articles)
    print(
        f"\n{pages} pages of {world.plan.hosts} outlets, {on_topic} on topic; mean {sum(sizes) / len(sizes):.0f} kB, ",
        end="",
    )
    print(f"median {median(sizes):.0f} kB; medians of {len(costs[FETCH])} interleaved rounds (range)\n")
    rows = []
    for name, runs in costs.items():
        per_page = [1000 * run.cpu / pages for run in runs]
        rows.append(
            [name, spread([run.cpu for run in runs], 2), spread(per_page), spread([run.wall for run in runs]),
             f"{max(run.peak for run in runs):.0f}", "-" if name == FETCH else f"{recall[name]:.2f}"]
        )  # fmt: skip
    table(["", "CPU s", "CPU ms a page", "wall s", "peak MB", "on-topic pages kept"], rows)
    ours = [1000 * run.cpu / pages for run in costs[ORBITWATCH]]
    over_fetch = ratios(costs[ORBITWATCH], costs[FETCH])
    bars = [
        ["CPU ms a page", spread(ours), "<= 8", verdict(median(ours), 8)],
        ["times fetch only", spread(over_fetch, 2), "<= 1.5", verdict(median(over_fetch), 1.5)],
    ]
    if NAIVE in costs:
        below = ratios(costs[NAIVE], costs[ORBITWATCH])
        bars.append(
            ["times below the naive design", spread(below, 2), ">= 5.5", verdict(median(below), 5.5, at_least=True)]
        )
    table(["", "measured", "bar", "met"], bars)


def ratios(upper: list[Cost], lower: list[Cost]) -> list[float]:
    """CPU of one crawler in terms of another's, round by round."""
    return [one.cpu / other.cpu for one, other in zip(upper, lower, strict=True)]


if __name__ == "__main__":
    main()
