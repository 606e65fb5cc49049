# SPDX-License-Identifier: GPL-2.0-or-later
"""A newer kernel is installed in a Debian with systemd: its image is made then, beside
the loaded one; its first boot takes that image, and a crash of it is captured. GRUB's
menu has crashkernel= from the installation of crashbox on, for the newer kernel too."""
from pathlib import Path

from harness import host, questions
from harness.case import Case
from harness.debian import Debian
from harness.guest import Guest

UPDATE = r"""
in_menu()
{
	grep "vmlinuz-$1 .* crashkernel=512M-:192M" /boot/grub/grub.cfg ||
		failed "grub.cfg has no crashkernel= for $1, or another"
}
# Where GRUB is in use, the package has update-grub run.
mkdir /boot/grub
echo 'a menu of before' >/boot/grub/grub.cfg
dpkg -i crashbox_*.deb
in_menu "$(uname -r)"
equals "armed" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
# What Debian makes of its own for that kernel, made small: that takes the most time here.
printf 'MODULES=dep\nCOMPRESS=gzip\n' >/etc/initramfs-tools/conf.d/small
before=$(sha256sum /var/lib/crashbox/crashbox.img)
dpkg -i linux-image-*.deb
in_menu "$(ls /lib/modules | sed -n '/^6\.12\./p')"
ls -l /var/lib/crashbox
[ -s /var/lib/crashbox/crashbox.img-6.12.* ] || failed "no image for the new kernel"
equals "the present image" "$before" "$(sha256sum /var/lib/crashbox/crashbox.img)"
reboot
"""
CRASH = """
case $(uname -r) in
6.12.*) ;;
*) failed "this is $(uname -r)" ;;
esac
systemctl -l status crashbox
equals "armed at boot" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
[ ! -e /var/lib/crashbox/crashbox.img-* ] || failed "the prepared image was not taken"
crashbox status || [ $? = 1 ]
crash
"""

def story(guest: Guest) -> None:
	newer = Path(host.output("qemu/fetch-kernel", "6.12", "amd64").strip())
	version = host.read(newer / "version").strip()
	debian = Debian(guest)
	debian.install_crashbox("KERNEL=")
	debian.put(*(host.TOP / "build/cache/debs/6.12" / version).glob("*.deb"))
	debian.stage("update", UPDATE)
	debian.version, debian.threads = version, "single"
	debian.stage("crash", CRASH)
	debian.root_dump()
	questions.fact(guest, "kernel", version)


CASE = Case(rare=True, variants="slow", seconds=300, story=story)
