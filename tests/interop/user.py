#!/usr/bin/python3
# SPDX-License-Identifier: GPL-2.0-or-later
"""Reads a process's memory out of a dump with drgn, as its owner would later.

    tests/interop/user.py DUMP VMLINUX WITHOUT

DUMP was made with keep_user comm=workload, WITHOUT was not. The workload has numbered
each page of its memory (qemu/first-kernel/workload.c). Through the process's page table,
by user address, every number must be there and in order in DUMP, and none in WITHOUT.

Exit 0 all well, 1 not, 77 no drgn or no VMLINUX. Run it with Debian's /usr/bin/python3.
"""
import os
import re
import sys

try:
    import drgn
    from drgn.helpers.linux.mm import access_process_vm, cmdline
    from drgn.helpers.linux.pid import for_each_task
except ImportError as e:
    print(f"skip: no python3-drgn for {sys.executable}: {e} (tests/setup)")
    sys.exit(77)

PAGE = 4096
BELOW_MMAP_BASE = 256 << 20     # its mappings take 92 MiB
WANTED = {"anon": 10240, "thp": 8192, "shared": 1024, "sysv": 1024, "memfd": 1024,
          "hugetlb": 1024, "locked": 1024}
MARK = re.compile(rb"crashbox-([a-z]+)-([0-9]{8})\0")


def workload(core, vmlinux):
    prog = drgn.Program()
    prog.set_core_dump(core)
    prog.load_debug_info([vmlinux])
    tasks = [t for t in for_each_task(prog) if t.comm.string_() == b"workload"]
    if len(tasks) != 1:
        sys.exit(f"{core}: {len(tasks)} tasks are called workload")
    return tasks[0]


def numbers(task):
    """Kind -> the numbers in its pages, by rising address."""
    found = {}
    end = task.mm.mmap_base.value_()
    for vaddr in range(end - BELOW_MMAP_BASE, end, PAGE):
        try:
            mark = MARK.match(access_process_vm(task, vaddr, 64))
        except (drgn.FaultError, ValueError):
            continue
        if mark:
            found.setdefault(mark[1].decode(), []).append(int(mark[2]))
    return found


def main(argv):
    if len(argv) != 4:
        print(__doc__)
        return 2
    dump, vmlinux, without = argv[1:]
    if not os.path.exists(vmlinux):
        print(f"skip: no {vmlinux} (qemu/fetch-kernel --debug SERIES)")
        return 77
    task = workload(dump, vmlinux)
    if cmdline(task) != [b"/init"]:
        sys.exit(f"the command line is {cmdline(task)}")
    found = numbers(task)
    for kind, n in WANTED.items():
        if found.get(kind) != list(range(n)):
            sys.exit(f"{kind}: {len(found.get(kind, []))} pages, not 0 to {n - 1} in order")
    if "freed" in found or set(found) - set(WANTED):
        sys.exit(f"pages of kinds that are not mapped: {sorted(found)}")
    left = numbers(workload(without, vmlinux))
    if left:
        sys.exit(f"without keep_user there is {sorted(left)}, too")
    print(f"{sum(WANTED.values())} pages of a process by its own addresses, none without")
    return 0


sys.exit(main(sys.argv))
