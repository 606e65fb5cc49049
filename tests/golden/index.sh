#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox index: a line of JSON for each crash, whoever wrote its files; and report --html,
# in which nothing of a crash is ever a tag.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

store=$work/store
core "layout = 6.12" classes "nodename = web-1" "crash_time = 1767484800" \
	"log 1.0 \"Linux version 6.12.0-9-cloud-amd64 (build)\"" \
	"log 2.1 \"Kernel panic - not syncing: <script>alert('&')</script>\""
capture 31
mkdir "$store"
for name in web-1-2026-01-04-00:00:00 web-1-2026-01-05-00:00:00 db-2026-01-06-00:00:00; do
	cp -r "$work/out" "$store/$name"
done
# Another moment's manifest, one that is none, one that is hostile, and none at all.
sed -i 's/"crash_time": *"2026-01-04/"crash_time": "2026-01-05/' \
	"$store/web-1-2026-01-05-00:00:00/manifest.json"
echo '{"a": [1, 2' >"$store/web-1-2026-01-05-00:00:00/report.json"
cp -r "$work/out" "$store/evil-2026-01-01-00:00:00"
printf '{"panic":\n\t"a\\u001b[2J", "kernel": "\303\244\377", "x":\r\n"}"}\n' \
	>"$store/evil-2026-01-01-00:00:00/manifest.json"
rm "$store/db-2026-01-06-00:00:00/manifest.json"
mkdir "$store/notes"

"$AGENT" index "$store" >"$work/lines" 2>"$work/stderr" || fail "$(cat "$work/stderr")"
python3 - "$work/lines" "$store" <<'END' || fail "the lines are not what they should be"
import hashlib, json, sys
text = open(sys.argv[1], "rb").read()
assert text.isascii() and b"\r" not in text, "not plain text"
rows = [json.loads(line) for line in text.decode().splitlines()]
by = {row["folder"].rsplit("/", 1)[1]: row for row in rows}
assert len(rows) == len(by) == 4, by.keys()
first = by["web-1-2026-01-04-00:00:00"]
own = json.load(open(f"{sys.argv[2]}/web-1-2026-01-04-00:00:00/manifest.json"))
assert first["manifest"] == own and first["schema"] == 1, first
assert first["report"] == json.load(open(first["folder"] + "/report.json"))
assert first["state"] == "complete" and first["host"] == "web-1" and not first["encrypted"]
second = by["web-1-2026-01-05-00:00:00"]
assert second["report"] is None and second["manifest"] and second["id"] != first["id"]
bare = by["db-2026-01-06-00:00:00"]
assert bare["manifest"] is None and bare["report"] and bare["state"] == "no manifest"
assert bare["id"] == hashlib.sha256(b"db-2026-01-06-00:00:00").hexdigest()
evil = by["evil-2026-01-01-00:00:00"]
assert evil["manifest"]["kernel"] == "???" and evil["manifest"]["x"] == "}", evil
END
cp "$work/lines" "$work/before"
mv "$store" "$work/moved"
"$AGENT" index "$work/moved" | sed "s|$work/moved|$store|" | cmp - "$work/before" ||
	fail "an id goes with the place"
status=0
"$AGENT" index "$work/nowhere" "$work/moved" >"$work/lines" 2>"$work/stderr" || status=$?
equals "a folder that is not there: exit" 1 "$status"
equals "and the others all the same" 4 "$(wc -l <"$work/lines")"
grep -q nowhere "$work/stderr" || fail "$(cat "$work/stderr")"

"$AGENT" report --html "$work/out/vmcore" >"$work/page" || fail "no page"
"$AGENT" report "$work/out/vmcore" >"$work/text"
python3 - "$work/page" "$work/text" <<'END' || fail "the page is not what it should be"
import re, sys
from html.parser import HTMLParser
class Page(HTMLParser):
	def __init__(self):
		super().__init__()
		self.open, self.tags, self.text = [], set(), []
	def handle_starttag(self, tag, attrs):
		self.tags.add(tag)
		assert not any(name.startswith("on") or name in ("src", "href") for name, _ in attrs)
		if tag != "meta":
			self.open.append(tag)
	def handle_endtag(self, tag):
		assert self.open.pop() == tag, tag
	def handle_data(self, data):
		if "details" in self.open:
			self.text.append(data)
page = Page()
page.feed(open(sys.argv[1]).read())
page.close()
assert not page.open, page.open
assert page.tags == {"html", "title", "meta", "style", "h1", "details", "summary", "pre"}, page.tags
def words_of(text):
	return re.sub(r" in \d+ ms", "", text).split()
words = words_of("".join(page.text))
assert words == words_of(open(sys.argv[2]).read()), "other words than the text has"
assert any("<script>" in word for word in words), "the panic line is not there"
END
status=0
"$AGENT" report --html --json "$work/out/vmcore" >"$work/text" 2>&1 || status=$?
equals "two forms at once: exit" 1 "$status"
