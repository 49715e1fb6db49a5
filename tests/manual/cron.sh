#!/usr/bin/env bash
# Runs the crontab line of docs/operating.md under a real cron daemon, against the newsroom on the loopback.
#
#     tests/manual/cron.sh [MINUTES]        # as root on Debian or Ubuntu; 4 minutes by default
#
# Installs cron when it is missing, and starts it when it does not run. Every minute the newsroom is a scheduled moment
# further, and three runs start: one that visits every outlet, one five seconds later that meets it, and one at the half
# minute that finds nothing due. Prints what cron did, what the runs said, what is stored, and what a monitor was told.
set -euo pipefail
cd "$(dirname "$0")/../.."
repository=$PWD
minutes=${1:-4}
table=/etc/cron.d/orbitwatch-trial

command -v cron > /dev/null || {
    apt-get update -qq
    DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends cron > /dev/null
}

room=$(mktemp -d)
mkdir "$room/data"
ln -s "$repository/.venv" "$room/.venv"
started=()
cleanup() {
    rm -f "$table"
    for process in "${started[@]}"; do kill "$process" 2> /dev/null || true; done
    rm -rf "$room"
}
trap cleanup EXIT

# The newsroom, and a monitor that notes what it is told.
"$repository/.venv/bin/python" - "$room" <<'PYTHON' &
import sys, threading
from http.server import BaseHTTPRequestHandler, HTTPServer
from pathlib import Path
from crawler.newsroom import SCHEDULE, Newsroom
from pipelines.clock import system_clock

room, started = Path(sys.argv[1]), system_clock()

def moment():
    minutes = int((system_clock() - started).total_seconds() / 60)
    return SCHEDULE[min(3 + minutes, len(SCHEDULE) - 1)]

class Monitor(BaseHTTPRequestHandler):
    def do_POST(self):
        body = self.rfile.read(int(self.headers["Content-Length"])).decode()
        with (room / "pings").open("a") as file:
            print(self.path, *body.splitlines()[:2], sep=" | ", file=file)
        self.send_response(200)
        self.end_headers()

    def log_message(self, *arguments):
        pass

monitor = HTTPServer(("127.0.0.1", 0), Monitor)
threading.Thread(target=monitor.serve_forever, daemon=True).start()
with Newsroom(moment, first_port=0) as newsroom:
    newsroom.write_sources(room / "data" / "sources.toml")
    (room / "monitor").write_text(f"http://127.0.0.1:{monitor.server_port}/check")
    threading.Event().wait()
PYTHON
started+=($!)
until [ -s "$room/monitor" ]; do sleep 0.2; done

# The line as it stands in the documentation, with this room in the place of its paths and every minute as its time.
line=$(grep -m1 -E '^\*/15 .*orbitwatch crawl' docs/operating.md)
line=${line#*\* \* \* \* }
line=${line//\/srv\/orbitwatch/$room}
options="--allow-private 127.0.0.0/8 -s DOWNLOAD_DELAY=0.05 -s AUTOTHROTTLE_START_DELAY=0.05 --metrics $room/orbitwatch.prom"
job() { # name, seconds to wait, further options
    echo "* * * * * root sleep $2; { $line $options $3; } >> $room/$1.out 2>&1; code=\$?; echo \"\$(date +\\%T) $1: exit code \$code\" >> $room/codes"
}
{
    echo "ORBITWATCH_CONTACT=https://you.example/bot"
    echo "ORBITWATCH_PING=$(cat "$room/monitor")"
    job every-outlet 0 --all
    job overlapping 5 --all
    job idle 35 ""
} > "$table"
chmod 644 "$table"
echo "The crontab:"
cat "$table"

pidof -q cron || {
    cron -f -L 4 &
    started+=($!)
}
echo
echo "Waiting for $minutes minutes..."
sleep $((minutes * 60 + 65))
rm -f "$table"

echo
echo "Runs:"
cat "$room/codes"
for name in every-outlet overlapping idle; do
    echo
    echo "What '$name' printed, for a mail: $(sort "$room/$name.out" 2> /dev/null | sed -E 's/pid [0-9]+/pid N/; s/[0-9T:.-]+Z/TIME/g' | uniq -c | head -5)"
done
echo
echo "What the monitor heard:"
cat "$room/pings"
echo
echo "Metrics:"
grep -E '^orbitwatch_last_(run_(exit_code|duration_seconds|cpu_seconds|sources)|success)' "$room/orbitwatch.prom"
echo
echo "Stored:"
"$repository/.venv/bin/python" - "$room/data" <<'PYTHON'
import sys
from pipelines.analysis import load_articles, load_runs, load_stories
stories, articles, runs = load_stories(sys.argv[1]), load_articles(sys.argv[1]), load_runs(sys.argv[1])
print(f"{len(stories)} stories, {len(articles)} articles, {articles.article_id.nunique()} of them different;")
print(f"{runs.run_id.nunique()} runs that visited something, {runs.stored.sum()} stored and {runs.duplicates.sum()} duplicates by their books")
PYTHON
(cd "$room" && .venv/bin/orbitwatch check --read-data)
