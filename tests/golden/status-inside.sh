#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# crashbox status on a made-up machine: what it says of what is inside of the image that is
# loaded, PID 1, configuration, network, SSH client and key, and of the kernel that is to
# start it.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=tests/machine.sh
. "$top/tests/machine.sh"

# What counts is what is in the image that is loaded, whatever the age of the files.
another
put etc/crashbox.conf 'target disk:LABEL=nobody:/crash'
touch -d '2020-01-01' "$at/etc/crashbox.conf"
status 1
row warn inside 'has another configuration than .*/crashbox.conf: crashbox image, then'
row ok 'target 1' 'disk:LABEL=crash:/crash'
put etc/crashbox.conf 'target disk:LABEL=crash:/crash'
echo 'target nfs:192.0.2.1:/x' >>"$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 2
row warn inside 'another configuration'
row fail inside 'NFS does not prove'
# What the image adds to the operator's file is no difference.
reload
printf 'resolve dump 192.0.2.1\nnet eth0 dhcp\n' >>"$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 0
row ok inside 'has the configuration'
reload
printf '%s\n' 'target disk:LABEL=crash:/crash' 'levle 3' >"$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 1
row warn inside "crashbox.conf in the image line 2: .*levle.*: passed over in a crash"

printf '%s\n\0\n%s\n' 'target disk:LABEL=crash:/crash' 'target disk:LABEL=nobody:/' \
	>"$tree/etc/crashbox.conf"
(cd "$tree" && find etc | cpio --quiet -o -H newc) >>"$at/$image"
record
status 2
row warn inside 'line 2: ?: no value: passed over in a crash'
row fail 'target 2' 'disk:LABEL=nobody:/: no disk'

# The words of the loaded command line win, and are judged like the file's.
another
append='crashbox.target=disk:LABEL=nobody:/'
record
append=''
status 2
row ok inside 'has the configuration'
row fail 'target 1' 'disk:LABEL=nobody:/: no disk'
append='crashbox.level=32'
record
append=''
status 1
row warn inside 'kernel command line: level: .*: passed over in a crash'

# And what is no key of ours, but takes the crash out of our hands.
for append in rdinit=/bin/sh nomodule elfcorehdr=0x1000; do
	record
	status 2
	row fail cmdline "'$append' is on the capture kernel's command line, and nothing would be saved"
done
append='rdinit=/init init=/bin/sh'
record
append=''
status 0

# PID 1 in it: it must be there, of this CPU, and is best of this version.
another
mv "$tree/init" "$work/init"
reload
status 2
row fail image '/init is not in it'
printf 'no program' >"$tree/init"
reload
status 2
row fail init 'not a program'
cp "$work/init" "$tree/init"
chmod 644 "$tree/init"
reload
status 2
row fail init 'may not be executed (mode 644)'
sed 's/\x00crashbox 0\.1\.0\x00/\x00crashbox 0.0.9\x00/' "$work/init" >"$tree/init"
chmod 755 "$tree/init"
reload
status 1
row warn init 'crashbox 0.0.9 is in .*, and this one is [0-9.]*: crashbox image, then'
printf '\267\0' | dd of="$tree/init" bs=1 seek=18 conv=notrunc status=none
reload
status 2
row fail init 'is for another CPU than .*vmlinuz'
cp "$work/init" "$tree/init"

# A capture kernel that cannot capture, or cannot unpack.
another
for missing in PROC_VMCORE DEVTMPFS RD_ZSTD BLK_DEV_INITRD; do
	a_kernel boot/vmlinuz-$release "config=$(echo "$base/" |
		sed "s,CONFIG_$missing=y/,,")CONFIG_RD_XZ=m"
	record
	status 2
	row fail capture "is built without CONFIG_$missing: "
done

# A second archive that it does not unpack is no better than a first one.
another
(cd "$tree" && find etc | cpio --quiet -o -H newc) | gzip >>"$at/$image"
a_kernel boot/vmlinuz-$release config=$base/CONFIG_RD_XZ=m
record
status 2
row fail capture 'is built without CONFIG_RD_GZIP: it does not unpack this image'
a_kernel boot/vmlinuz-$release config=$base/CONFIG_RD_GZIP=y
record
status 0

# A list of known faults is what it was when the image was made; without it nothing is lost.
another
printf '%s\n' 'target disk:LABEL=crash:/crash' 'known_file /etc/known' >"$at/etc/crashbox.conf"
reload
status 1
row warn known 'the known faults of /etc/known are not in .*crashbox.img: crashbox image, then'
echo 'c1-0123456789abcdef x' >"$tree/etc/known"
cp "$tree/etc/known" "$at/etc/known"
reload
status 0
row ok known 'has the known faults of /etc/known'
echo 'c1-fedcba9876543210 y' >>"$at/etc/known"
status 1
row warn known '/etc/known was changed after .* was made: crashbox image, then'
rm "$tree/etc/known"

