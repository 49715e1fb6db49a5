"""Lays two texts side by side: where do they run in step, and do the gaps between hold other facts?"""

from itertools import pairwise

from pipelines.dedupe.fingerprint import Fingerprint, Part

STEP = 12
"""Words in the longest gap that is still in step: a rewritten clause. A sentence of a news agency has 20 to
25."""


def shared_shingles(ours: Part, theirs: Part) -> list[tuple[int, int]]:
    """Where the shingles that both parts have stand in the one and in the other, in the order of the one."""
    places = theirs.positions
    return [(here, there) for shingle, here in ours.positions.items() if (there := places.get(shingle)) is not None]


def in_step(new: Fingerprint, old: Fingerprint, shared: list[tuple[int, int]]) -> tuple[int, int]:
    """How far two documents run in step.

    Args:
        new: one document.
        old: the other.
        shared: `shared_shingles` of their informative parts.

    Returns:
        Words in step, short gaps included; and gaps with words on both sides that state different facts.
    """
    if not shared:
        return 0, 0
    names, width = new.names | old.names, new.width
    words, conflicts = width, 0
    for (here, there), (following, opposite) in pairwise(shared):
        mine, his = following - here, opposite - there
        if mine == his == 1:
            words += 1
        elif mine <= STEP + width and 0 < his <= STEP + width:
            words += min(mine, his)
            one, other = new.words[here + width : following], old.words[there + width : opposite]
            if one and other:
                conflicts += _state_different_facts(one, other, names)
        else:
            words += min(mine, width)
    return words, conflicts


def _state_different_facts(one: tuple[str, ...], other: tuple[str, ...], names: frozenset[str]) -> bool:
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
