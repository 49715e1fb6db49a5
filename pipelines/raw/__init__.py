"""Raw records: the pages of stored articles as they were received, so that newer rules can read them again.

Needs warcio, so that only runs that keep or read raw records import it.
"""

from pipelines.raw.archive import Archive, RawPlace, find_raw, read_raw
from pipelines.raw.output import RawFile
from pipelines.raw.records import RawRecord, decode, encode

__all__ = ["Archive", "RawFile", "RawPlace", "RawRecord", "decode", "encode", "find_raw", "read_raw"]