# A server of NVMe knows us by a name that the image has as it is now.
another
put etc/nvme/hostnqn nqn.2014-08.org.example:us
printf '%s\n' 'target nvme:127.0.0.1:1/nqn.2014-08.org.example:crash/UUID=1-2:/' \
	'insecure yes' 'net eth0 dhcp' >"$at/etc/crashbox.conf"
reload
status 2
row fail 'target 1' 'nvme:127.0.0.1:1/nqn.*: 127.0.0.1 port 1: '
row warn files '/etc/nvme/hostnqn is not in .*, and a server that asks who we are may not let'
mkdir "$tree/etc/nvme"
cp "$at/etc/nvme/hostnqn" "$tree/etc/nvme/hostnqn"
reload
status 2
! grep -q "^[a-z]* *files " "$work/got" || fail "a file that is as it was is told of"
echo nqn.2014-08.org.example:other >"$at/etc/nvme/hostnqn"
status 2
row warn files '/etc/nvme/hostnqn was changed after .* was made: crashbox image, then'
rm -r "$tree/etc/nvme"

# Who reads what is saved: those whom the file names now, or nobody is told "ok".
another
one=$(age-keygen 2>/dev/null | sed -n 's/^# public key: //p')
two=$(age-keygen 2>/dev/null | sed -n 's/^# public key: //p')
printf '%s\n' 'target disk:LABEL=crash:/crash' "encrypt $one" >"$at/etc/crashbox.conf"
status 2
row fail encrypt '/crashbox.conf says encrypt, and a crash now would be saved in the clear: crashbox im'
reload
status 0
row ok encrypt "for $one; a small manifest stays in the clear"
printf '%s\n' "encrypt $two" 'encrypt_manifest yes' >>"$at/etc/crashbox.conf"
status 2
row fail encrypt 'a crash now would be encrypted for others than .*/crashbox.conf names: crashbox image'
reload
status 0
row ok encrypt "for $one and others\$"
printf '%s\n' 'target disk:LABEL=crash:/crash' >"$at/etc/crashbox.conf"
status 2
row fail encrypt 'a crash now would be encrypted for others than'
append=crashbox.encrypt=age1notarecipient
record
append=''
status 2
row fail encrypt 'nothing would be saved: .*a recipient is none'

# A server, so the image has to bring a network, for which the drivers are in it.
another
mkdir -p "$at/sys/devices/pci0000:00/0000:00:03.0" "$at/sys/module/e1000" "$at/sys/class/net"
net=sys/devices/pci0000:00/0000:00:03.0/net/eth0
put $net/address 52:54:00:12:34:56
mkdir "$at/sys/devices/pci0000:00/0000:00:03.0/driver"
ln -s "$at/sys/module/e1000" "$at/sys/devices/pci0000:00/0000:00:03.0/driver/module"
ln -s "$at/sys/devices/pci0000:00/0000:00:03.0" "$at/$net/device"
ln -s "$at/$net" "$at/sys/class/net/eth0"
# network LINE...: what the configuration says behind its target
network()
{
	printf '%s\n' 'target nfs:127.0.0.1:1:/x' 'insecure yes' "$@" >"$at/etc/crashbox.conf"
	# shellcheck disable=SC2086 # a list of modules
	an_image ${modules:-e1000 nfs nfsv3 nfsv4}
	record
}
network 'net eth0 address=192.0.2.5/24 gateway=192.0.2.1'
status 2
row ok network 'has the 1 drivers .* that the interfaces need'
network 'net 52:54:00:12:34:56 dhcp'
status 2
row warn network 'whether af_packet is built into'
modules='nfs nfsv3 nfsv4 virtio_blk af_packet' network 'net any dhcp'
a_kernel boot/vmlinuz-$release "config=$base/CONFIG_E1000=m"
record
status 2
row fail network 'of no network card here the driver is in .*--net IFACE'
modules='nfs nfsv3 nfsv4 e1000 af_packet' network 'net any dhcp'
status 2
row ok network 'drivers'
# Of two cards that lead somewhere a crash takes the first.
other=sys/devices/pci0000:00/0000:00:04.0/net/eth1
mkdir -p "$at/$other"
ln -s "$at/sys/devices/pci0000:00/0000:00:03.0" "$at/$other/device"
ln -s "$at/$other" "$at/sys/class/net/eth1"
put $net/carrier 1
put $other/carrier 0
status 2
row ok network 'drivers'
put $other/carrier 1
status 2
row warn network 'net any: 2 cards have a carrier, and a crash takes the first'
rm "$at/sys/class/net/eth1" "$at/$net/carrier"
modules='nfs nfsv3 nfsv4 virtio_blk' network 'net eth0 address=192.0.2.5/24 gateway=192.0.2.1'
status 2
row fail network 'the interfaces need e1000, which is neither in .*crashbox.img nor built into'
network 'net eth0 address=192.0.3.5/24'
status 2
row fail network 'no net line leads to 127.0.0.1: none has an address of its network or a gateway'
network 'net eth0 address=192.0.3.5/24 gateway=192.0.3.1'
status 2
row ok network 'drivers'
network 'net eth1 dhcp'
status 2
row fail network 'net eth1: no such interface here'
# No udev gives names in a crash.
put $net/name_assign_type 4
network 'net eth0 address=192.0.2.5/24 gateway=192.0.2.1'
status 2
row fail network 'net eth0: udev has called it so, and the capture kernel has no udev: write net 52:54'
network 'net 52:54:00:12:34:56 address=192.0.2.5/24 gateway=192.0.2.1'
status 2
row ok network 'drivers'
rm "$at/$net/name_assign_type"
# Another card leads there today.
put $net/carrier 0
network 'net 52:54:00:12:34:56 address=192.0.2.5/24 gateway=192.0.2.1'
status 2
row warn network 'net 52:54:00:12:34:56: it is down or has no carrier'
rm "$at/$net/carrier"
# The kernel's own words do as well, if they are on the line that is loaded.
append='ip=192.0.2.5::192.0.2.1:255.255.255.0::eth0' network
status 2
row ok network 'drivers'

