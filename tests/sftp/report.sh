#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox test --report after a made-up test crash: the dump of that time is found on a
# server, judged by its manifest, and others are not taken for it.
# shellcheck disable=SC2119 # functions have defaults
# shellcheck source=tests/sftp/lib.sh
. "${0%/*}/lib.sh"

# report WANTED-STATUS PATTERN
report()
{
	status=0
	"$AGENT" test --report --root "$work/machine" --config "$work/conf" --ssh "$SSH" \
		> "$work/got" 2>&1 || status=$?
	equals "exit status" "$1" "$status"
	grep -q "$2" "$work/got" || fail "no '$2' in: $(cat "$work/got")"
}

# mark SECONDS-AGO BOOT-ID
mark()
{
	echo "when $(($(date +%s) - $1))
host fixture
boot_id $2" > "$work/machine/var/lib/crashbox/test-crash"
}

# dump_of WHEN: a whole dump with that time in its folder's name
dump_of()
{
	core dmesg-plain
	rm -rf "$remote"
	send "$remote/fixture-$(date -u -d "@$1" +%Y-%m-%d-%H:%M:%S)"
	succeeds "a dump"
}

server
mkdir "$remote"
mkdir -p "$work/machine/proc/sys/kernel/random" "$work/machine/var/lib/crashbox"
echo new-boot > "$work/machine/proc/sys/kernel/random/boot_id"
echo '20.5 30.1' > "$work/machine/proc/uptime"
echo "target sftp:$(id -un)@127.0.0.1:$port:$remote" >> "$work/conf"
report 1 'there was no crashbox test --crash'

mark 100 new-boot
report 1 'still the kernel that was to crash'

mark 100 old-boot
report 1 'fail  target 1 .*no dump of that crash'
grep -q '^fail: the dump of the test crash is not there' "$work/got" || fail "$(cat "$work/got")"

now=$(date +%s)
dump_of $((now - 1000))
report 1 'no dump of that crash'
dump_of $((now - 99))
mark $(($(date +%s) - now + 100)) old-boot
report 0 'ok    target 1 .*fixture-.*, complete'
# 100 s before the look, up for 20.5 s at it; the seconds that the look took come on top.
took=$(($(date +%s) - now))
away=$(sed -n 's/^ok: .* has arrived and is whole; this kernel started \([0-9]*\) s after it$/\1/p' \
	"$work/got")
if [ "${away:-0}" -lt 78 ] || [ "$away" -gt $((81 + took)) ]; then
	fail "$away s away, $took s after: $(cat "$work/got")"
fi

for folder in "$remote"/fixture-*; do
	mv "$folder/vmcore" "$folder/vmcore-incomplete"
done
report 1 'fail  target 1 .*cut off'

stop_server
report 1 'fail  target 1 .*refused'
