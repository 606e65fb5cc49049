#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# list, show-dump and prune on a folder of dumps: whole, without a dump, cut, another
# tool's, hostile, and things that are none. What they show is true, and what is removed
# is what was named.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

store=$work/store
core "layout = 6.12" classes "nodename = web-1" "crash_time = 1767484800" \
	"log 1.0 \"Linux version 6.12.0-9-cloud-amd64 (build)\"" \
	"log 2.0 \"sysrq: Trigger a crash\"" \
	"log 2.1 \"Kernel panic - not syncing: sysrq triggered crash\""
capture 31

# dump NAME: a folder of the store, as a capture leaves it
dump()
{
	mkdir -p "$store"
	cp -r "$work/out" "$store/$1"
}

dump web-1-2026-01-04-00:00:00
dump web-1-2026-01-05-00:00:00
dump web-1-2026-01-06-00:00:00
rm "$store/web-1-2026-01-06-00:00:00/vmcore"
dump web-1-2025-12-31-00:00:00
mv "$store/web-1-2025-12-31-00:00:00/vmcore" "$store/web-1-2025-12-31-00:00:00/vmcore-incomplete"
dump 127.0.0.1-2026-01-03-00:00:00
rm "$store/127.0.0.1-2026-01-03-00:00:00/manifest.json"
dump db-2026-01-02-00:00:00
printf '{"valid": {"value": tr' > "$store/db-2026-01-02-00:00:00/manifest.json"
dump evil-2026-01-01-00:00:00
printf '{"panic": "\\u001b[2J", "kernel": "%s", "valid": {"value": true}, "complete":
	{"value": false, "reasons": ["\033]0;owned\007"]}}' "$(printf 'a\033[1mb')" |
	tr -d '\033\007' > "$store/evil-2026-01-01-00:00:00/manifest.json"
mkdir "$store/notes" "$store/web-1-2026-02-31-00:00:00" "$store/web-1-2026-01-07-00:00:00"
echo mine > "$store/web-1-2026-01-07-00:00:00/mine.txt"
cp "$work/out/vmcore" "$store/web-1-2026-01-05-00:00:00/vmcore.bak"

# run NAME VERB...: its output in NAME.txt, its exit status in $status
run()
{
	to=$work/$1.txt
	shift
	status=0
	"$AGENT" "$@" > "$to" 2> "$work/stderr" || status=$?
	[ "$status" != 99 ] || fail "a sanitizer: $(tail -n 20 "$work/stderr")"
}

run list list "$store"
equals "list: exit" 0 "$status"
equals "list: order and states" \
"web-1-2025-12-31-00:00:00 cut off
evil-2026-01-01-00:00:00 incomplete
db-2026-01-02-00:00:00 no manifest
127.0.0.1-2026-01-03-00:00:00 no manifest
web-1-2026-01-04-00:00:00 complete
web-1-2026-01-05-00:00:00 complete
web-1-2026-01-06-00:00:00 log only" \
	"$(sed -n '2,$s/^\([^ ]*\)  *\([a-z]*\( [a-z][a-z]*\)\{0,1\}\)  .*/\1 \2/p' "$work/list.txt")"
! grep -q "$(printf '\033')" "$work/list.txt" || fail "list: an escape came through"
grep -q "^127.0.0.1-.*6.12.0-9-cloud-amd64 *Kernel panic - not syncing: sysrq" \
	"$work/list.txt" || fail "list: another tool's dump lacks kernel or panic"

run json list --json "$store"
/usr/bin/python3 - "$work/json.txt" "$store" << 'PYTHON' || fail "list --json"
import json, os, sys
targets = json.load(open(sys.argv[1]))["targets"]
assert [t["target"] for t in targets] == [sys.argv[2]], targets
by_name = {d["name"]: d for d in targets[0]["dumps"]}
d = by_name["web-1-2026-01-04-00:00:00"]
assert d["host"] == "web-1" and d["time"] == "2026-01-04T00:00:00Z", d
assert d["kernel"] == "6.12.0-9-cloud-amd64" and d["complete"] and d["valid"], d
assert d["panic"] == "Kernel panic - not syncing: sysrq triggered crash", d
assert d["bytes"] == sum(os.path.getsize(f"{d['folder']}/{f}")
                         for f in os.listdir(d["folder"])), d
log = by_name["web-1-2026-01-06-00:00:00"]
assert log["state"] == "log only" and not log["complete"] and not log["valid"], log
PYTHON

# By signature: a crash that is on two targets counts once; its dump is where it is.
for crash in "web-1-2026-01-04-00:00:00 c1-1 one" "web-2-2026-01-05-00:00:00 c1-1 one" \
	"web-1-2026-01-06-00:00:00 c1-2222222222222222 two" "web-1-2026-01-07-00:00:00 c1-1 one"; do
	# shellcheck disable=SC2086 # three words
	set -- $crash
	for place in "$work/same" "$work/again"; do
		mkdir -p "$place/$1"
		printf '{"signature": "%s", "signature_sure": true, "title": "%s", "verified": true,
			"complete": {"value": true}}' "$2" "$3" > "$place/$1/manifest.json"
		echo log > "$place/$1/vmcore-dmesg.txt"
	done
