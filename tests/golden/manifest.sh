#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The manifest says of a capture what is true: facts of the kernel, pages that add up,
# sizes and hash of the files as they are; and all files are their owner's alone.
# shellcheck source=tests/lib.sh
. "${0%/*}/../lib.sh"

core "layout = 6.12" classes "nodename = web-1" "crash_time = 1700000000" "log 1.0 \"a line\"" \
	"log 2.0 \"Kernel panic - not syncing: a test\""
capture 31 --codec zlib
/usr/bin/python3 - "$work/out" <<'PYTHON'
import hashlib, json, os, stat, sys
folder = sys.argv[1]
m = json.load(open(folder + "/manifest.json"))
vmcore = open(folder + "/vmcore", "rb").read()
bad = []
def same(what, wanted, got):
    if wanted != got:
        bad.append(f"{what}: wanted {wanted!r}, got {got!r}")
same("schema", 1, m["schema"])
same("valid", {"value": True, "reasons": []}, m["valid"])
same("complete", {"value": True, "reasons": []}, m["complete"])
same("host", "web-1", m["host"])
same("kernel", "6.12.0-9-cloud-amd64", m["kernel"])
same("build id", "0123456789abcdef0123456789abcdef01234567", m["build_id"])
same("machine", "x86_64", m["machine"])
same("crash time", "2023-11-14T22:13:20Z", m["crash_time"])
same("panic", "Kernel panic - not syncing: a test", m["panic"])
same("level", {"asked": 31, "used": 31}, m["level"])
same("codec", "zlib", m["codec"])
# What mkcore makes has no symbol table, and a reader of the manifest is told.
NO_SYMBOLS = ("free pages on the lists of CPUs are kept: "
              "the kernel's symbol table is not to be found")
# Among the classes is a block that no list can have.
ODD = ("1 free blocks have an order that cannot be, and are kept: the kernel's free lists "
       "were damaged")
same("errors", [NO_SYMBOLS, ODD], m["errors"])
same("sha256", hashlib.sha256(vmcore).hexdigest(), m["sha256"])
same("bytes.dump", len(vmcore), m["bytes"]["dump"])
same("bytes.dmesg", os.path.getsize(folder + "/vmcore-dmesg.txt"), m["bytes"]["dmesg"])
p = m["pages"]
dropped = sum(p[k] for k in ("free", "cache", "cache_private", "user", "hwpoison", "offline"))
same("pages present", 3840 + 159, p["present"])
same("pages in the dump", p["present"] - dropped, p["in_dump"])
same("pages kept", p["in_dump"], sum(n for k, n in p.items() if k.startswith("kept")))
same("free", 9, p["free"])
same("cache", 7, p["cache"])
same("cache_private", 1, p["cache_private"])
same("user", 521, p["user"])
same("offline", 1, p["offline"])
same("unreadable", 0, p["unreadable"])
for key in ("agent_version", "target", "seconds", "cpu_seconds", "rate_bytes_per_second",
            "workers", "peak_memory_bytes"):
    if key not in m:
        bad.append("no key " + key)
# The wait is no longer than who makes the report may take.
same("waited for the report", True, 0 <= m["report"]["waited_seconds"] <= 10.5)
for name in os.listdir(folder):
    mode = stat.S_IMODE(os.stat(folder + "/" + name).st_mode)
    same("mode of " + name, "0o600", oct(mode))
same("files", ["manifest.json", "report.json", "report.txt", "vmcore", "vmcore-dmesg.txt"],
     sorted(os.listdir(folder)))
print("\n".join(bad))
sys.exit(bool(bad))
PYTHON
