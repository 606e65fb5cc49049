#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Variants: | slow
# Seconds: 150
#
# A Debian that is locked down by its command line, without Secure Boot: nobody has handed the
# running kernel the key of Debian's own kernels, so that nothing can be loaded at all. status
# and load say that of the signed one, and of ours that it has no signature.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/debian.sh
. "$top/qemu/debian.sh"

own=build/kernel/virt-x86_64/vmlinuz
[ -s "$own" ] || skip "no $own (make kernel)"
debian_root
debian_package KERNEL="$own"
debian_put "$(package_file)"

debian_stage integrity lockdown=integrity <<'END'
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
END
