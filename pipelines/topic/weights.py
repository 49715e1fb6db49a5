"""What each feature of `pipelines.topic.features` is worth, in log odds.

Fitted by `benchmarks/fit_topic.py`; do not edit by hand.
"""

WEIGHTS: dict[str, float] = {
    "bias": -2.85,
    "title_work_place": 2.18,
    "title_maker_place": 0.64,
    "genuine": 0.95,
    "shoot_space": 3.37,
    "project_sentences": 4.82,
    "lead_project": 5.14,
    "second_sign": 1.98,
    "woven": 2.78,
    "shot_aloft": 2.66,
    "title_ground": -2.40,
    "title_archive": -2.32,
    "parabolic": -2.50,
    "suborbital": -3.32,
    "archive": -4.52,
    "routine": -2.32,
    "other": -4.81,
    "ground_often": -1.96,
    "ground_signs": -2.87,
    "routine_share": -2.44,
    "hop_share": -4.12,
    "lead_other": -4.28,
    "title_crew": -1.38,
    "passing": -2.72,
    "aside": -1.99,
    "quiet_quarters": -1.20,
    "no_work": -1.55,
}
