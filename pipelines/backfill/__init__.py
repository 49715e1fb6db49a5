"""History: what archives of the news say was published when, read for the same pipeline as today's.

Each reader takes bytes and gives values; what it costs is bounded, and what it leaves out is counted by reason.
"""
