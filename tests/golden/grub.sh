#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The package's file for GRUB: what is reserved where nothing is yet, by what `crashbox
# estimate` says of this machine.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cat >"$work/crashbox" <<END
#!/bin/sh
# A server that does not answer must not be waited for.
[ "\$*" = 'estimate --no-earlier' ] && cat "$work/says"
END
chmod +x "$work/crashbox"
sed "s|/usr/sbin/crashbox|$work/crashbox|" initramfs/install/deb/grub.cfg >"$work/grub.cfg"

# reserves WANTED SAYS [CMDLINE]
reserves()
{
	printf '%s\n' "$2" >"$work/says"
	# shellcheck disable=SC2016 # for the shell that reads it, as grub-mkconfig's does
	got=$(GRUB_CMDLINE_LINUX="${3-}" GRUB_CMDLINE_LINUX_DEFAULT=quiet FILE=$work/grub.cfg \
		sh -euc '. "$FILE"; echo "$GRUB_CMDLINE_LINUX_DEFAULT"')
	equals "'$2' ${3-}" "$1" "$got"
}

own='kernel     /usr/lib/crashbox/vmlinuz (made for captures), machine of 1 GiB
measured       15.0 MiB'
reserves 'quiet crashkernel=512M-:64M' "$own
crashkernel=24M"
reserves 'quiet crashkernel=512M-:104M' "$own
crashkernel=104M"
reserves 'quiet crashkernel=512M-:192M' 'kernel     /boot/vmlinuz (the running one), machine of 1 GiB
crashkernel=128M'
reserves 'quiet crashkernel=512M-:192M' ''
reserves 'quiet crashkernel=512M-:192M' "$own"
reserves quiet "$own
crashkernel=24M" 'console=tty0 crashkernel=1G'
rm "$work/crashbox"
reserves quiet ''
