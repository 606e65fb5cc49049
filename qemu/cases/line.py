# SPDX-License-Identifier: GPL-2.0-or-later
"""A log server is told of a crash whose dump goes to a disk: a real rsyslog has the line,
as RFC 5424 takes it apart, three times and with the signature of the manifest, and then what
became of the dump. One that is not there costs nothing but a moment."""
import re
import time

from harness import host, questions
from harness.case import DISK, SMALL, Case
from harness.guest import Guest
from harness.machine import Disk, Machine
from harness.servers import ADDRESS, ADDRESS6
from harness.verdict import Failed, Lost, Skipped

RSYSLOG = """module(load="imudp")
input(type="imudp" port="514")
template(name="parts" type="string"
	 string="%syslogfacility-text% %syslogseverity-text% %hostname% %app-name% %msg%\\n")
action(type="omfile" file="{folder}/heard" template="parts")
"""
NOBODY = "10.0.2.77"	# no ARP is answered there
WAYS = {"disk": f"udp:{ADDRESS}", "ipv6": f"udp:[{ADDRESS6}]:514",
	"private": f"udp:{ADDRESS}\nreport_private no", "deaf": f"udp:{NOBODY}"}
SECONDS = 20


def prepare(guest: Guest) -> None:
	if not host.have("rsyslogd"):
		raise Skipped("there is no rsyslogd (tests/setup)")
	conf = guest.path("rsyslog.conf")
	conf.write_text(RSYSLOG.format(folder=guest.folder))
	host.start(["/usr/sbin/rsyslogd", "-n", "-f", conf, "-i", guest.path("rsyslog.pid")],
		   guest.path("rsyslog.log"))
	end = time.monotonic() + SECONDS
	while not host.output("ss", "-Hlun", "sport = :514").strip():
		if time.monotonic() > end:
			raise Lost("rsyslogd does not listen")
		time.sleep(0.2)
	guest.words["line"] = WAYS[guest.variant]
	if guest.variant == "ipv6":
		guest.words["net"] = guest.words["net6"]


def check(guest: Guest) -> None:
	lines = host.read(guest.path("heard")).splitlines()
	if guest.variant == "deaf":
		if lines:
			raise Failed(f"what was sent elsewhere was heard: {lines[0]}")
		return
	if len(lines) != 6 or len(set(lines[:3])) != 1 or len(set(lines[3:])) != 1:
		raise Failed(f"rsyslog has {len(lines)} lines, {len(set(lines))} different "
			     "ones, and not two three times each")
	name, line, last = questions.manifest(guest, "host"), lines[0], lines[3]
	if not re.match(rf"kern crit {re.escape(name)} crashbox  ?host=\S+ kernel=\S+ what=",
			line):
		raise Failed(f"rsyslog takes it apart in another way: {line}")
	for key in ("signature", "signature_coarse"):
		if f"={questions.manifest(guest, key)} " not in line + " ":
			raise Failed(f"the line has not the {key} of the manifest: {line}")
	if (guest.variant == "private") == (" comm=" in line):
		raise Failed(f"what is personal: {line}")
	sig = re.escape(questions.manifest(guest, "signature"))
	if not re.match(rf"kern crit {re.escape(name)} crashbox  ?host={re.escape(name)} "
			rf'sig={sig} dump=kept in="?disk:[^/]+:/crash/{re.escape(name)}-20', last):
		raise Failed(f"the last line: {last}")


CASE = Case(
	variants="disk | ipv6 private deaf",
	network=True, machine=Machine(read_here=True), target=Disk(), out="out-disk",
	config="{net}\nreport {line}\n" + DISK + "level 31",
	words=SMALL,
	prepare=prepare, check=check)
