#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox estimate on a made-up machine: what was measured for our kernel; for a
# distribution's also the modules that the target's disk needs, and what they use; and that
# the advice follows from these.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

put()
{
	mkdir -p "$work/${1%/*}"
	printf '%s\n' "$2" >"$work/$1"
}

# module NAME BYTES [USED-BY]
module()
{
	put "sys/module/$1/coresize" "$2"
	[ -z "${3:-}" ] || put "sys/module/$1/holders/$3" ''
}

estimate()
{
	"$AGENT" estimate --root "$work" "$@" >"$work/got" 2>"$work/errors" ||
		fail "exit $?: $(cat "$work/errors")"
	advice=$(sed -n 's/^crashkernel=\([0-9]*\)M$/\1/p' "$work/got")
	[ -n "$advice" ] || fail "no advice: $(cat "$work/got")"
	[ "$(tail -n 1 "$work/got")" = "crashkernel=${advice}M" ] || fail "it is not the last line"
	[ $((advice % 8)) = 0 ] || fail "$advice is not a multiple of 8"
}

has()
{
	grep -q "^$1" "$work/got" || fail "no '$1' in: $(cat "$work/got")"
}

put etc/crashbox.conf 'target disk:LABEL=crash:/'
put proc/cmdline 'ro'
put proc/sys/kernel/osrelease 6.1.0-56-cloud-amd64
put proc/meminfo 'MemTotal:        1014000 kB'
put sys/kernel/kexec_crash_size $((192 << 20))
put boot/vmlinuz-6.1.0-56-cloud-amd64 ''
put var/lib/crashbox/crashbox.img 'an image'
device=sys/devices/pci0000:00/0000:00:05.0/virtio2/block/vdb
mkdir -p "$work/$device" "$work/sys/class/block" "$work/dev"
ln -s "../../../$device" "$work/sys/class/block/vdb"
for at in 0000:00:05.0:virtio_pci 0000:00:05.0/virtio2:virtio_blk; do
	folder=$work/sys/devices/pci0000:00/${at%:*}/driver
	mkdir -p "$folder" "$work/sys/module/${at##*:}"
	ln -s "$work/sys/module/${at##*:}" "$folder/module"
done
module virtio_pci $((1 << 20))
module virtio_blk $((2 << 20))
module ext4 $((8 << 20))
module jbd2 $((1 << 20)) ext4
module unused $((64 << 20))
truncate -s 20M "$work/dev/vdb"
mkfs.ext4 -q -L crash "$work/dev/vdb"

# A kernel that nobody has put there.
if "$AGENT" estimate --root "$work" --kernel "$work/none" --initrd "$work/none" \
	>"$work/got" 2>"$work/errors" && ! grep -q '^measured' "$work/got"; then
	fail "an estimate for no kernel: $(cat "$work/got")"
fi

# Ours, which of them by its size: what was measured, what it takes more than the largest that
# was, and a quarter.
mkdir -p "$work/usr/lib/crashbox"
for row in "5 virt-disk" "6 virt-disk" "7 virt" "8 virt" "9 server-nfs" "16 server-nfs" "50 server-nfs"; do
	"$top/tests/tools/mkkernel" "$work/usr/lib/crashbox/vmlinuz" "run=${row% *}"
	estimate
	has 'kernel     .*/usr/lib/crashbox/vmlinuz (made for captures), machine of 1 GiB'
	has "measured  *[0-9.]* MiB  the least that was seen to do: kernel ${row#* }, target disk"
	has 'reserved  *192.0 MiB  now'
	! grep -q '^drivers' "$work/got" || fail "drivers that are built in were counted"
	more=$(sed -n 's/^kernel  *\([0-9]*\)\.0 MiB .* takes more to start .*/\1/p' "$work/got")
	equals "more of ${row% *} MiB" "$((${row% *} > 16 ? ${row% *} - 16 : 0))" "${more:-0}"
	mib=$(sed -n 's/^measured  *\([0-9]*\)\.0 MiB .*/\1/p' "$work/got")
	quarter_more=$(((mib + ${more:-0}) * 5 / 4))
	{ [ "$advice" -ge "$quarter_more" ] && [ "$advice" -le $((quarter_more + 8)) ]; } ||
		fail "$advice does not follow from $mib and ${more:-0}"
done

