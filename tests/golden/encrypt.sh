#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# What is encrypted opens with Debian's age and with ours, and says the same as without; of what
# memory held nothing is in any file; without a recipient that is one nothing is written.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

command -v age > /dev/null || fail "age is not there; tests/setup brings it"
age-keygen -o "$work/key" 2> /dev/null
age-keygen -o "$work/second" 2> /dev/null
age-keygen -o "$work/other" 2> /dev/null
printf 'encrypt %s\nencrypt %s\n' "$(age-keygen -y "$work/key")" \
	"$(age-keygen -y "$work/second")" > "$work/conf"

core "layout = 6.1" classes dmesg-wrapped "@0x800+64 data=random:7"
capture 31 --workers 1
mv "$work/out" "$work/plain"
out=$work/out

# seal [LINE...]: $work/core into $out, encrypted
seal()
{
	rm -rf "$out"
	rc=0
	printf '%s\n' "$@" | cat "$work/conf" - > "$work/conf.all"
	"$AGENT" capture --config "$work/conf.all" --workers 1 "$work/core" "$out" \
		> "$work/stdout" 2> "$work/stderr" || rc=$?
}

seal ""
equals "exit status" 0 "$rc"
equals "what is there" "manifest.json manifest.json.age report.json.age report.txt.age \
vmcore-dmesg.txt.age vmcore.age" \
	"$(find "$out" -type f -printf '%f\n' | sort | tr '\n' ' ' | sed 's/ $//')"
for key in key second; do
	for file in "$out"/*.age; do
		age -d -i "$work/$key" "$file" > "$work/$key.${file##*/}" ||
			fail "age does not open ${file##*/} with the $key"
	done
done
! age -d -i "$work/other" "$out/vmcore.age" > /dev/null 2>&1 || fail "another key opens it"
cmp "$work/key.vmcore-dmesg.txt.age" "$work/plain/vmcore-dmesg.txt" || fail "another log"
"$AGENT" rebuild "$work/key.vmcore.age" "$work/rebuilt" 2> "$work/said" ||
	fail "rebuild: $(cat "$work/said")"
cmp "$work/rebuilt" "$work/plain/vmcore" || fail "another dump"
equals "read back" true "$(manifest verified)"
equals "valid" true "$(manifest valid value)"
equals "SHA-256 of what lies there" "$(sha256sum "$out/vmcore.age" | cut -d ' ' -f 1)" \
	"$(sed -n 's/.*"sha256": "\([0-9a-f]*\)".*/\1/p' "$work/key.manifest.json.age")"

# What retention, keep_same and crash loops go by is in the clear; what memory said is not.
/usr/bin/python3 - "$out/manifest.json" "$work/key.manifest.json.age" << 'PYTHON' || fail "manifests"
import json, sys
clear, whole = (json.load(open(path)) for path in sys.argv[1:])
needed = {"signature", "signature_sure", "build_id", "boot", "uptime_seconds", "verified",
          "complete", "valid", "host", "kernel"}
assert needed <= set(clear), needed - set(clear)
assert all(clear[key] == whole[key] for key in clear if key not in ("encrypted", "complete",
           "valid")), clear
hidden = {"panic", "errors", "report", "taint", "command_line"} & set(clear)
assert clear["encrypted"] is True and not hidden, hidden
PYTHON