# A log server is a network, too; that it is not told loses no dump.
line()
{
	printf '%s\n' 'target disk:LABEL=crash:/crash' 'report udp:192.0.2.9' "$@" \
		>"$at/etc/crashbox.conf"
	# shellcheck disable=SC2086 # a list of modules
	an_image virtio_pci virtio-blk ext4 ${modules-}
	record
}
modules='' line
status 1
row warn line 'nothing in .*crashbox.img sets up a network, and udp:192.0.2.9 is to be told'
line 'net eth0 address=192.0.2.5/24'
status 1
row ok line 'udp:192.0.2.9 is told of a crash, at 192.0.2.9 port 514'
row warn network 'need e1000, which is neither in .*crashbox.img nor built into'
modules=e1000 line 'net eth0 address=192.0.2.5/24'
status 0
row ok network 'drivers'
modules=e1000 line 'net eth0 address=198.51.100.5/24'
status 1
row warn line 'udp:192.0.2.9: no net line leads to 192.0.2.9'
modules=e1000 line 'net eth0 address=192.0.2.5/24' 'report udp:log.example.com'
status 1
row warn line "udp:log.example.com: .*log.example.com"

# And over SSH a client, with a key, for which it wants to know who it is.
mkdir -p "$tree/bin" "$tree/etc/keys"
ssh_keygen=$at/etc/keys/id
mkdir "$at/etc/keys"
key_line='ssh_host_key ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJ4zGw4ZmFrZWtleWZha2VrZXlmYWtla2V5Zm'
printf 'OPENSSH PRIVATE KEY\n' >"$ssh_keygen"
chmod 600 "$ssh_keygen"
ssh_machine()
{
	printf '%s\n' 'target sftp:root@127.0.0.1:1:/x' "ssh_key /etc/keys/id" "$key_line" \
		'net eth0 address=192.0.2.5/24 gateway=192.0.2.1' >"$at/etc/crashbox.conf"
	an_image e1000
	record
}
ssh_machine
status 2
row fail ssh '/bin/ssh is not in .*crashbox.img: crashbox image, then crashbox load'
cp "$top/build/crashbox" "$tree/bin/ssh"
ssh_machine
status 2
row fail ssh '/etc/passwd is not in'
echo nobody >"$tree/etc/passwd"
ssh_machine
status 2
row fail ssh 'the key /etc/keys/id is not in'
printf 'empty\n' >"$tree/etc/keys/id"
ssh_machine
status 2
row fail ssh '/etc/keys/id in .* is not a private key'
printf 'OLD PRIVATE KEY\n' >"$tree/etc/keys/id"
ssh_machine
status 2
row warn ssh '/etc/keys/id was changed after .* was made'
cp "$ssh_keygen" "$tree/etc/keys/id"
ssh_machine
status 2
row ok ssh 'has the client and the key /etc/keys/id'
rm -r "${tree:?}/bin" "$tree/etc/keys" "$tree/etc/passwd"
rm -rf "$work/machine" "$good"
