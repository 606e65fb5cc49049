# SPDX-License-Identifier: GPL-2.0-or-later
"""What ways.py does to a machine whose target is a server: its lines, its card, the server."""
import re
import subprocess

from harness import host, servers
from harness.wrong import Wrong


def no_net_line(wrong: Wrong) -> None:
	wrong.by_hand(f"target {wrong.target}", wrong.login)


def no_card_driver(wrong: Wrong) -> None:
	wrong.drivers = ["virtio_pci", "nfs", "nfsv4"]


def no_such_card(wrong: Wrong) -> None:
	wrong.net_line = "net 52:54:00:99:99:99 address=10.0.2.15/24"


def other_card(wrong: Wrong) -> None:
	"""One that is here, and whose cable leads nowhere."""
	no_such_card(wrong)
	wrong.guest.machine.devices += [
		"-netdev hubport,id=n9,hubid=9",
		"-device virtio-net-pci,netdev=n9,mac=52:54:00:99:99:99"]


def other_network(wrong: Wrong) -> None:
	wrong.net_line = "net 52:54:00:12:34:56 address=10.0.9.15/24"


def wrong_gateway(wrong: Wrong) -> None:
	wrong.guest.net().do("another address", "ip addr add 10.0.3.2/24 dev v1")
	wrong.target = "nfs4:10.0.3.2:/crash"
	wrong.net_line += " gateway=10.0.2.99"


def no_dhcp(wrong: Wrong) -> None:
	wrong.net_line = "net 52:54:00:12:34:56 dhcp"


def good_dhcp(wrong: Wrong) -> None:
	no_dhcp(wrong)
	wrong.guest.net().dhcp_server()


def no_nfs_module(wrong: Wrong) -> None:
	wrong.drivers = ["virtio_pci", "virtio_net"]


def not_exported(wrong: Wrong) -> None:
	wrong.target = f"nfs4:{servers.ADDRESS}:/nowhere"


def no_server(wrong: Wrong) -> None:
	wrong.guest.net().kill_server()


def black_hole(wrong: Wrong) -> None:
	wrong.target = f"nfs4:{wrong.guest.words['black_hole']}:/crash"


def not_insecure(wrong: Wrong) -> None:
	wrong.by_hand(f"target {wrong.target}", wrong.net_line)


def no_address(wrong: Wrong) -> None:
	wrong.by_hand("target nfs4:server.example:/crash", wrong.net_line, "insecure yes")


def read_only_nfs(wrong: Wrong) -> None:
	net = wrong.guest.net()
	net.do("read-only", f"mount -o remount,ro {net.export}")


def full_nfs(wrong: Wrong) -> None:
	"""It ends when nothing more fits."""
	subprocess.run(["dd", "if=/dev/zero", f"of={wrong.guest.net().export}/old", "bs=1M",
			"status=none"], check=False, stderr=subprocess.DEVNULL)


def no_client(wrong: Wrong) -> None:
	wrong.by_hand(f"target {wrong.target}", wrong.login, wrong.net_line)
	wrong.by_hand_files += ["dir run 755", f"file run/id 600 {wrong.path('ssh/id')}"]


def no_key(wrong: Wrong) -> None:
	no_client(wrong)
	wrong.by_hand_files[-1:] = ["dir bin 755", f"file bin/ssh 755 {host.TOP}/build/ssh",
				    f"file etc/passwd 644 {wrong.path('passwd')}"]


def wrong_host_key(wrong: Wrong) -> None:
	"""The pinned key is not the server's."""
	other = servers.public_key(wrong.guest.folder, "other-host")
	wrong.login = re.sub("ssh_host_key .*", f"ssh_host_key {other}", wrong.login)


def wrong_key(wrong: Wrong) -> None:
	ssh = wrong.path("ssh")
	(ssh / "id").write_bytes((ssh / "other-id").read_bytes())


def no_host_key(wrong: Wrong) -> None:
	wrong.login = re.sub("\n?ssh_host_key .*", "", wrong.login)
	no_client(wrong)
