# SPDX-License-Identifier: GPL-2.0-or-later
"""A machine that one thing can be wrong with: what a way of ways.py changes before it
starts."""
from dataclasses import dataclass, field
from pathlib import Path
from typing import List

from harness import disks, host, images, operator
from harness.guest import Guest
from harness.machine import Disk

LOADED = "load --kernel /capture/vmlinuz --initrd"


@dataclass
class Wrong:
	guest: Guest
	kind: str			# of the target: disk, nfs4, sftp
	agent: Path
	target: str = "disk:LABEL=crash:/crash"
	login: str = ""			# what goes with it, in the configuration
	net_line: str = ""
	drivers: List[str] = field(default_factory=lambda: ["virtio_pci", "virtio_blk", "ext4"])
	modules_of: str = ""		# the image's modules are those of another series
	is_by_hand: bool = False	# a generic image, and these files behind it
	by_hand_files: List[str] = field(default_factory=list)
	words: List[str] = field(default_factory=list)	# for the first kernel
	crash: str = "sysrq"
	service: bool = True

	def path(self, name: str) -> Path:
		return self.guest.path(name)

	# ---- what a way may say ----

	def by_hand(self, *lines: str) -> None:
		"""The image is a generic one, with this configuration, which nothing has checked,
		and maybe other files behind it."""
		self.guest.write("by-hand/conf", "".join(line + "\n" for line in lines))
		self.is_by_hand = True
		self.by_hand_files = ["dir etc 755",
				      f"file etc/crashbox.conf 600 {self.path('by-hand/conf')}"]

	def says(self, *lines: str) -> None:
		"""Of the configuration, in place of the target's."""
		self.guest.write("crashbox.conf", "".join(line + "\n" for line in lines))

	def before(self, *verbs: str) -> None:
		"""Verbs before `status`."""
		with open(self.path("verbs"), "a") as file:
			file.writelines(verb + "\n" for verb in verbs)

	def load_by_hand(self) -> None:
		self.before(f"{LOADED} /capture/initrd")
		self.words.append("fk.load=no")

	def disk(self, disk: Disk) -> None:
		self.guest.target.fs = disk.fs
		disks.target(self.guest.folder, disk)

	def file(self, line: str) -> None:
		self.guest.images.files.append(line)

	# ---- what all have in common ----

	def set_up(self) -> None:
		kernel = Path(host.output("qemu/fetch-kernel", self.guest.settings.series).strip())
		release = host.read(kernel / "version").strip()
		self.file("dir boot 755")
		self.file(f"file boot/config-{release} 644 {kernel}/config")
		self.before("put /proc/sys/kernel/panic_on_oops 1")
		if self.kind == "disk":
			self.disk(Disk())
		else:
			self.set_up_network()

	def set_up_network(self) -> None:
		guest, key = self.guest, str(self.path("ssh/id"))
		operator.files(guest)
		self.path("operator.conf").unlink()
		self.target, self.net_line = guest.words["target"], guest.words["net"]
		self.login = guest.words["login"].rstrip("\n")
		if self.kind == "sftp":
			self.login = self.login.replace(key, "/run/id")
			Path("/run/id").symlink_to(key)
		self.drivers = list(guest.images.modules)
		self.words.append("fk.net=10.0.2.15")

	def finish(self, lost: bool) -> None:
		"""What is lost is lost soon, and what is saved is not worth an emulated CPU's
		time."""
		if self.kind == "sftp":
			self.file("dir run 755")
			self.file(f"file run/id 600 {self.path('ssh/id')}")
		if self.service:
			self.guest.images.files += [
				"dir etc/runlevels 755", "dir etc/runlevels/default 755",
				"file etc/runlevels/default/crashbox 755 "
				f"{host.TOP}/initramfs/install/crashbox.openrc"]
		if not self.path("crashbox.conf").is_file():
			self.says(f"target {self.target}", self.login, self.net_line)
		for conf in (self.path("crashbox.conf"), self.path("by-hand/conf")):
			if conf.is_file():
				self.hurry(conf, lost)
		self.before("status")
		self.guest.own_image = self.image

	def hurry(self, conf: Path, lost: bool) -> None:
		text = conf.read_text()
		if lost and "\ndeadline" not in "\n" + text:
			text += "deadline 60\n"
		if self.kind == "sftp":
			text += "stall 50\n"
		conf.write_text(text + "codec none\n")

	def image(self) -> None:
		"""With this agent, these modules, and what was put in by hand."""
		guest, folder = self.guest, self.guest.folder
		modules = guest.parts().modules
		if self.modules_of:
			other = host.output("qemu/fetch-kernel", self.modules_of).strip()
			modules = sorted(Path(other, "modules/lib/modules").iterdir())[-1]
		options: List[object] = ["--agent", self.agent, "--modules", modules,
					 "--drivers", " ".join(self.drivers)]
		if guest.settings.capture_kernel:
			options = ["--agent", self.agent, "--no-modules"]
		if not self.is_by_hand:
			if self.kind == "sftp":
				options += ["--ssh", host.TOP / "build/ssh"]
			images.image_part(folder, "capture.img", "--config", folder / "crashbox.conf",
					  *options)
			return
		images.image_part(folder, "generic.img", "--generic", *options)
		(folder / "by-hand.cpio").write_bytes(images.archive(self.by_hand_files))
		images.join(folder / "capture.img", folder / "generic.img", folder / "by-hand.cpio")
