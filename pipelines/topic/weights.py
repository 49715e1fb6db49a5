"""What each feature of `pipelines.topic.features` is worth, in log odds.

Fitted by `benchmarks/fit_topic.py`; do not edit by hand.
"""

WEIGHTS: dict[str, float] = {
    "bias": -2.90,
    "title_work_place": 1.65,
    "genuine": 0.00,
    "shoot_space": 2.22,
    "shoot_place": 1.89,
    "project_sentences": 5.96,
    "lead_project": 5.76,
    "second_sign": 2.34,
    "woven": 2.21,
    "plainly_shot": 2.84,
    "title_ground": -3.04,
    "title_story": -1.85,
    "story": -5.08,
    "parabolic": -1.97,
    "suborbital": -3.32,
    "archive": -4.14,
    "routine": -1.66,
    "other": -2.49,
    "title_shown": -2.84,
    "ground_often": -2.90,
    "ground_signs": -1.75,
    "routine_share": -2.76,
    "hop_share": -4.29,
    "lead_other": -5.09,
    "passing": -2.41,
    "aside": -3.16,
    "quiet_quarters": -1.39,
    "no_work": -2.69,
}
