#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: clock | no-clock
# Seconds: 200
#
# A machine that crashes again and again, with the same disk each time: three dumps, and of
# the fourth crash only log and manifest; nothing of the three is touched, and the
# machine goes on as after any capture. The same where the clock starts anew at each boot;
# and there, if the kernels before had been up for days by their manifests, a fifth crash is
# dumped, however close together the clock has them, and so is a sixth after a boot that
# ended in good order.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
no_reboot=yes
read_here=yes
target_disk ext4 600M
lib=''
if [ "${VARIANT:-clock}" != clock ]; then
	devices="-rtc base=1970-01-01T00:00:00"
	second_disk 16M
	lib=fk.lib=yes
	echo "load --kernel /capture/vmlinuz --initrd /capture/initrd" >"$dir/verbs"
fi
config <<END
target disk:LABEL=crash:/crash
crash_loop 3 in 2h
keep 5
on_failure halt
END

# again: the same machine, and the same crash, once more; what it left is in out/
again()
{
	ended=0
	truncate -s 0 "$dir/state"
	truncate -s 4M "$dir/state"
	mv "$dir/console.log" "$dir/console-$n.log"
	mv "$dir/events" "$dir/events-$n"
	vm fk.crash=sysrq fk.cache=0 $lib || ended=$?
	[ "$ended" = 3 ] || lost "crash $n: $(verdict)"
	rm -rf "$dir/out" "$dir/out-disk" "$dir/out-second"
	unpack
}

boot fk.crash=sysrq fk.cache=0 $lib
expect_back 60
find_dump /crash
expect_whole_dump
for n in 2 3; do
	again
	expect_back 60
done
found=0
for dump in "$dir/out/crash/$host"-*; do
	expect_whole_dump
	found=$((found + 1))
done
[ "$found" = 3 ] || fail "$found dumps of three crashes"
mv "$dir/out" "$dir/before"

n=4
again
expect_back 60
for old in "$dir/before/crash/$host"-*; do
	diff -r "$old" "$dir/out/crash/${old##*/}" >&2 || fail "${old##*/} was touched"
	rm -r "$dir/out/crash/${old##*/}"
done
find_dump /crash
expect_dmesg 'sysrq triggered crash'
expect_no_vmcore
[ ! -e "$dump/vmcore-incomplete" ] || fail "a dump was begun"
expect valid.value false
expect complete.value false
expect complete.reasons '*crash loop: 3 crashes within 2h; only the log is kept*'
expect dmesg_saved true
expect_console 'target 1: crash loop: 3 crashes within 2h'
expect_console 'target 1 has the dmesg and no dump, crash loop'
expect_console 'rebooting'

# And what the operator sees of it.
"$reader" list "$dir/before/crash" >"$dir/list" 2>&1 || fail "list: $(cat "$dir/list")"
seen=$(grep -c "complete .* $(cat "$kernel/version")  *Kernel panic - not syncing: sysrq" "$dir/list")
[ "$seen" = 3 ] || fail "list shows $seen of three dumps: $(cat "$dir/list")"
"$reader" list "$dir/out/crash" >"$dir/list" 2>&1 || fail "list: $(cat "$dir/list")"
grep -q "^${dump##*/}  *log only " "$dir/list" || fail "list: $(cat "$dir/list")"
"$reader" show-dump "$dump" >"$dir/show" 2>&1 || fail "show-dump: $(cat "$dir/show")"
grep -q "not complete  *crash loop: 3 crashes" "$dir/show" || fail "show-dump: $(cat "$dir/show")"
[ "${VARIANT:-clock}" != clock ] || exit 0

# Days between crashes that the clock does not know of.
case ${dump##*/} in
"$host-1970-01-01-"* | "$host-2070-01-01-"*) ;;
*) lost "the guest's clock did not start anew: ${dump##*/}" ;;
esac
expect boot 4
short=$(manifest uptime_seconds)
[ "$short" -lt 600 ] || fail "uptime_seconds is $short"
for old in "$dir/before/crash/$host"-*; do
	sed 's/"uptime_seconds": [0-9]*/"uptime_seconds": 259200/' "$old/manifest.json" \
		>"$dir/manifest"
	file=/crash/${old##*/}/manifest.json
	printf '%s\n' "rm $file" "write $dir/manifest $file" "quit" |
		debugfs -w "$dir/target" >>"$dir/debugfs.log" 2>&1
	debugfs -R "cat $file" "$dir/target" 2>/dev/null | grep -q 259200 ||
		lost "debugfs: $(tail -n 3 "$dir/debugfs.log")"
done
mv "$dir/out" "$dir/fourth"
n=5
again
expect_back 60
for old in "$dir/before/crash/$host"-* "$dir/fourth/crash/$host"-*; do
	rm -r "$dir/out/crash/${old##*/}"
done
find_dump /crash
expect_whole_dump
expect boot 5
expect_console '4 crashes close together by the clock, but the machine was up for too long'
mv "$dir/out" "$dir/fifth"

vm fk.role=verbs $lib || lost "the boot in between: $(verdict)"
n=6
again
expect_back 60
for old in "$dir/before/crash/$host"-* "$dir/fourth/crash/$host"-* "$dir/fifth/crash/$host"-*; do
	rm -rf "$dir/out/crash/${old##*/}"
done
find_dump /crash
expect_whole_dump
expect boot 7
expect_console '5 crashes close together by the clock, but boots without one in between'
