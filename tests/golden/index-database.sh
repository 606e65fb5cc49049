#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox-index-page: lines of `crashbox index` in a real PostgreSQL of this test's own, what
# its views say of them, loaded twice, and the pages.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

if [ -z "${PGHOST-}" ]; then
	exec "$top/tests/tools/with-database" "$0" "$@"
fi
page=$top/initramfs/install/crashbox-index-page
cd "$work"

python3 - >lines <<'END'
import json
def crash(nr, host, kernel, day, title, signature):
	report = {"signature": {"id": signature, "coarse": "c1-0", "title": title},
		  "finding": {"text": f"why <b>{nr}</b>", "evidence": ["a & b"]},
		  "crash": {"stack": [{"ip": "0x1", "sym": "inner", "mod": "lab"},
				      {"ip": "0x2", "sym": "outer", "mod": None}]},
		  "note": "\0 and \ud800"}
	print(json.dumps({"schema": 1, "id": f"{nr:064x}", "folder": f"/c/{nr}", "host": host,
			  "time": f"2026-11-{day:02}T01:02:03Z", "kernel": kernel, "panic": "p",
			  "state": "complete" if nr % 2 else "log only", "bytes": nr,
			  "encrypted": False, "manifest": {"x": nr}, "report": report}))
for nr in range(12):
	crash(nr, f"web-{nr % 3}", f"6.{nr % 2}", 1 + nr % 4, "null-deref in lab!f", "c1-aa")
for nr in range(12, 15):
	crash(nr, "db", "6.1", 20, "oom <i>", "c1-bb")
print(json.dumps({"schema": 1, "id": "f" * 64, "folder": "/c/x", "host": "old", "panic": "",
		  "time": "1970-01-01T00:00:00Z", "kernel": "", "state": "no manifest", "bytes": 0,
		  "encrypted": False, "manifest": None, "report": None}))
END
{
	cat lines
	echo 'no JSON'
	echo '{"schema": 2}'
	echo '{"schema": 1, "id": "x"}'
	sed -n '1s/"bytes": 0/"bytes": 1e999999/p' lines
	sed -n '1s/"bytes": 0/"bytes": NaN/p' lines
	sed -n '1s/"time": "[^"]*"/"time": "yesterday"/p' lines
	sed -n '1s/"id": "[^"]*"/"id": "x"/p' lines
	python3 -c 'print("[" * 100000)'
} >with-mistakes
status=0
"$page" load with-mistakes >said 2>errors || status=$?
equals "lines that are none: exit" 1 "$status"
for nr in 17 18 19 20 21 22 23 24; do
	grep -q "with-mistakes line $nr: " errors || fail "line $nr is not named: $(cat errors)"
done
equals "what was taken" "16 crashes" "$(cat said)"

# asked QUERY WANTED
asked()
{
	equals "$1" "$2" "$(psql -XAt -F ' ' -c "$1")"
}
both()
{
	asked 'SELECT count(*) FROM crashes' 16
	asked 'SELECT signature, crashes, hosts, kernels, complete FROM crashes_by_signature
		ORDER BY crashes DESC, signature' "c1-aa 12 3 2 6
c1-bb 3 1 1 1
 1 1 1 0"
	asked "SELECT day::date, crashes, hosts FROM crashes_by_signature_and_day
		WHERE signature = 'c1-aa' ORDER BY day LIMIT 2" "2026-11-01 3 3
2026-11-02 3 3"
	asked "SELECT host, crashes FROM crashes_by_host ORDER BY crashes DESC, host LIMIT 1" "web-0 4"
	asked "SELECT kernel, crashes FROM crashes_by_kernel WHERE kernel = '6.1'" "6.1 9"
	asked "SELECT count(*) FROM crashes WHERE crashed IS NULL" 1
}
both
# A report of other shapes is a page as well.
sed -n '2s/"crash": {[^}]*}[^}]*}[^]]*\]}/"crash": [1], "blocked": "x"/p' lines |
	sed 's/"finding": {[^}]*}/"finding": "text"/' >odd
"$page" load odd >said || fail "odd shapes: $(cat said)"
"$page" page --pages 20 out-odd || fail "a page of odd shapes"
"$page" load lines >said || fail "and back: $(cat said)"
# Again, one of them moved: renewed, not counted twice.
sed 's|"/c/3"|"/moved/3"|' lines | "$page" load >said || fail "a second time: $(cat said)"
both
asked "SELECT folder FROM crashes WHERE bytes = 3" /moved/3

"$page" page --pages 14 out || fail "no pages"
equals "pages" 14 "$(find out/crash -name '*.html' | wc -l)"
python3 - <<'END' || fail "the pages are not what they should be"
import re
from html.parser import HTMLParser
from pathlib import Path
class Page(HTMLParser):
	def __init__(self, path):
		super().__init__()
		self.tags, self.links, self.text = set(), [], []
		self.feed(path.read_text())
	def handle_starttag(self, tag, attrs):
		self.tags.add(tag)
		self.links += [value for name, value in attrs if name == "href"]
		assert not any(name.startswith("on") or name == "src" for name, _ in attrs), attrs
	def handle_data(self, data):
		self.text.append(data)
index = Page(Path("out/index.html"))
assert not index.tags & {"script", "i", "b"}, index.tags
words = " ".join(index.text)
assert "oom <i>" in words and "null-deref in lab!f" in words and "svg" in index.tags
for link in index.links:
	assert (Path("out") / link).is_file(), link
one = Page(Path(f"out/crash/{14:064x}.html"))
words = " ".join(one.text)
assert "why <b>14</b>" in words and "a & b" in words and "outer;lab!inner 1" in words, words
assert not one.tags & {"script", "i", "b"}, one.tags
heights = [float(h) for h in re.findall(r'<rect [^>]*height="([0-9.]+)"', Path("out/index.html").read_text())]
assert len(heights) == 5 and max(heights) == 220.0 and heights.count(220.0) == 5, heights
END
PGHOST=$work/nowhere "$page" page out 2>errors && fail "pages without a database"
grep -q 'database did not take it' errors || fail "$(cat errors)"
