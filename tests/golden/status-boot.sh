#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on a made-up machine: will the next boot reserve memory, by whichever boot
# loader, does another program load a capture kernel of its own, are signals noted?
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

bare="root=/dev/vda1 ro"
both()
{
	status 1
	row warn boot "$1 does not have crashkernel= where it counts"
}

# GRUB: what is commented out does not count, nor does another entry.
another
put boot/grub/grub.cfg "menuentry one {
	# linux /vmlinuz-$release $bare $crashkernel
	linux /vmlinuz-$release $bare
}"
both /boot/grub/grub.cfg
put boot/grub/grub.cfg "menuentry one {
	linux /vmlinuz-$release $bare
}
menuentry two {
	linux /vmlinuz-$release $bare $crashkernel
}"
both /boot/grub/grub.cfg
for nothing in 0 0M 0M@16M 128M,low; do
	put boot/grub/grub.cfg "linux /vmlinuz-$release $bare crashkernel=$nothing"
	both /boot/grub/grub.cfg
done
put boot/grub/grub.cfg "linux /vmlinuz $bare crashkernel=0M-1G:64M,1G-:128M"
status 0
put boot/grub/grub.cfg "linux /vmlinuz $bare crashkernel=128M,low crashkernel=1G,high"
status 0
# Which one boots is said by its number, its title or its id, or by grubenv.
# menu DEFAULT: the third of four, in a menu of its own, is the only one that reserves
menu()
{
	put boot/grub/grub.cfg "if [ \"\${next_entry}\" ] ; then
   set default=\"\${next_entry}\"
else
   set default=\"$1\"
fi
function gfxmode {
	set gfxpayload=\"\${1}\"
}
menuentry 'Debian' --class debian \$menuentry_id_option 'simple' {
	linux /vmlinuz-$release $bare
}
submenu 'Advanced' \$menuentry_id_option 'advanced' {
	menuentry 'Debian, old' --id old {
		linux /vmlinuz-5 $bare
	}
	menuentry \"Debian, new\" --id new {
		linux /vmlinuz-6 $bare $crashkernel
	}
}
menuentry Other {
	linux /vmlinuz-7 $bare
}"
}
for default in '1>1' 'Advanced>Debian, new' 'advanced>new'; do
	menu "$default"
	status 0
done
for default in '' 0 simple 1 '1>0' advanced '1>old' 2 Other 'no such'; do
	menu "$default"
	both /boot/grub/grub.cfg
done
# shellcheck disable=SC2016 # GRUB expands it
menu '${saved_entry}'
both /boot/grub/grub.cfg
put boot/grub/grubenv '# GRUB Environment Block
saved_entry=advanced>new
next_entry='
status 0
put boot/grub/grubenv 'saved_entry=advanced>new
next_entry=simple'
both /boot/grub/grub.cfg
menu '1>1'
put boot/grub/grubenv 'saved_entry=simple'
status 0
rm "$at/boot/grub/grubenv"
put boot/grub/grub.cfg "	linux16 /boot/memtest86+.bin
	linuxefi /vmlinuz-$release $bare \"$crashkernel\" quiet"
status 0
put boot/grub/grub.cfg "	linux /vmlinuz-$release $bare xcrashkernel=1M crashkernel=
	initrd /x"
both /boot/grub/grub.cfg

# Entries of the Boot Loader Specification, of which the newest one boots.
another
rm "$at/boot/grub/grub.cfg"
put boot/grub2/grub.cfg '# linux /vmlinuz crashkernel=1G
insmod blscfg
blscfg'
entry=boot/loader/entries/0123-6.1.0
put $entry-9.conf "title Old
options $bare $crashkernel"
put $entry-10.conf "title New
linux /vmlinuz
#options $crashkernel
options $bare"
put boot/loader/entries/0123-0-rescue.conf "options $crashkernel"
both "/boot/loader/entries/0123-6.1.0-10.conf"
put $entry-10.conf "options	$bare
options $crashkernel"
status 0
# shellcheck disable=SC2016 # GRUB expands it
put $entry-10.conf 'options $kernelopts $tuned_params'
both "/boot/loader/entries/0123-6.1.0-10.conf"
put boot/grub2/grubenv "# GRUB Environment Block
saved_entry=0
kernelopts=$bare $crashkernel
####"
status 0
# Or that which somebody has chosen.
put boot/grub2/grubenv "saved_entry=0123-6.1.0-9
kernelopts=$bare"
status 0
put boot/grub2/grubenv "saved_entry=0123-6.1.0-10
kernelopts=$bare"
both "/boot/loader/entries/0123-6.1.0-10.conf"
put boot/grub2/grubenv "kernelopts=$bare $crashkernel"
# What is installed from now on gets its line from here.
put etc/kernel/cmdline "$bare"
status 1
row warn boot '/etc/kernel/cmdline does not have crashkernel=: with the next kernel'
put etc/kernel/cmdline "$bare $crashkernel"
status 0

uki()
{
	mkdir -p "$at/efi/EFI/Linux"
	/usr/bin/python3 - "$at/efi/EFI/Linux/linux-6.1.efi" "$1" <<'END'
import struct, sys
line = sys.argv[2].encode()
section = struct.pack("<8sIIII16x", b".osrel\0\0", 4, 0x1000, 4, 0x200)
section += struct.pack("<8sIIII16x", b".cmdline", len(line), 0x2000, len(line), 0x1000)
head = b"MZ".ljust(60, b"\0") + struct.pack("<I", 64) + b"PE\0\0"
head += struct.pack("<HHIIIHH", 0x8664, 2, 0, 0, 0, 16, 0).ljust(20 + 16, b"\0") + section
open(sys.argv[1], "wb").write(head.ljust(0x1000, b"\0") + line)
END
}

