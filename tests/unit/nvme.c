/* SPDX-License-Identifier: GPL-2.0-or-later */
/* targets/nvme: what the kernel is asked for, and which disks are the server's. */
#include "targets/nvme.h"

#include "base/err.h"
#include "machine/netaddr.h"
#include "sysfs.h"
#include "targets/disk.h"

#define NQN "nqn.2014-08.org.example:crash"
#define PLAIN "transport=tcp,traddr=192.0.2.7,trsvcid=4420,nqn=" NQN ",nr_io_queues=1," \
	      "queue_size=32,keep_alive_tmo=5,reconnect_delay=1,ctrl_loss_tmo=30"
#define UUID "11111111-1111-1111-1111-111111111111"

#define UUID_NQN "nqn.2014-08.org.nvmexpress:uuid:"

static void test_words(void)
{
	struct ipaddr ip;
	const struct nvme_server server = { &ip, NVME_TCP_PORT, NQN, root };
	char words[NVME_WORDS], again[NVME_WORDS], longest[NVME_NQN_LEN];
	struct err e;

	T_CHECK("an address", ip_parse(&ip, "192.0.2.7"));
	T_CHECK("words", nvme_words(words, &server, &e));
	T_TEXT("nobody has given us a name", PLAIN, words);
	text("etc/nvme/hostnqn", "nqn.2014-08.org.example:us\n");
	T_CHECK("words", nvme_words(words, &server, &e));
	T_CHECK("a name of no id has one that is made up, or new kernels refuse it",
		strstr(words, ",hostnqn=nqn.2014-08.org.example:us,hostid=") &&
		strlen(strstr(words, "hostid=")) == strlen("hostid=") + 36);
	T_CHECK("words", nvme_words(again, &server, &e));
	T_TEXT("the same each time, or a second connection is refused", words, again);
	text("etc/nvme/hostnqn", UUID_NQN UUID "\n");
	T_CHECK("words", nvme_words(words, &server, &e));
	T_TEXT("a name that has it", PLAIN ",hostnqn=" UUID_NQN UUID ",hostid=" UUID, words);
	text("etc/nvme/hostnqn", "nqn.2014-08.org.example:us\n");
	text("etc/nvme/hostid", "6d9b1c3e-5f0a-4d57-9a70-3b1f2c4d5e6f\n");
	T_CHECK("words", nvme_words(words, &server, &e));
	T_TEXT("as who we connect", PLAIN ",hostnqn=nqn.2014-08.org.example:us,"
	       "hostid=6d9b1c3e-5f0a-4d57-9a70-3b1f2c4d5e6f", words);
	text("etc/nvme/hostid", "a,nqn=nqn.other\n");
	T_CHECK("one that would be a word of its own", !nvme_words(words, &server, &e));
	T_CHECK("it says which file", strstr(e.text, "/etc/nvme/hostid"));
	memset(longest, 'x', sizeof(longest) - 1);
	longest[sizeof(longest) - 1] = '\0';
	text("etc/nvme/hostid", longest);
	text("etc/nvme/hostnqn", longest);
	snprintf(words, sizeof(words), "%s", longest);
	T_CHECK("two that are as long as can be", nvme_words(words, &server, &e) ||
						    strstr(e.text, "too long"));
}

static void found(const char *row, const char *wanted, const char *nqn)
{
	const struct disk_spec spec = { BY_UUID, UUID, "/" };
	const struct disk_search search = { .spec = &spec, .root = root, .nqn = nqn };
	char device[DEVICE_NAME_MAX];

	T_TEXT(row, wanted, disk_look(&search, device) ? device : "none");
}

/* All have one UUID, as copies have. */
static void test_whose(void)
{
	xfs_disk("nvme0n1p2", "sys/devices/pci0/nvme/nvme0/nvme0n1/nvme0n1p2", "");
	text("sys/devices/pci0/nvme/nvme0/subsysnqn", "nqn.2014-08.org.example:own\n");
	xfs_disk("sda", "sys/devices/pci0/ata1/sda", "");
	found("the server is not there", "none", NQN);
	found("whoever has it", "/dev/nvme0n1p2", NULL);
	xfs_disk("nvme1n1", "sys/devices/virtual/nvme-subsystem/nvme-subsys1/nvme1n1", "");
	text("sys/devices/virtual/nvme-subsystem/nvme-subsys1/subsysnqn", NQN "-2\n");
	found("a name that only begins so", "none", NQN);
	text("sys/devices/virtual/nvme-subsystem/nvme-subsys1/subsysnqn", NQN "\n");
	found("a disk with several ways to it", "/dev/nvme1n1", NQN);
	xfs_disk("nvme2n1p1", "sys/devices/virtual/nvme-fabrics/ctl/nvme2/nvme2n1/nvme2n1p1",
		 "");
	text("sys/devices/virtual/nvme-fabrics/ctl/nvme2/subsysnqn", "nqn.a\n");
	found("a partition of one with one way", "/dev/nvme2n1p1", "nqn.a");
	T_CHECK("no disk at all", !nvme_is_of(root, "nvme9n1", NQN));
}

int main(void)
{
	if (!mkdtemp(root))
		return 1;
	test_words();
	test_whose();
	return machine_done();
}
