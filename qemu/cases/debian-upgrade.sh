#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | slow
# Seconds: 150
#
# A newer package is installed over an older one that has armed a Debian with systemd. With a
# configuration that no image can be made for, and none on the disk, what the older one has
# loaded stays loaded, and status says so; once that is mended the newer one's image is, and
# a crash is captured by it.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/debian.sh
. "$top/qemu/debian.sh"

host=debian
debian_root
debian_package KERNEL=
# The older one is the same, but for what it says of itself.
old=$dir/older
dpkg-deb -R "$(package_file)" "$old"
sed -i 's/^Version: .*/Version: 0.0.9/' "$old/DEBIAN/control"
for file in "$old"/usr/sbin/crashbox "$old"/usr/bin/crashbox; do
	[ ! -f "$file" ] || sed -i 's/\x00crashbox 0\.[0-9.]*\x00/\x00crashbox 0.0.9\x00/' "$file"
done
dpkg-deb --root-owner-group -Znone -b "$old" "$dir/case/older.deb" >"$dir/older.log" 2>&1 ||
	lost "dpkg-deb: $(tail -n 1 "$dir/older.log")"
rm -rf "$old"
debian_put "$(package_file)"

debian_stage upgrade <<'END'
armed()
{
	equals "armed $1" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
	crashbox status >/tmp/said 2>&1 || :
	cat /tmp/said
}

dpkg -i older.deb
equals "the older one" "crashbox 0.0.9" "$(crashbox --version | head -n 1)"
echo host debian >>/etc/crashbox.conf
systemctl reload crashbox
wants 0 status

echo levle 31 >>/etc/crashbox.conf
rm /var/lib/crashbox/crashbox.img
dpkg -i crashbox_*.deb >/tmp/said 2>&1 || failed "dpkg: $(cat /tmp/said)"
says 'what was loaded before still is'
[ "$(crashbox --version | head -n 1)" != "crashbox 0.0.9" ] || failed "it is still the older one"
armed "by the older one, as the newer one cannot be"
says '^warn init .*0\.0\.9' 'levle'
equals active active "$(systemctl is-active crashbox)"

sed -i '$d' /etc/crashbox.conf
dpkg -i crashbox_*.deb
armed "by the newer one"
wants 0 status
says '^ok init '
grep -qx 'host debian' /etc/crashbox.conf || failed "an upgrade changed the configuration"
crash
END
expect_root_dump
expect host debian
