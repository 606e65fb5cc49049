#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# Seconds: 120
#
# Every verb on a real Debian with systemd. First on the healthy machine, with a disk of its
# own as target, where things go wrong one after the other and status says so; then a crash by
# `crashbox test --crash`; then after the reboot, for which no memory is reserved.
# shellcheck source=qemu/lib.sh
. "${0%/*}/../lib.sh"
# shellcheck source=qemu/debian.sh
. "$top/qemu/debian.sh"

# What is reserved is read by `crashbox test`, as all memory.
memory=768M
reserve=128M
debian_root
debian_package KERNEL=
debian_put "$(package_file)" tests/fixtures/kdump/redhat-ext4.conf tests/fixtures/kdump/suse
# What Debian itself has as /etc/default/kdump-tools.
agent/deps/apt bookworm:amd64 binary "$dir/kdump-tools" kdump-tools >"$dir/apt.log" 2>&1 ||
	lost "no package kdump-tools: $(tail -n 1 "$dir/apt.log")"
dpkg-deb --fsys-tarfile "$dir"/kdump-tools/*.deb |
	tar -xO ./usr/share/kdump-tools/kdump-tools.conf >"$dir/case/kdump-tools"
truncate -s 600M "$dir/target.disk"
mkfs.ext4 -q -L crash "$dir/target.disk"

# json NAME: what a stage has said between two lines
json()
{
	sed -n "/^json $1\$/,/^json end\$/p" "$dir/$stage.out" | sed '1d;$d' >"$dir/$1.json"
}

debian_stage healthy <<'END'
dpkg -i crashbox_*.deb 2>&1

# ---- config, image, show, load, unload, estimate
disk=$(blkid -L crash)
echo "target disk:UUID=$(blkid -o value -s UUID "$disk"):/dumps" >/etc/crashbox.conf
wants 0 config /etc/crashbox.conf
printf 'level 31\ntarket disk:LABEL=crash:/\n' >/tmp/bad
wants 1 config /tmp/bad
says '/tmp/bad.*line 2.*tarket'
before=$(sha256sum /var/lib/crashbox/crashbox.img)
wants 0 image --list
says ' init /proc/self/exe' ' modules/virtio_pci.ko ' ' modules/virtio_blk.ko ' \
	' etc/crashbox.conf$'
wants 0 image --print-config
says "^target disk:UUID=.*:/dumps\$"
equals "the image, after it was only shown" "$before" \
	"$(sha256sum /var/lib/crashbox/crashbox.img)"
wants 1 status
says "^warn inside the image that is loaded has another configuration than /etc/crashbox.conf"
systemctl reload crashbox
wants 0 status
says '^ok reserved 128 MiB' '^ok lockdown any kernel' '^ok loaded by syscall at ' \
	"^ok kernel /boot/vmlinuz-$(uname -r)," '^ok image /var/lib/crashbox/crashbox.img,' \
	'^ok drivers the capture kernel has the 3 ' '^ok boot the service crashbox loads' \
	'^ok update the newest kernel is the running one' '^ok target 1 .* not mounted: '
echo "json status"
crashbox status --json
echo "json end"
wants 0 show
says "^kernel /boot/vmlinuz-$(uname -r)\$" '^image /var/lib/crashbox/crashbox.img$' \
	'^command .*irqpoll nr_cpus=1 ' '^left out crashkernel=128M: ' '^target 1 disk:UUID='
wants 0 unload
equals "loaded after unload" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 2 status
says '^fail loaded no capture kernel is loaded: crashbox load'
wants 1 load --initrd /nowhere
says 'nothing new is loaded: image: /nowhere: No such file'
equals "loaded by a load that failed" 0 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 load --append crashbox.level=27
equals "loaded after load" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
# One that is no kernel for this call, though its header is that of one (XLF_KERNEL_64 only):
# the kernel lets go of what was loaded before it sees that.
cp "/boot/vmlinuz-$(uname -r)" /tmp/odd
printf '\001' | dd of=/tmp/odd bs=1 seek=566 conv=notrunc status=none
wants 1 load --kernel /tmp/odd
says 'nothing new is loaded: /tmp/odd: not a kernel that this one can start' \
	'taken out what was loaded before' 'vmlinuz-.* are loaded, the next panic goes there'
equals "loaded after a load that was refused" 1 "$(cat /sys/kernel/kexec_crash_loaded)"
wants 0 estimate
says '^drivers .* virtio_blk' '^reserved 128.0 MiB now' '^crashkernel=[1-9][0-9]*M$'

# ---- what can be wrong here
# A configuration that is only touched, and one with another text, however old.
touch /etc/crashbox.conf
wants 0 status
echo "level 30" >>/etc/crashbox.conf
touch -d 2020-01-01 /etc/crashbox.conf
wants 1 status
says "^warn inside the image that is loaded has another configuration than /etc/crashbox.conf"
systemctl reload crashbox
wants 0 status
# A disk that was formatted anew has another UUID.
mkfs.ext4 -q -L crash "$disk"
wants 2 status
says '^fail target 1 disk:UUID=.*: no disk UUID='
echo "target disk:LABEL=crash:/dumps" >/etc/crashbox.conf
systemctl reload crashbox
wants 0 status
# Write-protected, and mounted read-only.
blockdev --setro "$disk"
wants 2 status
says '^fail target 1 .*: the disk is write-protected'
wants 1 test
says '^fail target 1 disk:LABEL=crash:/dumps: .*the disk is write-protected'
blockdev --setrw "$disk"
mount -r "$disk" /srv
wants 1 status
says '^warn target 1 .* mounted read-only at /srv'
umount /srv
# Modules of another kernel.
modules=/lib/modules/$(uname -r) other=/tmp/$(uname -r | tr 1 2)
mkdir "$other"
cp "$modules"/modules.* "$other"
(cd "$modules" && cp -t "$other" --parents kernel/drivers/virtio/*.ko kernel/drivers/block/*.ko)
find "$other" -name '*.ko' -exec sed -i "s/vermagic=$(uname -r)/vermagic=${other#/tmp/}/" {} +
wants 0 image --modules "$other" --output /tmp/other.img
wants 0 load --initrd /tmp/other.img
wants 2 status
says "^fail drivers the modules in /tmp/other.img are of Linux ${other#/tmp/}, and"
wants 0 load --append crashbox.level=27
wants 0 status

# ---- test
content() { mount -r "$disk" /srv; (cd /srv && find . | sort); umount /srv; }
before=$(content)
wants 0 test
says '^ok target 1 disk:LABEL=crash:/dumps: .* read back, removed again'
equals "what is left of a test" "$before" "$(content)"
mount "$disk" /srv
fallocate -l $(($(stat -f -c '%f * %S' /srv) - 20000000)) /srv/full
umount /srv
wants 2 status
says '^fail target 1 .*: only [0-9.]* MiB are free'
before=$(content)
wants 1 test
says '^fail target 1 disk:LABEL=crash:/dumps: ' '^fail: 0 of 1 targets'
equals "what is left of a test without room" "$before" "$(content)"
mount "$disk" /srv
rm /srv/full
umount /srv
echo 'target disk:LABEL=nobody:/' >/tmp/nobody
wants 1 test --config /tmp/nobody
says '^fail target 1 disk:LABEL=nobody:/: .*LABEL=nobody' '^fail: 0 of 1 targets'

# ---- test --crash
wants 1 test --crash
says "that was not 'crash testhost'"
wants 1 test --crash --yes-crash somebody
says 'this machine is called testhost'
wants 1 test --report
says 'there was no crashbox test --crash'
echo "status 0"
echo "crash testhost" | crashbox test --crash >/tmp/said 2>&1
cat /tmp/said
failed "the machine has survived"
END
expect_console 'crashbox: saved '
json status
/usr/bin/python3 - "$dir/status.json" <<'END' || fail "status --json: see status.json"
import json, sys
report = json.load(open(sys.argv[1]))
assert report["schema"] == 1 and report["status"] == "ok", report
rows = {row["check"]: row["status"] for row in report["checks"]}
for check in "config", "reserved", "loaded", "kernel", "image", "drivers", "boot", "target 1":
    assert rows[check] == "ok", check
END

reserve=''
debian_stage after <<'END'
equals "what failed" "" "$(systemctl --failed --no-legend)"
equals "the service, without memory" inactive "$(systemctl is-active crashbox || :)"
wants 2 status
says '^fail reserved no memory is reserved: boot with crashkernel=[1-9]' \
	'^fail loaded no capture kernel is loaded' '^ok target 1 '
wants 1 load
says 'no memory is reserved .* boot with crashkernel=SIZE'
wants 1 test --crash --yes-crash testhost
says 'nothing is crashed: a dump would not arrive'
wants 0 test --report
says '^ok target 1 disk:LABEL=crash:/dumps: testhost-.*, complete, ' \
	'^ok: the dump of the test crash has arrived and is whole'

wants 0 list
says "^testhost-.* complete .* $(uname -r) .*sysrq triggered crash"
echo "json list"
crashbox list --json
echo "json end"
name=$(sed -n 's/^\(testhost-[^ ]*\) .*/\1/p' /tmp/said)
wants 0 show-dump "$name"
says "$(uname -r)" 'sysrq triggered crash'
disk=$(blkid -L crash)
mount "$disk" /srv
wants 0 show-dump "/srv/dumps/$name/"
says "$(uname -r)"
grep -q '"level": *{ *"asked": *27' "/srv/dumps/$name/manifest.json" ||
	grep -A 2 '"level"' "/srv/dumps/$name/manifest.json" | grep -q 27 ||
	failed "not the level that load was told"
