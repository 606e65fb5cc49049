# SPDX-License-Identifier: GPL-2.0-or-later
"""A second machine on a guest's network that has a disk for it over NVMe/TCP, by the kernel's
own target; its disk is the file "served", which is read here afterwards."""
import re
import time
from dataclasses import dataclass
from pathlib import Path
from typing import List

from harness import disks, host, images
from harness.guest import Guest
from harness.machine import Disk, first_kernel_args
from harness.verdict import Lost

ADDRESS = "10.0.2.9"
NQN = "nqn.2026-11.example.crashbox:crash"
US = "nqn.2014-08.org.nvmexpress:uuid:6d9b1c3e-5f0a-4d57-9a70-3b1f2c4d5e6f"
OUT = "out-served"
START_SECONDS = 120
MODULES = ("virtio_pci", "virtio_blk")
NET_MODULES = ("virtio_net", "nvmet_tcp")


@dataclass(frozen=True)
class NvmeServer:
	lets_in: str = US	# the name of the host that may connect
	fs: str = "ext4"
	size: str = "400M"


def initrd(guest: Guest, shared: images.Shared) -> Path:
	at = guest.path("server")
	at.mkdir()
	lines: List[str] = [f"dir {folder} 755" for folder in ("dev", "proc", "sys", "mnt", "tmp")]
	lines += ["nod dev/console 600 5 1", f"file init 755 {shared.program}"]
	lines += images.modules_list(at, "modules", shared.modules, list(MODULES))
	lines += images.modules_list(at, "modules-net", shared.modules, list(NET_MODULES))
	made = at / "initrd"
	made.write_bytes(images.archive(lines))
	return made


def command(guest: Guest, server: NvmeServer, shared: images.Shared) -> List[str]:
	settings = guest.settings
	words = [*first_kernel_args(settings, guest.machine), "fk.role=nvme",
		 f"fk.net={ADDRESS}", f"fk.nqn={NQN}", f"fk.guest={server.lets_in}"]
	line = (f"qemu-system-{settings.cpu.of('qemu')} -nodefaults -no-user-config -display none "
		f"-accel tcg,thread={shared.tcg_threads} -cpu {settings.cpu_words} -smp 1 -m 256M "
		f"-serial file:{guest.path('server.log')} "
		"-netdev tap,id=net0,ifname=tap1,script=no,downscript=no "
		"-device virtio-net-pci,netdev=net0,mac=52:54:00:12:34:99,romfile= "
		f"-drive if=none,id=served,file={guest.path('served')},format=raw,cache=unsafe "
		"-device virtio-blk-pci,drive=served,serial=served "
		f"-kernel {shared.kernel}/vmlinuz -initrd {initrd(guest, shared)}")
	return [*line.split(), "-append", " ".join(words)]


def wait_until_it_serves(guest: Guest) -> None:
	end = time.monotonic() + START_SECONDS * guest.scale
	while True:
		said = host.read(guest.path("server.log"))
		wrong = re.search("first-kernel: error (.*)", said)
		if wrong or time.monotonic() > end:
			raise Lost(f"the server of NVMe: {wrong[1] if wrong else 'too slow'}")
		if "first-kernel: serving" in said:
			return
		time.sleep(0.5)


def serve(guest: Guest, server: NvmeServer) -> None:
	"""It is up when this returns; the configuration's words are "target" and "login"."""
	disks.make(guest.folder, "served", Disk(fs=server.fs, size=server.size))
	uuid = host.output("blkid", "-p", "-o", "value", "-s", "UUID",
			   guest.path("served")).strip()
	guest.net().do("tap1", "ip tuntap add tap1 mode tap", "ip link set tap1 master br0 up")
	shared = images.shared_image(guest.settings)
	guest.beside = host.start(command(guest, server, shared), guest.path("server.out"))
	wait_until_it_serves(guest)
	guest.images.modules.append("nvme_tcp")
	guest.words.update(target=f"nvme:{ADDRESS}/{NQN}/UUID={uuid}:/crash",
			   login="insecure yes\n")
	guest.own_image = lambda: image(guest)


def image(guest: Guest) -> None:
	"""As `crashbox image` makes it on a machine with that name: this host has none, or its
	own."""
	whole = guest.path("capture.img")
	images.capture_image(guest.folder, guest.parts(), guest.images, guest.target.fs)
	guest.write("hostnqn", US + "\n")
	more = images.archive(["dir etc 755", "dir etc/nvme 755",
			       f"file etc/nvme/hostnqn 600 {guest.path('hostnqn')}"])
	whole.write_bytes(whole.read_bytes() + more)


def read(guest: Guest) -> None:
	"""Its disk, once it is switched off."""
	if guest.beside:
		guest.beside.kill()
		guest.beside.wait()
	disks.read(guest.folder, "served", OUT)
