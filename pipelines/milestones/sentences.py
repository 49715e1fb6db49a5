"""Where a sentence ends, in any script.

Claims are read sentence by sentence, and the sentence is the evidence an analyst sees; a cut inside "Oct. 5" or
"am 5. Oktober" would part a milestone from its day. The rules are few and work from left to right, so the time
is linear in the length of the text.
"""

import re
from typing import NamedTuple

LONGEST_SENTENCE = 1_500
"""Characters. Real sentences of news stay under 700; a longer run is a list or rubbish, and is cut so that pairing
stays cheap."""

_ENDS = re.compile(r"[.!?…。！？．؟।]+[\"'”’»«“」』）)\]]{0,3}")
_WORD_BEFORE = re.compile(r"(\w{1,12})\.?$")
_FULL_WIDTH_END = frozenset("。！？．")

# Languages that write the day of a month as an ordinal with a full stop ("am 5. Oktober", "5. října", "5. oktober").
_ORDINAL_STOP = frozenset(
    {"de", "cs", "sk", "pl", "da", "no", "nb", "nn", "fi", "hu", "et", "lv", "sl", "hr", "sr", "bs", "is", "tr", "az"}
)

# Abbreviations after which a capital letter or a digit may follow within one sentence. Short, because a missed end
# costs little here.
_ABBREVIATIONS = frozenset(
    re.findall(
        r"\w+",
        "mr mrs ms dr st prof gen lt col sgt capt jr sr vs no vol fig est approx inc ltd co corp jan feb mar "
        "apr jun jul aug sep sept oct nov dec bzw ca evtl ggf usw nr str mio mrd abs art vgl hr fr sra dra ud "
        "vd av mme mlle ing tzv např resp тыс млн млрд им ул гг вв св ст руб тис грн ім вул dipl tel ",
    )
)


class Sentence(NamedTuple):
    """One sentence and where it stands.

    Attributes:
        text: as written, without white space at its ends.
        start: offset of its first character in the whole text.
        paragraph: number of its line, from 0.
    """

    text: str
    start: int
    paragraph: int

    @property
    def end(self) -> int:
        """Offset behind its last character in the whole text."""
        return self.start + len(self.text)


def split_sentences(text: str, language: str = "") -> list[Sentence]:
    """The sentences of a text whose paragraphs are lines.

    Args:
        text: clean text, of any length; never raises.
        language: BCP 47 primary tag; decides only whether a number with a full stop may be a day ("5. Oktober").

    Returns:
        Sentences in order, none empty, none longer than `LONGEST_SENTENCE`.

    >>> [s.text for s in split_sentences("They left on Oct. 5. The crew is well.")]
    ['They left on Oct. 5.', 'The crew is well.']
    """
    ordinal_stop = language.split("-", maxsplit=1)[0].lower() in _ORDINAL_STOP
    sentences = []
    offset = 0
    for number, line in enumerate(text.split("\n")):
        for start, end in _spans(line, ordinal_stop=ordinal_stop):
            piece = line[start:end]
            if stripped := piece.strip():
                lead = len(piece) - len(piece.lstrip())
                sentences.append(Sentence(stripped, offset + start + lead, number))
        offset += len(line) + 1
    return sentences


def _spans(line: str, *, ordinal_stop: bool) -> list[tuple[int, int]]:
    spans: list[tuple[int, int]] = []
    start = 0
    for match in _ENDS.finditer(line):
        if _ends_here(line, match, ordinal_stop=ordinal_stop):
            spans += _cut(start, match.end())
            start = match.end()
    spans += _cut(start, len(line))
    return spans


def _cut(start: int, end: int) -> list[tuple[int, int]]:
    if end - start <= LONGEST_SENTENCE:
        return [(start, end)]
    return [(left, min(left + LONGEST_SENTENCE, end)) for left in range(start, end, LONGEST_SENTENCE)]


def _ends_here(line: str, match: re.Match[str], *, ordinal_stop: bool) -> bool:
    following = line[match.end() : match.end() + 3]
    if match[0][0] in _FULL_WIDTH_END or not following:
        return True
    if not following[0].isspace() or following.strip()[:1].islower():
        return False
    return match[0] != "." or not _belongs_to_word(line, match, ordinal_stop=ordinal_stop)


def _belongs_to_word(line: str, match: re.Match[str], *, ordinal_stop: bool) -> bool:
    """Whether a full stop marks an abbreviation, an initial or an ordinal."""
    before = _WORD_BEFORE.search(line[max(0, match.start() - 13) : match.start()])
    if before is None:
        return False
    word = before[1]
    if word.isdigit():
        return ordinal_stop and len(word) <= 2
    return (len(word) == 1 and word.isupper()) or word.lower() in _ABBREVIATIONS
