"""The two identities of an address: what is safe to request, and one key for all spellings of one article."""

from pipelines.urls.urls import URL_LIMIT, fetch_url, match_key, pick_canonical, registered_domain

__all__ = ["URL_LIMIT", "fetch_url", "match_key", "pick_canonical", "registered_domain"]
