"""Each reason, planted: the pair clashes, the reason is found, and what it leaves is right."""

from dataclasses import replace
from datetime import date

import pytest
from waves import say, situation, statement

from tolqyn.estimate.case import Reason
from tolqyn.estimate.contradict import find_cases


def only_case(statements, wave=None):
    cases = find_cases(statements, wave or situation())
    assert [case.title for case in cases] == [cases[0].title] if cases else False, "one case is expected"
    return cases[0]


def test_an_old_figure_repeated_under_a_later_day_is_a_copy():
    case = only_case(
        [
            say("entries", 98_000, "09-21", "09-27"),
            say("entries", 200_000, "09-21", "10-04", "over"),
            say("entries", 98_000, "09-21", "10-18", organization=None, publisher="The Echo"),
        ]
    )

    assert case.reason is Reason.COPY
    assert case.residual_before == 102_000
    assert case.residual_after == 0
    assert "98,000 for 21–27 September 2022" in case.explanation


def test_another_quantitys_figure_under_this_name_is_a_copy():
    case = only_case(
        [
            say("entries", 98_400, "09-21", "09-27", said="09-27"),
            say("exits", 64_234, "09-21", "09-27", said="09-28", organization="Border Service"),
            say("exits", 98_400, "09-21", "09-27", said="09-29", organization=None, publisher="The Echo"),
        ]
    )

    assert case.reason is Reason.COPY
    assert case.residual_before == 34_166


def test_a_running_total_that_falls_at_a_notice_is_a_new_definition():
    case = only_case(
        [
            say("registrations", 90_000, "09-21", "10-10", kind="residence"),
            say("registrations", 40_000, "09-21", "10-20", kind="residence"),
        ],
        situation(date(2022, 10, 15)),
    )

    assert case.reason is Reason.DEFINITION_CHANGE
    assert case.residual_before == 50_000
    assert "15 October 2022" in case.explanation


def test_a_running_total_that_goes_on_from_a_lower_figure_is_a_new_definition():
    case = only_case(
        [
            say("registrations", 90_000, "09-21", "10-10", kind="residence"),
            say("registrations", 40_000, "09-21", "10-20", kind="residence"),
            say("registrations", 45_000, "09-21", "10-30", kind="residence"),
            say("registrations", 52_000, "09-21", "11-10", kind="residence"),
        ]
    )

    assert case.reason is Reason.DEFINITION_CHANGE
    assert len(case.statements) == 4


def test_a_stock_that_falls_though_nobody_left_is_a_new_definition():
    case = only_case(
        [
            say("stock", 900_000, end="10-01"),
            say("stock", 600_000, end="10-31"),
            say("stock", 605_000, end="11-30"),
            say("entries", 10_000, "10-02", "10-31"),
            say("exits", 12_000, "10-02", "10-31"),
        ]
    )

    assert case.reason is Reason.DEFINITION_CHANGE
    assert case.residual_before == pytest.approx(298_000, abs=1)
    assert "must not be read as movement" in case.explanation


def test_a_stock_that_falls_without_notice_or_flows_opens_nothing():
    assert not find_cases(
        [say("stock", 900_000, end="10-01"), say("stock", 600_000, end="10-31")], situation()
    )


def test_a_count_of_people_present_told_as_entries_is_stock_for_flow():
    case = only_case(
        [
            say("entries", 210_000, "09-21", "10-04"),
            say("stock", 112_000, end="11-29", organization="Labour Ministry"),
            say("entries", 112_000, "09-21", "11-29", organization=None, publisher="The Echo", said="12-02"),
        ]
    )

    assert case.reason is Reason.STOCK_VS_FLOW
    assert case.residual_before == 98_000
    assert case.residual_after == 0


def test_the_difference_of_flows_told_as_people_present_is_stock_for_flow():
    case = only_case(
        [
            say("entries", 420_000, "09-21", "11-15"),
            say("exits", 310_000, "09-21", "11-15"),
            say("stock", 110_000, end="11-15", qualifier="about"),
        ]
    )

    assert case.reason is Reason.STOCK_VS_FLOW
    assert case.residual_before == 110_000


