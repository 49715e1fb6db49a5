"""What each feature of `pipelines.topic.features` is worth, in log odds.

Fitted by `benchmarks/fit_topic.py`; do not edit by hand.
"""

WEIGHTS: dict[str, float] = {
    "bias": -3.11,
    "title_work_place": 2.20,
    "title_maker_place": 0.22,
    "genuine": 0.85,
    "shoot_space": 3.76,
    "project_sentences": 5.99,
    "lead_project": 5.41,
    "second_sign": 2.12,
    "woven": 2.98,
    "shot_aloft": 2.48,
    "title_ground": -2.63,
    "title_archive": -1.56,
    "parabolic": -2.83,
    "suborbital": -3.42,
    "archive": -4.85,
    "routine": -2.39,
    "other": -4.43,
    "ground_often": -2.24,
    "ground_signs": -2.58,
    "routine_share": -2.36,
    "hop_share": -4.19,
    "lead_other": -3.51,
    "title_crew": -1.24,
    "passing": -2.33,
    "aside": -2.60,
    "quiet_quarters": -1.34,
    "no_work": -2.27,
}
