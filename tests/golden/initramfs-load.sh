#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs/load: which words of the crashed kernel's command line the capture kernel
# gets, in which order, and that nothing in them is expanded by the shell.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

# given CMDLINE: what -n prints, up to the words that are always added
given()
{
	echo "$1" >"$work/cmdline"
	KMSG=$work/kmsg PROC=$work "$top/initramfs/load" -n -a 'crashbox.level=16 last' >"$work/got"
	sed 's/ *irqpoll .*//' "$work/got"
}

# row CMDLINE WANTED
row()
{
	got=$(given "$1")
	[ "$got" = "$2" ] || fail "'$1' became '$got', wanted '$2'"
}

cd /
row 'console=ttyS0,115200 iommu=pt' 'console=ttyS0,115200 iommu=pt'
row 'BOOT_IMAGE=/vmlinuz root=UUID=1 ro quiet console=tty0' 'console=tty0'
row 'crashkernel=256M hugepages=512 log_buf_len=64M console=tty0' 'console=tty0'
row 'root=/dev/sda1 rw rd.luks=0 systemd.unit=x init=/bin/sh ' ''
row 'mce=2 panic=0 nr_cpus=64 nvme_core.admin_timeout=20' 'nvme_core.admin_timeout=20'
row 'glob=* [a-z] crashbox.codec=zlib' 'glob=* [a-z] crashbox.codec=zlib'
row 'rootless=1 rowdy quietly' 'rootless=1 rowdy quietly'

case $(cat "$work/got") in
*log_callers*) fail "log_callers is set for a kernel that has none" ;;
esac
echo '6,0,0,-,caller=T0;Linux version' >"$work/kmsg"
given quiet >/dev/null
case $(cat "$work/got") in
*' crashbox.log_callers=yes crashbox.level=16 last') ;;
*) fail "log_callers is not set: $(cat "$work/got")" ;;
esac

for word in irqpoll nr_cpus=1 reset_devices panic=10 novmcoredd; do
	[ "$(grep -ow -e "$word" "$work/got" | wc -l)" = 1 ] || fail "$word is not there once"
done
case $(cat "$work/got") in
*' crashbox.level=16 last') ;;
*) fail "the words of -a do not stand last, so they could be overridden" ;;
esac
if "$top/initramfs/load" "$work/no-kernel" "$work/got" 2>"$work/errors"; then
	fail "a kernel that is not there was loaded"
fi
grep -q 'no-kernel: no such kernel' "$work/errors" || fail "$(cat "$work/errors")"
