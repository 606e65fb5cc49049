# SPDX-License-Identifier: GPL-2.0-or-later
"""The carrier comes fifteen seconds after the crash, as behind a switch that is in no
hurry."""
import shlex

from harness.case import NETWORK, SMALL, Case
from harness.guest import Guest
from harness.servers import Server


def prepare(guest: Guest) -> None:
	off, on = (shlex.join(guest.net().carrier_command(state)) for state in ("off", "on"))
	guest.machine.hook += f"; {off}\n(sleep 20; {on}) >/dev/null 2>&1 &"


CASE = Case(
	rare=True, variants="nfs4 sftp nfs3",
	network=True, server=Server(),
	config=NETWORK + "deadline 90",
	words=SMALL, back=70, prepare=prepare)
