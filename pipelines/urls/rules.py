"""What is known of outlets' web addresses, as data.

Parameters that say how a reader came, path segments that name a view, and hosts that wrap others. A name
stands here only if dropping it never selects another article. Names that outlets also use for content (`id`,
`sid`, `cid`, `p`, `story`, `page`) are left alone everywhere; some are dropped on the one host where they are
known to be noise.
"""

TRACKER_PREFIXES: dict[str, str] = {
    "utm_": "Urchin and Google Analytics campaigns, copied by every newsletter tool",
    "mtm_": "Matomo campaigns",
    "matomo_": "Matomo campaigns",
    "pk_": "Piwik campaigns, Matomo's older name",
    "piwik_": "Piwik campaigns",
    "at_": "AT Internet (Piano) campaigns; BBC, Le Monde, France 24",
    "hsa_": "HubSpot advertising",
    "_hs": "HubSpot mail",
    "__hs": "HubSpot visitor",
    "guce_": "Yahoo and TechCrunch consent redirect",
    "mc_": "Mailchimp campaign and reader",
    "vero_": "Vero mail",
    "oly_": "Omeda mail; trade papers",
    "pf_rd_": "Amazon referrals",
    "wt_": "Webtrekk; German outlets",
    "wt.": "Webtrends",
    "ns_": "comScore; BBC",
    "amp_": "AMP viewer state",
    "ref_": "where the reader came from; Twitter's ref_src and ref_url",
    "fb_": "Facebook action and comment ids",
    "yandex_": "Yandex referrals",
    "elq": "Oracle Eloqua mail",
}
"""Start of a parameter's name, lower case -> whose it is."""

TRACKERS: dict[str, str] = {
    "fbclid": "Facebook click",
    "gclid": "Google click",
    "gclsrc": "Google click",
    "dclid": "Google display click",
    "gbraid": "Google click without cookies",
    "wbraid": "Google click without cookies",
    "srsltid": "Google shopping click",
    "_ga": "Google Analytics linker",
    "_gl": "Google Analytics linker",
    "msclkid": "Microsoft click",
    "yclid": "Yandex click",
    "ysclid": "Yandex search click; Russian outlets",
    "_openstat": "Openstat; Russian outlets",
    "twclid": "Twitter click",
    "ttclid": "TikTok click",
    "igshid": "Instagram share",
    "igsh": "Instagram share",
    "li_fat_id": "LinkedIn click",
    "mibextid": "Facebook app",
    "__twitter_impression": "Twitter's AMP counter",
    "mkt_tok": "Marketo mail",
    "hsctatracking": "HubSpot button",
    "s_cid": "Adobe campaign",
    "s_kwcid": "Adobe search word",
    "cmpid": "campaign; Bloomberg, CNBC",
    "ncid": "campaign; TechCrunch, AOL",
    "ocid": "campaign; BBC, MSN",
    "icid": "campaign inside a site",
    "ito": "campaign; Daily Mail",
    "xtor": "AT Internet campaign",
    "xtref": "AT Internet referrer",
    "smid": "share; New York Times",
    "smtyp": "share; New York Times",
    "cmp": "campaign; Guardian",
    "ftag": "campaign; CNET, ZDNet",
    "ftcamp": "campaign; Financial Times",
    "mbid": "campaign; Conde Nast",
    "sref": "affiliate; Bloomberg",
    "taid": "share; Reuters",
    "spm": "Alibaba click position",
    "scm": "Alibaba content position",
    "guccounter": "Yahoo consent redirect",
    "soc_src": "share; Yahoo",
    "soc_trk": "share; Yahoo",
    "wpisrc": "newsletter; Washington Post",
    "wpmm": "newsletter; Washington Post",
    "__tn__": "Facebook layout",
    "referer": "referrer",
    "referrer": "referrer",
    "reflink": "share; Wall Street Journal",
    "share_id": "share button",
    "rand": "cache buster",
    "nocache": "cache buster",
    "phpsessid": "PHP session",
    "jsessionid": "Java session",
    "aspsessionid": "ASP session",
}
"""Name of a parameter, lower case -> whose it is. Dropped on every host."""