def test_the_net_told_as_entries_is_net_for_gross():
    case = only_case(
        [
            say("entries", 98_000, "09-25", "10-01"),
            say("exits", 64_000, "09-25", "10-01"),
            say("entries", 34_000, "09-25", "10-01", organization="Statistics Office", said="10-03"),
        ]
    )

    assert case.reason is Reason.NET_VS_GROSS
    assert case.residual_before == 64_000
    assert case.residual_after == 0


def test_entries_told_as_the_net_are_gross_for_net():
    case = only_case(
        [
            say("entries", 98_000, "09-25", "10-01"),
            say("exits", 64_000, "09-25", "10-01"),
            say("net", 98_000, "09-25", "10-01", organization="Statistics Office", said="10-03"),
        ]
    )

    assert case.reason is Reason.NET_VS_GROSS
    assert case.residual_before == 64_000


def test_all_entries_told_as_people_present_are_gross_for_net():
    case = only_case(
        [
            say("entries", 98_000, "09-21", "09-27"),
            say("exits", 64_234, "09-21", "09-27"),
            say("stock", 98_000, end="09-27"),
        ]
    )

    assert case.reason is Reason.NET_VS_GROSS


def test_in_minus_out_that_is_not_here_is_arithmetic_with_the_stock_that_settles_it():
    case = only_case(
        [
            say("entries", 150_000, "09-21", "11-29"),
            say("exits", 90_000, "09-21", "11-29"),
            say("stock", 85_000, end="11-29"),
        ]
    )

    assert case.reason is Reason.ARITHMETIC
    assert case.residual_before == 25_000
    assert case.residual_after == 0
    assert "25,000 people present before the window would settle it" in case.explanation


def test_the_step_of_a_running_total_told_as_the_total_is_arithmetic():
    case = only_case(
        [
            say("entries", 143_000, "09-21", "10-01"),
            say("entries", 165_500, "09-21", "10-02"),
            say("entries", 22_500, "09-21", "10-02", organization="Border Service", publisher="The Echo"),
        ]
    )

    assert case.reason is Reason.ARITHMETIC
    assert case.residual_after == 0


def test_an_account_that_holds_with_the_people_known_before_opens_nothing():
    account = [
        say("entries", 150_000, "09-21", "11-29"),
        say("exits", 90_000, "09-21", "11-29"),
        say("stock", 185_000, end="11-29"),
    ]

    assert find_cases(account, situation())[0].reason is Reason.ARITHMETIC
    assert not find_cases(account, situation(population=125_000))


def test_people_missing_from_the_account_stay_unexplained():
    case = only_case(
        [
            say("entries", 150_000, "09-21", "11-29"),
            say("exits", 90_000, "09-21", "11-29"),
            say("stock", 30_000, end="11-29"),
        ]
    )

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_after == case.residual_before == 30_000


def test_one_figure_for_two_windows_is_a_matter_of_the_window():
    case = only_case(
        [
            say("entries", 406_000, "09-01", "09-30"),
            say("entries", 406_000, "09-21", "09-30", organization=None, publisher="The Echo", said="10-20"),
            say("entries", 205_000, "09-21", "10-04"),
        ]
    )

    assert case.reason is Reason.WINDOW
    assert case.residual_before == 201_000
    assert "1–30 September 2022" in case.explanation


def test_one_figure_in_more_digits_and_in_fewer_for_two_windows_is_a_matter_of_the_window():
    case = only_case(
        [
            say("entries", 406_312, "09-01", "09-30"),
            say("entries", 406_000, "09-21", "09-30", said="10-20"),
            say("entries", 205_000, "09-21", "10-04", organization="Border Service"),
        ]
    )

    assert case.reason is Reason.WINDOW
    assert case.residual_before == 201_000
    assert "in more digits, 406,312, for other days, 1–30 September 2022" in case.explanation


