#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Pages that cannot be read are in the dump as zeroes, counted and named; their
# neighbours are whole, and the dump says that it is not complete.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.1" "unreadable = 0x4000000 0x3000" "@0x800 data=pfn"
"$AGENT" capture --level 31 "$work/core" "$work" > "$work/stdout" 2> "$work/stderr" || :
mkdir -p "$work/out"
mv "$work/vmcore" "$work/manifest.json" "$work/out" || fail "$(tail -n 3 "$work/stderr")"
"$READDUMP" whole "$work/out/vmcore" > "$work/whole" || fail "the dump is broken"
equals "missing bytes are counted" 12288 "$(manifest bytes missing_from_core)"
equals "page 0x800" 0x800 "$("$READDUMP" kept "$work/out/vmcore" 0x800 0x801)"
equals "complete" false "$(manifest complete value)"
rc=0
"$AGENT" check "$work/out/vmcore" > "$work/check" 2>&1 || rc=$?
equals "check of what is not complete: $(tail -n 1 "$work/check")" 2 "$rc"

# Its bytes begin far behind the end of the file: that is the same, and no read is tried.
core "layout = 6.1" "unreadable = 0x4000000 0x3000" "phdr 2 8 8 = 0x7ffffffffffff000"
"$AGENT" capture --level 31 "$work/core" "$work" > "$work/stdout" 2> "$work/stderr" || :
mv "$work/manifest.json" "$work/out" || fail "$(tail -n 3 "$work/stderr")"
equals "bytes behind the file are missing" 12288 "$(manifest bytes missing_from_core)"
equals "and are no pages that could not be read" 0 "$(manifest pages unreadable)"
