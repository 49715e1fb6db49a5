"""What each feature of `pipelines.topic.features` is worth, in log odds.

Fitted by `benchmarks/fit_topic.py`; do not edit by hand.
"""

WEIGHTS: dict[str, float] = {
    "bias": -4.00,
    "title_relation": 1.56,
    "title_maker_place": 2.73,
    "title_project": 1.53,
    "genuine": 0.85,
    "relation": 0.36,
    "shoot_space": 3.81,
    "project": 3.01,
    "project_sentences": 3.32,
    "lead_project": 2.70,
    "signs_aloft": 1.78,
    "signs_making": 0.95,
    "signs_both": 0.93,
    "woven": 2.72,
    "shot_aloft": 1.17,
    "making_share": 1.73,
    "has_text": -1.92,
    "title_ground": -3.32,
    "title_archive": -3.10,
    "title_other": -1.61,
    "parabolic": -1.75,
    "suborbital": -1.84,
    "archive": -3.36,
    "routine": -2.27,
    "other": -3.97,
    "ground_often": -1.73,
    "ground_signs": -1.30,
    "routine_share": -2.92,
    "hop_share": -3.04,
    "lead_other": -2.82,
    "lead_hop": -2.29,
    "passing": -1.92,
}
