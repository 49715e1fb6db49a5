"""A digest in plain lines."""

from pipelines.analysis.days import written
from pipelines.analysis.digest import Digest, Moved, NewClaim
from pipelines.text import clean_text

#: Letters of a claim's sentence in the text: enough to see whether it was misread.
_SENTENCE = 200


def as_text(found: Digest) -> str:
    """The digest for a mail or a terminal: plain lines, no controls of strangers among them."""
    lines = [f"Orbitwatch, {found.since:%Y-%m-%d %H:%M} to {found.until:%Y-%m-%d %H:%M} UTC"]
    if not found:
        return f"{lines[0]}\nNothing new.\n"
    for heading, section in (
        (f"Planned dates that moved: {_count(found, 'moved')}", _move_lines(found)),
        (f"New claims: {_count(found, 'claims')}", _claim_lines(found)),
        (f"New stories: {_count(found, 'stories')}", _story_lines(found)),
        (f"Sources that need a person: {_count(found, 'unwell')}", _unwell_lines(found)),
    ):
        if section:
            lines += ["", heading, *section]
    return "\n".join(_clean_line(line) for line in lines) + "\n"


def _count(found: Digest, kind: str) -> int:
    return len(getattr(found, kind)) + found.left_out.get(kind, 0)


def _more(found: Digest, kind: str) -> list[str]:
    count = found.left_out.get(kind, 0)
    return [f"  and {count} more"] if count else []


def _move_lines(found: Digest) -> list[str]:
    lines = []
    for move in found.moved:
        dates = f"{written(move.from_date, move.from_precision)} -> {written(move.to_date, move.to_precision)}"
        outlet = found.outlets.get(move.source, move.source)
        lines.append(f"  {_what(move, found.names)}: {dates} ({move.days:+d} days; {outlet})")
    return lines + _more(found, "moved")


def _claim_lines(found: Digest) -> list[str]:
    lines = []
    for claim in found.claims:
        first = found.outlets.get(claim.first_source, claim.first_source)
        outlets = f"{claim.sources} outlets" if claim.sources > 1 else first
        when = written(claim.date, claim.precision)
        lines += [
            f"  {_what(claim, found.names)} {claim.status} {when} ({outlets})",
            f"      {claim.sentence[:_SENTENCE]}",
        ]
    return lines + _more(found, "claims")


def _story_lines(found: Digest) -> list[str]:
    lines = []
    for story in found.stories:
        copies = f", {story.articles} articles" if story.articles > 1 else ""
        outlet = found.outlets.get(story.source, story.source)
        lines += [f"  {story.date}  {story.title}  ({outlet}{copies})", f"      {story.url}"]
    return lines + _more(found, "stories")


def _unwell_lines(found: Digest) -> list[str]:
    lines = []
    for source in found.unwell:
        why = f", {source.reasons}" if source.reasons else ""
        lines.append(f"  {source.name}: {source.verdict}{why}, nothing new for {source.silent_days} days")
    return lines + _more(found, "unwell")


def _clean_line(line: str) -> str:
    """One line of text with its indentation, and nothing in it that is no text."""
    return " " * (len(line) - len(line.lstrip(" "))) + clean_text(line)


def _what(said: NewClaim | Moved, names: dict[str, str]) -> str:
    return f"{names.get(said.project, said.project)}: {said.milestone.replace('_', ' ')}"
