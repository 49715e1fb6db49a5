"""What each feature of `pipelines.topic.features` is worth, in log odds.

Fitted by `benchmarks/fit_topic.py`; do not edit by hand.
"""

WEIGHTS: dict[str, float] = {
    "bias": -2.52,
    "title_work_place": 1.82,
    "genuine": 0.38,
    "shoot_space": 2.56,
    "shoot_place": 1.76,
    "project_sentences": 5.77,
    "lead_project": 5.27,
    "second_sign": 1.88,
    "woven": 2.13,
    "plainly_shot": 2.56,
    "title_ground": -2.91,
    "title_story": -2.03,
    "story": -4.21,
    "parabolic": -2.34,
    "suborbital": -3.93,
    "archive": -4.33,
    "routine": -1.80,
    "other": -3.00,
    "title_shown": -2.96,
    "ground_often": -2.53,
    "ground_signs": -1.94,
    "routine_share": -2.55,
    "hop_share": -4.15,
    "lead_other": -4.24,
    "passing": -2.87,
    "aside": -2.83,
    "quiet_quarters": -1.34,
    "no_work": -2.38,
}
