"""Lays two texts side by side: where do they run in step, and do the gaps between hold other facts?"""

from dataclasses import dataclass

from pipelines.dedupe.fingerprint import Fingerprint, first_positions

STEP = 12
"""Words in the longest gap that is still in step: a rewritten clause. A sentence of a news agency has 20 to
25."""


@dataclass(frozen=True, slots=True)
class Part:
    """What of a document means something.

    Attributes:
        positions: first position of each shingle, in the order of the text.
        vocabulary: the words that they cover.
    """

    positions: dict[int, int]
    vocabulary: frozenset[str]


def informative(document: Fingerprint, common: frozenset[int]) -> Part:
    """A document without its boilerplate.

    Args:
        document: any.
        common: sampled shingles that stand in too many stories to mean anything. The shingles that are not
            sampled go with the sampled one that stands nearest.
    """
    shingles, sampled = document.shingles, document.sampled
    if common.isdisjoint(sampled):
        return Part(document.positions, document.vocabulary)
    landmarks = [position for position, shingle in enumerate(shingles) if shingle in sampled]
    kept: list[int] = []
    vocabulary: set[str] = set()
    start = 0
    for here, following in zip(landmarks, [*landmarks[1:], 2 * len(shingles)], strict=True):
        end = min((here + following) // 2 + 1, len(shingles))
        if shingles[here] not in common:
            kept.extend(range(start, end))
            vocabulary.update(document.words[start : end + document.width - 1])
        start = end
    return Part(first_positions([shingles[position] for position in kept], kept), frozenset(vocabulary))


def in_step(new: Fingerprint, old: Fingerprint, ours: Part, theirs: Part) -> tuple[int, int]:
    """How far two documents run in step.

    Args:
        new: one document.
        old: the other.
        ours: the informative part of the one.
        theirs: the informative part of the other.

    Returns:
        Words in step, short gaps included; and gaps with words on both sides that state different facts.
    """
    names, width = new.names | old.names, new.width
    words = conflicts = 0
    last: tuple[int, int] | None = None
    for shingle, here in ours.positions.items():
        there = theirs.positions.get(shingle)
        if there is None:
            continue
        if last is None:
            words += width
        else:
            mine, his = here - last[0], there - last[1]
            if mine == his == 1:
                words += 1
            elif mine <= STEP + width and 0 < his <= STEP + width:
                words += min(mine, his)
                one, other = new.words[last[0] + width : here], old.words[last[1] + width : there]
                conflicts += _state_different_facts(one, other, names)
            else:
                words += min(mine, width)
        last = here, there
    return words, conflicts


def _state_different_facts(one: list[str], other: list[str], names: frozenset[str]) -> bool:
    """Whether both sides of a gap have numbers, or names, and none in common; a misprint is no other name."""
    numbers = {word for word in one if word[0].isdigit()}
    other_numbers = {word for word in other if word[0].isdigit()}
    if numbers and other_numbers and numbers.isdisjoint(other_numbers):
        return True
    named, other_named = names.intersection(one), names.intersection(other)
    return bool(named and other_named) and not any(_misprint(mine, his) for mine in named for his in other_named)


def _misprint(one: str, other: str) -> bool:
    """Whether two words could be one, badly typed or scanned: ends that agree make up half of the longer."""
    shorter = min(len(one), len(other))
    front = next((index for index in range(shorter) if one[index] != other[index]), shorter)
    rest = shorter - front
    back = next((index for index in range(rest) if one[-1 - index] != other[-1 - index]), rest)
    return 2 * (front + back) >= max(len(one), len(other))
