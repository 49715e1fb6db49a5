"""What holds for every test."""

import atexit
import os
import shutil
import signal
import tempfile

# A shell has its background jobs ignore Ctrl-C, and so would the programs that tests start and interrupt.
if signal.getsignal(signal.SIGINT) is signal.SIG_IGN:
    signal.signal(signal.SIGINT, signal.default_int_handler)

# Programs that tests start share what was compiled with each other, and with nobody else.
os.environ["XDG_CACHE_HOME"] = tempfile.mkdtemp(prefix="orbitwatch-tests-")
atexit.register(shutil.rmtree, os.environ["XDG_CACHE_HOME"], ignore_errors=True)
