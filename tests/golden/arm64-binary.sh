#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The binary for arm64, run by QEMU's user emulation, does what this machine's does: the
# same dump of the same core byte for byte, and the same log. It is `make ARCH=arm64` that
# builds it; `make test` does, `make check` skips this without it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

arm64=$top/build/arm64/crashbox
[ -x "$arm64" ] || skip "no build/arm64/crashbox (make ARCH=arm64)"
command -v qemu-aarch64-static > /dev/null || skip "no qemu-aarch64-static (tests/setup)"
host=$AGENT
printf '#!/bin/sh\nexec qemu-aarch64-static %s "$@"\n' "$arm64" > "$work/agent"
chmod +x "$work/agent"

for machine in "arm64 = 16 52" "levels = 5"; do
	core "layout = 6.12" "$machine" "ram = 0x0-0x5000000" "memmap = 0x4000000" \
		"arena = 0x4800000" classes "log 1.0 \"read on another CPU\""
	for codec in zstd zlib; do
		AGENT=$host
		capture 31 --codec $codec
		cp "$work/out/vmcore" "$work/vmcore"
		cp "$work/out/vmcore-dmesg.txt" "$work/dmesg"
		AGENT=$work/agent
		capture 31 --codec $codec
		cmp "$work/out/vmcore" "$work/vmcore" || fail "$machine: another dump"
		cmp "$work/out/vmcore-dmesg.txt" "$work/dmesg" || fail "$machine: another log"
		equals "$machine: sha256" "$(sha256sum "$work/out/vmcore" | cut -d' ' -f1)" \
			"$(manifest sha256)"
	done
done
