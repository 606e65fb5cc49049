# SPDX-License-Identifier: GPL-2.0-or-later
"""A network for the guest, with real servers on it.

The case is run in namespaces of its own (network, processes, mounts), so that nothing it
starts outlives it or meets the host's network, and every port is free:

	guest 10.0.2.15, fd00:2::15 -- tap0 [br0] v0 == v1 10.0.2.2, fd00:2::2: the servers

10.0.2.66 is a black hole: ARP is answered, what comes there is never. Needs root,
/dev/net/tun and the servers' packages; else the case is skipped.
"""
import os
import shlex
import signal
import stat
import threading
import time
import traceback
from pathlib import Path
from typing import Callable, List

from harness import host, servers
from harness.guest import Guest
from harness.servers import Running, Server
from harness.verdict import Failed, Skipped

MAC, MAC2 = "52:54:00:12:34:56", "52:54:00:12:34:57"
BLACK_HOLE = "10.0.2.66"
PROGRAMS = "ip bridge tc rpcbind ganesha.nfsd unshare".split()
OWN_NAMESPACES = "unshare --net --mount --pid --fork --kill-child --mount-proc".split()
NFS_MODULES = ["nfs", "nfsv3", "nfsv4"]
MIDDLE_BYTES = 6 << 20
SET_UP = f"""ip link set lo up
ip link add br0 type bridge
ip link add v0 type veth peer name v1
ip tuntap add tap0 mode tap
ip link set v0 master br0 up
ip link set tap0 master br0 up
ip link set br0 up
ip addr add {servers.ADDRESS}/24 dev v1
ip addr add {BLACK_HOLE}/24 dev v1
ip addr add {servers.ADDRESS6}/64 dev v1 nodad
ip link set v1 up
ip rule add from {BLACK_HOLE} table 66
ip route add blackhole default table 66
mount -t tmpfs -o mode=755 none /run"""
# What hardware does for a machine, and what is not there cannot.
NO_OFFLOAD = ("csum=off,gso=off,host_tso4=off,host_tso6=off,guest_csum=off,guest_tso4=off,"
	      "guest_tso6=off")


def needs() -> None:
	if os.getuid():
		raise Skipped("a network of its own needs root")
	tun = Path("/dev/net/tun")
	if not tun.exists() or not stat.S_ISCHR(tun.stat().st_mode):
		raise Skipped("there is no /dev/net/tun")
	for program in PROGRAMS:
		if not host.have(program):
			raise Skipped(f"there is no {program} (tests/setup)")


def uptime() -> float:
	"""A clock that the shell of a hook can read, too."""
	return float(Path("/proc/uptime").read_text().split()[0])


