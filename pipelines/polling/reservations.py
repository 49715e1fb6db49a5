"""What an outlet's robots.txt says about uses of its texts beyond reading: AI training, text and data mining.

Orbitwatch trains nothing; analysts who would like to must know who has reserved the right (Directive (EU) 2019/790,
article 4(3), asks for it "in an appropriate manner, such as machine-readable means").
"""

import re

AI_AGENTS = (
    "AI2Bot", "Amazonbot", "anthropic-ai", "Applebot-Extended", "Bytespider", "CCBot", "ClaudeBot", "Claude-Web",
    "cohere-ai", "cohere-training-data-crawler", "Diffbot", "FacebookBot", "Google-Extended", "GPTBot", "ImagesiftBot",
    "meta-externalagent", "omgili", "PanguBot", "PerplexityBot", "Timpibot", "webzio-extended",
)  # fmt: skip
"""Agents that collect for training, by the names that their makers publish."""

_LIMIT = 512_000
"""Bytes that are read, as RFC 9309 (2.5) asks for at least."""
_SIGNAL = re.compile(
    r"^[ \t]*content-signal[ \t]*:[^\n]{0,500}?\bai-train[ \t]*=[ \t]*no\b", re.IGNORECASE | re.MULTILINE
)
_TDM = re.compile(r"^[ \t#]*tdm-reservation[ \t]*[:=][ \t]*1\b", re.IGNORECASE | re.MULTILINE)
_SUBJECT = re.compile(
    r"text[ -]{1,3}(?:and|und|&)[ -]{1,3}data[ -]mining|fouille de textes|minería de textos|machine learning|"
    r"artificial intelligence|künstliche\w? intelligenz|intelligence artificielle|large language model",
    re.IGNORECASE,
)
_REFUSAL = re.compile(
    r"prohibit|not permit|not allow|forbidden|reserv|without .{0,40}(?:permission|consent)|opt.?out|untersagt|"
    r"vorbehalt|verboten|interdit|réserv|prohib|vietat",
    re.IGNORECASE,
)


def reservations(robots: bytes) -> tuple[str, ...]:
    """The reservations of a robots.txt, one short sentence each.

    Args:
        robots: the file; its first 512,000 bytes are read.

    Returns:
        () when it reserves nothing. Never raises.
    """
    text = robots[:_LIMIT].decode("utf-8-sig", "replace").replace("\r", "\n")
    found = []
    if agents := _refused_agents(text):
        found.append(f"closed to AI agents: {', '.join(agents)}")
    if _SIGNAL.search(text):
        found.append("Content-Signal: ai-train=no")
    if _TDM.search(text):
        found.append("tdm-reservation: 1")
    comments = " ".join(line.partition("#")[2].strip(" #*") for line in text.split("\n") if "#" in line)[:20_000]
    if _SUBJECT.search(comments) and _REFUSAL.search(comments):
        found.append("a comment reserves text and data mining or AI training")
    return tuple(found)


def _refused_agents(text: str) -> list[str]:
    """Agents that have rules of their own and may not read the front page."""
    from protego import Protego  # noqa: PLC0415  # Scrapy's own parser of robots.txt

    lowered = text.lower()
    named = [agent for agent in AI_AGENTS if agent.lower() in lowered]
    if not named:
        return []
    rules = Protego.parse(text)
    groups = {line.partition(":")[2].partition("#")[0].strip() for line in lowered.split("\n") if "user-agent" in line}
    return [agent for agent in named if agent.lower() in groups and not rules.can_fetch("https://example.org/", agent)]
