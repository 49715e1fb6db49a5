"""The two files that people edit, `data/sources.toml` and `data/projects.toml`, checked before anything is fetched.

Import `sources` or `projects` by name: a run with nothing due reads only the first, and should not pay for both.
"""
