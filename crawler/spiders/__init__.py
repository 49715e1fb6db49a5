"""Spiders: generic, and driven by `data/sources.toml`."""
