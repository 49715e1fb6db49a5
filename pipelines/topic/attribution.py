"""Which projects does an article name, and how surely?

Each sentence names projects for itself (`pipelines.topic.naming`), and what the others say decides how much of that
counts. One clear mention is enough: readers of a timeline want to see that a story about one project speaks of another.
"""

from collections.abc import Iterable, Mapping, Sequence
from itertools import chain

from pipelines.catalogue.project import Project, Projects
from pipelines.topic.evidence import ROOM, Reading, SentenceEvidence, Span
from pipelines.topic.naming import (
    ELSEWHERE,
    GRANTED,
    NAMED,
    PERSONAL,
    By,
    Mention,
    Surroundings,
    is_described_in,
    named_in,
)
from pipelines.topic.written import SPACEFLIGHT

SUPPORT = 0.05
"""What an organisation or vehicle of a project adds, once, to evidence that is there already."""

ALIKE = frozenset({"documentary", "reality", "studio", "vr"})
"""Kinds of project of which one is described as another: the winner flies to the station, the IMAX camera rides along.
An article that calls one of them by its title describes no other."""

LONG = 6
"""Sentences of a text from which it names more of a project than its title, if it is about one."""

REPEATED = 0.3
"""What a second sentence adds to the first: that share of what is missing to certainty."""

HEADLINE = 4.0
"""Sentences that a headline is worth when the main project is looked for."""

_ENDS = frozenset(".?!;。？！؟।")
"""Marks behind which a headline speaks of something else."""

OPENING = 4
"""Sentences of the opening, which say what an article is about; each counts double there."""


def mentions(reading: Reading, projects: Projects, *, page: bool = False) -> list[list[Mention]]:
    """The projects that each sentence names, the headline's first, weak mentions included.

    Args:
        reading: what the sentences name.
        projects: the file it was read by.
        page: whether these are passages of a whole page, of which the rest may name what is missing.
    """
    by_id = {project.id: project for project in projects.projects}
    sentences = reading.sentences
    places = [number for number, sentence in enumerate(sentences) if sentence.has("place")]
    long = len(reading.body) >= LONG
    anywhere = bool(places) and (not long or len(places) > 1 or places[0] <= OPENING)
    busy = long and not places and any(sentence.has("other") for sentence in sentences)
    crews = crews_named(sentences)
    unknown = long and not any(map(_names_somebody, sentences))
    roomy = not page and len(reading.body) >= ROOM
    grounded = roomy and not any(s.has(*SPACEFLIGHT) or _names_people(s) for s in sentences)
    # Not `vocabulary.terms`: to put the words of all languages together costs as much as to read the article.
    words_known = any(projects.vocabulary.families.get("place", {}).values())
    found: list[list[Mention]] = []
    for number, sentence in enumerate(sentences):
        if not sentence.projects and not is_described_in(sentence, by_id, there=anywhere):
            found.append([])
            continue
        beside = sentences[max(0, number - 1) : number] + sentences[number + 1 : number + 2]
        around = Surroundings(
            place=anywhere and any(other.has("place") for other in beside),
            film=any(other.films for other in beside),
            place_anywhere=anywhere,
            elsewhere=any(other.has(*ELSEWHERE) for other in beside),
            crews=crews,
            unknown=unknown,
            grounded=grounded,
            busy=busy,
            people=frozenset(p for other in beside for p, kinds in other.projects.items() if "person" in kinds),
            words_known=words_known,
        )
        found.append([*named_in(sentence, around, by_id)])
    return _meant(found, sentences, by_id)