class Net:
	def __init__(self, guest: Guest, nic: str = "virtio-net-pci") -> None:
		self.guest = guest
		self.log = guest.path("network.log")
		self.export = guest.path("out") / "crash"	# what the server exports
		self.export.mkdir(parents=True)
		guest.machine.no_reboot = True
		guest.images.modules[:0] = ["virtio_pci", "virtio_net"]
		guest.machine.devices += [
			"-netdev tap,id=net0,ifname=tap0,script=no,downscript=no",
			f"-device {nic},netdev=net0,mac={MAC},romfile=",
			"-monitor unix:monitor,server=on,wait=off"]
		# The time of the crash.
		crashed = shlex.quote(str(guest.path("crashed")))
		guest.machine.hook = f"cut -d ' ' -f 1 /proc/uptime >{crashed}"
		guest.words.update(net=f"net {MAC} address=10.0.2.15/24",
				   net6=f"net {MAC} address=fd00:2::15/64",
				   server=servers.ADDRESS, black_hole=BLACK_HOLE)
		# An address is answered for on its own wire only, not on the bridge before it.
		Path("/proc/sys/net/ipv4/conf/all/arp_ignore").write_text("1")
		self.do("network", *SET_UP.splitlines())

	def do(self, what: str, *commands: str) -> None:
		for command in commands:
			host.do(what, command.split(), self.log)

	def serve(self, server: Server) -> None:
		"""A server for the rest of the case; its words are "target" and "login"."""
		self.kind = server.kind or self.guest.variant or "nfs4"
		if server.size:
			self.small_export(server.size)
		if self.kind != "sftp":
			self.guest.images.modules += NFS_MODULES
		self.server: Running = servers.run(self.kind, self.guest.folder, self.export,
						   server)
		self.guest.words.update(target=self.server.target, login=self.server.login,
					target6=self.server.target6)

	def small_export(self, size: str) -> None:
		small = self.guest.path("small")
		host.blank(small, size)
		self.do(f"an export of {size}", f"mkfs.ext4 -q {small}",
			f"mount -o loop {small} {self.export}")

	# ---- the cables ----

	def vlan_port(self, number: int) -> None:
		"""The guest's cable carries this VLAN only. The machine at its end must not leave
		sums to hardware that is not there."""
		self.guest.images.modules.append("8021q")
		devices = self.guest.machine.devices
		devices[:] = [line.replace(",romfile=", f",romfile=,{NO_OFFLOAD}")
			      for line in devices]
		self.do("VLAN", "ip link set tap0 nomaster",
			"ip link add v2 type veth peer name v3",
			"ip link set v3 master br0 up", "ip link set v2 up")
		host.start(["qemu/vlan-port", "tap0", "v2", str(number), "v1"],
			   self.guest.path("vlan-port.log"))

	def second_leg(self) -> None:
		"""Another interface, by another cable to the same bridge."""
		self.guest.images.modules.append("bonding")
		self.do("tap1", "ip tuntap add tap1 mode tap", "ip link set tap1 master br0 up")
		self.guest.machine.devices += [
			"-netdev tap,id=net1,ifname=tap1,script=no,downscript=no",
			f"-device virtio-net-pci,netdev=net1,mac={MAC2},romfile="]

	def throttle(self, rate: str) -> None:
		"""From the guest to the servers, in what tc calls a rate."""
		self.do("tc", f"tc qdisc replace dev v0 root tbf rate {rate} burst 64k "
			"latency 200ms")

	def cut_cable(self) -> None:
		"""To the servers, which the guest's own carrier does not show."""
		self.do("cut", "ip link set v0 down")

	def carrier_command(self, state: str) -> List[str]:
		return [f"{host.TOP}/qemu/monitor", str(self.guest.folder), "set_link", "net0", state]

	def carrier_off(self) -> None:
		"""The guest's cable is pulled."""
		host.do("carrier", self.carrier_command("off"), self.guest.path("monitor.log"))

	# ---- the server ----

	def freeze_server(self) -> None:
		servers.send(self.server, signal.SIGSTOP)

	def thaw_server(self) -> None:
		servers.send(self.server, signal.SIGCONT)

	def kill_server(self) -> None:
		servers.send(self.server, signal.SIGKILL)

	def dhcp_server(self) -> None:
		if not host.have("dnsmasq"):
			raise Skipped("there is no dnsmasq (tests/setup)")
		host.start(["dnsmasq", "--keep-in-foreground", "--conf-file=/dev/null", "--port=0",
			    "--user=root", "--pid-file=", "--leasefile-ro", "--no-ping",
			    "--interface=v1", "--bind-interfaces", "--log-dhcp",
			    f"--log-facility={self.guest.path('dnsmasq.log')}",
			    "--dhcp-range=10.0.2.100,10.0.2.120,255.255.255.0"],
			   self.guest.path("dnsmasq.out"))

	# ---- what befalls them while the machine runs ----

	def beside(self, log: str, action: Callable[[], None]) -> None:
		"""While the case goes on; it ends with the case."""
		def act() -> None:
			try:
				action()
			except Exception:	# the case itself will miss it
				self.guest.write(log, traceback.format_exc())
		threading.Thread(target=act, daemon=True).start()

	def half_written(self) -> bool:
		try:
			return any(path.stat().st_size > MIDDLE_BYTES
				   for path in self.export.rglob("vmcore-incomplete"))
		except OSError:
			return False	# it has just got another name

	def in_the_middle(self, action: "Callable[[Net], None]") -> None:
		"""When the dump on the server has grown to 6 MiB."""
		def act() -> None:
			while not self.half_written():
				time.sleep(0.1)
			action(self)
			self.guest.write("died", f"{uptime()}\n")
		self.beside("in-the-middle.log", act)

	def on_please(self, *actions: "Callable[[Net], None]") -> None:
		"""Each when the guest asks for it by its name, in this order."""
		self.guest.machine.hook = ('[ "$1" = armed ] || { : >"please.$2"; '
					   'until [ -e "did.$2" ]; do sleep 0.2; done; }')

		def act() -> None:
			for action in actions:
				name = action.__name__
				while not self.guest.path(f"please.{name}").exists():
					time.sleep(0.1)
				action(self)
				self.guest.path(f"did.{name}").touch()
		self.beside("on-please.log", act)

	def died(self) -> bool:
		"""Has what was to befall the dump in its middle done so?"""
		return self.guest.path("died").exists()

	# ---- what is true afterwards ----

	def note_time(self) -> None:
		"""How long the machine was down after its last target died."""
		crashed = float(self.guest.read("crashed"))
		died = float(self.guest.read("died") or crashed)
		went = None
		for words in map(str.split, self.guest.read("events").splitlines()):
			if words[1:2] == ["go"]:
				went = float(words[0])
			elif went is not None and words[1] in ("back", "verdict"):
				down = float(words[0]) - went
				self.guest.write("note", f"reboot {down:.0f} s after the crash, "
						 f"{down - (died - crashed):.0f} s after the "
						 "death of the target\n")
				return

	def nothing_whole(self) -> None:
		"""Of a target that failed in the middle."""
		for path in self.export.glob("*/vmcore"):
			raise Failed(f"{path.parent.name} has a vmcore where there must be none")
		for path in self.export.glob("*/manifest.json"):
			if '"value": true' in host.read(path):
				raise Failed("a manifest says that the dump is valid or complete")

	def nothing_there(self, why: str) -> None:
		if any(self.export.iterdir()):
			raise Failed(why)
