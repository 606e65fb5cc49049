#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | nfs4 sftp
#
# The operator's tool against a server that lives, one that answers nothing any more, and one
# that is gone: what is there is listed, shown, judged, rehearsed and pruned, and what does
# not answer is named, in seconds.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/net.sh
. "$top/qemu/net.sh"
start_server
operator_files

# Dumps of two machines, made by the agent; one that was cut, and one that is being written.
build/tools/mkcore tests/fixtures/dmesg-plain.core "$dir/core" || lost "mkcore"
dump_there()
{
	"$reader" capture "$dir/core" "$export_dir/$1" >>"$dir/seed.log" 2>&1 ||
		lost "no dump $1: $(tail -n 1 "$dir/seed.log")"
}
for name in "$host-2026-01-01-00:00:00" "$host-2026-01-02-00:00:00" \
	"$host-2026-01-03-00:00:00" otherhost-2025-01-01-00:00:00 \
	"$host-2025-12-01-00:00:00"; do
	dump_there "$name"
done
cut=$host-2025-12-01-00:00:00
mv "$export_dir/$cut/vmcore" "$export_dir/$cut/vmcore-incomplete"
busy=$host-$(date -u +%Y-%m-%d-%H:%M:%S)
mkdir "$export_dir/$busy"
echo begun >"$export_dir/$busy/vmcore-incomplete"
rm -r "$dir/core"

freeze_in_the_middle()
{
	throttle 20mbit
	in_the_middle freeze_server
}
on_please freeze_in_the_middle thaw_server freeze_server cut_cable
cat >"$dir/wanted" <<END
0 list
0 list --json
0 show-dump $host-2026-01-02-00:00:00
2 status
0 test
0 prune --keep 2 --dry-run
0 prune --keep 1
0 prune --incomplete
please freeze_in_the_middle
1 test
1 list
2 status
1 prune --keep 1
please thaw_server
END
# Somebody has mounted it without an end to waiting, which is until the client has noticed
# that the server is back: that mount is looked at, and is no hang either.
[ "$kind" = sftp ] || cat >>"$dir/wanted" <<END
nfs 10.0.2.2:/crash
0 list
please freeze_server
1 list
1 prune --keep 1
END
[ "$kind" != sftp ] || printf '0 list\nplease freeze_server\n' >>"$dir/wanted"
cat >>"$dir/wanted" <<END
please cut_cable
1 list
1 show-dump $host-2026-01-03-00:00:00
END
sed 's/^[0-9] //' "$dir/wanted" >"$dir/verbs"
sed -i '/^[pn]/d' "$dir/wanted"
arm_seconds=240
operate fk.net=10.0.2.15
expect_verbs

# Each of the first list, in the order of time.
grep -o '^[a-z]*host-20[-0-9:]*' "$dir/console.log" | head -n 6 >"$dir/listed"
printf '%s\n' otherhost-2025-01-01-00:00:00 "$cut" "$host-2026-01-01-00:00:00" \
	"$host-2026-01-02-00:00:00" "$host-2026-01-03-00:00:00" "$busy" |
	diff - "$dir/listed" >&2 || fail "list shows others, or in another order"
expect_console "^otherhost-2025-01-01-00:00:00  *complete "
expect_console "^$cut  *cut off "
expect_console "^ok    target 1  $target: .* are free"
expect_console "^ok    target 1  $target: .* read back, removed again"
expect_console "^would remove $target/$host-2026-01-01-00:00:00, "
expect_console "^3 dumps, .* freed"

# What was not to go is there; the busy one, too; of the rehearsals only that which hung.
for name in otherhost-2025-01-01-00:00:00/vmcore "$host-2026-01-03-00:00:00/vmcore" \
	"$busy/vmcore-incomplete"; do
	[ -e "$export_dir/$name" ] || fail "$name is gone"
done
for name in "$host-2026-01-01-00:00:00" "$host-2026-01-02-00:00:00" "$cut"; do
	[ ! -e "$export_dir/$name" ] || fail "$name is still there"
done
set -- "$export_dir/$host-test-"*
[ $# = 1 ] || fail "$# folders of rehearsals are left"
[ ! -e "$1/vmcore" ] || fail "the rehearsal that hung has left a dump that looks whole"

# Who does not answer is named, and where it was.
expect_console "^fail  target 1  $target: .*; what was written could not be removed: ${1##*/} is"
case $kind in
sftp)
	expect_console "^fail  target 1  $target: writing vmcore: .*no answer for"
	expect_console "^crashbox: $target: .*timed out"
	;;
*)
	expect_console "^fail  target 1  $target: nothing moved for $stall s in stage copy"
	expect_console "^crashbox: $target: no answer for $stall s"
	expect_console "^$target (mounted at /srv)"
	;;
esac