def test_a_total_that_counts_from_the_event_is_a_matter_of_the_window():
    case = only_case(
        [
            say("entries", 1_660_000, "01-01", "09-20"),
            say("entries", 400_000, "01-01", "11-29", organization="Labour Ministry"),
            say("entries", 98_000, "09-21", "09-27"),
        ]
    )

    assert case.reason is Reason.WINDOW
    assert case.residual_before == 1_260_000
    assert "21 September 2022, the day of an event" in case.explanation


def test_a_usual_day_above_the_mean_day_is_a_matter_of_the_window():
    case = only_case(
        [
            say("entries", 1_660_000, "01-01", "09-20"),
            say("entries", None, None, "09-20", "range", low=9_000, high=12_000, unit="persons/day"),
        ]
    )

    assert case.reason is Reason.WINDOW
    assert "at most 184 of the 263" in case.explanation


def test_a_net_that_turns_within_a_positive_total_is_a_matter_of_the_window():
    cases = find_cases(
        [
            say("entries", 200_000, "09-21", "10-04", "over"),
            say("exits", 147_000, "09-21", "10-04"),
            say("entries", 7_000, "10-03", "10-03", said="10-04"),
            say("exits", 11_000, "10-03", "10-03", said="10-04"),
        ],
        situation(),
    )

    turn = next(case for case in cases if "sign" in case.title)
    assert turn.reason is Reason.WINDOW
    assert turn.residual_before == pytest.approx(53_000 / 14 + 4_000)
    assert "57,000" in turn.explanation


def test_one_figure_for_two_groups_is_a_matter_of_the_population():
    case = only_case(
        [
            say("entries", 266_000, "09-21", "10-04"),
            say(
                "entries",
                266_000,
                "09-21",
                "10-04",
                "almost",
                group="Sylvanian men",
                publisher="The Echo",
                doc="b",
            ),
        ]
    )

    assert case.reason is Reason.POPULATION
    assert case.residual_before == 266_000


def test_one_figure_for_two_permits_is_a_matter_of_the_population():
    case = only_case(
        [
            say("registrations", 36_000, "01-01", "12-31", kind="temporary_stay"),
            say("registrations", 36_000, "01-01", "12-31", kind="residence", doc="b"),
        ]
    )

    assert case.reason is Reason.POPULATION


def test_a_clash_that_another_groups_figure_settles_is_a_matter_of_the_population():
    case = only_case(
        [
            say("entries", 13_000, "09-21", "09-26"),
            say("entries", 35_000, "09-21", "09-26", organization="Border Service", said="09-28"),
            say(
                "entries", 35_200, "09-21", "09-26", group="any", organization="Border Service", said="09-27"
            ),
        ]
    )

    assert case.reason is Reason.POPULATION
    assert case.residual_before == 22_000
    assert "everybody" in case.explanation


def test_foreigners_told_in_one_sentence_with_a_people_are_the_others():
    """40,000 Sylvanians and 2,300 foreigners: nobody contradicts himself within a sentence."""
    people = say("entries", 40_000, "09-21", "09-27")
    foreigners = say("entries", 2_300, "09-21", "09-27", group="foreign")

    def one_text(*spans):
        return [
            statement(replace(said.claim, doc="one-text", quote="x" * (end - start), start=start, end=end))
            for said, (start, end) in zip((people, foreigners), spans, strict=True)
        ]

    together = only_case(one_text((0, 60), (40, 60)))
    apart = only_case(one_text((0, 20), (40, 60)))

    assert together.reason is Reason.POPULATION
    assert "2,300 must be all foreigners other than SYL" in together.explanation
    assert apart.reason is Reason.UNEXPLAINED


def test_everybody_fewer_than_one_group_means_a_narrower_population():
    case = only_case(
        [
            say("entries", 1_660_000, "01-01", "09-23"),
            say("entries", 260_000, "01-01", "09-27", "over", group="any", organization="Labour Ministry"),
        ]
    )

    assert case.reason is Reason.POPULATION
    assert case.residual_before == 1_400_000


