#!/bin/sh
# SPDX-License-Identifier: GPL-2.0-or-later
# The notes: missing, cut, longer than their segment, without VMCOREINFO.
# shellcheck source=tests/malformed/lib.sh
. "${0%/*}/lib.sh"

# A note: 0 namesz, 4 descsz, 8 type; the first NT_PRSTATUS has 12 + 8 + 336 bytes.
unfiltered "no PT_NOTE" "notes = none"
degraded "a PT_NOTE of no bytes" "phdr 0 32 8 = 0"
anyhow "a PT_NOTE past the end of the file" "phdr 0 8 8 = 0x7ffffffff000"
anyhow "a PT_NOTE of 2^40 bytes" "phdr 0 32 8 = 0x10000000000"
anyhow "a name of 4 GiB" "note 0 4 = 0xffffffff"
anyhow "a descriptor of 4 GiB" "note 4 4 = 0xffffffff"
anyhow "a descriptor that ends one byte late" "cpus = 0" "note 4 4 = 0x100000"
degraded "notes cut in a header" "phdr 0 32 8 = 7"
anyhow "notes cut in VMCOREINFO" "phdr 0 32 8 = 800"
degraded "VMCOREINFO under another name" "cpus = 0" "note 12 1 = 0x58"
survives "no CPU saved its registers" "cpus = 0"
survives "300 CPUs" "cpus = 300"
anyhow "a device dump of 4 GiB" "coredd = driver 100" "note 4 4 = 0xffffff00"
anyhow "a device dump shorter than its name" "coredd = driver 100" "note 4 4 = 4"
finish
