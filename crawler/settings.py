"""Scrapy settings of the project. Every line has its reason; a test asserts that the safety ones are in force."""

import os
from importlib.metadata import version

BOT_NAME = "orbitwatch"
SPIDER_MODULES = ["crawler.spiders"]
NEWSPIDER_MODULE = "crawler.spiders"


# --- who we are: an honest name, and somebody to write to
def user_agent(contact: str) -> str:
    """How the crawler names itself and the operator, by an address or a mailbox."""
    written = contact or "https://example.org/orbitwatch; operator has set no contact"
    return f"orbitwatch/{version('orbitwatch')} (+{written})"


# Whatever asks an outlet says it: crawls, which may say another with `--contact`, and a look at one page.
USER_AGENT = user_agent(os.environ.get("ORBITWATCH_CONTACT", ""))
ROBOTSTXT_PARSER = "crawler.robots_rules.RobotsRules"  # Protego, with names compared as the standard says
ROBOTSTXT_USER_AGENT = "orbitwatch"  # the product token of RFC 9309, which sites name in their robots.txt

# --- where things are
ORBITWATCH_DATA = "data"
ORBITWATCH_SOURCES = ""  # "": sources.toml in the data directory, else the project's own
ORBITWATCH_PROJECTS = ""  # the same for projects.toml
# Address ranges that may be dialled although they are not public, for example 127.0.0.0/8.
ORBITWATCH_ALLOW_PRIVATE: list[str] = []

# --- politeness
ROBOTSTXT_OBEY = True  # through our RFC 9309 middleware below
CONCURRENT_REQUESTS = 32  # all hosts together; outlets are many and each is slow
SCHEDULER_PRIORITY_QUEUE = "crawler.fair_queue.FairQueue"  # none of them takes the places of the others
CONCURRENT_REQUESTS_PER_DOMAIN = 1  # one request in flight per host
DOWNLOAD_DELAY = 1.0  # seconds between two requests to one host
DOWNLOAD_DELAY_JITTER = 0.5  # so that many crawlers do not fall into step
AUTOTHROTTLE_ENABLED = True  # slower where the server is slow
AUTOTHROTTLE_START_DELAY = DOWNLOAD_DELAY
AUTOTHROTTLE_TARGET_CONCURRENCY = 1.0
AUTOTHROTTLE_MAX_DELAY = 60.0
ORBITWATCH_MAX_CRAWL_DELAY = 60.0  # seconds; robots.txt may ask for more, but then a run would never end
ORBITWATCH_LEAST_DELAYS: dict[str, float] = {}  # seconds by host, where more than DOWNLOAD_DELAY is due: archives
ORBITWATCH_MAX_PAGES_PER_SOURCE = 300  # per run: a trap (endless calendar, feed of thousands) costs this and no more
COOKIES_ENABLED = False  # no session is wanted, and cookies have leaked across redirects (GHSA-cjvr-mfj7-j4j8)
REFERER_ENABLED = True  # needed by the redirect middleware to *remove* the header ...
REFERRER_POLICY = "no-referrer"  # ... and this never sends one