wants 0 check "/srv/dumps/$name/vmcore"
wants 0 info "/srv/dumps/$name/vmcore"
says "$(uname -r)"
wants 0 dmesg "/srv/dumps/$name/vmcore"
says 'sysrq: Trigger a crash'
umount /srv

wants 0 prune --keep 0 --dry-run
says "$name"
wants 0 list
says "^$name "
wants 0 prune --older-than 1d
wants 0 list
says "^$name "
wants 0 prune --keep 0
says "$name"
wants 0 list
says 'no dumps'
wants 1 test --report
says '^fail target 1 .*: no dump of that crash'

# ---- moving in
mkdir -p /etc/default
cp /case/kdump-tools /etc/default/kdump-tools
wants 0 import /etc/default/kdump-tools --output /tmp/moved
says 'KDUMP_INITRD'
grep -qx "target disk:UUID=$(findmnt -no UUID /):/var/crash" /tmp/moved ||
	failed "not the root disk: $(cat /tmp/moved)"
wants 0 config /tmp/moved
wants 1 import /etc/default/kdump-tools --output /tmp/moved
wants 0 import /case/redhat-ext4.conf --from redhat
says '^target disk:UUID=03138356-5e61-4ab3-b58e-27507ac41937:/var/crash' '^on_failure halt'
wants 0 import /case/suse --from suse
says '^target nfs:192.0.2.7:/export' '^net kdumpnic dhcp'
END
json list
/usr/bin/python3 - "$dir/list.json" <<'END' || fail "list --json: see list.json"
import json, sys
(target,) = json.load(open(sys.argv[1]))["targets"]
(dump,) = target["dumps"]
assert target["target"] == "disk:LABEL=crash:/dumps"
assert dump["complete"] and dump["valid"] and dump["host"] == "testhost", dump
END