CHANNEL_NAMES = frozenset({
    "ref", "source", "src", "from", "via", "share", "feature", "campaign", "output", "outputtype", "view",
    "mode", "platform",
})  # fmt: skip
"""Names that say where a reader came from, or which view is asked for, on one site and what to show on
another."""

CHANNELS = frozenset({
    "amp", "android", "app", "apple", "banner", "copylink", "desktop", "digest", "email", "facebook", "fb",
    "feed", "flipboard", "footer", "google", "googlenews", "header", "home", "homepage", "hp", "instagram",
    "ios", "latest", "link", "linkedin", "mail", "menu", "messenger", "mobile", "nav", "newsletter", "ok",
    "pocket", "popular", "print", "push", "readmore", "recommended", "reddit", "related", "rss", "rss2",
    "search", "share", "sharing", "sidebar", "sms", "social", "telegram", "tg", "tme", "top", "topnews",
    "trending", "twitter", "tw", "vk", "vkontakte", "web", "wechat", "whatsapp", "x", "yandex", "youtube",
})  # fmt: skip
"""Values with which a `CHANNEL_NAMES` parameter is dropped. So is a host name (`?ref=example.org`, as Ghost
adds). Everything else is kept: `?ref=1234` is an article at some outlets."""

VIEW_NAMES = frozenset({"amp", "print", "printable", "printview", "mobile"})
"""Names that ask for another view of the same article, where the value is one of `VIEW_VALUES`; `?print=1234`
may be an article."""

VIEW_VALUES = frozenset({"", "0", "1", "true", "yes", "y", "on"})

DROPPED_ON: dict[str, frozenset[str]] = {
    "bloomberg.com": frozenset({"embedded-checkout", "leadsource"}),
    "dw.com": frozenset({"maca"}),
    "forbes.com": frozenset({"sh", "ss"}),
    "medium.com": frozenset({"sk", "source"}),
    "nytimes.com": frozenset(
        {
            "partner",
            "emc",
            "searchresultposition",
            "campaign_id",
            "instance_id",
            "segment_id",
            "user_id",
            "regi_id",
        }
    ),
    "reuters.com": frozenset({"feedtype", "feedname"}),
    "twitter.com": frozenset({"s", "t"}),
    "washingtonpost.com": frozenset({"itid", "nid", "pwapi_token"}),
    "x.com": frozenset({"s", "t"}),
    "yahoo.com": frozenset({"src", "tsrc"}),
    "youtu.be": frozenset({"si", "t"}),
    "youtube.com": frozenset({"si", "t", "pp", "ab_channel", "feature"}),
}
"""Registered domain -> parameters that are noise there, though not everywhere."""

SAME_SITE_LABELS = frozenset({"www", "www1", "www2", "www3", "m", "mobile", "touch", "wap", "amp"})
"""Labels left of the registered domain that name a view of the same articles. `news`, `blog`, `en` and the
like are other sites."""

VIEW_SEGMENTS = frozenset({"amp", "m", "mobile", "print", "printable", "printview", "amphtml"})
"""First or last path segments that name a view of the article whose address is the rest."""

VIEW_SUFFIXES = (".amp.html", ".amp", "_amp.html", ".print.html")
"""Ends of a last path segment that name a view; replaced by ".html" where they end in it."""

WRAPPERS = (
    r"https?://[a-z0-9-]+\.cdn\.ampproject\.org/(?:[a-z]/|wp/)+s/(?P<https>.+)",
    r"https?://[a-z0-9-]+\.cdn\.ampproject\.org/(?:[a-z]/|wp/)+(?P<http>.+)",
    r"https?://(?:www\.)?google\.[a-z.]+/amp/s/(?P<https>.+)",
    r"https?://(?:www\.)?google\.[a-z.]+/amp/(?P<http>.+)",
    r"https?://web\.archive\.org/web/[0-9]{4,14}(?:[a-z]{2}_)?/(?P<url>.+)",
)
"""Addresses that hold the article's own: the two Google AMP caches and the Wayback Machine. Group `https` and
`http` lack a scheme."""

INDEX_PAGES = frozenset(
    f"{name}.{ending}"
    for name in ("index", "default")
    for ending in ("html", "htm", "shtml", "xhtml", "php", "asp", "aspx", "jsp", "cfm")
)
"""Last path segments that a server also gives for the folder itself."""