def test_a_figure_in_fives_of_its_last_digit_is_a_matter_of_rounding():
    case = only_case(
        [
            say("entries", 150_000, "09-21", "10-04", organization="Border Service"),
            say("entries", 171_300, "09-21", "10-04"),
        ]
    )

    assert case.reason is Reason.ROUNDING
    assert case.residual_before == 21_300
    assert "steps of 50,000" in case.explanation


def test_two_sides_of_a_border_are_a_mirror_and_not_averaged():
    case = only_case(
        [
            say("entries", 406_000, "09-01", "09-30", place="KAZ", group="RUS", organization="Interior Ministry of Kazakhstan"),
            say(
                "entries", 1_300_000, "07-01", "09-30", "almost", place="KAZ", group="RUS",
                organization="Border Service of Russia", unit="crossings",
            ),
        ],
        situation(place="KAZ", group="RUS"),
    )  # fmt: skip

    assert case.reason is Reason.MIRROR
    assert case.residual_before == 894_000
    assert case.residual_after == pytest.approx(abs(1_300_000 * 30 / 92 - 406_000))


def test_a_mirror_in_the_same_unit_and_window_is_a_mirror_too():
    here = {"place": "KAZ", "group": "RUS"}
    cases = find_cases(
        [
            say("entries", 406_000, "09-01", "09-30", organization="Interior Ministry of Kazakhstan", **here),
            say("entries", 322_700, "09-01", "09-30", organization="Border Service of Russia", **here),
        ],
        situation(**here),
    )

    assert [case.reason for case in cases] == [Reason.MIRROR]


def test_a_partner_who_counts_its_own_people_leaving_is_a_mirror():
    cases = find_cases(
        [
            say("entries", 406_000, "09-01", "09-30", place="KAZ", group="RUS", organization="Interior Ministry of Kazakhstan"),
            say("exits", 250_000, "09-01", "09-30", place="RUS", counterpart="KAZ", group="RUS",
                organization="Border Service of Russia"),
        ],
        situation(place="KAZ", group="RUS"),
    )  # fmt: skip

    assert [case.reason for case in cases] == [Reason.MIRROR]
    assert cases[0].residual_before == 156_000


def test_a_later_count_by_the_same_source_is_a_revision():
    case = only_case(
        [
            say("entries", 84_700, "09-21", "09-27", said="09-28"),
            say("entries", 98_200, "09-21", "09-27", said="10-05"),
        ]
    )

    assert case.reason is Reason.REVISION
    assert case.residual_before == 13_500
    assert "98,200 on 5 October 2022" in case.explanation


def test_a_figure_said_before_the_day_was_over_is_revised():
    case = only_case(
        [
            say("entries", 6_300, "09-24", "09-24", said="09-24"),
            say("entries", 21_400, "09-24", "09-24", said="09-25"),
        ]
    )

    assert case.reason is Reason.REVISION
    assert "before the day was over" in case.explanation


def test_unfinished_days_of_one_source_are_one_case():
    pairs = [
        (say("entries", 6_300 + 10 * day, f"09-{day}", f"09-{day}", said=f"09-{day}"),
         say("entries", 21_400 + 10 * day, f"09-{day}", f"09-{day}", said=f"09-{day + 1}"))
        for day in range(22, 29)
    ]  # fmt: skip

    case = only_case([one for pair in pairs for one in pair])

    assert "6 more like it" in case.title


@pytest.mark.parametrize(
    ("wrong", "right", "slip"),
    [
        (174_000, 147_000, "two digits swapped"),
        (15_928, 50_928, "end alike, in 928"),
        (642_340, 64_234, "a factor of ten"),
        (6_423, 64_234, "a factor of ten"),
        (64_234_000, 64_234, "thousands for millions"),
        (98, 98_000, "thousands for millions"),
    ],
)
def test_a_slip_of_the_pen_is_an_error(wrong, right, slip):
    case = only_case(
        [
            say("exits", float(right), "09-21", "10-04"),
            say("exits", float(wrong), "09-21", "10-04", publisher="The Echo", doc="b"),
        ]
    )

    assert case.reason is Reason.ERROR
    assert case.residual_before == abs(wrong - right)
    assert case.residual_after == 0
    assert slip in case.explanation


