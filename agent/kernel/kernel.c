/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Opening the crashed kernel. Asks the parts of vmcore/ and kernel/ in turn and compares
 * their answers.
 */
#include "kernel.h"

#include <errno.h>
#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "base/err.h"

#define DEFAULT_PAGE_SHIFT 12

static void copy_name(char *to, const uint8_t *from)
{
	size_t n = 0;

	for (; n < UTS_LEN - 1 && from[n]; n++)
		to[n] = printable(from[n]);
	memset(to + n, 0, UTS_LEN - n);
}

/* Readers refuse a dump without these names, so there always are some. */
static void default_names(struct kernel *kn, uint16_t e_machine)
{
	const struct arch *arch = arch_of(e_machine);

	snprintf(kn->uts[SYSNAME], UTS_LEN, "Linux");
	snprintf(kn->uts[NODENAME], UTS_LEN, "unknown");
	snprintf(kn->uts[RELEASE], UTS_LEN, "%s",
		 kn->k.osrelease[0] ? kn->k.osrelease : "unknown");
	snprintf(kn->uts[VERSION], UTS_LEN, "unknown");
	snprintf(kn->uts[MACHINE], UTS_LEN, "%s", arch ? arch->uts_machine : "unknown");
	snprintf(kn->uts[DOMAINNAME], UTS_LEN, "(none)");
}

static bool read_names(struct kernel *kn, struct err *e)
{
	uint8_t raw[N_UTS * UTS_LEN];
	char release[UTS_LEN];

	if (!has(kn->k.init_uts_ns) || kn->k.uts_name < 0 || kn->k.uts_name > 4096)
		return fail(e, EINVAL, "VMCOREINFO has no SYMBOL(init_uts_ns)");
	if (!space_read_image(&kn->space, kn->k.init_uts_ns + kn->k.uts_name, raw,
			      sizeof(raw), e))
		return within(e, "utsname");
	copy_name(release, raw + RELEASE * UTS_LEN);
	if (memcmp(raw, "Linux", 6) || strcmp(release, kn->k.osrelease))
		return fail(e, EINVAL, "utsname is of '%s', VMCOREINFO of '%s'", release,
			    kn->k.osrelease);
	for (int i = 0; i < N_UTS; i++)
		copy_name(kn->uts[i], raw + i * UTS_LEN);
	return true;
}

/* The page table and the arithmetic for the image must agree on where text is. */
static bool check_page_table(struct kernel *kn, struct err *e)
{
	paddr_t walked, reckoned;

	if (!has(kn->k.stext))
		return fail(e, EINVAL, "VMCOREINFO has no SYMBOL(_stext)");
	reckoned = kn->space.arch->image(&kn->k, kn->k.stext);
	if (!space_translate(&kn->space, kn->k.stext, &walked, NULL, e))
		return within(e, "_stext");
	if (walked != reckoned)
		return fail(e, EINVAL, "_stext is at %#llx by page table, %#llx by reckoning",
			    (unsigned long long)walked, (unsigned long long)reckoned);
	return true;
}

void kernel_distrust(struct kernel *kn, const char *doubt)
{
	kn->trusted = false;
	snprintf(kn->doubt, sizeof(kn->doubt), "%.199s", doubt);
}

static bool check(struct kernel *kn, struct err *e)
{
	return read_names(kn, e) && check_page_table(kn, e) &&
	       vmcoreinfo_plausible(&kn->k, e) && memmap_init(&kn->map, &kn->space, e);
}

void kernel_open(struct kernel *kn, const struct kernel_source *from)
{
	const struct arch *arch = arch_of(from->e_machine);
	struct err e, size_err = { .code = 0 };
	bool parsed;

	memset(kn, 0, sizeof(*kn));
	parsed = vmcoreinfo_parse(&kn->k, from->vmcoreinfo ? from->vmcoreinfo : "",
				  from->vmcoreinfo ? from->vmcoreinfo_len : 0, &e);
	if (!from->vmcoreinfo)
		fail(&e, ENOENT, "the core has no VMCOREINFO note");
	if (!has(kn->k.page_size) || kn->k.page_size < 4096 || kn->k.page_size > 65536 ||
	    !is_power_of_two(kn->k.page_size)) {
		fail(&size_err, EINVAL, "VMCOREINFO: PAGESIZE=%lld is not possible",
		     (long long)kn->k.page_size);
		kn->k.page_size = 1 << DEFAULT_PAGE_SHIFT;
	}
	kn->page_shift = __builtin_ctzll(kn->k.page_size);
	if (arch && !has(kn->k.section_size_bits))
		kn->k.section_size_bits = arch->section_size_bits;
	if (arch)
		kn->phys_base = arch->phys_base(&kn->k, from->text_vaddr, from->text_paddr);
	default_names(kn, from->e_machine);
	kn->has_space = parsed && space_init(&kn->space, from->pm, &kn->k, from->e_machine, &e);
	tables_init(&kn->tables, kn->has_space ? &kn->space : NULL);
	if (parsed && size_err.code)
		e = size_err;
	else
		kn->trusted = kn->has_space && check(kn, &e);
	if (!kn->trusted)
		kernel_distrust(kn, e.text);
}