# --- safety
TELNETCONSOLE_ENABLED = False  # both listen and run code by default
REMOTE_CONTROL_ENABLED = False
TWISTED_DNS_RESOLVER = "crawler.netguard.PublicOnlyResolver"  # only public addresses are dialled, on every hop
HTTPPROXY_ENABLED = False  # a proxy would resolve names itself and walk round the guard
DOWNLOAD_VERIFY_CERTIFICATES = True  # Scrapy accepts any certificate by default
DOWNLOAD_TLS_MIN_VERSION = "TLSv1.2"
DOWNLOADER_CLIENT_TLS_CIPHERS = None  # OpenSSL's own defaults rather than the wider list
DOWNLOAD_HANDLERS = {  # only http and https, one at a time, and none to a host that has just asked to be left alone
    "http": "crawler.sending.HeldBackHandler",
    "https": "crawler.sending.HeldBackHandler",
    "file": None,
    "data": None,
    "ftp": None,
    "s3": None,
}
DOWNLOAD_MAXSIZE = 8 * 2**20  # bytes after decompression; the largest of 439 real news pages had 2.2 MB
DOWNLOAD_WARNSIZE = 4 * 2**20
DOWNLOAD_TIMEOUT = 30  # seconds for the whole answer, so a slow drip ends too
DNS_TIMEOUT = 10
REDIRECT_MAX_TIMES = 5  # as RFC 9309 asks for robots.txt; Scrapy's 20 only helps loops
METAREFRESH_ENABLED = False  # our own middleware below follows what goes on at once, and nothing else
URLLENGTH_LIMIT = 2083
RETRY_TIMES = 2
RETRY_HTTP_CODES = [500, 502, 504, 522, 524, 408]  # 429 and 503 are heeded by `crawler.sending`
CLOSESPIDER_TIMEOUT = 780  # seconds: a run ends by itself before a quarter-hourly cron starts the next
MEMUSAGE_LIMIT_MB = 1500  # a last resort; the shape of the program keeps it near 200
MEMUSAGE_CHECK_INTERVAL_SECONDS = 5.0  # at Scrapy's 60 whatever fills the memory has done so long before
SCRAPER_SLOT_MAX_ACTIVE_SIZE = 8 * 2**20  # bytes of answers that wait, for the worker mostly, before fetching pauses
# In the order of the feed, newest first; Scrapy's default turns it round.
SCHEDULER_MEMORY_QUEUE = "scrapy.squeues.FifoMemoryQueue"
CONCURRENT_ITEMS = 8  # pages waiting for the extraction worker

# --- the way of a page
DOWNLOADER_MIDDLEWARES = {
    "scrapy.downloadermiddlewares.robotstxt.RobotsTxtMiddleware": None,
    "crawler.middlewares.guard.GuardMiddleware": 90,
    "crawler.middlewares.robots.Rfc9309Middleware": 100,
    "crawler.middlewares.circuit.CircuitMiddleware": 570,  # sees every try, retries too
    "crawler.middlewares.refresh.RefreshMiddleware": 580,
    "scrapy.downloadermiddlewares.httpcompression.HttpCompressionMiddleware": None,
    "crawler.middlewares.decompression.DecompressionMiddleware": 590,  # in its place: the same at less cost
    "scrapy.downloadermiddlewares.redirect.RedirectMiddleware": None,
    "crawler.middlewares.redirects.SoundRedirectMiddleware": 600,
    "scrapy.downloadermiddlewares.offsite.OffsiteMiddleware": None,  # we name no domains; the run chooses the addresses
    "scrapy.downloadermiddlewares.httpauth.HttpAuthMiddleware": None,  # no credentials are ever sent
}
SPIDER_MIDDLEWARES = {  # each one costs every page a layer of asynchronous generators
    "scrapy.spidermiddlewares.depth.DepthMiddleware": None,  # nothing is followed from pages
    "scrapy.spidermiddlewares.metacopy.MetaCopyDetectionMiddleware": None,  # warns of copied meta, which we do not copy
}
ITEM_PIPELINES = {
    "crawler.item_pipelines.ExaminePipeline": 300,
    "crawler.item_pipelines.SettlePipeline": 800,
}
EXTENSIONS = {
    "crawler.extensions.crawl_delay.CrawlDelay": 100,
    "crawler.extensions.traffic.Traffic": 200,
    "crawler.extensions.progress.Progress": 300,
    "crawler.extensions.heap.Heap": 400,
    "crawler.extensions.faults.Faults": 500,
}
# Of Scrapy's own only what is used here: the others (consoles, exporters, counters) are loaded even when switched off,
# and a remote control brings a web server's libraries.
EXTENSIONS_BASE = {
    "scrapy.extensions.closespider.CloseSpider": 0,
    "scrapy.extensions.corestats.CoreStats": 0,
    "scrapy.extensions.memusage.MemoryUsage": 0,
    "scrapy.extensions.throttle.AutoThrottle": 0,
}
DOWNLOADER_STATS = False  # it writes out every request a second time to learn its length; `Traffic` counts by source

# --- quiet
LOG_LEVEL = "ERROR"  # cron mails whatever is printed; failures of outlets are counted and shown by `status`
LOG_FORMATTER = "crawler.logs.QuietLogFormatter"
LOGSTATS_INTERVAL = 0
RETRY_GIVE_UP_LOG_LEVEL = "INFO"
DEFAULT_DROPITEM_LOG_LEVEL = "DEBUG"
FEED_EXPORT_ENCODING = "utf-8"
