"""A page's bytes in, what analysts work with out: title, text, authors, language, date with its evidence."""

from pipelines.pages.language import spoken_language
from pipelines.pages.page import UNSTATED, extract_record, read_page

__all__ = ["UNSTATED", "extract_record", "read_page", "spoken_language"]
