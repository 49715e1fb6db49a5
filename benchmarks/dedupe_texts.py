"""News that nobody wrote: stories in made-up words, the edits that newsrooms make, and look-alikes."""

import random
from collections.abc import Callable
from dataclasses import dataclass
from itertools import pairwise

Text = tuple[str, str]
"""A title and a body, paragraphs separated by newlines."""

_SYLLABLES = [consonant + vowel for consonant in "bdfgklmnprstv" for vowel in "aeio"]
_HOUSE_STYLES = {
    "percent": "pct",
    "million": "mln",
    "versus": "vs",
    "program": "programme",
    "labor": "labour",
    "organized": "organised",
    "center": "centre",
    "analyzed": "analysed",
    "traveled": "travelled",
    "kilometers": "km",
    "company": "co",
    "government": "govt",
}
_LITTLE = ["the", "of", "and", "to", "in", "a", "that", "for", "was", "on", "with", "by", "at", "from", "it"]


@dataclass(frozen=True, slots=True)
class Labelled:
    """A document with what a perfect judge would say of it."""

    title: str
    text: str
    story: int
    kind: str
    day: int


class Newsroom:
    """Writes stories and edits them; the same seed writes the same."""

    def __init__(self, seed: int) -> None:
        self._random = random.Random(seed)
        self.vocabulary = [self._word() for _ in range(6000)]
        self.weights = [1 / (rank + 5) for rank in range(len(self.vocabulary))]
        self._boxes = ["\n".join(self.sentence([]) for _ in range(4)) for _ in range(30)]
        self.edits: dict[str, Callable[[Text], Text]] = {
            "exact": lambda text: text,
            "headline": lambda text: (self._headline(text[1]), text[1]),
            "house style": self._house_style,
            "typography": self._typography,
            "scanned": lambda text: (text[0], self._each_word(text[1], 0.07, self._misread)),
            "10 % rewritten": lambda text: (text[0], self._each_word(text[1], 0.10, lambda _: self._common())),
            "20 % rewritten": lambda text: (text[0], self._each_word(text[1], 0.20, lambda _: self._common())),
            "trimmed": lambda text: (text[0], self._paragraphs(text[1], 0.6)),
            "teaser": lambda text: (text[0], " ".join(text[1].split()[:45]) + " […]"),
            "excerpt": lambda text: (self._headline(text[1]), "\n".join(text[1].split("\n")[3:7])),
            "boxes": self._boxed,
            "padded": lambda text: (text[0], f"{text[1]}\n{self.story()[1].split(chr(10), 2)[0]}"),
            "corrected": lambda text: (text[0], f"CORRECTED. {text[1]}\n{self.sentence([])}"),
        }

    def story(self) -> Text:
        """A story of 150 to 700 words about a few names of its own."""
        names = [self._word().capitalize() for _ in range(self._random.randint(3, 8))]
        paragraphs = [
            " ".join(self.sentence(names) for _ in range(self._random.randint(1, 3)))
            for _ in range(self._random.randint(7, 14))
        ]
        body = "\n".join(paragraphs)
        return self._headline(body), body

    def template(self) -> Callable[[], Text]:
        """A frame of sentences that is filled with other facts each time."""
        frame = [self.sentence([]).rstrip(".").split() for _ in range(9)]
        title = self._headline(" ".join(frame[0]))

        def filled() -> Text:
            place = self._word().capitalize()
            lines = []
            for words in frame:
                half = len(words) // 2
                lines.append(
                    " ".join([*words[:half], place, str(self._random.randint(100, 9999)), *words[half:]]) + "."
                )
            return f"{title} {place}", "\n".join(lines)

        return filled

    def stub(self, text: Text) -> Text:
        """A story behind a paywall: its title over a notice."""
        return text[0], self._boxes[0].split("\n", maxsplit=1)[0]

    def quoting(self, text: Text) -> Text:
        """Another story that quotes one paragraph."""
        title, body = self.story()
        lines = body.split("\n")
        return title, "\n".join([*lines[:3], text[1].split("\n")[2], *lines[3:]])

    def round_up(self, texts: list[Text]) -> Text:
        """Several stories' headlines with their first sentences."""
        items = [f"{title}\n{' '.join(body.split()[:50])}." for title, body in texts]
        return f"The day: {self._common()} {self._common()}", "\n".join([self.sentence([]), *items])

    def sentence(self, names: list[str]) -> str:
        """A sentence of 10 to 24 words, with a number now and then, and a name where there are any."""
        words = self._random.choices(self.vocabulary, self.weights, k=self._random.randint(10, 24))
        for index in range(1, len(words)):
            chance = self._random.random()
            if chance < 0.3:
                words[index] = self._random.choice(_LITTLE)
            elif chance < 0.34:
                words[index] = (
                    f"{self._random.randint(2, 999)} {self._random.choice(['percent', 'million', 'kilometers'])}"
                )
            elif chance < 0.38:
                words[index] = self._random.choice(list(_HOUSE_STYLES))
            elif chance < 0.46 and names:
                words[index] = self._random.choice(names)
        return " ".join([words[0].capitalize(), *words[1:]]) + "."

    def _word(self) -> str:
        return "".join(self._random.choices(_SYLLABLES, k=self._random.randint(2, 4)))

    def _common(self) -> str:
        return self._random.choices(self.vocabulary, self.weights)[0]

    def _headline(self, body: str) -> str:
        words = [word.strip(".") for word in body.split("\n", maxsplit=1)[0].split() if word not in _LITTLE]
        start = self._random.randint(0, max(0, len(words) - 9))
        return " ".join(words[start : start + 8]).capitalize()

    def _each_word(self, body: str, part: float, change: Callable[[str], str]) -> str:
        return "\n".join(
            " ".join(change(word) if self._random.random() < part else word for word in line.split())
            for line in body.split("\n")
        )

    def _misread(self, word: str) -> str:
        at = self._random.randrange(len(word))
        return word[:at] + self._random.choice("abcdefghilmnorstu01") + word[at + 1 :]

    def _paragraphs(self, body: str, part: float) -> str:
        lines = body.split("\n")
        return "\n".join(lines[: max(2, int(len(lines) * part))])

    def _typography(self, text: Text) -> Text:
        curly = str.maketrans({"-": "\u2010", "'": "\u2019"})
        return text[0], text[1].translate(curly).replace(". ", ".\u00a0")

    def _boxed(self, text: Text) -> Text:
        return text[0], "\n".join([text[1], *self._random.sample(self._boxes, 2)])

    def _house_style(self, text: Text) -> Text:
        words = (_HOUSE_STYLES.get(word, word) for word in text[1].split(" "))
        return text[0], " ".join(words)


