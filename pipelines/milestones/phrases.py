"""The small notation of `rules/milestones/*.toml`, and the search for many phrases written in it.

    launch          the word, in any case
    launch*         words that begin so ("launched", "launches"); a star may also stand before
    will ... fly    up to five words (twelve characters where words are not parted by spaces) may stand between
    on [the ]moon   what stands in brackets may be missing
    {month}         a slot that the date reader fills

Everything else is taken as written. Gaps and stars are bounded, so every translated pattern runs in time linear in
the text.
"""

import re
from collections.abc import Collection, Iterable, Iterator, Mapping
from functools import cache

GAP_WORDS = 5
"""Words that "..." may skip. Three missed separable verbs with a place and a passenger between; eight joined
neighbouring clauses."""

GAP_CHARACTERS = 12
"""The same for scripts without spaces, where a clause has some 8 to 20 characters."""

STAR_LETTERS = 14
"""Letters that "*" may stand for: the longest endings seen in Turkish and German compounds have twelve."""

KEY_CHARACTERS = 2
"""Leading characters by which phrases of scripts without spaces are kept: two hold a word there."""

Match = tuple[int, int, str]
"""Start, end and tag."""

_FIRST = re.compile(r"\w+")
_WORD = re.compile(r"\w{1,40}")
_TOKENS = re.compile(r"\.\.\.|\*|\[[^\]]*\]|\{\w+\}|\s+|.", re.DOTALL)
_SLOT = re.compile(r"\{(\w+)\}")
_MAY_BE_MISSING = re.compile(r"\[[^\]]*\]|\{\w+\}")
_CASES = str.maketrans({"ı": "i", "\u0307": "", "ς": "σ", "ſ": "s"})
"""Letters that regular expressions take for each other beside upper and lower case; "İ" is "i" with a dot above."""


def translate(phrase: str, *, spaced: bool, slots: Mapping[str, str] | None = None) -> str:
    """The regular expression (source text) for one phrase, with word boundaries at its ends where the script has any.

    Args:
        phrase: in the notation above.
        spaced: whether the language parts words by spaces.
        slots: what each `{slot}` stands for, as regular expressions.

    Raises:
        ValueError: if the phrase is empty or names an unknown slot.
    """
    check(phrase, slots or {})
    phrase = phrase.strip()
    body = _body(phrase, spaced=spaced, slots=slots or {})
    if not spaced:
        return body
    left = r"(?<!\w)" if phrase[0] not in "*.,;" else ""
    right = r"(?!\w)" if phrase[-1] not in "*.,;" else ""
    return f"{left}{body}{right}"


def check(phrase: str, slots: Collection[str] = ()) -> None:
    """Whether a phrase can be translated; nothing else can be wrong with one.

    Raises:
        ValueError: if the phrase is empty or names an unknown slot.
    """
    if not phrase.strip():
        raise ValueError("an empty phrase would match everywhere")
    for slot in _SLOT.findall(phrase):
        if slot not in slots:
            raise ValueError(f"unknown slot {{{slot}}} in {phrase!r}; known are {', '.join(sorted(slots))}")


def _body(phrase: str, *, spaced: bool, slots: Mapping[str, str]) -> str:
    parts: list[str] = []
    for part in _TOKENS.findall(phrase):
        if part == "...":
            parts.append(_gap(parts, spaced=spaced))
        elif part == "*":
            parts.append(rf"\w{{0,{STAR_LETTERS}}}")
        elif part.startswith("["):
            parts.append(f"(?:{_body(part[1:-1], spaced=spaced, slots=slots)})?")
        elif part.startswith("{"):
            parts.append(slots[part[1:-1]])
        elif part.isspace():
            if not (parts and parts[-1].endswith(_GAP_END)):
                parts.append(r"[\s,]{1,3}" if spaced else r"\s?")
        else:
            parts.append("['’`]" if part in "'’" else re.escape(part))
    return "".join(parts)


_GAP_END = "(?#gap)"


def _gap(parts: list[str], *, spaced: bool) -> str:
    if not spaced:
        return rf"[^，,。；;！？\n]{{0,{GAP_CHARACTERS}}}?{_GAP_END}"
    if parts and parts[-1] == r"[\s,]{1,3}":
        parts.pop()
    return rf"(?:[\s,(]{{1,3}}[\w'’.\-«»\"“”„/]{{1,30}}){{0,{GAP_WORDS}}}?[\s,)]{{1,3}}{_GAP_END}"


def caseless(text: str) -> str:
    """A text in one case, in which `may_stand_in` looks for words."""
    return text.lower().translate(_CASES)