# A distribution's: its size, or a measurement, and the modules.
rm "$work/usr/lib/crashbox/vmlinuz"
kernel=$work/kernel
"$top/tests/tools/mkkernel" "$kernel"
estimate --kernel "$kernel"
has 'drivers  *12.0 MiB  virtio_blk virtio_pci ext4 jbd2$'
before=$advice
[ "$before" -ge $(((12 + 50) * 5 / 4)) ] || fail "$before MiB for a stock kernel"
module virtio_blk $((2 + 80 << 20))
estimate --kernel "$kernel"
has 'drivers  *92.0 MiB'
[ "$advice" = $((before + 100)) ] || [ $((advice - before - 100)) -le 8 ] ||
	fail "80 MiB more of drivers made $before $advice"
[ "$advice" -ge $((before + 92)) ] || fail "80 MiB more of drivers made $before $advice"

# One that takes 96 MiB to start, and not the 52 of the one that was measured.
before=$advice
printf '\0\0\0\006' | dd of="$kernel" bs=1 seek=608 conv=notrunc status=none
estimate --kernel "$kernel"
has 'kernel  *44.0 MiB  that it takes more to start'
[ "$advice" = $((before + 44 * 5 / 4)) ] || [ $((advice - before - 55)) -le 8 ] ||
	fail "44 MiB more of kernel made $before $advice"
[ "$advice" -ge $((before + 44)) ] || fail "44 MiB more of kernel made $before $advice"

# Ours under another name is ours.
"$top/tests/tools/mkkernel" "$work/copy" run=8 release=6.12-crashbox
estimate --kernel "$work/copy"
has 'measured .* kernel virt, target disk'

# A server: the cards that are up, or those of net lines, hang on modules as well.
for card in eth0:up:card eth1:down:other; do
	name=${card%%:*} made=${card##*:}
	device=sys/devices/pci0000:00/$name
	mkdir -p "$work/$device/net/$name" "$work/$device/driver" "$work/sys/class/net" \
		"$work/sys/module/$made"
	ln -s "$work/sys/module/$made" "$work/$device/driver/module"
	ln -s "$work/$device" "$work/$device/net/$name/device"
	ln -s "$work/$device/net/$name" "$work/sys/class/net/$name"
	state=${card#*:}
	put "$device/net/$name/operstate" "${state%:*}"
	module "$made" $((32 << 20))
done
put etc/crashbox.conf 'target nfs:192.0.2.9:/crash
insecure yes'
estimate --kernel "$kernel" --no-earlier
has 'drivers .*card'
! grep -q other "$work/got" || fail "a card that is down was counted"
echo 'net eth1 address=192.0.2.5/24' >>"$work/etc/crashbox.conf"
estimate --kernel "$kernel" --no-earlier
has 'drivers .*other'

# CPUs: as many as the machine's memory is worth are counted, whether there is room or not.
"$top/tests/tools/mkkernel" "$work/copy" run=13 release=6.12-crashbox
put etc/crashbox.conf 'target disk:LABEL=crash:/'
mkdir -p "$work/sys/devices/system/cpu"
put sys/devices/system/cpu/present 0-3
put proc/cpuinfo 'processor	: 0
Features	: fp'
# cpus MIB TEXT RAM-GIB RESERVED-MIB [LINE]
cpus()
{
	put proc/meminfo "MemTotal: $(($3 << 20)) kB"
	put sys/kernel/kexec_crash_size $(($4 << 20))
	put etc/crashbox.conf "target disk:LABEL=crash:/
${5:-}"
	estimate --kernel "$work/copy" --no-earlier
	has "CPUs  *$1  $2"
}
cpus '0 B' '1 of 4, as many as are asked for (cpus)$' 1024 192
cpus '0 B' '1 of 4, as much as what is kept of this memory is worth$' 1 192 'cpus auto'
advised=$advice
cpus '3.0 MiB' '2 of 4, as much' 16 192 'cpus auto'
cpus '3.0 MiB' "2 of 4, as much" 16 "$advice" 'cpus auto'
cpus '3.0 MiB' '1 of 4: for 2 there is no room in 18.0 MiB, but in crashkernel=[0-9]*M$' 16 18 'cpus auto'
cpus '7.0 MiB' '4 of 4$' 1024 192 'cpus auto'
[ "$advice" -gt "$advised" ] || fail "$advice has no room for three more CPUs"
cpus '3.0 MiB' '2 of 4, as many as are asked for (cpus)$' 1 192 'cpus 2'
cpus '0 B' '1 of 4, as many as are asked for (cpus)$' 1024 192 'cpus 1'

# Nobody is asked what earlier captures had in use.
! grep -q earlier "$work/got" "$work/errors" || fail "earlier captures are looked at"

rm "$work/etc/crashbox.conf"
if "$AGENT" estimate --root "$work" >"$work/got" 2>"$work/errors"; then
	fail "an estimate without a configuration"
fi
grep -q 'crashbox.conf: No such file' "$work/errors" || fail "$(cat "$work/errors")"
