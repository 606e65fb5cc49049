/* SPDX-License-Identifier: GPL-2.0-or-later */
/* Powers of 1024, one decimal. */
#include "report_words.h"

#include <stdio.h>

#define KIB 1024.0

const char *size_text(uint64_t bytes, char text[SIZE_TEXT])
{
	static const char *const units[] = { "KiB", "MiB", "GiB", "TiB" };
	double value = bytes / KIB;
	unsigned unit = 0;

	for (; value >= 1024 && unit < 3; unit++)
		value /= 1024;
	snprintf(text, SIZE_TEXT, "%.1f %s", value, units[unit]);
	return text;
}

void json_text_or_null(struct json *j, const char *key, const char *text)
{
	if (text[0])
		json_string(j, key, text);
	else
		json_null(j, key);
}

void json_number_or_null(struct json *j, const char *key, int value)
{
	if (value >= 0)
		json_number(j, key, (uint64_t)value);
	else
		json_null(j, key);
}

void json_real_or_null(struct json *j, const char *key, double value)
{
	if (value >= 0)
		json_real(j, key, value);
	else
		json_null(j, key);
}

void json_proc(struct json *j, const struct proc *p)
{
	char state[2] = { p->state, '\0' };

	json_number(j, "pid", p->pid);
	json_number(j, "tgid", p->tgid);
	json_number(j, "ppid", p->ppid);
	json_string(j, "comm", p->comm);
	json_string(j, "state", state);
	json_number(j, "cpu", p->cpu);
	json_bool(j, "kernel", p->is_kernel);
	if (p->rss)
		json_number(j, "rss", p->rss);
	else
		json_null(j, "rss");
}
