#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox pstore: records of EFI and ramoops become folders of crashes with the whole log in
# its order, once each; what could not be saved stays.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
mkdir records store
records=$work/records

# record NAME HEAD TEXT...: a piece of a log, each TEXT a line
record()
{
	name=$1
	head=$2
	shift 2
	printf '%s\n' "$head" "$@" >"$records/$name"
}

# run STATUS WORDS...
run()
{
	want=$1
	shift
	status=0
	"$AGENT" pstore "$@" >said 2>errors || status=$?
	equals "$*: exit" "$want" "$status"
}

# of_efi: an oops and the panic it led to, each in pieces, the end first
of_efi()
{
	record dmesg-efi-176450000001001 'Oops#1 Part1' '<1>[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000'
	record dmesg-efi-176450000101002 'Panic#2 Part1' \
		'<4>[    2.000002] RIP: 0010:lab_write_null+0xc/0x20 [lab]' \
		'<0>[    3.000000] Kernel panic - not syncing: Fatal exception'
	record dmesg-efi-176450000102002 'Panic#2 Part2' \
		'<1>[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000'
	record dmesg-efi-176450000110002 'Panic#2 Part10' \
		'<5>[    0.000000] Linux version 6.1.0-56-cloud-amd64 (build)'
	record dmesg-efi-176450000103002 'Panic#2 Part3' '<6>[    1.000000] third'
}

