"""Pure parts of Orbitwatch: bytes and values in, values out. No Scrapy, no sockets, no printing."""
