/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/wait_chain: a circle is told alike, whichever of its tasks the log names. */
#include "triage/wait_chain.h"

#include "t.h"

#define TASKS_MAX 8u

/* Two letters a task, the functions of its stack; ' ' none. */
static const struct {
	const char *row, *circle, *told;
} rows[] = {
	{ "all apart", "cd ab ef", "ab ef cd" },
	{ "two begin alike", "ab ef ab cd", "ab cd ab ef" },
	{ "alike but for the last", "ab ab ab cd ab", "ab ab ab ab cd" },
	{ "all alike", "ab ab ab", "ab ab ab" },
	{ "no stack of one", "cd    ab", "   ab cd" },
	{ "one function", "ab a  ad", "a  ad ab" },
};

static unsigned read_circle(const char *text, unsigned from, struct wait_member *members)
{
	unsigned n = (unsigned)(strlen(text) + 1) / 3;

	memset(members, 0, n * sizeof(*members));
	for (unsigned i = 0; i < n; i++) {
		const char *task = text + 3 * ((from + i) % n);

		for (; members[i].n < 2 && task[members[i].n] != ' '; members[i].n++)
			members[i].names[members[i].n].text[0] = task[members[i].n];
	}
	return n;
}

static void put(const struct wait_member *members, unsigned n, unsigned first, char *text)
{
	for (unsigned i = 0; i < n; i++) {
		const struct wait_member *m = &members[(first + i) % n];

		for (unsigned k = 0; k < 2; k++)
			*text++ = k < m->n ? m->names[k].text[0] : ' ';
		*text++ = i + 1 < n ? ' ' : '\0';
	}
}

int main(void)
{
	static struct wait_member members[TASKS_MAX];
	char text[3 * TASKS_MAX + 1];

	for (size_t i = 0; i < T_SIZE(rows); i++)
		for (unsigned from = 0, n = 1; from < n; from++) {
			n = read_circle(rows[i].circle, from, members);
			put(members, n, wait_circle_first(members, n), text);
			T_TEXT(rows[i].row, rows[i].told, text);
		}
	return t_done();
}
