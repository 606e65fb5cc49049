#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# initramfs/target-modules on made-up machines: every driver from the partition up to
# the bus is named once, built-in drivers are not, and what cannot work is refused.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

cd "$work"
SYSFS=$work/sys
export SYSFS
mkdir -p bin sys/class/block sys/module/nvme sys/module/vmd sys/module/sd_mod

# A partition of an NVMe disk behind a VMD controller; the bus above has no module.
nvme=sys/devices/pci0/vmd/nvme0/nvme0n1/nvme0n1p2
mkdir -p "$nvme" sys/drivers/nvme sys/drivers/vmd sys/drivers/pcieport
ln -s "$work/sys/module/nvme" sys/drivers/nvme/module
ln -s "$work/sys/module/vmd" sys/drivers/vmd/module
ln -s "$work/sys/drivers/nvme" sys/devices/pci0/vmd/nvme0/driver
ln -s "$work/sys/drivers/vmd" sys/devices/pci0/vmd/driver
ln -s "$work/sys/drivers/pcieport" sys/devices/pci0/driver
ln -s "$work/$nvme" sys/class/block/nvme0n1p2
mkdir -p sys/devices/virtual/block/dm-0
ln -s "$work/sys/devices/virtual/block/dm-0" sys/class/block/dm-0

cat >bin/blkid <<'END'
#!/bin/sh
case "$1 $2" in
'-L crash' | '-U 1-2') echo /dev/nvme0n1p2 ;;
'-L mapped') echo /dev/dm-0 ;;
'-o value') echo xfs ;;
*) exit 2 ;;
esac
END
chmod +x bin/blkid
PATH=$work/bin:$PATH

# names CONFIG_LINE: the answer in one line
names()
{
	printf '# comment\nlevel 31\n%s\n' "$1" >conf
	"$top/initramfs/target-modules" conf 2>errors >names || return 1
	tr '\n' ' ' <names
}

# row CONFIG_LINE WANTED
row()
{
	got=$(names "$1") || fail "'$1' is refused: $(cat errors)"
	[ "$got" = "$2" ] || fail "'$1' gives '$got', wanted '$2'"
}

# refused CONFIG_LINE WORDS
refused()
{
	! names "$1" >/dev/null || fail "'$1' was not refused"
	grep -q "$2" errors || fail "'$1': the message lacks '$2': $(cat errors)"
}

row 'target disk:LABEL=crash:/a:b' 'nvme vmd xfs '
row 'target disk:UUID=1-2:/' 'nvme vmd xfs '
row 'level 30' ''
refused 'target disk:LABEL=gone:/' 'target disk:LABEL=gone: no such device here'
refused 'target disk:LABEL=mapped:/' 'dm-0: device mapper and md are not supported'
refused 'target smb:host:/x' 'target smb:host:/x: name its modules with -d'
row 'target nfs:host:/x' 'nfs nfsv4 nfsv3 '
row 'target nfs4:host:/x' 'nfs nfsv4 '
row 'target nfs3:[::1]:/x' 'nfs nfsv3 '

printf 'target disk:LABEL=crash:/\ntarget disk:UUID=1-2:/\n' >conf
[ "$("$top/initramfs/target-modules" conf | wc -l)" = 3 ] || fail "modules are named twice"

# Watchdogs: one on a bridge whose driver makes its device, one that has no device, one
# whose driver is built in. Their drivers come first, and once.
bridge=sys/devices/pci0/bridge
mkdir -p "$bridge/wdt" sys/devices/pci0/port "$work/sys/devices/virtual/watchdog/soft" \
	sys/class/watchdog sys/module/i2c_i801 sys/module/iTCO_wdt sys/drivers/i801_smbus \
	sys/drivers/iTCO_wdt sys/drivers/wdat_wdt
for pair in i801_smbus:i2c_i801 iTCO_wdt:iTCO_wdt; do
	ln -s "$work/sys/module/${pair#*:}" "sys/drivers/${pair%:*}/module"
done
ln -s "$work/sys/drivers/i801_smbus" "$bridge/driver"
ln -s "$work/sys/drivers/iTCO_wdt" "$bridge/wdt/driver"
ln -s "$work/sys/drivers/wdat_wdt" sys/devices/pci0/port/driver
for pair in 0:wdt 2:../port; do
	mkdir -p "$bridge/wdt/watchdog/watchdog${pair%:*}"
	ln -s "$work/$bridge/${pair#*:}" "$bridge/wdt/watchdog/watchdog${pair%:*}/device"
	ln -s "$work/$bridge/wdt/watchdog/watchdog${pair%:*}" sys/class/watchdog/
done
ln -s "$work/sys/devices/virtual/watchdog/soft" sys/class/watchdog/watchdog1
row 'target disk:LABEL=crash:/' 'iTCO_wdt i2c_i801 nvme vmd xfs '
row 'level 30' 'iTCO_wdt i2c_i801 '
