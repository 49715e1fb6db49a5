"""`python -m crawler` is `orbitwatch`."""

from crawler.cli import run

if __name__ == "__main__":
    run()
