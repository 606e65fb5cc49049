#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The log when the way to it is lost: its texts come back in their order, the manifest says
# where they are from, and the dump is made. A line may have two bytes of the kernel's
# leftovers behind it, not more.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# salvaged WHAT FIRST LAST [TIMES]: the lines "line N of ...", N from FIRST to LAST without
# a gap, that TIMES times (1), then "the last one"; the manifest says where they are from.
salvaged()
{
	what=$1
	capture 31
	equals "$what: dmesg_salvaged" true "$(manifest dmesg_salvaged)"
	case $(manifest errors) in
	*"memory is searched for the log"*) ;;
	*) fail "$what: nothing is said: $(manifest errors)" ;;
	esac
	awk -v what="$what" -v n="$2" -v first="$2" -v last="$3" -v times="${4:-1}" '
		n > last && times > 1 { n = first; times-- }
		n <= last { wanted = "line " n++ " of a log that nobody points at." }
		ended { wanted = "" }
		!ended && index($0, "the last one") == 1 { wanted = "the last one"; ended = n > last }
		index($0, wanted) != 1 || length($0) > length(wanted) + 2 || wanted == "" {
			print what ": line " NR ": \"" $0 "\", wanted \"" wanted "\""
			bad = 1
			exit
		}
		END {
			if (!bad && !ended)
				print what ": ends at line " NR ": \"" $0 "\""
			exit bad || !ended
		}
	' "$work/out/vmcore-dmesg.txt" >&2 || fail "$what: not the log that was written"
}

# Forty bytes, with numbers of three digits: no padding between a text and the next block.
garbage="vmcoreinfo \"\\x00\\xff=garbage\\n\""
lines="log-many 60 1.0 \"line %u of a log that nobody points at.\""
# As the kernel leaves it: a NUL is behind the text, and then what was there before.
last="log 10.0 \"the last one\x00\""
for layout in 5.10 6.1 6.12 7.2; do
	core "layout = $layout" "$lines" "$last" "$garbage"
	salvaged "$layout, no VMCOREINFO" 0 59
	core "layout = $layout" "$lines" "$last" "set SYMBOL(prb) = 4141414141414141" \
		"@0x800 buddy=3 data=pfn"
	salvaged "$layout, prb nowhere" 0 59
	equals "$layout: the dump is filtered" 8 "$(manifest pages free)"
	core "layout = $layout" "$lines" "$last" "poke 8 printk_rb+8 = 0x4141414141414141"
	salvaged "$layout, descriptors nowhere" 0 59
	core "layout = $layout" "desc_bits = -8" "$lines" "$last" "$garbage"
	salvaged "$layout, a ring that was allocated at boot" 0 59
	# A record without text has a number, but no block: the chain of texts has a gap there.
	core "layout = $layout" "$lines" "log-empty 2.0" "log-lost 3.0" "$lines" \
		"$last" "$garbage"
	salvaged "$layout, records without text" 0 59 2
	core "layout = $layout" "$lines" "log-empty 2.0" "$last" "$garbage"
	salvaged "$layout, one text behind a record without" 0 59
done

# A ring that went round: which line is the oldest that is still whole, its own reader says.
for layout in 5.10 6.1 6.12; do
	round="log-many 700 1.0 \"line %u of a log that nobody points at.\""
	core "layout = $layout" "log_bits = 13" "desc_bits = 10" "$round" "$last"
	"$AGENT" dmesg "$work/core" > "$work/dmesg" 2> "$work/stderr"
	first=$(sed -n '1s/.*line \([0-9]*\) of.*/\1/p' "$work/dmesg")
	[ "$first" -gt 400 ] || fail "$layout: the ring did not go round"
	core "layout = $layout" "log_bits = 13" "desc_bits = 10" "$round" "$last" "$garbage"
	capture 31
	# One that is half overwritten may or may not be seen.
	seen=$(sed -n '1s/^line \([0-9]*\) of.*/\1/p' "$work/out/vmcore-dmesg.txt")
	if [ "${seen:-0}" -gt "$first" ] || [ "${seen:-0}" -lt $((first - 3)) ]; then
		fail "$layout: begins with line '$seen', the ring with $first"
	fi
	salvaged "$layout, a ring that went round" "$seen" 699
