"""What the kinds of `orbitwatch backfill` that ask the network do: one spider, run over the catalogue."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Any
from urllib.parse import urlsplit

import click

from crawler.commands.backfill_options import Asked
from crawler.commands.options import check_names, read_sources

if TYPE_CHECKING:
    from crawler.backfill.run import BackfillSummary
    from crawler.spiders.backfill import BackfillSpider
    from pipelines.backfill.window import Window
    from pipelines.catalogue.sources import Source
    from pipelines.model import DiscoveredVia
    from pipelines.store import Store

#: Pages of one source in a run; of a scheduled run 300 are asked for, but an archive has what an outlet ever wrote.
_MAX_PAGES = 100_000


class Backfill:
    """One call of the command: reads the catalogue, then runs one spider.

    Args:
        asked: the options.

    Raises:
        ConfigurationError: for what the operator must mend; nothing has been fetched.
    """

    def __init__(self, asked: Asked) -> None:
        from crawler.commands.store_work import opened_store

        self.asked = asked
        self.store: Store = opened_store(asked.data, asked.work, asked.clock)
        self.sources = read_sources(self.store.root, asked.sources_file)

    def chosen(self, ids: tuple[str, ...]) -> "list[Source]":
        """The sources of these ids; without any, all that are enabled."""
        check_names(ids, self.sources)
        return [source for source in self.sources if (source.id in ids if ids else source.enabled)]

    def window(self, since: date, until: date | None) -> "Window":
        """The days asked for."""
        from pipelines.backfill.window import Window

        try:
            return Window(since, until or self.asked.clock().date())
        except ValueError as error:
            raise click.BadParameter(str(error), param_hint="--since / --until") from error

    def go(
        self,
        ctx: click.Context,
        kind: "type[BackfillSpider[Any, Any]]",
        via: "DiscoveredVia",
        *,
        archive: str = "",
        replays: bool = False,
        slow: tuple[str, ...] = (),
        **arguments: Any,
    ) -> None:
        """Runs the spider, or estimates with it, says what came of it, and exits.

        Args:
            ctx: click's.
            kind: the spider.
            via: how its articles become known.
            archive: base of the web archive's replay, "" for none.
            replays: whether all pages are asked of the archive.
            slow: addresses on hosts that get `--delay`.
            arguments: for the spider.
        """
        from crawler.backfill.run import BackfillRun
        from crawler.commands.backfill_estimates import Pace, show_estimates
        from crawler.commands.running import make_directory, run_options, run_spider, scrapy_settings, show
        from crawler.commands.store_work import store_troubles
        from pipelines.state import State

        asked, root = self.asked, self.store.root
        options = run_options(
            root,
            asked.projects_file,
            asked.settings,
            limit=asked.limit,
            pages_per_source=_MAX_PAGES,
            keep_raw=asked.keep_raw,
        )
        delays = {urlsplit(address).hostname or "": asked.delay for address in slow if address}
        settings = {"CLOSESPIDER_TIMEOUT": 0, "ORBITWATCH_LEAST_DELAYS": delays} | scrapy_settings(
            asked.settings, asked.allow_private, asked.contact, asked.budget, asked.verbose
        )
        arguments |= {"archive": archive, "replays": replays}
        make_directory(root)
        with store_troubles(), State(root / ".state" / "state.sqlite") as state:
            run = BackfillRun(options, self.sources, state, self.store, asked.clock, via)
            if asked.dry_run:
                spider, _ = run_spider(kind, run, settings, asked.verbose, estimating=True, **arguments)
                if run.fatal:
                    raise click.ClickException(run.fatal)
                show_estimates(spider.estimates if spider else [], Pace(delays, settings), as_json=asked.as_json)
                return
            if state.set_aside:
                click.echo(f"orbitwatch: {state.set_aside}", err=True)
            with self.store.lock(wait=asked.wait):
                self.store.probe()
                self.store.heal()
                _, interrupted = run_spider(kind, run, settings, asked.verbose, **arguments)
                summary = run.finish(interrupted=interrupted)
        show(summary, as_json=asked.as_json)
        _show_left(summary, as_json=asked.as_json)
        ctx.exit(summary.exit_code)


def _show_left(summary: "BackfillSummary", *, as_json: bool) -> None:
    """What the same command would go on with, to whoever looks."""
    if not as_json and summary.units_left and sys.stdout.isatty():
        click.echo(f"Lists left: {summary.units_left}. The same command goes on with them.")
