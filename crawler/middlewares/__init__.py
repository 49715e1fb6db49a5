"""Downloader middlewares: politeness and safety, one class a file."""