done
echo dump > "$work/same/web-1-2026-01-07-00:00:00/vmcore"
mkdir "$work/same/web-9-2026-01-01-00:00:00"
echo log > "$work/same/web-9-2026-01-01-00:00:00/vmcore-dmesg.txt"
# Its manifest did not come to the first target.
rm "$work/same/web-1-2026-01-06-00:00:00/manifest.json"
run same list --same "$work/same" "$work/again"
equals "list --same: exit" 0 "$status"
equals "list --same" \
"    3 times, 1 dump, 2026-01-04T00:00:00Z to 2026-01-07T00:00:00Z  c1-1  one
      web-1 web-2
    1 times, 0 dumps, 2026-01-06T00:00:00Z to 2026-01-06T00:00:00Z  c1-2222222222222222  two
      web-1
    1 times, 0 dumps, 2026-01-01T00:00:00Z to 2026-01-01T00:00:00Z  no report  -
      web-9" "$(cat "$work/same.txt")"
printf 'target disk:LABEL=none-such:/\nknown_file %s/known\n' "$work" > "$work/known.conf"
printf 'c1-2222222222222222 fixed in 6.2\n' > "$work/known"
run known list --same --config "$work/known.conf" "$work/same" "$work/again"
equals "list --same: known" "      known: fixed in 6.2" "$(grep known: "$work/known.txt")"
equals "list --same: whose" "two" "$(grep -B2 known: "$work/known.txt" | sed -n '1s/.* //p')"
run samejson list --same --json "$work/same" "$work/again"
/usr/bin/python3 - "$work/samejson.txt" << 'PYTHON' || fail "list --same --json"
import json, sys
told = json.load(open(sys.argv[1]))
assert len(told["targets"]) == 2, told
first, last = told["signatures"][0], told["signatures"][-1]
assert (first["signature"], first["crashes"], first["dumps"]) == ("c1-1", 3, 1), first
assert first["hosts"] == ["web-1", "web-2"] and not first["more_hosts"], first
assert last["signature"] is None and last["crashes"] == 1, last
PYTHON
# The last whole dump of a fault outlives the configuration's keep.
printf 'target disk:LABEL=none-such:/\nkeep 1\nkeep_same 2\n' > "$work/same.conf"
cp -r "$work/same/web-1-2026-01-07-00:00:00" "$work/same/web-1-2026-01-08-00:00:00"
sed -i s/c1-1/c1-3/ "$work/same/web-1-2026-01-08-00:00:00/manifest.json"
run spare prune --config "$work/same.conf" --dry-run "$work/same"
equals "prune spares the last of a fault" "0 dumps, 0 B would be freed" \
	"$(head -n 1 "$work/spare.txt")"
