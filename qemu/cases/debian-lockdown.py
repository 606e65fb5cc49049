# SPDX-License-Identifier: GPL-2.0-or-later
"""A Debian that is locked down by its command line, without Secure Boot: nobody has
handed the running kernel the key of Debian's own kernels, so that nothing can be loaded
at all. status and load say that of the signed one, and of ours that it has no
signature."""
from harness.case import Case
from harness.debian import Debian, own_kernel
from harness.guest import Guest

INTEGRITY = r"""
equals "lockdown" 'none [integrity] confidentiality' "$(cat /sys/kernel/security/lockdown)"
debian=/boot/vmlinuz-$(uname -r)
dpkg -i crashbox_*.deb
equals "loaded" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 2 status
says "^fail lockdown integrity: .* has no key of 'Debian Secure Boot CA', who signed $debian" \
	'^fail loaded no capture kernel is loaded'
wants 1 load
says "$debian: the running kernel is locked down (integrity), and has no key of 'Debian Secure"
wants 1 load --kernel /usr/lib/crashbox/vmlinuz
says 'takes only a signed kernel, and this one is not: use the distribution.s own'
systemctl -l status crashbox | grep "has no key of 'Debian Secure Boot CA'" ||
	failed "the service does not say why"
"""

def story(guest: Guest) -> None:
	own = own_kernel()
	debian = Debian(guest)
	debian.install_crashbox(f"KERNEL={own}")
	debian.stage("integrity", INTEGRITY, "lockdown=integrity")


CASE = Case(rare=True, variants="slow", seconds=150, story=story)
