"""A run for spiders that Scrapy itself starts (`scrapy crawl feeds`): from settings to the spider's end."""

from contextlib import ExitStack
from pathlib import Path
from typing import TYPE_CHECKING

from crawler.feeds_run import FeedsRun
from crawler.plans import RunOptions
from pipelines.catalogue.in_force import files_in_force
from pipelines.catalogue.projects import load_projects
from pipelines.catalogue.sources import load_sources
from pipelines.clock import system_clock
from pipelines.state import State
from pipelines.store import Store

if TYPE_CHECKING:
    from scrapy.settings import BaseSettings


class OpenedRun:
    """A run with what it holds open."""

    def __init__(self, run: FeedsRun, held: ExitStack) -> None:
        self.run = run
        self._held = held

    def close(self, reason: str) -> None:
        """Finishes the run when its spider closes, and lets go of the lock."""
        with self._held:
            self.run.finish(interrupted=reason == "shutdown")


def open_run(settings: "BaseSettings") -> OpenedRun:
    """Everything that is due, from Scrapy's settings alone.

    Raises:
        CatalogueError: for a file that a person must mend.
        StoreLocked: while another run works.
    """
    data = Path(settings["ORBITWATCH_DATA"])
    sources_file, projects_file = files_in_force(
        data, _path(settings["ORBITWATCH_SOURCES"]), _path(settings["ORBITWATCH_PROJECTS"])
    )
    sources = load_sources(sources_file)
    options = RunOptions(
        data,
        load_projects(projects_file),
        pages_per_source=settings.getint("ORBITWATCH_MAX_PAGES_PER_SOURCE"),
    )
    store = Store(data)
    with ExitStack() as stack:
        stack.enter_context(store.lock())
        state = stack.enter_context(State(data / ".state" / "state.sqlite"))
        store.probe()
        store.heal()
        run = FeedsRun(options, sources, state, store, system_clock, state.due(sources, system_clock()))
        return OpenedRun(run, stack.pop_all())


def _path(text: str) -> Path | None:
    return Path(text) if text else None
