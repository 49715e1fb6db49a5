"""Serves the newsroom for a person to look at: `python -m crawler.newsroom --at 2021-10-06`."""

import threading
from datetime import UTC, datetime

import click

from crawler.newsroom import DEFAULT_FIRST_PORT, SCHEDULE, Newsroom, NewsroomError
from pipelines.clock import clock_from


@click.command()
@click.option(
    "--at",
    type=click.DateTime(["%Y-%m-%d", "%Y-%m-%dT%H:%M"]),
    default=SCHEDULE[-1].strftime("%Y-%m-%d"),
    show_default=True,
    help="The newsroom's time in UTC; it runs on from there.",
)
@click.option("--port", default=DEFAULT_FIRST_PORT, show_default=True, help="First of the ports; 0 for any free ones.")
def main(at: datetime, port: int) -> None:
    """Serve the invented outlets on the loopback until Ctrl-C."""
    newsroom = Newsroom(clock_from(at.replace(tzinfo=UTC)), first_port=port)
    try:
        newsroom.start()
    except NewsroomError as error:
        raise click.ClickException(str(error)) from error
    for outlet in newsroom.outlets:
        click.echo(f"{newsroom.base(outlet.id) + '/':42} {outlet.language}  {outlet.name}")
    click.echo("\nBrowsers find these names by themselves (RFC 6761). Ctrl-C ends it.")
    try:
        threading.Event().wait()
    except KeyboardInterrupt:
        newsroom.stop()


if __name__ == "__main__":
    main()
