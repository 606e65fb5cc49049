#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# verify sample: a dump of more than 64 MiB is read back here and there, and nobody is told that
# it is more than that; a smaller one is read whole.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" "nodename = web-1" "crash_time = 1767484800" \
	"ram = 0x100000-0x6000000" "@0x1000+0x4800 data=random:7"
capture 31 --codec none --verify sample
equals "a sample" "true false false" "$(manifest read_back sampled) $(manifest verified) \
$(manifest valid value)"
equals "no sum of it" null "$(manifest sha256)"
equals "all is in it" true "$(manifest complete value)"
read=$(manifest read_back bytes) len=$(manifest bytes dump)
[ "$read" -gt $((32 << 20)) ] || fail "$read of $len bytes are read back"
[ "$read" -lt $((len - (16 << 20))) ] ||
	fail "$read of $len bytes are read back"
manifest valid reasons 0 | grep -q 'only a sample was read back' || fail "no reason"

mkdir "$work/store"
cp -r "$work/out" "$work/store/web-1-2026-01-04-00:00:00"
"$AGENT" list "$work/store" > "$work/list" 2>&1 || fail "list"
grep -q ' sampled ' "$work/list" || fail "list: $(cat "$work/list")"
"$AGENT" show-dump "$work/store/web-1-2026-01-04-00:00:00" > "$work/shown" 2>&1 || :
grep -q 'read back .* bytes, a sample,' "$work/shown" || fail "$(cat "$work/shown")"

core "layout = 6.12" "ram = 0x100000-0x3000000"
capture 31 --codec none --verify sample
equals "a small one" "false true true" "$(manifest read_back sampled) $(manifest verified) \
$(manifest valid value)"