def told_of(reading: Reading, projects: Projects, *, filmed: bool) -> list[Mention]:
    """The projects that headline and opening name together, for an article that is accepted and names none.

    "Camera lost behind a panel. The actress and her director must do without": each sentence describes half. Since a
    film in orbit is what the article is about, filming and a place are taken for granted.

    Args:
        reading: what its sentences name.
        projects: the file it was read by.
        filmed: whether it says outright that a film is made there. Where weak signs alone do, people, who have other
            works, and everyday titles are no proof.
    """
    opening = _as_one(reading.sentences[: OPENING + 1])
    granted = Surroundings(
        place=True,
        film=True,
        place_anywhere=True,
        elsewhere=False,
        crews=crews_named([opening]),
        words_known=True,
        granted=True,
    )
    by_id = {project.id: project for project in projects.projects}
    named = [m for m in named_in(opening, granted, by_id) if filmed or m.by not in GRANTED]
    return _meant([named], [opening], by_id)[0]


def _meant(
    found: list[list[Mention]], sentences: Sequence[SentenceEvidence], by_id: Mapping[str, Project]
) -> list[list[Mention]]:
    """The mentions of each sentence without those that another one in the article explains."""
    called = {m.project for named, sentence in zip(found, sentences, strict=True) for m in named if _calls(m, sentence)}
    alike = {by_id[project].kind for project in called} & ALIKE
    clearly = {m.project for m in chain(*found) if m.score >= NAMED and m.by not in PERSONAL}
    found = [
        [
            mention
            for mention in named
            if not _likens(mention, sentence, by_id[mention.project], called, alike)
            and not _is_by_people_of(mention, sentence, clearly)
        ]
        for named, sentence in zip(found, sentences, strict=True)
    ]
    # Whoever else is named may have the film in orbit, and call it the first.
    if any(_named_otherwise(mention) for mention in chain(*found)):
        found = [[m for m in sentence if m.by is not By.GENERAL_DESCRIPTION] for sentence in found]
    return found


def _as_one(sentences: Sequence[SentenceEvidence]) -> SentenceEvidence:
    """Several sentences as if they were one, with the offsets moved on."""
    one = SentenceEvidence(
        " ".join(sentence.text for sentence in sentences), " ".join(sentence.folded for sentence in sentences)
    )
    behind = 0
    for sentence in sentences:
        for family, spans in sentence.families.items():
            one.families.setdefault(family, []).extend(_moved(spans, behind))
        for project, kinds in sentence.projects.items():
            for kind, spans in kinds.items():
                one.projects.setdefault(project, {}).setdefault(kind, []).extend(_moved(spans, behind))
        for cue, spans in sentence.cues.items():
            one.cues.setdefault(cue, []).extend(_moved(spans, behind))
        behind += len(sentence.folded) + 1
    return one


def _moved(spans: Iterable[Span], by: int) -> list[Span]:
    return [(start + by, end + by) for start, end in spans]


def _calls(mention: Mention, sentence: SentenceEvidence) -> bool:
    """Whether a sentence calls a project by its title, and leaves no doubt that the title is meant."""
    if mention.by is By.TITLE:
        return True
    clear = mention.score >= NAMED and mention.by not in PERSONAL
    return clear and "ordinary" in sentence.projects.get(mention.project, {})


def _likens(mention: Mention, sentence: SentenceEvidence, project: Project, called: set[str], alike: set[str]) -> bool:
    """Whether a description fits one project only because it fits another, which the article calls by its title.

    Not so where the sentence names an organisation that is nobody else's: the channel that shows it.
    """
    return (
        mention.by is By.DESCRIPTION
        and project.kind in alike
        and project.id not in called
        and not _has_support_of_its_own(sentence, project.id)
    )


def _has_support_of_its_own(sentence: SentenceEvidence, project: str) -> bool:
    others = {
        span for other, kinds in sentence.projects.items() if other != project for span in kinds.get("support", ())
    }
    return not others.issuperset(sentence.projects.get(project, {}).get("support", ()))


def _is_by_people_of(mention: Mention, sentence: SentenceEvidence, clearly: set[str]) -> bool:
    """Whether a project is named by people only who made another one, too, which the article names more clearly.

    The man who filmed the journey is the director of the film about it.
    """
    if mention.by not in PERSONAL:
        return False
    spans = set(sentence.projects[mention.project]["person"])
    return any(
        spans.issubset(chain(kinds.get("person", ()), kinds.get("crew", ())))
        for project, kinds in sentence.projects.items()
        if project != mention.project and project in clearly
    )


