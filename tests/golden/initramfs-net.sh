#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs/net-modules and resolve on a made-up machine: drivers of the cards below
# whatever an interface is, what net lines build on them, names of hosts; and that the
# image has the result.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
SYSFS=$work/sys
export SYSFS
mkdir -p bin sys/class/net sys/devices/virtual

# card NAME MAC DRIVER: behind a bridge chip whose driver is a module as well
card()
{
	at=sys/devices/pci0/port/$1
	mkdir -p "$at/net/$1" sys/module/"$3" sys/drivers/"$3" sys/module/chip sys/drivers/chip
	ln -sfn "$work/sys/module/$3" "sys/drivers/$3/module"
	ln -sfn "$work/sys/module/chip" sys/drivers/chip/module
	ln -sfn "$work/sys/drivers/$3" "$at/driver"
	ln -sfn "$work/sys/drivers/chip" sys/devices/pci0/port/driver
	ln -s "$work/$at" "$at/net/$1/device"
	ln -s "$work/$at/net/$1" "sys/class/net/$1"
	echo "$2" >"$at/net/$1/address"
}

# upper NAME LOWER...: an interface on top of others
upper()
{
	upper_at=sys/devices/virtual/$1
	mkdir -p "$upper_at"
	ln -s "$work/$upper_at" "sys/class/net/$1"
	: >"$upper_at/uevent"
	shift
	for lower in "$@"; do
		ln -s "$work/sys/class/net/$lower" "$upper_at/lower_$lower"
	done
}

card ens3 52:54:00:12:34:56 virtio_net
card ens4 52:54:00:12:34:57 e1000e
card ens5 52:54:00:12:34:57 igb
mkdir sys/class/net/ens5/bonding_slave
echo 52:54:00:12:34:58 >sys/class/net/ens5/bonding_slave/perm_hwaddr
upper bond0 ens4 ens5
mkdir sys/devices/virtual/bond0/bonding
upper bond0.7 bond0
echo DEVTYPE=vlan >sys/devices/virtual/bond0.7/uevent
upper lo

# row CONFIG_LINES WANTED [IFACE...]
row()
{
	printf '%b\n' "$1" >conf
	wanted=$2
	shift 2
	got=$("$top/initramfs/net-modules" conf "$@" 2>errors | tr '\n' ' ') ||
		fail "refused: $(cat errors)"
	[ "$got" = "$wanted" ] || fail "'$(cat conf)' $*: '$got', wanted '$wanted': $(cat errors)"
}

# refused CONFIG_LINES WORDS [IFACE...]
refused()
{
	printf '%b\n' "$1" >conf
	words=$2
	shift 2
	! "$top/initramfs/net-modules" conf "$@" >got 2>errors || fail "not refused: $words"
	grep -q "$words" errors || fail "the message lacks '$words': $(cat errors)"
}

row 'level 31' ''
row 'level 31' 'virtio_net chip af_packet ' ens3
row 'net ens3 dhcp' 'virtio_net chip af_packet '
row 'net 52:54:00:12:34:56 address=192.0.2.5/24' 'virtio_net chip '
row 'net ens3.42 slaac' 'virtio_net chip ipv6 8021q '
row 'net ens3 vlan=42 address=2001:db8::5/64' 'virtio_net chip ipv6 8021q '
row 'net bond9 bond=52:54:00:12:34:58,ens4 address=192.0.2.5/24' \
	'igb chip e1000e bonding '
row 'net any dhcp' 'e1000e chip igb bonding 8021q af_packet ' bond0.7
row 'net ens3 dhcp\nnet ens4 dhcp' 'virtio_net chip af_packet e1000e '
refused 'net ens9 dhcp' 'net ens9: no such interface here'
refused 'net 52:54:00:00:00:01 dhcp' 'net 52:54:00:00:00:01: no interface here has this MAC'
refused 'net any dhcp' 'net any: which one'
refused 'level 31' 'net lo: has no device' lo

# Names: each once, those of the configuration not again, addresses not at all.
cat >bin/getent <<'END'
#!/bin/sh
case $2 in
dump) printf '192.0.2.9 STREAM dump\n192.0.2.9 DGRAM\n2001:db8::9 STREAM\n' ;;
many) for i in 1 2 3 4 5 6; do echo "192.0.2.$i STREAM"; done ;;
*) exit 2 ;;
esac
END
chmod +x bin/getent
PATH=$work/bin:$PATH
cat >conf <<'END'
target disk:/dev/vda:/
target nfs:dump:/crash
target sftp:u@dump:2222:/crash
target sftp:many:/crash
target nfs:192.0.2.7:/crash
target nfs:[2001:db8::7]:/crash
target nfs:known:/crash
resolve known 192.0.2.8
END
"$top/initramfs/resolve" conf >got
diff -u - got <<'END' || fail "names are not resolved as they should be"
resolve dump 192.0.2.9 2001:db8::9
resolve many 192.0.2.1 192.0.2.2 192.0.2.3 192.0.2.4
END
echo 'target nfs:gone:/crash' >conf
! "$top/initramfs/resolve" conf 2>errors || fail "a name without an address was taken"
grep -q "'gone' does not resolve" errors || fail "not said: $(cat errors)"

# All of it in an image.
modules=lib/modules/9.9-test
mkdir -p "$modules"
for module in virtio_net chip af_packet; do
	echo "$module" >"$modules/$module.ko"
	echo "$module.ko:"
done >"$modules/modules.dep"
printf 'target disk:/dev/vda:/\nnet ens3 dhcp\n' >conf
"$top/initramfs/build" -b "$AGENT" -c conf -o image -z none -m "$modules" -d '' --net ens3
for module in virtio_net chip af_packet; do
	grep -aq "modules/$module.ko" image || fail "$module is not in the image"
done
! "$top/initramfs/build" -b "$AGENT" -c conf -o image --host 2>errors ||
	fail "--host beside a net line was taken"
grep -q 'has net lines of its own' errors || fail "not said: $(cat errors)"
