/* SPDX-License-Identifier: GPL-2.0-or-later */
/* triage/report_line: the keys, what is left out where room or privacy says so. */
#include "t.h"
#include "triage/report.h"
#include "triage/report_line.h"

#define TEN "0123456789"

static struct cpu_state cpus[1] = { { .nr = 3 } };
static struct report r;

static void make_report(void)
{
	memset(&r, 0, sizeof(r));
	r.cpus = cpus;
	r.n_cpus = 1;
	strcpy(r.system.node, "web-1");
	strcpy(r.system.release, "6.1.0-56-cloud-amd64");
	strcpy(r.system.taint_letters, "OE");
	r.system.uptime_s = 274269.4;
	strcpy(r.signature.title, "oom, anon mysecret");
	strcpy(r.signature.kind_text, "oom");
	strcpy(r.signature.id, "c1-5f0c9a1b22e7d3c4");
	strcpy(r.signature.coarse, "c1-77d0e1a2b3c4d5e6");
	r.subject.at = 1;
	r.subject.pid = 4711;
	strcpy(r.subject.comm, "insmod");
	strcpy(r.details.cgroup, "/system.slice/ssh.service");
}

static const char *line(bool is_bare, size_t size)
{
	static char text[REPORT_LINE];

	memset(text, '#', sizeof(text));
	report_line(&r, is_bare, text, size);
	T_CHECK("it fits", strlen(text) < size);
	return text;
}

#define FRONT "host=web-1 kernel=6.1.0-56-cloud-amd64 what="
#define IDS " sig=c1-5f0c9a1b22e7d3c4 coarse=c1-77d0e1a2b3c4d5e6"

static void test_keys(void)
{
	make_report();
	T_TEXT("all of it", FRONT "\"oom, anon mysecret\"" IDS " cpu=3 pid=4711 comm=insmod "
	       "cgroup=/system.slice/ssh.service taint=OE uptime=274269",
	       line(false, REPORT_LINE));
	T_TEXT("nothing personal", FRONT "oom" IDS " cpu=3 pid=4711 taint=OE uptime=274269",
	       line(true, REPORT_LINE));
	strcpy(r.known, "the bug of \"June\"=x");
	strcpy(r.subject.comm, "a\"b c=d\n");
	r.details.cgroup[0] = '\0';
	r.system.taint_letters[0] = '\0';
	r.system.uptime_s = -1;
	r.crash_cpu = -1;
	T_TEXT("quotes and bytes that are no text", FRONT "\"oom, anon mysecret\"" IDS
	       " known=\"the bug of 'June'=x\" pid=4711 comm=\"a'b c=d?\"",
	       line(false, REPORT_LINE));
	r.subject.at = 0;
	r.signature.n_frames = 1;
	strcpy(r.signature.frames[0].text, "lab!lab_null");
	T_TEXT("a place is the kernel's", FRONT "\"oom in lab!lab_null\"" IDS
	       " known=\"the bug of 'June'=x\"", line(true, REPORT_LINE));
}

static void test_room(void)
{
	const char *text;

	make_report();
	memset(r.system.node, 'n', sizeof(r.system.node) - 1);
	memset(r.system.release, 'r', sizeof(r.system.release) - 1);
	memset(r.signature.title, 't', sizeof(r.signature.title) - 1);
	memset(r.known, 'k', sizeof(r.known) - 1);
	text = line(false, REPORT_WIRE);
	T_CHECK("both names of the fault are there", strstr(text, IDS " cpu=3"));
	T_CHECK("what does not fit is not there at all", !strstr(text, "known="));
	for (size_t size = 1; size <= REPORT_LINE; size++) {
		text = line(false, size);
		T_CHECK("no key without its value, no quote that is open",
			!text[0] || !strchr(" =\"", text[strlen(text) - 1]));
	}
}

int main(void)
{
	test_keys();
	test_room();
	return t_done();
}
