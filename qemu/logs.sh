# shellcheck shell=sh disable=SC2154 # the variables are lib.sh's
# SPDX-License-Identifier: GPL-2.0-or-later
#
# Questions about the log that is on the target, for lib.sh, which sources this: is it what
# the crashed kernel itself told us before, and what it printed as it died?

# Both logs without what a reader adds: $n_lines lines before the crash, in *.plain
plain_logs()
{
	for log in "$dir/dmesg-before" "$dump/vmcore-dmesg.txt"; do
		sed 's/^<[0-9]*>//; s/^\[ *[0-9]*\.[0-9]*\] \{0,1\}//; s/^ *//' "$log" \
			>"$dir/${log##*/}.plain"
	done
	n_lines=$(wc -l <"$dir/dmesg-before.plain")
	[ "$n_lines" -gt 100 ] || lost "the log from before the crash has $n_lines lines"
}

# The log must hold all that the crashed kernel itself told us before the crash, byte
# for byte, and end with the panic (TEXT).
expect_dmesg()
{
	expect_mode "$dump/vmcore-dmesg.txt" 600
	qemu/same-log "$dir/kmsg-before" "$dir/dmesg-before" "$dump/vmcore-dmesg.txt" \
		>"$dir/dmesg.diff" || fail "vmcore-dmesg.txt: $(cat "$dir/dmesg.diff")"
	grep -q "$1" "$dump/vmcore-dmesg.txt" || fail "vmcore-dmesg.txt does not say: $1"
}

# And what comes after that is what went out on the serial line.
expect_dmesg_as_on_console()
{
	qemu/same-log "$dir/kmsg-before" "$dir/dmesg-before" "$dump/vmcore-dmesg.txt" \
		"$dir/console.log" >"$dir/dmesg.diff" ||
		fail "vmcore-dmesg.txt and console: $(cat "$dir/dmesg.diff")"
}

# A log found by searching memory has every line in its order; where a line ends is a
# guess of two bytes more or less.
expect_salvaged_dmesg()
{
	expect_mode "$dump/vmcore-dmesg.txt" 600
	plain_logs
	awk 'NR == FNR { n = NR; want[n] = length > 2 ? substr($0, 1, length - 2) : ""; next }
		at < n && index($0, want[at + 1]) == 1 { at++ }
		END { if (at < n) { print want[at + 1]; exit 1 } }
	' "$dir/dmesg-before.plain" "$dir/vmcore-dmesg.txt.plain" >"$dir/dmesg.diff" ||
		fail "vmcore-dmesg.txt lacks, or has not in its order: $(cat "$dir/dmesg.diff")"
	grep -q "$1" "$dump/vmcore-dmesg.txt" || fail "vmcore-dmesg.txt does not say: $1"
}
