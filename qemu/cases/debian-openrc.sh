#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | slow
# Seconds: 250
#
# A Debian that is started by sysvinit and OpenRC instead of systemd, with what
# `make install INIT=openrc` installs: the service arms the machine by hand and at boot,
# renews the image, disarms; a crash is captured, and the machine is armed after it.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/debian.sh
. "$top/qemu/debian.sh"

debian_packages="linux-image-cloud-amd64 initramfs-tools zstd xz-utils openrc sysvinit-core"
# In place of the unit: what init starts once the default runlevel is complete.
debian_hook()
{
	cat <<'END'
#!/bin/sh
set -eu
sed -i '/getty/d' /etc/inittab
cat >>/etc/inittab <<'TAB'
cs:2345:once:/bin/sh -c 'mkdir -p /case && mount -r LABEL=case /case && exec sh /case/begin'
TAB
END
}
debian_root
make -s install DESTDIR="$dir/tree" INIT=openrc CLIENT= KERNEL= >"$dir/install.log" 2>&1 ||
	lost "make install: $(tail -n 1 "$dir/install.log")"
tar -C "$dir/tree" --owner=0 --group=0 -cf "$dir/case/tree.tar" .

debian_stage install <<'END'
[ ! -e /run/systemd/system ] || failed "this is systemd"
tar -C / --keep-directory-symlink -xf tree.tar
echo "target disk:UUID=$(findmnt -no UUID /):/var/crash" >/etc/crashbox.conf
rc-update add crashbox default
rc-service crashbox start
equals "armed by the service" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 status
says '^ok boot the service crashbox loads'
before=$(sha256sum /var/lib/crashbox/crashbox.img)
echo host openrc >>/etc/crashbox.conf
wants 1 status
rc-service crashbox reload
wants 0 status
[ "$before" != "$(sha256sum /var/lib/crashbox/crashbox.img)" ] || failed "the image is the old one"
rc-service crashbox stop
equals "loaded after stop" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
reboot
END

debian_stage crash <<'END'
rc-status default
equals "armed at boot" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
rc-service crashbox status
wants 0 status
crash
END
expect_console 'crashbox: saved '

reserve=''
debian_stage after <<'END'
wants 0 list
says "^openrc-.* complete .* $(uname -r) "
set -- /var/crash/openrc-*
equals "dumps" 1 $#
wants 0 check "$1/vmcore"
# Without memory the service says what to do, and does not fail.
rc-service crashbox status
equals "loaded without memory" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
rc-service crashbox restart 2>&1 | tee /tmp/restart
grep 'no memory is reserved' /tmp/restart
wants 2 status
END
grep -q 'no memory is reserved; boot with crashkernel=' "$dir/console-after.log" ||
	fail "the service does not say that no memory is reserved"
