/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Which CPU of x86 is the boot CPU. A crash may have come on another one; if the capture
 * kernel, on that, sends INIT to the boot CPU, hardware starts again from the reset vector:
 * the machine is gone with its memory (Linux commits 151e0c7de616, which brought
 * disable_cpu_apicid= for this, and 5c5682b9f87a). Kernels since 5c5682b9f87a find it out
 * themselves and pass over that word; to older ones it says the APIC that no CPU but the one
 * it runs on may have. If the crash came on the boot CPU itself, it does nothing. So it is
 * said to all of them. How the newer ones find it out: it is the first that the firmware lists.
 * Where that is not so they would start it, and nobody can stop them. arm64's firmware starts
 * whatever CPU was switched off.
 */
#include "boot_cpu.h"

#include <fcntl.h>
#include <stdint.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <unistd.h>

#include "base/bytes.h"
#include "base/cleanup.h"
#include "base/err.h"
#include "host/root.h"

#define MAX_CPUS 65536u

/* Entries of the table (ACPI 6.5, 5.2.12): type, length, and of a CPU its APIC and flags. */
#define MADT_HEAD 44u
#define LOCAL_APIC 0
#define LOCAL_APIC_LEN 8u
#define LOCAL_X2APIC 9
#define LOCAL_X2APIC_LEN 16u
#define IS_ENABLED 1u

/* The APIC of the first CPU that the firmware lists. False: there is none. */
static bool first_listed(const uint8_t *table, size_t len, unsigned long *id)
{
	for (size_t at = MADT_HEAD; at + 2 <= len; at += table[at + 1]) {
		const uint8_t *entry = table + at;
		size_t entry_len = entry[1];

		if (entry_len < 2 || entry_len > len - at)
			return false;
		if (entry[0] == LOCAL_APIC && entry_len >= LOCAL_APIC_LEN &&
		    get_u32(entry + 4) & IS_ENABLED) {
			*id = entry[3];
			return true;
		}
		if (entry[0] == LOCAL_X2APIC && entry_len >= LOCAL_X2APIC_LEN &&
		    get_u32(entry + 8) & IS_ENABLED) {
			*id = get_u32(entry + 4);
			return true;
		}
	}
	return false;
}

/* Does the firmware list that one first? Only root may read its table. */
static bool is_listed_first(const char *root, unsigned long id)
{
	uint8_t table[4096];
	char path[HOST_PATH_MAX];
	cleanup_fd int fd = -1;
	unsigned long first = 0;
	struct err ignored;
	ssize_t n;

	if (!root_path(path, root, "/sys/firmware/acpi/tables/APIC", &ignored))
		return false;
	fd = open(path, O_RDONLY | O_NONBLOCK | O_CLOEXEC);
	/* The first CPU stands at the beginning, however many there are. */
	n = fd < 0 ? -1 : read(fd, table, sizeof(table));
	return n > (ssize_t)MADT_HEAD && !memcmp(table, "APIC", 4) &&
	       first_listed(table, n, &first) && first == id;
}

/* "\nNAME\t: N" of a processor's lines. */
static bool number_of(const char *lines, const char *name, unsigned long *out)
{
	const char *at = strstr(lines, name);
	char *end;

	if (!at)
		return false;
	at += strlen(name);
	at += strspn(at, "\t :");
	*out = strtoul(at, &end, 10);
	return end != at && *end == '\n';
}

bool boot_cpu_word(char word[BOOT_CPU_WORD], const char *root)
{
	char text[8192], *next;
	unsigned long id, initial;
	struct err ignored;

	word[0] = '\0';
	if (!root_read(root, "/proc/cpuinfo", text, sizeof(text), &ignored))
		return false;
	next = strstr(text, "\n\n");
	if (next)
		next[1] = '\0';
	/* Only x86 has flags there. */
	if (!strstr(text, "\nflags\t"))
		return true;
	/* The first is CPU 0. The kernel compares what the tables say: both, as a rule. */
	if (strncmp(text, "processor\t: 0\n", 14) || !number_of(text, "\napicid\t", &id) ||
	    !number_of(text, "\ninitial apicid\t", &initial) || id != initial ||
	    !is_listed_first(root, id))
		return false;
	snprintf(word, BOOT_CPU_WORD, "disable_cpu_apicid=%lu", id);
	return true;
}

/* "0-3,8-11" */
unsigned boot_cpu_count(const char *root)
{
	unsigned long first, last, n = 0;
	char text[1024], *at = text;
	struct err ignored;

	if (!root_read(root, "/sys/devices/system/cpu/present", text, sizeof(text), &ignored))
		return 1;
	while (*at >= '0' && *at <= '9') {
		first = last = strtoul(at, &at, 10);
		if (*at == '-')
			last = strtoul(at + 1, &at, 10);
		if (last < first || last >= MAX_CPUS)
			break;
		n += last - first + 1;
		at += *at == ',';
	}
	return n && n <= MAX_CPUS ? n : 1;
}