def labelled_news(stories: int, seed: int) -> list[Labelled]:
    """A month of stories with three edits each, and look-alikes, in the order of their days."""
    room = Newsroom(seed)
    chance = random.Random(seed)
    originals = [room.story() for _ in range(stories)]
    days = [chance.randint(1, 26) for _ in originals]
    found = [
        Labelled(*text, story, "original", day) for story, (text, day) in enumerate(zip(originals, days, strict=True))
    ]
    for story, text in enumerate(originals):
        found.extend(
            Labelled(*room.edits[kind](text), story, kind, days[story] + chance.randint(0, 3))
            for kind in chance.sample(sorted(room.edits), 3)
        )
    alone = stories
    templates = [room.template() for _ in range(max(1, stories // 60))]
    for index, (one, other) in enumerate(pairwise(originals)):
        look_alike = {
            0: ("a template", templates[index % len(templates)]()),
            3: ("a paywall stub", room.stub(one)),
            6: ("a quotation", room.quoting(one)),
            9: ("a round-up", room.round_up([one, other, originals[index // 2], originals[index // 3]])),
        }.get(index % 12)
        if look_alike:
            found.append(Labelled(*look_alike[1], alone, look_alike[0], days[index] + 1))
            alone += 1
    return sorted(found, key=lambda document: document.day)