sed -i /keep_same/d "$work/same.conf"
run nospare prune --config "$work/same.conf" --dry-run "$work/same"
grep -q "would remove $work/same/web-1-2026-01-07" "$work/nospare.txt" ||
	fail "prune without keep_same spares what nobody asked for"

run nowhere list "$store" "$work/nowhere"
equals "list: one that is not there" 1 "$status"
grep -q "$work/nowhere: cannot open" "$work/stderr" || fail "list does not name what is not there"
grep -q "^web-1-2026-01-04" "$work/nowhere.txt" || fail "list: and the others are not shown"
run nothing list --config "$work/nowhere"
equals "list without a configuration" 1 "$status"

run show show-dump "$store/web-1-2026-01-04-00:00:00/"
equals "show-dump: exit" 0 "$status"
for text in "host  *web-1$" "time  *2026-01-04T00:00:00Z" "state  *complete" \
	"kernel  *6.12.0-9-cloud-amd64" "build id  *0123456789abcdef" "dump level  *31, asked" \
	"\\] Kernel panic - not syncing: sysrq triggered crash" "linux-image-6.12.0-9-cloud-amd64-dbg" \
	"crash /usr/lib/debug/boot/vmlinux-6.12.0-9-cloud-amd64 .*/web-1-2026-01-04-00:00:00/vmcore\$"; do
	grep -q "$text" "$work/show.txt" || fail "show-dump does not say: $text"
done
printf 'target disk:LABEL=none-such:/\n' > "$work/conf"
run named show-dump --config "$work/conf" web-1-2026-01-04-00:00:00
equals "show-dump: a name on no target" 1 "$status"
run cut show-dump "$store/web-1-2025-12-31-00:00:00"
grep -q "state  *cut off" "$work/cut.txt" || fail "show-dump of a dump that was cut"
run evil show-dump "$store/evil-2026-01-01-00:00:00"
! grep -q "$(printf '\033')" "$work/evil.txt" || fail "show-dump: an escape came through"
run raw show-dump --json "$store/web-1-2026-01-04-00:00:00"
cmp "$work/raw.txt" "$work/out/manifest.json" || fail "show-dump --json is not the manifest"
run chosen show-dump "$work/out"
grep -q "host  *web-1$" "$work/chosen.txt" || fail "show-dump of a folder with a name of its own"

# remains NAME...: these folders and no others are in the store
remains()
{
	what=$1
	shift
	equals "$what" "$(printf '%s\n' "$@" | sort)" "$(cd "$store" && printf '%s\n' * | sort)"
}

all="notes 127.0.0.1-2026-01-03-00:00:00 db-2026-01-02-00:00:00 evil-2026-01-01-00:00:00
web-1-2025-12-31-00:00:00 web-1-2026-01-04-00:00:00 web-1-2026-01-05-00:00:00
web-1-2026-01-06-00:00:00 web-1-2026-01-07-00:00:00 web-1-2026-02-31-00:00:00"
run bare prune --config "$work/conf" "$store"
equals "prune without a rule" 1 "$status"
run dry prune --keep 1 --dry-run "$store"
equals "prune --dry-run: exit" 0 "$status"
# shellcheck disable=SC2086 # words
remains "prune --dry-run" $all
grep -q "^would remove .*/web-1-2026-01-04-00:00:00, " "$work/dry.txt" || fail "prune --dry-run"

run seconds prune --older-than 30 "$store"
equals "prune --older-than 30: exit" 1 "$status"
grep -q "'30' has no unit: say 30d" "$work/stderr" || fail "30 what? $(cat "$work/stderr")"