def may_stand_in(phrase: str, text: str) -> bool:
    """Whether a text has the words that a phrase cannot do without.

    Most phrases that begin with "was" lack another word of theirs in the text, and compiling a regular expression costs
    as much as looking for it in a hundred texts.

    Args:
        phrase: in the notation above.
        text: by `caseless`.
    """
    for word in _needed(phrase):  # noqa: SIM110 - `all` takes half as long again, two thousand times an article
        if word not in text:
            return False
    return True


@cache
def _needed(phrase: str) -> tuple[str, ...]:
    # The last first: where a phrase is tried, its first word stands already.
    return tuple(caseless(word) for word in reversed(_FIRST.findall(_MAY_BE_MISSING.sub(" ", phrase))))


class PhraseSet:
    """Many phrases, each with a tag, looked for at once.

    A phrase is tried only where its first word stands, so the cost of a text does not grow with the vocabulary:
    one regular expression of a thousand alternatives took 500 ms an English article, this takes two.

    Args:
        phrases: pairs of phrase and tag; where several match at one place, the longest phrase wins.
        spaced: whether the language parts words by spaces.

    Raises:
        ValueError: if a phrase cannot be translated.
    """

    def __init__(self, phrases: Iterable[tuple[str, str]], *, spaced: bool) -> None:
        self.spaced = spaced
        self._words: dict[str, list[tuple[str, str]]] = {}
        self._stems: dict[str, list[tuple[str, str]]] = {}
        self._anywhere: list[tuple[str, str]] = []
        for phrase, tag in sorted(set(phrases), key=lambda entry: (-len(entry[0]), entry)):
            check(phrase)
            first = _FIRST.match(phrase)
            if first is None:
                self._anywhere.append((phrase, tag))
            elif spaced and not phrase.startswith("*", first.end()):
                self._words.setdefault(first[0].lower(), []).append((phrase, tag))
            else:
                self._stems.setdefault(first[0].lower() if spaced else first[0][:KEY_CHARACTERS].lower(), []).append(
                    (phrase, tag)
                )
        self._sizes = sorted({len(stem) for stem in self._stems})

    def find(self, text: str) -> list[Match]:
        """Matches from left to right, not overlapping: start, end, tag."""
        found: list[Match] = []
        end = 0
        for match in self.all_matches(text):
            if match[0] >= end:
                found.append(match)
                end = match[1]
        return found

    def all_matches(self, text: str) -> Iterator[Match]:
        """Every phrase at every place, overlapping ones too; of one place the longest phrase first."""
        lower = text.lower()
        words = ""
        for start, word in self._starts(lower if len(lower) == len(text) else text):
            for phrase, tag in self._candidates(word):
                words = words or caseless(text)
                if not may_stand_in(phrase, words):
                    continue
                match = _compiled(phrase, self.spaced).match(text, start)
                if match and match.end() > start:
                    yield start, match.end(), tag

    def _starts(self, text: str) -> Iterable[tuple[int, str]]:
        if self.spaced:
            return ((match.start(), match[0]) for match in _WORD.finditer(text))
        return ((start, text[start : start + KEY_CHARACTERS]) for start in range(len(text)))

    def _candidates(self, word: str) -> list[tuple[str, str]]:
        lists = [self._words[word]] if word in self._words else []
        lists += [self._stems[word[:size]] for size in self._sizes if size <= len(word) and word[:size] in self._stems]
        if self._anywhere:
            lists.append(self._anywhere)
        if len(lists) <= 1:
            return lists[0] if lists else []
        return sorted((entry for entries in lists for entry in entries), key=lambda entry: -len(entry[0]))


class CueSet:
    """Several named sets of phrases, found in one pass; a phrase of one hides none of another.

    Args:
        cues: the phrases of each name.
        hidden: by name, phrases that only hide those inside them ("not only" is no "not").
        spaced: whether the language parts words by spaces.
    """

    def __init__(self, cues: Mapping[str, Iterable[str]], hidden: Mapping[str, Iterable[str]], *, spaced: bool) -> None:
        self._names = tuple(cues)
        entries = [(phrase, f"{name} {phrase}") for name, phrases in cues.items() for phrase in phrases]
        entries += [(phrase, name) for name, phrases in hidden.items() for phrase in phrases]
        self._phrases = PhraseSet(entries, spaced=spaced)

    def find(self, text: str) -> dict[str, list[Match]]:
        """By name: start, end and phrase of what does not overlap within the name; every name has its list."""
        found: dict[str, list[Match]] = {name: [] for name in self._names}
        ends = dict.fromkeys(self._names, 0)
        for start, end, tag in self._phrases.all_matches(text):
            name, _, phrase = tag.partition(" ")
            if start >= ends[name]:
                ends[name] = end
                if phrase:
                    found[name].append((start, end, phrase))
        return found


@cache
def _compiled(phrase: str, spaced: bool) -> re.Pattern[str]:  # noqa: FBT001 - a cache key
    return re.compile(translate(phrase, spaced=spaced), re.IGNORECASE)
