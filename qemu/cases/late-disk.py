# SPDX-License-Identifier: GPL-2.0-or-later
"""The disk appears a minute after the crash, when the wait for it is over: a later round
finds it, and it gets the whole dump."""
import shlex

from harness import disks, host
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Images, Machine

DEVICES = ["-monitor unix:monitor,server=on,wait=off", "-device virtio-scsi-pci,id=hba",
	   "-drive if=none,id=late,file=late,format=raw,cache=unsafe"]


def prepare(guest: Guest) -> None:
	guest.path("target").rename(guest.path("late"))
	guest.path("out").mkdir()
	plug = shlex.join([f"{host.TOP}/qemu/monitor", str(guest.folder), "device_add",
			   "scsi-hd,drive=late,bus=hba.0,id=sd"])
	log = shlex.quote(str(guest.path("monitor.log")))
	guest.machine.hook = f"(sleep 75; {plug}) >>{log} 2>&1 &"


CASE = Case(
	seconds=110,
	machine=Machine(no_reboot=True, read_here=True, devices=DEVICES),
	images=Images(modules=["virtio_scsi", "sd_mod"]),
	target=Disk(),
	config=DISK + "wait 5s",
	words=SMALL, back=200, out="out-late",
	console=("nothing is saved yet: all is tried again in 1 s",),
	prepare=prepare, tidy=lambda guest: disks.read(guest.folder, "late", "out-late"))
