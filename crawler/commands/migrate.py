"""`orbitwatch migrate`: an older store for today's program."""

from pathlib import Path
from typing import TYPE_CHECKING

import click

from crawler.commands.options import json_option, store_option

if TYPE_CHECKING:
    from pipelines.store.location import BucketAddress


@click.command()
@store_option
@json_option
def migrate(data: "Path | BucketAddress", work: Path | None, as_json: bool) -> None:
    """Bring a store that an older version wrote to today's columns.

    May be interrupted and repeated. A store of a newer version is refused and left as it is.
    """
    from crawler.commands.output import print_json
    from crawler.commands.store_work import store_work

    with store_work(data, work, on_interrupt="interrupted; run it again to go on") as store:
        from pipelines.model import SCHEMA_VERSION
        from pipelines.store import migrate as migrate_store

        files = migrate_store(store.root, files=store.files)
    if as_json:
        print_json({"schema_version": SCHEMA_VERSION, "files": files})
    elif files:
        click.echo(f"{files:,} files brought to schema version {SCHEMA_VERSION}.")
    else:
        click.echo(f"Nothing to do: everything has schema version {SCHEMA_VERSION}.")