host=$(uname -n)
run 1 --from nowhere store
grep -q 'nowhere: No such file' errors || fail "$(cat errors)"
run 0 --from records store
equals "nothing there" "no crash is in pstore" "$(cat said)"
of_efi
echo '<1>late' >"$records/dmesg-of-nobody"
record dmesg-ramoops-0 'Panic#0 Part1' 'no kernel counts so'
record dmesg-ramoops-1 'Panic#1 Part-1' 'nor so'
echo packed >"$records/dmesg-efi-176450000201003.enc.z"
ln -s /etc/passwd "$records/dmesg-link"
run 0 --from records --dry-run
equals "what there is" "2025-11-30T10:53:21Z, 5 records: not saved yet" "$(cat said)"
run 0 --from records store
folder="store/$host-2025-11-30-10:53:21"
equals "what was done" "2025-11-30T10:53:21Z, 5 records: saved as $folder" "$(cat said)"
grep -q '1 records are packed' errors || fail "$(cat errors)"
cat >want <<'END'
[    0.000000] Linux version 6.1.0-56-cloud-amd64 (build)
[    1.000000] third
[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000
[    2.000002] RIP: 0010:lab_write_null+0xc/0x20 [lab]
[    3.000000] Kernel panic - not syncing: Fatal exception
END
diff -u want "$folder/vmcore-dmesg.txt" || fail "another log"
grep -q 'null-deref in lab!lab_write_null' "$folder/report.txt" || fail "$(cat "$folder/report.txt")"
python3 -c '
import json, sys
m = json.load(open(sys.argv[1] + "/manifest.json")); r = json.load(open(sys.argv[1] + "/report.json"))
assert m["source"] == "pstore" and m["dmesg_saved"] and not m["valid"]["value"], m
assert m["signature"] == r["signature"]["id"] and m["kernel"] == "6.1.0-56-cloud-amd64", m
' "$folder" || fail "manifest or report"
"$AGENT" list store | grep -q "log only .*6.1.0-56-cloud-amd64 *BUG: kernel NULL" || fail "$("$AGENT" list store)"
equals "records that stay" "dmesg-efi-176450000201003.enc.z dmesg-link dmesg-of-nobody dmesg-ramoops-0 dmesg-ramoops-1" \
	"$(find records -name "dmesg-*" -printf "%f\n" | sort | xargs)"
equals "folders" 1 "$(find store -mindepth 1 -type d | wc -l)"

# Once each; and a capture of the same crash is enough.
of_efi
run 0 --from records --keep store
grep -q "is there already: store/$host-2025-11-30-10:53:21" said || fail "$(cat said)"
[ -f "$records/dmesg-efi-176450000101002" ] || fail "a record is gone"
run 0 --from records store
equals "folders" 1 "$(find store -mindepth 1 -type d | wc -l)"
[ ! -f "$records/dmesg-efi-176450000101002" ] || fail "a record is still there"

# ramoops names no time: the file has it. Two crashes, the older first.
record dmesg-ramoops-0 'Panic#1 Part1' '<0>[    3.000000] Kernel panic - not syncing: first'
record dmesg-ramoops-1 'Panic#1 Part1' '<0>[    3.000000] Kernel panic - not syncing: second'
TZ=UTC touch -d '2026-01-02 03:04:05' records/dmesg-ramoops-0
TZ=UTC touch -d '2026-01-02 03:14:05' records/dmesg-ramoops-1
run 1 --from records "$work/nowhere"
equals "not saved" 2 "$(grep -c 'not saved, and left where it is' said)"
equals "both stay" 2 "$(find records -name "*ramoops*" | wc -l)"
run 0 --from records nowhere store
grep -q 'not syncing: first' "store/$host-2026-01-02-03:04:05/vmcore-dmesg.txt" || fail "the first"
grep -q 'not syncing: second' "store/$host-2026-01-02-03:14:05/vmcore-dmesg.txt" || fail "the second"

# Boots that follow each other within a minute are crashes each, an oops is not lost to the
# panic that had no room for it, and what two dumps both have is there once.
rm -r store
mkdir store
for boot in 0 1; do
	record "dmesg-efi-17645100${boot}001001" 'Panic#1 Part1' "<0>[    3.000000] Kernel panic - not syncing: boot $boot"
	record "dmesg-efi-17645100${boot}002001" 'Panic#1 Part2' "<0>[    2.000000] early, boot $boot"
done
record dmesg-efi-176451010001001 'Oops#1 Part1' '<1>[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000' '<4>[    2.500000] both have it'
record dmesg-efi-176451013001002 'Panic#2 Part1' '<4>[    2.500000] both have it' '<0>[   32.000000] Kernel panic - not syncing: hung_task: blocked tasks'
run 0 --from records store
equals "crashes" 3 "$(find store -mindepth 1 -type d | wc -l)"
grep -l 'not syncing: boot 0' store/*/vmcore-dmesg.txt >of-0 || fail "the first boot's log is nowhere"
grep -q 'boot 1' "$(cat of-0)" && fail "two boots in one log"
grep -q 'early, boot 1' store/*/vmcore-dmesg.txt || fail "the second boot's log is nowhere"
cat >want-both <<'END'
[    2.000000] BUG: kernel NULL pointer dereference, address: 0000000000000000
[    2.500000] both have it
[   32.000000] Kernel panic - not syncing: hung_task: blocked tasks
END
diff -u want-both "$(grep -l hung_task store/*/vmcore-dmesg.txt)" || fail "the oops and its panic"

# Another crash of the same half minute is another one, and what users plant is nobody's crash.
rm -r store
mkdir store
for nr in 0 1; do
	record "dmesg-ramoops-$nr" 'Panic#1 Part1' "<0>[    3.000000] Kernel panic - not syncing: clock $nr"
	TZ=UTC touch -d "1970-01-01 00:00:1$nr" "records/dmesg-ramoops-$nr"
done
run 0 --from records store
equals "clocks of 1970" 2 "$(grep -l 'not syncing: clock' store/*/vmcore-dmesg.txt | wc -l)"
if [ "$(id -u)" = 0 ]; then
	planted="store/$host-2026-01-02-03:04:05"
	mkdir "$planted"
	echo '[    3.000000] Kernel panic - not syncing: planted' >"$planted/vmcore-dmesg.txt"
	chown -R 12345 "$planted"
	record dmesg-ramoops-0 'Panic#1 Part1' '<0>[    3.000000] Kernel panic - not syncing: planted'
	TZ=UTC touch -d '2026-01-02 03:04:05' records/dmesg-ramoops-0
	run 0 --from records store
	grep -q "saved as $planted-1" said || fail "$(cat said)"
fi
# A dozen of them, and one that is too long for a record, which stays.
for nr in $(seq 12); do
	record "dmesg-ramoops-$nr" "Panic#1 Part1" "<0>[    3.000000] Kernel panic - not syncing: nr $nr"
	TZ=UTC touch -d "2026-02-02 $nr:00:00" "records/dmesg-ramoops-$nr"
done
run 0 --from records store
equals "a dozen" 12 "$(grep -l 'not syncing: nr' store/*/vmcore-dmesg.txt | wc -l)"
record dmesg-ramoops-0 'Panic#1 Part1' "$(head -c 1100000 /dev/zero | tr '\0' x)"
run 1 --from records store
grep -q 'too long for a record' errors || fail "$(cat errors)"
[ -f records/dmesg-ramoops-0 ] || fail "a record that was not saved is gone"
rm records/dmesg-ramoops-0

# systemd's archive is others': it stays, and each is taken once, even if the folder is gone.
archive=$work/machine/var/lib/systemd/pstore/17645
mkdir -p "$archive/001" "$work/machine/sys/fs/pstore"
of_efi
mv "$records"/dmesg-efi-1764500001* "$archive/001"
rm "$records"/dmesg-efi-1764500000*
rm -r store
mkdir store
run 0 --root "$work/machine" store
grep -q '4 records: saved as' said || fail "$(cat said)"
diff -u want "$folder/vmcore-dmesg.txt" || fail "another log out of the archive"
equals "the archive" 4 "$(find "$archive" -type f | wc -l)"
rm -r store
mkdir store
run 0 --root "$work/machine" store
equals "again" "no crash is in pstore" "$(cat said)"
