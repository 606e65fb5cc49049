/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What the operator asked for: "key value" lines of a text file, and on the kernel's
 * command line crashbox.KEY=VALUE, which wins. Takes lines, not files, so that the
 * same code serves a file, a command line and a fuzzer.
 */
#ifndef MACHINE_CONFIG_H
#define MACHINE_CONFIG_H

#include <stdbool.h>
#include <stddef.h>

#include "base/err.h"
#include "crashloop.h"
#include "names.h"
#include "netspec.h"
#include "remote.h"

#define DEFAULT_CONFIG "/etc/crashbox.conf"
#define MAX_TARGETS 8
#define TARGET_MAX 256
#define CONFIG_FILE_MAX 16384	/* a file has to be shorter */
#define LINE_LEN_MAX 1100	/* a net line that knows all of its routes */

#define MAX_KEEP_USER 16
#define KEEP_COMM_LEN 16	/* what the kernel keeps of a name, with its NUL */

/* Whose memory a dump keeps, whatever the level: exactly one of the three is set. */
struct keep_user {
	char comm[KEEP_COMM_LEN];
	unsigned pid;
	bool panic;
};

enum action { ACTION_REBOOT, ACTION_POWEROFF, ACTION_HALT };

struct config {
	char targets[MAX_TARGETS][TARGET_MAX];
	unsigned budget_s[MAX_TARGETS];	/* 0: half of what is left, the last one all */
	unsigned n_targets;
	bool insecure;		/* NFS may be used, see NFS_INSECURE */
	unsigned level;		/* 0..31 */
	char codec[8];
	unsigned workers;	/* 0: as many as there are CPUs */
	unsigned keep;		/* dumps, 0: all */
	struct crash_loop crash_loop;
	unsigned boot;		/* of this machine, as `crashbox load` counts; 0: not known */
	unsigned deadline_s;	/* for the whole capture */
	unsigned stall_s;	/* without progress before the capture is given up */
	struct keep_user keep_user[MAX_KEEP_USER];
	unsigned n_keep_user;
	bool log_callers;	/* say in the log who said it */
	struct ssh_keys ssh;	/* for targets sftp: */
	char host[64];		/* "": as the crashed kernel called itself */
	enum action on_success, on_failure;
	struct net_spec nets[MAX_NETS];
	unsigned n_nets;
	struct names names;	/* of hosts, as they resolved when the image was built */
	bool targets_from_cmdline, nets_from_cmdline;
	unsigned n_bad;		/* lines and words that were passed over */
	struct err first_bad;
};

#define NFS_INSECURE "NFS does not prove who the server is, and hides nothing from those " \
	"who see the network: say 'insecure yes' if that is accepted"

void config_init(struct config *c);

/* "comm=NAME", "pid=N" or "panic"; a NAME is cut as the kernel cuts it. */
bool config_keep_user(struct keep_user *out, const char *value, struct err *e);

/* One line of the file, without its newline. Empty lines and comments are fine. */
bool config_line(struct config *c, const char *line, struct err *e);

/*
 * A kernel command line: our words are taken, others passed over, but for the kernel's
 * own ip= where nothing else says what to do with the network. Bad ones are reported by
 * calling bad(), which may be NULL, and the rest is used.
 */
void config_cmdline(struct config *c, const char *cmdline,
		    void (*bad)(const struct err *e));

/*
 * A whole file, naming line and key in the error. bad == NULL: stop at the first one;
 * else report each and go on, false only when the file cannot be read.
 */
bool config_file(struct config *c, const char *path, void (*bad)(const struct err *e),
		 struct err *e);

/* The same for the text of one, which is called `name`: false when a line is wrong. */
bool config_text(struct config *c, const char *text, const char *name,
		 void (*bad)(const struct err *e), struct err *e);

/* Can a capture be made with it? */
bool config_check(const struct config *c, struct err *e);

/* Prints "key value" lines to standard output, defaults included. */
void config_print(const struct config *c);

#endif
