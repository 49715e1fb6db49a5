"""What two spellings of one headline or of one name share."""

import unicodedata


def key(text: str) -> str:
    """Letters and digits of a title or a name, case and width folded."""
    return "".join(char for char in unicodedata.normalize("NFKC", text).casefold() if char.isalnum())
