"""Writes the documents that are made from code: the data dictionary and the help texts.

`make docs` calls it; a test compares. An argument names another folder to write to.
"""

import sys
from pathlib import Path

import click

from crawler.cli import main
from pipelines.schema import data_dictionary

HERE = Path(__file__).resolve().parent


def command_reference() -> str:
    """The `--help` text of every verb, as Markdown."""
    lines = ["# Commands", "", "Made by `make docs` from the program's own help texts."]
    lines += _section(main, "orbitwatch", None)
    return "\n".join(lines) + "\n"


def _section(command: click.Command, name: str, parent: click.Context | None) -> list[str]:
    # Made as the command line makes it, so that the settings of the group hold for every verb.
    context = command.make_context(name, [], parent=parent, resilient_parsing=True, terminal_width=110)
    lines = ["", f"## {context.command_path}", "", "```text", command.get_help(context), "```"]
    if isinstance(command, click.Group):
        for verb in command.list_commands(context):
            child = command.get_command(context, verb)
            if child is not None and not child.hidden:
                lines += _section(child, verb, context)
    return lines


DOCUMENTS = {"data-dictionary.md": data_dictionary, "commands.md": command_reference}

if __name__ == "__main__":
    folder = Path(sys.argv[1]) if len(sys.argv) > 1 else HERE
    for name, make in DOCUMENTS.items():
        (folder / name).write_text(make(), encoding="utf-8")
