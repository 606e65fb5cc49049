# SPDX-License-Identifier: GPL-2.0-or-later
"""Secure Boot: firmware with Microsoft's keys starts Debian's shim, GRUB and kernel,
which locks itself down. Our own kernel is installed, has no signature and is left alone;
Debian's signed one is the capture kernel, with its modules in the image; status says so,
what is not signed well is refused with the reason, and a crash is captured."""
from harness.case import Case
from harness.debian import Debian, own_kernel
from harness.guest import Guest

CRASH = r"""
equals "lockdown" 'none [integrity] confidentiality' "$(cat /sys/kernel/security/lockdown)"
grep X509 /proc/keys
debian=/boot/vmlinuz-$(uname -r) own=/usr/lib/crashbox/vmlinuz
dpkg -i crashbox_*.deb
equals "armed by the installation" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
[ -s $own ] || failed "our own kernel is not installed"
wants 0 show
says "^kernel $debian\$" 'for only a signed one can be loaded'
wants 0 status
says "^ok lockdown Secure Boot, integrity: only a signed kernel may be loaded, and $debian is" \
	"is signed; $own is not, and left alone" "^ok kernel $debian," '^ok loaded by syscall' \
	'^ok drivers the capture kernel has the 3 '

# What the kernel itself says of ours, and of one that was tampered with.
wants 1 load --kernel $own
says "$own: it is not signed, and the running kernel takes signed ones only" \
	"$debian and .* are loaded, the next panic goes there"
cp "$debian" /tmp/tampered
printf tampered | dd of=/tmp/tampered bs=1 seek=5000000 conv=notrunc status=none
wants 1 load --kernel /tmp/tampered
says '/tmp/tampered: its signature is not right'
equals "loaded, still" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 unload
wants 2 status
says '^ok lockdown Secure Boot, integrity: .* is signed; ' '^fail loaded '
wants 0 load
wants 0 status
wants 0 test

# The hook of the next kernel knows that an image with modules is needed.
/etc/kernel/postinst.d/crashbox "$(uname -r)"
[ -s "/var/lib/crashbox/crashbox.img-$(uname -r)" ] || failed "no image for a new kernel"
crash
"""

def story(guest: Guest) -> None:
	own = own_kernel()
	debian = Debian(guest, secure_boot=True)
	debian.install_crashbox(f"KERNEL={own}")
	debian.stage("crash", CRASH)
	debian.root_dump()


CASE = Case(rare=True, variants="slow", seconds=300, story=story)