done

# The kernel's numbers begin below 0, and go round when there were as many records as the
# ring has descriptors.
core "layout = 6.12" "log_bits = 15" "desc_bits = 9" "$round" "$last"
"$AGENT" dmesg "$work/core" > "$work/dmesg" 2> "$work/stderr"
first=$(sed -n '1s/.*line \([0-9]*\) of.*/\1/p' "$work/dmesg")
[ "$first" -lt 512 ] || fail "numbers that go round: they did before line $first"
core "layout = 6.12" "log_bits = 15" "desc_bits = 9" "$round" "$last" "$garbage"
capture 31
seen=$(sed -n '1s/^line \([0-9]*\) of.*/\1/p' "$work/out/vmcore-dmesg.txt")
# Texts outlive their descriptors.
[ "${seen:-999}" -le "$first" ] ||
	fail "numbers that go round: begins with line '$seen', the ring with $first"
salvaged "numbers that go round" "$seen" 699

# chain COUNT WHERE: so many blocks with the text "earlyyyy" in them
chain()
{
	awk -v n="$1" -v at="$2" 'BEGIN {
		for (i = 0; i < n; i++)
			printf "poke 8 %d = 0x3ffffffffffe%04x\npoke 8 %d = 0x797979796c726165\n",
				at + i * 24, i, at + i * 24 + 8
	}'
}

# What was said before the larger ring was there stays in the image, and is not the log.
core "layout = 6.12" "desc_bits = -8" "$lines" "$last" "$(chain 30 4128768)" "$garbage"
salvaged "a ring that was allocated at boot, and the one before" 0 59
# A log in the image that says why is this kernel's; a longer one elsewhere is an older one's.
core "layout = 6.12" "$lines" "log 9.0 \"Kernel panic - not syncing: now\"" "$last" \
	"$(chain 100 10485760)" "$garbage"
capture 31
equals "an older log: the first line" "line 0 of a log that nobody points at." \
	"$(head -n 1 "$work/out/vmcore-dmesg.txt" | cut -c 1-38)"

# Nothing to be found: that is said, and there is a dump.
core "layout = 6.1" "log 1.0 \"alone\"" "$garbage"
capture 31
equals "nothing found: dmesg_saved" false "$(manifest dmesg_saved)"
case $(manifest errors) in
*"nothing in memory looks like a log"*) ;;
*) fail "nothing found, and nothing is said: $(manifest errors)" ;;
esac
[ ! -e "$work/out/vmcore-dmesg.txt" ] || fail "nothing found, and yet there is a log"

# The report is made of the salvaged log too, and is not sure of its signature; where there is
# none either, it says that the log could not be read, not that nothing is in it.
oops="log 1.0 \"BUG: kernel NULL pointer dereference, address: 0000000000000010\x00\"
log 1.1 \"RIP: 0010:lab_null+0xe/0x20 [lab]\x00\"
log 1.2 \"Kernel panic - not syncing: Fatal exception\x00\""
nowhere="set SYMBOL(prb) = 4141414141414141"
core "layout = 6.1" "$lines" "$oops" "$nowhere"
capture 31
equals "a salvaged log: sure" false "$(manifest signature_sure)"
equals "a salvaged log: uptime" null "$(manifest uptime_seconds)"
for from in "$work/core" "$work/out/vmcore"; do
	"$AGENT" report "$from" >"$work/report" || fail "no report of a salvaged log"
	grep -q '^  A.* through a NULL pointer, at address 0x10, in lab!lab_null' "$work/report" ||
		fail "what a salvaged log says: $(cat "$work/report")"
	grep -q '^  missing  *log: its times; memory was searched for it: prb' "$work/report" ||
		fail "not said to be salvaged: $(cat "$work/report")"
	! grep '^  uptime' "$work/report" || fail "an uptime that nobody knows"
done
core "layout = 6.1" "$nowhere"
"$AGENT" report "$work/core" >"$work/report" || fail "no report without a log"
grep -q '^  Not known: the log of the crashed kernel could not be read\.$' "$work/report" ||
	fail "no log: $(cat "$work/report")"
! grep '^  uptime' "$work/report" || fail "an uptime without a log"
