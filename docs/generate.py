"""Writes the documents that are made from code: the data dictionary and the help texts.

`make docs` calls it; a test compares.
"""

from pathlib import Path

import click

from crawler.cli import main
from pipelines.schema import data_dictionary

HERE = Path(__file__).resolve().parent


def command_reference() -> str:
    """The `--help` text of every verb, as Markdown."""
    lines = ["# Commands", "", "Made by `make docs` from the program's own help texts."]
    lines += _section(main, click.Context(main, info_name="orbitwatch", max_content_width=110, terminal_width=110))
    return "\n".join(lines) + "\n"


def _section(command: click.Command, context: click.Context) -> list[str]:
    lines = ["", f"## {context.command_path}", "", "```text", command.get_help(context), "```"]
    if isinstance(command, click.Group):
        for name in command.list_commands(context):
            child = command.get_command(context, name)
            if child is not None and not child.hidden:
                lines += _section(child, click.Context(child, info_name=name, parent=context))
    return lines


DOCUMENTS = {"data-dictionary.md": data_dictionary, "commands.md": command_reference}

if __name__ == "__main__":
    for name, make in DOCUMENTS.items():
        (HERE / name).write_text(make(), encoding="utf-8")