def test_a_slip_is_seen_though_one_window_is_a_day_longer():
    case = only_case([say("entries", 50_928, "09-21", "09-30"), say("entries", 15_928, "09-20", "09-30")])

    assert case.reason is Reason.ERROR
    assert "end alike, in 928" in case.explanation


def test_a_part_ten_times_too_large_is_an_error():
    case = only_case(
        [
            say("entries", 200_000, "09-21", "10-04"),
            say("entries", 980_000, "09-21", "09-27", organization="Border Service"),
        ]
    )

    assert case.reason is Reason.ERROR
    assert "980,000 for 98,000" in case.explanation


def test_a_clash_that_nothing_explains_is_left_unexplained():
    case = only_case(
        [
            say("entries", 13_370, "09-21", "09-27"),
            say("entries", 48_211, "09-21", "09-27", organization="Border Service"),
        ]
    )

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_before == case.residual_after == 34_841
    assert len(case.trials) == len(Reason) - 1
    assert not any(trial.accepted for trial in case.trials)
    assert [trial.reason for trial in case.trials] == [one for one in Reason if one is not Reason.UNEXPLAINED]


KAZ = {"place": "KAZ", "group": "RUS"}
WEEK = ("09-21", "09-27")


def test_a_region_with_more_people_than_its_country_clashes():
    case = only_case(
        [
            say("entries", 98_000, *WEEK, **KAZ),
            say("entries", 150_928, *WEEK, place="West Kazakhstan Region", group="RUS"),
        ],
        situation(**KAZ),
    )

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_before == 52_928
    assert "West Kazakhstan Region" in case.title
    assert "entries to Kazakhstan" in case.title


def test_those_who_leave_a_region_may_stay_in_the_country():
    left = [
        say("exits", 64_000, *WEEK, **KAZ),
        say("exits", 90_000, *WEEK, place="West Kazakhstan Region", group="RUS"),
    ]

    assert find_cases(left, situation(**KAZ)) == ()


def test_some_of_a_group_cannot_be_more_than_all_of_it():
    """By its name: "Russian men" are citizens of Russia, "ethnic Kazakhs" are citizens of anywhere."""
    men = say("entries", 266_000, *WEEK, place="KAZ", group="Russian men")
    case = only_case([men, say("entries", 98_000, *WEEK, **KAZ)], situation(**KAZ))

    assert case.residual_before == 168_000
    assert "Russian men" in case.explanation
    assert not find_cases([men, say("entries", 98_000, *WEEK, place="KAZ", group="UKR")], situation(**KAZ))
    assert not find_cases(
        [
            say("entries", 98_000, *WEEK, place="KAZ", group="KAZ"),
            say("entries", 266_000, *WEEK, place="KAZ", group="ethnic Kazakhs"),
        ],
        situation(**KAZ),
    )


def regions(west, pavlodar, kostanay, window=WEEK, **more):
    named = ("West Kazakhstan Region", west), ("Pavlodar Region", pavlodar), ("Kostanay Region", kostanay)
    return [say("entries", persons, *window, place=place, group="RUS", **more) for place, persons in named]


def test_regions_that_add_up_to_more_than_their_country_open_one_case():
    case = only_case(
        [say("entries", 98_300, *WEEK, **KAZ), *regions(61_120, 32_840, 27_610)], situation(**KAZ)
    )

    assert case.reason is Reason.UNEXPLAINED
    assert case.residual_before == case.residual_after == 61_120 + 32_840 + 27_610 - 98_300
    assert "3 regions add up to 121,570" in case.title
    assert "Pavlodar Region 32,840" in case.explanation


def test_regions_that_fall_short_of_their_country_open_none():
    """Nobody said that these are all."""
    said = [say("entries", 98_300, *WEEK, **KAZ), *regions(21_120, 12_840, 7_610)]

    assert find_cases(said, situation(**KAZ)) == ()


