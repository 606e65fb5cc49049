#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# keep_user on the vmcore of a real crash: the workload's process (qemu/first-kernel) has
# numbered each page of its memory, so it can be counted. With keep_user all of them are
# in the dump, without it none; all else is the same in both; and tools/whydiff, which
# walks page tables by itself, finds that exactly these pages have come. RAW names the
# vmcore.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

raw=${RAW:-$top/build/e2e/raw-6.1/vmcore}
fast=$top/build/crashbox	# no sanitizers: a GiB
[ -f "$raw" ] || skip "no $raw; qemu/raw-vmcore 6.1 $raw makes one"
[ -x "$fast" ] || fail "$fast is not there; make builds it"

# dump NAME [OPTION...]: pages as they are, so that grep finds what is in them
dump()
{
	out=$work/$1
	shift
	mkdir "$out"
	"$fast" capture --level 31 --codec none "$@" "$raw" "$out" > "$work/stdout" \
		2> "$work/stderr" || fail "capture $*: exit $?: $(tail -n 3 "$work/stderr")"
	"$fast" check "$out/vmcore" > "$work/check" 2>&1 || fail "$out: check: $?"
}

# marks FILE KIND: how many pages' numbers of a kind are in it
marks()
{
	LC_ALL=C grep -ao "crashbox-$2-[0-9]\{8\}" "$1" | sort -u | wc -l
}

dump without
dump with --keep-user comm=workload
grep -q "keep_user: 1 tasks in 1 address spaces" "$work/stderr" ||
	fail "who is kept: $(grep keep_user "$work/stderr")"

for kind in anon thp shared hugetlb locked; do
	n=$(marks "$raw" $kind)
	# Not each machine has huge pages, but all have these.
	case $kind in anon | shared) [ "$n" -ge 200 ] || fail "only $n pages '$kind'" ;; esac
	equals "pages '$kind' without keep_user" 0 "$(marks "$work/without/vmcore" $kind)"
	equals "pages '$kind' with keep_user" "$n" "$(marks "$work/with/vmcore" $kind)"
	echo "$kind: all $n pages"
done
# What the process has given back, or only wrote to files, is not its memory.
for kind in freed cache dirty; do
	equals "pages '$kind'" 0 "$(marks "$work/with/vmcore" $kind)"
done

rc=0
"$READDUMP" compare "$work/without/vmcore" "$work/with/vmcore" > "$work/compare" || rc=$?
equals "only the sets differ" 3 "$rc"
equals "pages that are lost with keep_user" 0 "$(sed -n 's/^only_1 = //p' "$work/compare")"
/usr/bin/python3 - "$work" "$(sed -n 's/^only_2 = //p' "$work/compare")" << 'PYTHON'
import json, sys
work, n_more = sys.argv[1], int(sys.argv[2])
a, b = (json.load(open(f"{work}/{d}/manifest.json"))["pages"] for d in ("without", "with"))
users = ("user", "cache", "cache_private")
moved = sum(a[k] - b[k] for k in users)
if not a["kept_chosen"] == 0 < b["kept_chosen"] == n_more == moved:
    sys.exit(f"kept_chosen {b['kept_chosen']}, {n_more} more pages, {moved} fewer of users")
for key in set(a) - set(users) - {"kept_chosen", "in_dump", "written", "zero", "shared"}:
    if a[key] != b[key]:
        sys.exit(f"{key}: {a[key]} without, {b[key]} with keep_user")
print(f"{n_more} pages more, nothing else has changed")
PYTHON

/usr/bin/python3 "$top/tests/tools/whydiff" "$raw" "$work/with/vmcore" \
	--keep-user comm=workload > "$work/why" 2>&1 ||
	grep -q 'no BTF to find tasks with' "$work/why" ||	# before 6.0 it finds none
	fail "whydiff: $(tail -n 12 "$work/why")"
tail -n 1 "$work/why"
rm -f "$work"/*/vmcore