# Bytes of memory, and what was said of it.
for word in "Kernel panic" "KDUMP   " "VMCOREINFO" "makedumpfile"; do
	! grep -alF "$word" "$out"/* > "$work/has" || fail "'$word' is in $(cat "$work/has")"
done
grep -qaF "VMCOREINFO" "$work/plain/vmcore" || fail "the search would find nothing"

# No two files have a key in common: their payloads' nonces and shares differ.
cat "$out"/*.age | grep -a '^-> X25519' | sort | uniq -d > "$work/same"
[ ! -s "$work/same" ] || fail "a share was used twice"

# ---- our own decrypt --------------------------------------------------------------------

says()
{
	wanted=$1 text=$2 rc=0
	shift 2
	"$AGENT" "$@" > "$work/said" 2>&1 || rc=$?
	equals "exit status of $*" "$wanted" "$rc"
	[ -z "$text" ] || grep -qF -- "$text" "$work/said" ||
		fail "$*: no '$text': $(cat "$work/said")"
}

cp -r "$out" "$work/opened"
says 0 "" decrypt -i "$work/second" "$work/opened"
cmp "$work/opened/vmcore" "$work/key.vmcore.age" || fail "ours opens to another dump"
cmp "$work/opened/manifest.json" "$work/key.manifest.json.age" || fail "another manifest"
says 0 "whole" check "$work/opened/vmcore"
says 1 "encrypted: " check "$out/vmcore.age"
says 1 "it is not for this key" decrypt -i "$work/other" "$out/vmcore.age"
says 1 "does not end with .age" decrypt -i "$work/key" "$work/core"
len=$(stat -c %s "$out/vmcore.age")
mkdir "$work/cut"
head -c $((len - 1)) "$out/vmcore.age" > "$work/cut/vmcore.age"
whole=$(((len - 1) / 65552))
says 2 "cut off or damaged behind $((whole * 65536)) bytes" \
	decrypt -i "$work/key" "$work/cut/vmcore.age"
equals "as far as age goes" "$(age -d -i "$work/key" "$work/cut/vmcore.age" 2> /dev/null |
	sha256sum)" "$(sha256sum < "$work/cut/vmcore")"
says 2 "it was cut off" rebuild "$work/cut/vmcore" "$work/cut/plain"

# Cut off between two chunks it has all of the first.
rm -f "$work/cut/vmcore" "$work/cut/vmcore.age"
mac=$(grep -a -b -m 1 '^--- ' "$out/vmcore.age" | cut -d : -f 1)
head -c $((mac + 48 + 16 + 65552)) "$out/vmcore.age" > "$work/cut/vmcore.age"
says 2 "cut off or damaged behind 65536 bytes" decrypt -i "$work/key" "$work/cut/vmcore.age"
equals "the first chunk" "$(head -c 65536 "$work/opened/vmcore" | sha256sum)" \
	"$(sha256sum < "$work/cut/vmcore")"

# ---- nothing in the clear ---------------------------------------------------------------

seal "encrypt_manifest yes"
[ ! -e "$out/manifest.json" ] || fail "there is a manifest in the clear"
[ -e "$out/manifest.json.age" ] || fail "there is no manifest"

# ---- post-quantum recipients: age 1.3 reads them, see tests/interop/age-pq -----------------

pq_key=tests/fixtures/age-pq-key
pq=$(sed -n 's/^# public key: //p' "$pq_key")
rm -rf "$out"
echo "encrypt $pq" > "$work/conf.pq"
"$AGENT" capture --config "$work/conf.pq" --workers 1 "$work/core" "$out" 2> "$work/stderr" ||
	fail "capture: $(cat "$work/stderr")"
equals "stanzas of the dump" 1 "$(head -c 4096 "$out/vmcore.age" | grep -ac '^-> mlkem768x25519 ')"
says 1 "it is not for this key" decrypt -i "$work/key" "$out/vmcore.age"
says 0 "" decrypt -i "$pq_key" "$out"
"$AGENT" rebuild "$out/vmcore" "$work/pq.rebuilt" 2> "$work/said" || fail "$(cat "$work/said")"
cmp "$work/pq.rebuilt" "$work/plain/vmcore" || fail "another dump"

# refuses LINE... SENTENCE: what config says of these recipients
refuses()
{
	: > "$work/conf.pq"
	while [ $# -gt 1 ]; do
		echo "encrypt $1" >> "$work/conf.pq"
		shift
	done
	says 1 "$1" config "$work/conf.pq"
	equals "lines about it: $(cat "$work/said")" 1 "$(grep -c encrypt "$work/said")"
}

x25519=$(age-keygen -y "$work/key")
mixed="age1... and age1pq1... are not for the same file"
refuses "$x25519" "$pq" "$mixed"
refuses "$pq" "$x25519" "$mixed"
refuses "$pq" "$pq" "$pq" "$pq" "$pq" "more than 4 recipients age1pq1"
refuses "${pq%?}q" "it is mistyped"
refuses "${pq%??????????}" "it is mistyped"
refuses "age1pq1qqqqqqqqqqqqq" "it is mistyped"
refuses "age1yubikey1qqqqqqqqqqq" "age1yubikey1...: it is for a plugin of age, and none is run here"

seal "encrypt age1notarecipient"
equals "exit status, with a recipient that is none" 1 "$rc"
[ -z "$(find "$out" -type f 2> /dev/null)" ] || fail "something was written"