# Another tool's dump, and one whose capture was cut before its manifest, are no business of
# ours, nor do they count; of hosts that share a folder only the one that is named.
run others prune --keep 0 --host 127.0.0.1 --dry-run "$store"
grep -q "^0 dumps, " "$work/others.txt" || fail "prune would take another tool's dump"
grep -q "^1 without a manifest of ours left alone" "$work/others.txt" ||
	fail "prune does not say what it leaves: $(cat "$work/others.txt")"
run others prune --keep 0 --host 127.0.0.1 --without-manifest --dry-run "$store"
grep -q "^would remove .*/127.0.0.1-2026-01-03-00:00:00, " "$work/others.txt" ||
	fail "prune --without-manifest: $(cat "$work/others.txt")"
grep -q "^1 dump, " "$work/others.txt" || fail "prune --host: $(cat "$work/others.txt")"
run host prune --keep 0 --host db --dry-run "$store"
equals "prune --host" "would remove $store/db-2026-01-02-00:00:00" \
	"$(sed -n '/^would/s/, .*//p' "$work/host.txt")"

run older prune --older-than 1d "$store"
equals "prune --older-than: exit" 0 "$status"
remains "prune --older-than spares each host's newest whole one" notes \
	127.0.0.1-2026-01-03-00:00:00 db-2026-01-02-00:00:00 evil-2026-01-01-00:00:00 \
	web-1-2026-01-05-00:00:00 web-1-2026-01-07-00:00:00 web-1-2026-02-31-00:00:00
grep -q "^3 dumps, .* freed$" "$work/older.txt" || fail "prune does not sum up"

dump web-1-2026-01-06-00:00:00
rm "$store/web-1-2026-01-06-00:00:00/vmcore"
fresh=web-1-$(date -u +%Y-%m-%d-%H:%M:%S)
dump "$fresh"
mv "$store/$fresh/vmcore" "$store/$fresh/vmcore-incomplete"
run incomplete prune --incomplete "$store"
[ ! -e "$store/web-1-2026-01-06-00:00:00" ] || fail "prune --incomplete leaves a log"
[ -e "$store/$fresh" ] || fail "prune --incomplete: one that may be being written"
[ -e "$store/web-1-2026-01-05-00:00:00/vmcore" ] || fail "prune --incomplete took a whole one"

run zero prune --keep 0 "$store"
equals "a folder with a file of others" 1 "$status"
grep -q "web-1-2026-01-05-00:00:00: our files are gone, the folder is not" "$work/stderr" ||
	fail "prune does not say what is left: $(cat "$work/stderr")"
[ -e "$store/web-1-2026-01-05-00:00:00/vmcore.bak" ] || fail "prune: a file of others is gone"
[ ! -e "$store/web-1-2026-01-05-00:00:00/vmcore" ] || fail "prune --keep 0 keeps one"
[ -e "$store/web-1-2026-01-07-00:00:00/mine.txt" ] || fail "prune: a folder of others is gone"

# A machine without a clock: which of its boots it was decides, not 1970.
clockless=$work/clockless
for dump in 1970-01-01-00:00:09:3 1970-01-01-00:00:10:1 2026-01-04-00:00:00:2; do
	mkdir -p "$clockless/pi-${dump%:*}"
	cp "$work/out"/* "$clockless/pi-${dump%:*}"
	sed -i "s/\"boot\": [^,]*/\"boot\": ${dump##*:}/" "$clockless/pi-${dump%:*}/manifest.json"
done
grep -q '"boot": 3' "$clockless/pi-1970-01-01-00:00:09/manifest.json" || fail "no boot in it"
run old prune --older-than 1d --dry-run "$clockless"
equals "an age that nobody knows" "$clockless/pi-2026-01-04-00:00:00" \
	"$(sed -n 's/^would remove \(.*\), .*/\1/p' "$work/old.txt")"
run boots prune --keep 1 "$clockless"
equals "the last boot stays" "pi-1970-01-01-00:00:09" "$(ls "$clockless")"
