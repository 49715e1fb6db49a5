"""One module for each `orbitwatch` verb; `crawler.cli` imports them when they are called."""
