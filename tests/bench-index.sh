#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# tests/bench-index.sh [N]: N (1000000) made-up crashes of 5000 hosts and 400 faults over two
# years in a PostgreSQL of its own: seconds to load them, of each view, and of the pages. With
# BROWSE=1 headless Chromium looks at these; PICTURE=FILE is what it has seen. Fails where a view
# takes more than a second, or as many as qemu/busy says that this machine is too slow.
set -eu
cd "${0%/*}/.."
if [ "${1-}" != --inside ]; then
	exec tests/tools/with-database "$0" --inside "${1:-1000000}"
fi
page=initramfs/install/crashbox-index-page
work=$(mktemp -d build/bench-index.XXXXXX)
trap 'rm -rf "$work"' EXIT

# seconds NAME COMMAND...
seconds()
{
	name=$1
	shift
	from=$(date +%s.%N)
	"$@" >"$work/out"
	took=$(echo "$(date +%s.%N) - $from" | bc)
	printf '| %s | %.2f |\n' "$name" "$took"
}

# answer NAME QUERY: somebody waits for it
n_slow=0
answer()
{
	seconds "$1" psql -XAtc "$2"
	[ "$(echo "$took > $limit" | bc)" = 0 ] || n_slow=$((n_slow + 1))
}
limit=$(qemu/busy)

python3 - "$2" >"$work/lines" <<'END'
import json, random, sys, datetime
random.seed(1)
start = datetime.datetime(2025, 1, 1)
stack = [{"ip": f"0xffffffff81{i:06x}", "sym": f"function_{i}", "off": 16, "size": 64, "mod": None,
	  "how": "exact"} for i in range(12)]
for nr in range(int(sys.argv[1])):
	fault = min(int(random.expovariate(.02)), 399)
	when = start + datetime.timedelta(seconds=random.randrange(730 * 86400))
	title = f"null-deref in driver_{fault % 50}!function_{fault}"
	report = {"signature": {"id": f"c1-{fault:016x}", "coarse": f"c1-{fault // 2:016x}",
				"title": title},
		  "finding": {"text": "A read through a NULL pointer.", "evidence": ["rax is 0"]},
		  "crash": {"stack": stack}}
	print(json.dumps({"schema": 1, "id": f"{nr:064x}", "folder": f"/srv/crashes/{nr}",
			  "host": f"host-{random.randrange(5000)}", "time": when.isoformat() + "Z",
			  "kernel": f"6.{random.randrange(12)}.0", "panic": title,
			  "state": "complete", "bytes": 20000000, "encrypted": False,
			  "manifest": {"title": title}, "report": report}))
END
printf '%d crashes, %d MB of lines\n\n| | seconds |\n|---|---|\n' "$2" \
	"$(($(wc -c <"$work/lines") / 1000000))"
seconds 'loading them' "$page" load "$work/lines"
for view in crashes_by_signature crashes_by_signature_and_day crashes_by_kernel crashes_by_host; do
	answer "$view" "SELECT * FROM $view"
done
answer 'one crash' "SELECT report FROM crash_files WHERE id = lpad('7', 64, '0')"
answer 'the newest of a fault' "SELECT id, host FROM crashes
	WHERE signature = 'c1-000000000000000a' ORDER BY crashed DESC LIMIT 20"
seconds 'pages of the newest 1000' "$page" page "$work/pages"
head -n 1000 "$work/lines" >"$work/again"
seconds 'loading 1000 once more' "$page" load "$work/again"
if [ -n "${BROWSE-}${PICTURE-}" ]; then
	tests/interop/index-page "$work/pages" ${PICTURE:+"$PICTURE"}
fi
[ "$n_slow" = 0 ] || { echo "$n_slow answers took more than $limit s" && exit 1; }
