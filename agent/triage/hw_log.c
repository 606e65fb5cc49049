/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Of each error one line is counted, that which names who had it. Sources: Linux
 * arch/x86/kernel/cpu/mce/core.c, drivers/edac/{edac_mc,mce_amd}.c, drivers/pci/pcie/aer.c,
 * drivers/firmware/efi/cper.c, mm/memory-failure.c.
 */
#include "hw_log.h"

#include <stdio.h>
#include <string.h>

#include "glob.h"

#define N_MAX 1000000

/* The i-th word of text, parted by blanks and `more`; "" there is none. */
static void word_of(const char *text, unsigned i, const char *more, char word[HW_LOG_WHO])
{
	char stop[8];

	snprintf(stop, sizeof(stop), " \t%s", more);
	text += strspn(text, stop);
	while (i--) {
		text += strcspn(text, stop);
		text += strspn(text, stop);
	}
	snprintf(word, HW_LOG_WHO, "%.*s", (int)strcspn(text, stop), text);
}

/* "mce: [Hardware Error]: CPU 14: Machine Check: 0 Bank 7: be00000000010091" */
static bool intel(const char *message, struct hw_error *e)
{
	int cpu, bank;

	return log_number_after(message, "]: CPU ", &cpu) &&
	       log_number_after(message, " Bank ", &bank) &&
	       snprintf(e->who, sizeof(e->who), "CPU %d bank %d", cpu, bank) > 0;
}

/* "[Hardware Error]: CPU:3 (17:31:0) MC14_STATUS[-|CE|MiscV|...]: 0x9c2041..." */
static bool amd(const char *message, struct hw_error *e)
{
	int cpu, bank;

	return log_number_after(message, "]: CPU:", &cpu) &&
	       log_number_after(message, ") MC", &bank) &&
	       snprintf(e->who, sizeof(e->who), "CPU %d bank %d", cpu, bank) > 0;
}

/* "EDAC MC0: 3 CE memory read error on CPU_SrcID#0_Ha#0_Chan#1_DIMM#0 (channel:1 slot:0 ..." */
static bool edac(const char *message, struct hw_error *e)
{
	char where[HW_LOG_WHO], what[HW_LOG_WHO];
	const char *on = strstr(message, " on ");
	int mc, n;

	if (!log_number_after(message, "EDAC MC", &mc) || !log_number_after(message, ": ", &n))
		return false;
	word_of(strchr(message, ':') + 1, 1, "", what);
	word_of(on ? on + 4 : "", 0, "", where);
	e->n = n > 0 && n < N_MAX ? (unsigned)n : 1;
	snprintf(e->who, sizeof(e->who), "MC%d %.8s%s%.48s", mc, what, where[0] ? " " : "",
		 where);
	return true;
}

/* "nvme 0000:02:00.0: PCIe Bus Error: severity=Correctable, type=Physical Layer, (...)" */
static bool aer(const char *message, struct hw_error *e)
{
	const char *severity = strstr(message, "severity=") + strlen("severity="), *end;

	/* Its driver's name may be of several words. */
	end = strstr(message, ": PCIe Bus Error");
	while (end && end > message && end[-1] != ' ')
		end--;
	if (!end)
		return false;
	snprintf(e->who, sizeof(e->who), "%.*s %.*s", (int)strcspn(end, " ") - 1, end,
		 (int)strcspn(severity, ","), severity);
	return true;
}

/* "{1}[Hardware Error]:   section_type: memory error" */
static bool ghes(const char *message, struct hw_error *e)
{
	const char *type = strstr(message, "section_type: ");

	snprintf(e->who, sizeof(e->who), "%.60s", type + strlen("section_type: "));
	return true;
}

/* "{1}[Hardware Error]:   DIMM location: CPU2 DIMM_F1", whose section it is in. */
static bool ghes_dimm(const char *message, struct hw_error *e)
{
	const char *place = strstr(message, "DIMM location: ") + strlen("DIMM location: ");

	snprintf(e->who, sizeof(e->who), "DIMM %.60s", place + strspn(place, " "));
	return true;
}

/* "Memory failure: 0x12345: recovery action for dirty LRU page: Recovered" */
static bool page(const char *message, struct hw_error *e)
{
	char frame[HW_LOG_WHO];

	word_of(message + strlen("Memory failure: "), 0, ":", frame);
	snprintf(e->who, sizeof(e->who), "frame %.60s", frame);
	return true;
}

static const struct {
	const char *kind, *pattern;
	bool (*names)(const char *message, struct hw_error *e);
} rows[] = {
	{ "mce", "*[Hardware Error]: CPU *: Machine Check*Bank *", intel },
	{ "mce", "*[Hardware Error]: CPU:*) MC*_STATUS[*", amd },
	{ "edac", "EDAC MC*: * on *", edac },
	{ "aer", "* *: PCIe Bus Error: severity=*", aer },
	{ "ghes", "{*}[Hardware Error]: *section_type: *", ghes },
	{ "ghes", "{*}[Hardware Error]: *DIMM location: *", ghes_dimm },
	{ "page", "Memory failure: 0x*: recovery action *", page },
};

/* Returns 1 + its place in the list; HW_LOG_MAX + 1: there was no room. */
static struct hw_section count(struct hw_log *l, const struct hw_error *e)
{
	struct hw_section section = { HW_LOG_MAX + 1, e->last };

	for (unsigned i = 0; i < l->n; i++) {
		struct hw_error *one = &l->list[i];

		if (one->kind != e->kind || strcmp(one->who, e->who))
			continue;
		section = (struct hw_section){ i + 1, one->last };
		one->n = one->n < N_MAX ? one->n + e->n : one->n;
		one->last = e->last;
		return section;
	}
	if (l->n < HW_LOG_MAX) {
		l->list[l->n++] = *e;
		section.at = l->n;
	} else {
		l->n_more++;
	}
	return section;
}

/* One error is one, by its section and by the DIMM that had it: the DIMM says more. */
static void take_back(struct hw_log *l)
{
	unsigned at = l->section.at;
	struct hw_error *one = at ? &l->list[at - 1] : NULL;

	l->section.at = 0;
	if (!one) {
		return;
	} else if (at == HW_LOG_MAX + 1) {
		l->n_more--;
	} else if (one->n > 1) {
		one->n--;
		one->last = l->section.last;
	} else {
		l->n--;
		memmove(one, one + 1, (l->list + l->n - one) * sizeof(*one));
	}
}

void hw_log_add(struct hw_log *l, const struct log_line *line)
{
	for (size_t i = 0; i < sizeof(rows) / sizeof(rows[0]); i++) {
		struct hw_error e = { .kind = rows[i].kind, .n = 1, .first = line->seconds,
				      .last = line->seconds };
		struct hw_section section;

		if (!glob_match(rows[i].pattern, line->message) ||
		    !rows[i].names(line->message, &e))
			continue;
		if (rows[i].names == ghes_dimm)
			take_back(l);
		section = count(l, &e);
		if (rows[i].names == ghes)
			l->section = section;
		return;
	}
}