def _named_otherwise(mention: Mention) -> bool:
    """Whether a project is named, and not merely described as any film in orbit may be."""
    return mention.score >= NAMED and mention.by is not By.GENERAL_DESCRIPTION


def crews_named(sentences: Iterable[SentenceEvidence]) -> frozenset[str]:
    """The projects whose astronauts are named in `sentences`."""
    return frozenset(
        project for sentence in sentences for project, kinds in sentence.projects.items() if "crew" in kinds
    )


def _names_somebody(sentence: SentenceEvidence) -> bool:
    """Whether people, astronauts, an organisation or a vehicle of some project are named."""
    return any(not kinds.keys().isdisjoint(("person", "crew", "support")) for kinds in sentence.projects.values())


def _names_people(sentence: SentenceEvidence) -> bool:
    """Whether people or astronauts of some project are named."""
    return any(not kinds.keys().isdisjoint(("person", "crew")) for kinds in sentence.projects.values())


def combine(found: list[list[Mention]], reading: Reading) -> dict[str, float]:
    """One score for each project: its clearest mention, lifted a little by repetition and by support."""
    by_project: dict[str, list[float]] = {}
    for sentence in found:
        for mention in sentence:
            by_project.setdefault(mention.project, []).append(mention.score)
    for project in _rivals_in_passing(found, reading):
        del by_project[project]
    scores = {}
    for project, values in by_project.items():
        first, *rest = sorted(values, reverse=True)
        score = first + (1 - first) * REPEATED * (rest[0] if rest else 0.0)
        if any("support" in sentence.projects.get(project, {}) for sentence in reading.sentences):
            score += SUPPORT
        scores[project] = min(score, 1.0)
    if all(score < NAMED for score in scores.values()):
        scores |= dict.fromkeys(_people_and_support(reading), NAMED)
    return scores


def _rivals_in_passing(found: list[list[Mention]], reading: Reading) -> set[str]:
    """Projects that a headline mentions only to compare: "Russia got to space before Tom Cruise".

    Their people stand behind the name or the description of another, and nothing more is said of them. An article
    that recalls a rival has a sentence about it.
    """
    if len(reading.body) >= LONG:
        return set()
    passing: set[str] = set()
    told: set[str] = set()
    for named, sentence in zip(found, reading.sentences, strict=False):  # what all say together may follow
        first = min((m.start for m in named if m.score >= NAMED and m.by not in PERSONAL), default=None)
        for mention in named:
            if mention.score >= NAMED:
                behind = mention.by in PERSONAL and first is not None and first < mention.start
                # "The first film up there? Garriott recalls his own": a headline may be two sentences.
                if behind and _ENDS.isdisjoint(sentence.folded[first : mention.start]):
                    passing.add(mention.project)
                else:
                    told.add(mention.project)
    return passing - told


def _people_and_support(reading: Reading) -> list[str]:
    """Projects of which an article names people and an organisation or vehicle, wherever these stand.

    Too little to find an article by ("Tom Cruise" and "NASA" meet in many), enough to tell whose film it is about.
    """
    kinds: dict[str, set[str]] = {}
    for sentence in reading.sentences:
        for project, named in sentence.projects.items():
            kinds.setdefault(project, set()).update(named)
    return [project for project, named in kinds.items() if {"person", "support"} <= named and "never" not in named]


def prominence(found: list[list[Mention]]) -> dict[str, float]:
    """How much of an article is about each project, for putting the main one first: its mentions added up.

    The headline counts as `HEADLINE` sentences, and each of the first `OPENING` as two: an article that tells one
    project's story mentions its rival in passing, but as surely.
    """
    totals: dict[str, float] = {}
    for number, sentence in enumerate(found):
        weight = HEADLINE if number == 0 else 2.0 if number <= OPENING else 1.0
        for mention in sentence:
            totals[mention.project] = totals.get(mention.project, 0.0) + weight * mention.score
    return totals