def test_a_list_that_once_made_up_its_whole_and_now_falls_short_opens_a_case():
    later = ("09-28", "10-04")
    case = only_case(
        [
            say("entries", 98_300, *WEEK, **KAZ),
            *regions(51_110, 29_560, 17_630),
            say("entries", 80_420, *later, **KAZ),
            *regions(31_130, 19_510, 9_230, later),
        ],
        situation(**KAZ),
    )

    assert case.residual_before == 80_420 - 31_130 - 19_510 - 9_230
    assert "28 September – 4 October 2022" in case.title
    assert "nothing else is left" in case.explanation


def test_citizens_and_foreigners_are_everybody():
    case = only_case(
        [
            say("entries", 412_300, *WEEK, place="KAZ", group="any"),
            say("entries", 151_700, *WEEK, place="KAZ", group="KAZ"),
            say("entries", 198_600, *WEEK, place="KAZ", group="foreign"),
        ],
        situation(**KAZ),
    )

    assert case.residual_before == 412_300 - 151_700 - 198_600
    assert "2 groups make only 350,300" in case.title


def test_citizenships_that_add_up_to_more_than_all_foreigners_open_a_case():
    nations = {"RUS": 98_370, "UZB": 61_240, "KGZ": 43_190}
    case = only_case(
        [
            say("entries", 151_300, *WEEK, place="KAZ", group="foreign"),
            *(say("entries", persons, *WEEK, place="KAZ", group=group) for group, persons in nations.items()),
        ],
        situation(**KAZ),
    )

    assert case.residual_before == sum(nations.values()) - 151_300


def test_destinations_that_add_up_to_more_than_all_exits_open_a_case():
    ends = {"KGZ": 31_370, "UZB": 24_240, "GEO": 20_190}
    case = only_case(
        [
            say("exits", 64_300, *WEEK, **KAZ),
            *(say("exits", persons, *WEEK, counterpart=to, **KAZ) for to, persons in ends.items()),
        ],
        situation(**KAZ),
    )

    assert case.residual_before == sum(ends.values()) - 64_300


DAYS = (13_110, 12_430, 14_270, 15_180, 13_690, 14_020, 15_330)


def days_of(figures):
    return [say("entries", n, f"09-{day}", f"09-{day}") for day, n in enumerate(figures, 21)]


@pytest.mark.parametrize("whole", [78_210, 121_940])
def test_days_that_fill_a_window_make_it_up(whole):
    case = only_case([say("entries", whole, *WEEK), *days_of(DAYS)])

    assert case.residual_before == abs(sum(DAYS) - whole)
    assert "7 shorter windows" in case.title
    assert not find_cases([say("entries", sum(DAYS), *WEEK), *days_of(DAYS)], situation())


def test_days_that_do_not_fill_a_window_may_fall_short_of_it():
    assert not find_cases([say("entries", 121_940, *WEEK), *days_of(DAYS[:6])], situation())


def test_a_part_told_twice_is_arithmetic():
    case = only_case(
        [say("entries", 63_960, *WEEK, **KAZ), *regions(32_640, 21_120, 10_200),
         say("entries", 31_320, *WEEK, place="North Kazakhstan Region", group="RUS")],
        situation(**KAZ),
    )  # fmt: skip

    assert case.reason is Reason.ARITHMETIC
    assert case.residual_after == 0
    assert "Without North Kazakhstan Region" in case.explanation


def test_a_slip_in_one_part_is_an_error():
    figures = (13_110, 12_430, 41_270, 15_180, 13_690, 14_020, 15_330)
    case = only_case([say("entries", sum(DAYS), *WEEK), *days_of(figures)])

    assert case.reason is Reason.ERROR
    assert "41,270 for 14,270" in case.explanation
    assert case.residual_after == 0


def test_a_whole_that_its_source_counted_anew_is_a_revision():
    whole = say("entries", 110_210, *WEEK, said="11-02")

    case = only_case([whole, *days_of(DAYS)])

    assert case.reason is Reason.REVISION


def test_round_parts_are_rounded():
    case = only_case(
        [say("entries", 76_130, *WEEK, **KAZ), *regions(50_000, 30_000, 20_000)], situation(**KAZ)
    )

    assert case.reason is Reason.ROUNDING
    assert case.residual_after == 0
