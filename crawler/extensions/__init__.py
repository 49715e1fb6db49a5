"""Scrapy extensions: small observers of a crawl, one class a file."""