# systemd-boot, beside what GRUB has left: its entries, or kernels with a line inside.
another
put boot/grub/grub.cfg "linux /vmlinuz $bare"
put efi/loader/entries/one.conf "options $bare $crashkernel"
both /boot/grub/grub.cfg
mkdir -p "$at/sys/firmware/efi/efivars"
printf '\6\0\0\0s\0y\0s\0t\0e\0m\0d\0-\0b\0o\0o\0t\0 \0002\0' \
	>"$at/sys/firmware/efi/efivars/LoaderInfo-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
status 0
put efi/loader/entries/two.conf "options $bare"
both /efi/loader/entries/two.conf
put efi/loader/loader.conf 'timeout 3
default one*'
status 0
uki "$bare"
status 0
rm "$at/efi/EFI/Linux/linux-6.1.efi"
printf '\6\0\0\0t\0w\0o\0.\0c\0o\0n\0f\0\0\0' \
	>"$at/sys/firmware/efi/efivars/LoaderEntryDefault-4a67b082-0a4c-41cf-b6c7-440b29bb8c4f"
both /efi/loader/entries/two.conf
rm "$at/sys/firmware/efi/efivars/LoaderEntryDefault"*
rm -r "$at/efi/loader"
uki "$bare"
both /efi/EFI/Linux/linux-6.1.efi
uki "$bare $crashkernel"
status 0
printf 'MZ' >"$at/efi/EFI/Linux/linux-6.1.efi"
status 0

# grub.cfg is made anew of what stands elsewhere.
another
put etc/default/grub '# GRUB_CMDLINE_LINUX=crashkernel=1M
GRUB_CMDLINE_LINUX=""'
status 1
row warn boot 'grub.cfg has crashkernel=, and nothing in /etc/default/grub'
for file in etc/default/grub.d/x.cfg etc/grub.d/10_linux etc/default/grub; do
	put $file "GRUB_CMDLINE_LINUX=\"$crashkernel\""
	status 0
	rm "$at/$file"
	put etc/default/grub 'GRUB_CMDLINE_LINUX=""'
done
# No loader is known, so nobody knows its line.
rm "$at/boot/grub/grub.cfg"
status 0
row ok boot 'at every boot, if crashkernel= is on its line'
# What is masked is enabled and does nothing.
ln -s /dev/null "$at/etc/systemd/system/crashbox.service"
status 1
row warn boot 'nothing loads at the next boot'

# As a container enables it on its node.
rm "$at/etc/systemd/system/crashbox.service" "$at"/etc/systemd/system/*.wants/crashbox.service
status 1
row warn boot 'nothing loads at the next boot'
put etc/systemd/system/multi-user.target.d/crashbox.conf '[Unit]
Wants=crashbox.service'
status 0
row ok boot 'at every boot'

# U-Boot and SYSLINUX, and boards with a file for the line alone.
another
rm "$at/boot/grub/grub.cfg"
put boot/extlinux/extlinux.conf "DEFAULT second
LABEL first
	APPEND $bare $crashkernel
LABEL second
	LINUX /vmlinuz
	APPEND $bare"
both /boot/extlinux/extlinux.conf
sed -i 's/DEFAULT second/default first/' "$at/boot/extlinux/extlinux.conf"
status 0
put boot/firmware/cmdline.txt "console=tty1 $bare"
both /boot/firmware/cmdline.txt
put boot/firmware/cmdline.txt "console=tty1 $crashkernel $bare"
status 0

# Others that load what they have into the one place that there is.
for other in kdump kdump-tools kdump-early; do
	another
	put "etc/systemd/system/multi-user.target.wants/$other.service" '[Unit]'
	status 1
	row warn others "$other.service is enabled as well, and whoever loads last"
	mkdir -p "$at/run/systemd/units"
	ln -s 0123456789abcdef "$at/run/systemd/units/invocation:$other.service"
	status 2
	row fail others "$other.service has run in this boot, and may have put its own kernel"
	# Before ours was loaded, so it is ours that is there.
	touch -h -d '2026-01-01' "$at/run/systemd/units/invocation:$other.service"
	status 1
	row warn others 'is enabled as well'
done

# The image is replaced, but what is loaded was kept, and is what counts.
another
ln "$at/$image" "$at/var/lib/crashbox/loaded.img"
rm "$at/$image"
put $image 'another one'
status 1
row warn image 'crashbox.img is not what is loaded'
row ok inside 'has the configuration'
row ok drivers 'has the 3 drivers'
put var/lib/crashbox/loaded.img 'nor is this'
status 1
! grep -q '^[a-z]*  *drivers' "$work/got" || fail "another file is taken for what is loaded"
# Who sends signals is noted where the configuration asks for it; else there is no word of it.
another
status 0
! grep -q signals "$work/got" || fail "signals that nobody asked for: $(cat "$work/got")"
put etc/crashbox.conf 'target disk:LABEL=crash:/crash
trace_signals yes'
reload
status 1
row warn signals 'nobody notes who sends one: crashbox load does it'
ring=sys/kernel/tracing/instances/crashbox
put $ring/tracing_on 1
put $ring/events/signal/signal_generate/enable 1
status 1
row warn signals 'nobody notes who sends one: crashbox load does it'
put $ring/events/signal/signal_deliver/enable 1
status 0
row ok signals 'who sends one that ends a process is noted$'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash'
reload
status 0
row ok signals 'is noted, until something is loaded the next time'

rm -rf "$work/machine" "$good"
