#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# A dump that is only appended to: flattened, each byte once, and byte for byte the plain one
# when it is rebuilt, by us or by makedumpfile -R. One that was cut off anywhere does not look
# whole to anybody, and what is of use in it comes back, marked. Of much memory the bitmaps are
# judged again, and not remembered.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# stream: $work/core to standard output, $work/flat
stream()
{
	rc=0
	"$AGENT" capture "$work/core" --stream --workers 1 > "$work/flat" 2> "$work/stderr" ||
		rc=$?
	equals "exit status of --stream" 0 "$rc"
	rm -f "$work/flat-rebuilt"
	"$AGENT" rebuild "$work/flat" 2> "$work/said" || fail "rebuild: $(cat "$work/said")"
}

# Each record of it, to be seen from outside: no byte comes twice, the signature at the end.
once()
{
	/usr/bin/python3 - "$work/flat" <<'END'
import struct, sys
data = open(sys.argv[1], "rb").read()
assert data.startswith(b"makedumpfile\0\0\0\0" + struct.pack(">QQ", 1, 1)), "its form"
at, records = 4096, []
while True:
    off, length = struct.unpack_from(">QQ", data, at)
    at += 16
    if off == length == 2**64 - 1:
        break
    records.append((off, length))
    at += length
assert at == len(data), "something follows its end"
assert records[-1] == (0, 8), f"the signature is not the last: {records[-1]}"
records.sort()
for (off, length), (behind, _) in zip(records, records[1:]):
    assert off + length <= behind, f"the bytes at {behind} come twice"
print(len(records))
END
}

core "layout = 6.1" classes dmesg-wrapped "@0x800+64 data=random:7"
capture 31 --workers 1
stream
once > "$work/n_records" || fail "its records"
cmp "$work/flat-rebuilt" "$work/out/vmcore" || fail "it is not the plain dump"
equals "the SHA-256 that is said" "$(sha256sum "$work/flat" | cut -d ' ' -f 1)" \
	"$(sed -n 's/.* SHA-256 //p' "$work/stderr")"
"$AGENT" check "$work/flat" > "$work/check" || fail "check: $(cat "$work/check")"
makedumpfile -R "$work/by-makedumpfile" < "$work/flat" > "$work/said" 2>&1 ||
	fail "makedumpfile -R: $(cat "$work/said")"
cmp "$work/by-makedumpfile" "$work/out/vmcore" || fail "makedumpfile -R makes another dump"

# says STATUS TEXT WORD...
says()
{
	wanted=$1 text=$2 rc=0
	shift 2
	"$AGENT" "$@" > "$work/said" 2>&1 || rc=$?
	equals "exit status of $*" "$wanted" "$rc"
	grep -qF -- "$text" "$work/said" || fail "$*: no '$text': $(cat "$work/said")"
}

says 1 "flat-rebuilt: cannot create: it is already there" rebuild "$work/flat"
says 1 "not flattened" rebuild "$work/out/vmcore" "$work/x"
says 1 "not a kdump-compressed dump" rebuild "$work/n_records" "$work/x"
[ ! -e "$work/x" ] || fail "something was made of what is none"

# ---- cut off ------------------------------------------------------------------------

len=$(stat -c %s "$work/flat")
most=0
for cut in 20000 100000 $((len / 2)) $((len - 1000)) $((len - 40)) $((len - 20)) $((len - 1)); do
	head -c "$cut" "$work/flat" > "$work/cut"
	says 2 "incomplete" check "$work/cut"
	rm -f "$work/back"
	says 2 "it was cut off" rebuild "$work/cut" "$work/back"
	says 2 "is marked so" check "$work/back"
	"$READDUMP" header "$work/back" > "$work/header" || fail "cut at $cut: no header"
	n=$("$AGENT" check "$work/back" 2>&1 | sed -n 's/.*incomplete: \([0-9]*\) of.*/\1/p')
	[ "$most" = 0 ] || [ "$n" -le "$most" ] || fail "cut later, and more is missing: $n"
	most=$n
done
equals "missing where only the end is" 0 "$most"

# ---- more pieces of bitmap than are remembered -----------------------------------------

fast=$(mktemp -d /dev/shm/crashbox-stream.XXXXXX 2> /dev/null) || fast=$(mktemp -d)
trap 'rm -rf "$fast"' EXIT
trap 'exit 1' HUP INT TERM
{ cat "$fixtures/scale.core" && echo "scale = 0xc00000000 8"; } > "$work/fixture"
"$MKCORE" "$work/fixture" "$fast/core" > "$work/made"
shipped=$top/build/crashbox
"$shipped" capture "$fast/core" "$fast/out" > "$work/stderr" 2>&1 ||
	lacks_log_only $? "$work/stderr" || fail "48 GiB: $(tail -n 3 "$work/stderr")"
"$shipped" capture "$fast/core" --stream > "$fast/flat" 2> "$work/stderr" ||
	fail "48 GiB, --stream: $(tail -n 3 "$work/stderr")"
"$shipped" rebuild "$fast/flat" 2> "$work/said" || fail "48 GiB, rebuild: $(cat "$work/said")"
cmp "$fast/flat-rebuilt" "$fast/out/vmcore" || fail "judged again, it is another dump"
