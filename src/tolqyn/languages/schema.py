"""What a language file may hold: sections, keys, and what each is for.

The reference page docs/reference/languages.md says the same at more length.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass

__all__ = ["SECTIONS", "Key"]


@dataclass(frozen=True, slots=True)
class Key:
    """One key of a section.

    Attributes:
        form: what its value must be.
            "text"      a line of text;
            "texts"     a list of plain texts;
            "flag"      true or false;
            "phrases"   a list of phrases;
            "numbers"   a table, phrase -> number;
            "orders"    a table, phrase -> [low, high];
            "months"    twelve lists of phrases; "weekdays" seven, from Monday;
            "named"     a table, name -> list of phrases.
        what: what it is for, one line.
        needed: whether a file without it is refused.
        slots: how many slots each of its phrases must hold.
    """

    form: str
    what: str
    needed: bool = False
    slots: int = 0


def _phrases(**keys: str) -> dict[str, Key]:
    return {name.rstrip("_"): Key("phrases", what) for name, what in keys.items()}


def _slotted(slots: int, **keys: str) -> dict[str, Key]:
    return {name: Key("phrases", what, slots=slots) for name, what in keys.items()}


SECTIONS: Mapping[str, Mapping[str, Key]] = {
    "language": {
        "name": Key("text", "its name in English", needed=True),
        "decimal": Key("text", 'its decimal mark, "." or ","', needed=True),
        "apostrophe_joins": Key(
            "flag", "whether an apostrophe inside a word belongs to it; else it parts two"
        ),
        "adjectives_follow": Key("flag", "whether an adjective stands after its noun"),
        "leading_articles": Key("texts", "words of [roles] that are articles where they begin a sentence"),
        "capital_peoples": Key(
            "flag", "whether a people is written with a capital and its adjective without"
        ),
        "capital_nouns": Key("flag", "whether every noun is written with a capital"),
        "regions_of_adjectives": Key(
            "texts",
            "two: ending of an adjective of a region, and what makes it the region's name: ск, ая область",
        ),
        "endings": Key("texts", "endings that a name may take on, longest first"),
        "prefixes": Key("texts", "particles and articles written onto the front of a word"),
        "changes": Key("named", "ends of a name that cases change -> what they were: ce = [ka]"),
        "name_endings": Key(
            "texts", "endings that the name of a town or region may take on, where peoples take on more"
        ),
        "person_endings": Key("texts", "endings that a person's name loses to stand as a subject does"),
        "roles_follow": Key("flag", "whether the words of [roles] stand behind the place"),
        "endings_give_roles": Key("flag", "whether [endings] hold without a word before the place"),
        "home": Key("text", "alpha-3 code of the country where bodies named without one belong"),
        "abbreviations": Key("texts", "words after which a full stop does not end the sentence"),
        "titles": Key(
            "texts", "titles of persons in short, in small letters, which a name follows: gov, col"
        ),
        "not_places": Key("texts", "words that are also names of little places"),
        "noun_endings": Key(
            "texts", "endings of common nouns, where these have capitals too: no unlisted place ends so"
        ),
    },
    "numbers": {
        "words": Key("numbers", "number words", needed=True),
        "magnitudes": Key("numbers", "words that multiply the number before them", needed=True),
        "rough": Key("numbers", "number words that say about so many: some twenty, a thousand or so"),
        "halves": Key("numbers", "words such as half a, one and a half, before a magnitude"),
        "orders": Key("orders", "tens of thousands and the like"),
        "fractions": Key("numbers", "shares in words, as percent"),
        **_phrases(
            percent="words for percent",
            ranges="two figures {n} that are the ends of one",
            from_to="two figures {n}, from one to the other, where from stands behind its figure",
            turned="what becomes another figure: went, passed (from 5 to 9), up from {n} to {n}",
            of_each="two figures {n} that are one share: nine out of ten",
            same="as many again: the figure before is repeated",
            joins="and, between number words",
            and_half="and a half, after a number word",
            minus="minus, before a figure",
            against="stands before a figure that another is compared with: against, up from",
            pairs="words that give figures one by one to the things named before: respectively",
        ),
    },
    "qualifiers": _phrases(
        about="about, some, around",
        over="more than, at least, {n} or more",
        slightly_over="slightly more than",
        under="less than, fewer than",
        almost="almost, nearly, just under",
        up_to="up to, as many as",
        reached="reached: a rate or a price was up to that, a total is exact",
        exact="a word that says that the figure is exact, or that another qualifier word is none",
    ),
    "measures": _phrases(
        entries="came in: the place is where they came to",
        exits="left: the place is where they left from",
        hosts="took in: the place is the one that does it",
        sends="let out: the place is the one that does it",
        transfers="taken from one camp or town on to another: the place is the one spoken of",
        flees="fled: came in where the clause says whither, else left",
        fleeing="fleeing from, of people: who they are, which counts only where no other movement is told",
        returns="went home: the place is their own country unless one is named",
        moves="moved, with no direction of its own",
        transit="passed through on the way elsewhere",
        net="surplus of arrivals over departures",
        net_loss="surplus of departures over arrivals: the figure is given as negative",
        stock="are present, live, remain",
        there="there are: presence, or more of the movement spoken of before",
        again="follow, belong to: whatever was counted before",
        queue="stand and wait",
        deportations="were removed",
        refusals="were refused entry or exit",
        detentions="were detained",
        shelter="are housed for the time being",
        capacity="can be housed",
        rent="rent of housing",
        fare="fares and tickets",
        applications="requests made, of whatever kind",
        registrations="registrations and permits, of whatever kind",
        nothing="an act that the words before would else be taken for, or that we do not count",
    ),
    "directions": _phrases(
        into="turns a movement into entries",
        out="turns a movement into exits",
        back="the other way: turns the movement before it round",
    ),
    "documents": _phrases(
        iin="personal identification number",
        residence="residence permit, permanent or bare",
        temporary_stay="temporary residence, extension of stay",
        asylum="asylum, refugee status, temporary protection",
        citizenship="citizenship",
        work_permit="work permit, patent",
        bank_account="bank account, bank card",
        other="registration that is none of these",
        none="words for a paper that nobody asks for: without a visa",
    ),
    "acts": _phrases(
        grant="was given, received, was registered", apply_="asked for", hold="has: people who hold a paper"
    ),
    "changes": _phrases(rise="grew by", fall="fell by"),
    "units": {
        **_phrases(
            persons="people",
            crossings="crossings, trips",
            vehicles="cars, lorries",
            households="families",
            times="N times: crossings beside a movement, else no count",
        )
    },
    "groups": {
        **_phrases(
            citizens="citizens (of), before or after the name of a country",
            origins="refugees from, before or after the name of a country: where people come from who move",
            foreign="foreigners",
            any="a word that says that all nationalities are meant",
            own="their own country, home: where the group comes from",
            carried="they, of them, newcomers: the group named before",
            ethnic="ethnic, before a people",
            fellow="citizens, compatriots, of no country named: those of the country that speaks",
        ),
        "parts": Key("named", "parts of a people: English plural -> phrases"),
        "peoples": Key("named", "peoples that are no citizenship: English name -> phrases"),
    },
    "money": {"currencies": Key("named", "ISO 4217 code, or a shared name as PESO -> phrases and signs")},
    "decoys": _phrases(
        after="what follows a figure that is no count of people",
        before="what stands before a figure that is no count of people",
        differs="more than, fewer than: with days behind it the figure before it is a difference and no count",
    ),
    "roles": _phrases(
        to="stands before a place that is gone to",
        from_="stands before a place that is come from",
        in_="stands before a place where one is",
        via="stands before a place that is passed",
        country="the country, the republic: not the town or region spoken of before",
        town="the city, the town: the one named last",
        here="here, there: the town, camp or checkpoint named last in the paragraph",
        capital="the capital: of the country beside it, or else of the one spoken of",
        area="the region, the oblast: the one named last",
        thence="from there: from the place named before",
        thither="to there: to the place named before",
        abroad="other countries, named in the list that follows",
        side="side, soil, authorities: after a people, the land and not the people is meant",
        shore="side, bank, soil: where its adjective is that of a country, one is in that country",
        coast="coast, islands, ports: as shore, but one may come from there as well",
        limit="border, beside the names or adjectives of its sides: who crosses it comes from the other one; who is stopped there is in neither for sure",
        frontier="the border with: what follows is its other side",
        wild="the jungle, the desert: who crosses one has come to the country, and does not stay there",
        by="stands before who does it: set by Tehran",
        unlisted="in, near: a capitalized word right behind it that no list knows is the name of a place",
        spot="camp, crossing, village: a capitalized word beside it that no list knows is the name of a place",
        lodging="camp, hostel, school: who is there, in its clause, is housed",
        homes="with relatives, in private flats: who lives there is not housed",
        outdoors="on the street, in the open: who sleeps there is not housed",
        region="the region of: the town after it, or before it, stands for its region",
        regions="by region: the towns that head what follows stand for their regions",
        relative="which, whose, where: opens a clause that tells more of a name",
        border="across the border: what is passed is no place on the way",
        between="stands before a place that is neither (of, about, with)",
    ),
    "endings": {
        "to": Key("texts", "endings of a place that is gone to"),
        "from": Key("texts", "endings of a place that is come from"),
        "in": Key("texts", "endings of a place where one is"),
        "via": Key("texts", "endings of a place that is passed"),
        "since": Key("texts", "endings of a month that mean since it"),
        "until": Key("texts", "endings of a month that mean until it"),
    },
    "rates": _phrases(
        day="per day",
        week="per week",
        month="per month",
        year="per year",
        average="on average: what is also a window is then a rate",
    ),
    "dates": {
        "months": Key("months", "month names, where those of CLDR do not do"),
        "weekdays": Key("weekdays", "weekday names, where those of CLDR do not do"),
        **_phrases(
            day_joins="what may stand between a day's number and its month",
            year_joins="what may stand between a date and its year, or after the year",
            year_before="what stands before a bare year",
            day_of_month="{n} as a day of the month spoken of",
            clock="{n} o'clock: an hour, dropped",
            month_words="names of months that are ordinary words in small letters: may, march",
            articles="the, before a date: dropped",
            day_parts="evening, morning, noon, beside a day: dropped",
            month_start="the beginning of {day}, a month",
            month_end="the end of {day}, a month",
            month_middle="the middle of {day}, a month",
        ),
        "month_tails": Key("texts", "words grown onto a month: woche, in Septemberwoche"),
        "bare_years": Key("flag", "whether a year stands without a word before it: reisten 2022 ein"),
        "days": Key("named", "yesterday and the like: number of days from today -> phrases"),
        "ordinals": Key(
            "named", "days of a month in words, beside its name: number -> phrases; 0: none, as in first half"
        ),
        "feasts": Key("named", "days of the year with a name: month and day, as 12-25 -> phrases"),
    },
    "windows": {
        **_slotted(
            1,
            since="since {day}",
            until="until {day}",
            **{"from": "from {day} on: since it, or to come where the sentence looks ahead"},
            before="before {day}: up to the day before it",
            by="by {day}, as of {day}",
            on="on {day}, where the bare date would be read otherwise",
            last_of="last {day}: the last one before the article",
            earlier_of="the {day} before: the last one before the day told last",
            first_week_of="in the first week of {day}, a month",
            second_week_of="in the second week of {day}, a month",
            third_week_of="in the third week of {day}, a month",
            last_week_of="in the last week of {day}, a month",
            first_third_of="in the first ten days of {day}, a month",
            second_third_of="in the second ten days of {day}, a month",
            last_third_of="in the last ten days of {day}, a month",
            first_half_of="in the first half of {day}, a month",
            second_half_of="in the second half of {day}, a month",
            week_from="the week that began on {day}",
            day_from="the 24 hours that began on {day}",
            night_to="in the night to {day}: the two days that it joins",
            last_days="over the past {n} days",
            last_full_days="over the past {n} full days: up to yesterday",
            last_hours="over the past {n} hours",
            last_weeks="over the past {n} weeks",
            last_months="over the past {n} months",
            last_years="over the past {n} years",
            full_months="over {n} months: since January, where as many are over",
            year_to="in the year to {day}",
            week_to="in the week to {day}",
            fiscal_year="in fiscal year {day}",
            year_until="between the start of the year and {day}",
            days_before="in the {n} days before that",
            same_of="in the same period of {day}, a year",
            first_months="in the first {n} months of the year",
            next_weeks="over the next {n} weeks",
            next_months="over the next {n} months",
            days_ago="{n} days ago",
            weeks_ago="{n} weeks ago",
            months_ago="{n} months ago: the month that was so long ago",
            years_ago="{n} years ago: the days told last so many years before, else that year",
            calendar_week="in week {n} of the year",
            days_earlier="{n} days earlier: before the day told last",
            weeks_earlier="{n} weeks earlier: before the day told last",
            days_after="{n} days later: after the day told last",
            those_days="in these {n} days: up to the day told last",
            days_following="in the {n} days that followed: after the day told last",
            weeks_after="{n} weeks later: after the day told last",
            issued="in the report of {day}: when it was said, not when people moved",
        ),
        "fixed": Key("named", "spans whose phrase holds their number: last_weeks 2 -> the past fortnight"),
        **_slotted(
            2,
            span="from {day} to {day}",
            first_days="in the first {n} days of {day}",
            first_weeks="in the first {n} weeks of {day}",
            days_to="in the {n} days to {day}",
            weeks_to="in the {n} weeks to {day}",
            final_days="in the last {n} days of {day}, a month",
            final_weeks="in the last {n} weeks of {day}, a month",
            fiscal_years="in fiscal year {day}/{n}",
            both_days="{day} and {day}, days or months that follow one another",
        ),
        **_phrases(
            last_day="over the past day",
            last_week="last week",
            last_month="last month",
            previous_week="the week before: before that told last, else last week",
            previous_month="the month before: before that told last, else last month",
            until_spring="by spring",
            until_summer="by summer",
            until_autumn="by autumn",
            until_winter="by winter",
            last_year="last year",
            this_day="today, alone",
            this_week="this week",
            this_month="this month",
            this_year="this year, since its start",
            first_week="in its first week, after what was spoken of",
            early="in the first days: from what was spoken of, with no end",
            spring="in spring, of {day}, a year",
            summer="in summer",
            autumn="in autumn",
            winter="in winter: of {day}, the one that ends in that year",
            since_spring="since spring",
            since_summer="since summer",
            since_autumn="since autumn",
            since_winter="since winter",
            year_to_date="this year so far, since its start: nothing of it is still to come",
            this_fiscal_year="this fiscal year, since its start",
            last_fiscal_year="last fiscal year",
            year_start="at the start of the year",
            year_end="by the end of the year",
            month_end="by the end of the month",
            week_end="by the end of the week",
            previous_year="in the previous year: before the year told last, else last year",
            first_quarter="in the first quarter",
            second_quarter="in the second quarter",
            third_quarter="in the third quarter",
            fourth_quarter="in the fourth quarter",
            first_half="in the first half of the year",
            second_half="in the second half of the year",
            weekend="over the weekend",
            past_week="over the past week: seven days to now",
            past_month="over the past month",
            that_month="in the month: the one spoken of, else the past one",
            that_year="in that year: the one of the days told last",
            over_year="in the course of the year: the one spoken of, else this one",
            past_year="over the past year",
            past_half_year="over the past half year",
            day_before="the day before that",
            week_before="a week before that",
            month_before="a month before that",
            week_ago="a week ago",
            month_ago="a month ago",
            day_after="the day after that",
            week_after="a week later, the following week",
            month_after="a month later, the following month",
            year_after="a year later, the following year",
            next_week="next week",
            next_month="next month",
            next_year="next year",
            year_before="a year before that",
            next_days="within {n} days from now",
            same="in the same period",
            since_then="since then: from the days named before",
            same_day="that day",
            slept="slept, spent the night: those there were so the night before, unless a day is named",
            since_clause="since, before a clause that ends with its day: since ... reopened on Sunday",
            so_far="so far, to date, still: up to the day of the article",
            recent="in recent days",
            now="now, at present",
            earlier="before that",
            usual="usually: on no days in particular",
            not_when="for the first time since {day} or {event}: how rare, not when",
        ),
    },
    "events": {
        "nouns": Key("named", "English name of a kind of event -> phrases"),
        **_phrases(
            begin="began, was announced: dates an event that stands in the same sentence",
            before="before {event}",
            since="since {event}",
            week="a week after {event}, after a week of {event}",
            month="a month after {event}",
            year="a year after {event}",
            first_week="in the first week of {event}",
            first_month="in the first month of {event}",
        ),
        **_slotted(
            1,
            first_days="in the first {n} days of {event}",
            first_weeks="in the first {n} weeks of {event}",
            first_months="in the first {n} months of {event}",
            days="{n} days after {event}, in {n} days of {event}",
            weeks="{n} weeks after {event}",
            months="{n} months after {event}",
        ),
    },
    "modality": _phrases(
        denied="is not true, denied",
        denied_near="no, not, right before a figure that is rejected",
        forecast="will, is expected",
        hypothetical="if, would",
        reckoned="if one counts, if on {day} it was: an if that supposes nothing",
        possible="could: supposed beside an if, else foreseen",
    ),
    "speech": _phrases(
        verbs="said, reported",
        that="that: what comes after it was said, not when it was said",
        pronouns="he, she, they: beside a verb of speech whoever spoke before goes on",
        counted="counted, registered: a day beside it is that of the figure, not of speech",
        behind="words of citing that stand behind who is cited: a day after them is that of the figure",
        told="told, in an interview with: what follows is who listens, not who speaks",
        according="according to",
        citing="with reference to: what follows is the source, what stands before carries it",
        release="press release: the text speaks for the body named at its head",
        interview="interview: the text is whom it asks, named at its head",
        credit="source, data of: a line that names who counted what stands before it",
    ),
    "sources": {
        "bodies": Key("named", "English name -> phrases for the body itself"),
        "offices": Key("named", "English name of the body -> phrases for who speaks for it"),
        "of": Key(
            "phrases", "words that join an office to its body, where they are longer than four letters"
        ),
        "abbreviations": Key("named", "English name with country -> phrases"),
        "kinds": Key(
            "phrases", "nouns of bodies without an entry, whose name is then given as written: agency"
        ),
        "fields": Key("phrases", "words in small letters that may belong to such a name: refugee, border"),
        "heads": Key(
            "named", "English noun -> phrases: what a body without an entry is: service, inspectorate"
        ),
        "topics": Key("named", "English word -> phrases: what such a body is for, before or after its noun"),
        "media": Key("phrases", "stands beside the name of a portal, newspaper, charity or company"),
        "alone": Key("phrases", "who speaks for nobody: economist, driver, resident"),
        "nameless": Key(
            "texts", "the, our, in: has a capital at the beginning of a sentence and is no part of a name"
        ),
        "from": Key("phrases", "stands between a person and the body they speak for: of, from"),
    },
    "peoples": {},
    "adjectives": {},
    "names": {},
}
"""Section -> key -> what it is. The last three are tables of ISO 3166-1 alpha-3 code -> texts."""
