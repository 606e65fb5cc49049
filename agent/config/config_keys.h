/* SPDX-License-Identifier: GPL-2.0-or-later */
/* What the operator asked for: the keys of the configuration, and what each may be. */
#ifndef CONFIG_CONFIG_KEYS_H
#define CONFIG_CONFIG_KEYS_H

#include <stdbool.h>

#include "arming.h"
#include "base/err.h"
#include "encrypt_for.h"
#include "end_action.h"
#include "fence_nodes.h"
#include "keep_user.h"
#include "machine/host_names.h"
#include "machine/netspec.h"
#include "machine/ramoops.h"
#include "read_back.h"
#include "shipping.h"
#include "targets/crashloop.h"
#include "targets/folder_name.h"
#include "targets/remote.h"

#define MAX_TARGETS 8
#define TARGET_MAX 256
#define REPORT_MAX 160

struct config {
	char targets[MAX_TARGETS][TARGET_MAX];
	unsigned budget_s[MAX_TARGETS];	/* 0: half of what is left, the last one all */
	unsigned n_targets;
	bool insecure;		/* the risk that a kind of target has is accepted */
	unsigned level;		/* 0..31 */
	char codec[8];
	unsigned workers;	/* 0: as many as there are CPUs */
	unsigned verify;	/* enum read_back */
	unsigned keep;		/* dumps, 0: all */
	unsigned keep_same;	/* whole dumps of one fault and kernel, 0: all */
	struct crash_loop crash_loop;
	unsigned boot;		/* of this machine, as `crashbox load` counts; 0: not known */
	unsigned deadline_s;	/* for the whole capture */
	unsigned stall_s;	/* without progress before the capture is given up */
	unsigned wait_s;	/* for a disk that is not there; 0: while others appear */
	struct keep_user keep_user[MAX_KEEP_USER];
	unsigned n_keep_user;
	struct encrypt_for encrypt;	/* whom all is encrypted for */
	bool encrypt_manifest;
	bool log_callers;	/* say in the log who said it */
	char report[REPORT_MAX];	/* "udp:HOST[:PORT]": is told of a crash; "" nobody */
	struct fence_nodes fence;	/* are told that this machine is captured */
	bool report_private;	/* it may be told what is personal */
	bool report_args;	/* reports may have command lines */
	bool last_words;	/* the firmware may have the end of a log that no target took */
	struct ramoops_zones ramoops;	/* or these; n is 0: there are none */
	char known_file[128];	/* faults that somebody knows, see base/known.h; "" none */
	struct ssh_keys ssh;	/* for targets sftp: */
	char host[64];		/* a pattern; "": as the crashed kernel called itself */
	char machine_id[MACHINE_ID_SIZE];	/* for the pattern; "": not known */
	enum action on_success, on_failure;
	struct net_spec nets[MAX_NETS];
	unsigned n_nets;
	struct host_names names;	/* as they resolved when the image was built */
	bool targets_from_cmdline, nets_from_cmdline;
	struct shipping ship;	/* nothing of a capture's */
	struct arming arming;	/* likewise */
	/* Who hears of each line and word that is wrong and passed over; or NULL. */
	void (*told)(const struct err *e);
	unsigned n_bad;		/* of them */
	struct err first_bad;
};

void config_init(struct config *c);

/* Gives a value to a key, or says why it cannot. */
bool config_set(struct config *c, const char *key, const char *value, struct err *e);

/* Prints "key value" lines to standard output, defaults included. */
void config_print(const struct config *c);

/* What is said of the key at nr, but for those of arming.h; NULL behind the last. */
const struct key_help *config_key_help(unsigned nr);

#endif
