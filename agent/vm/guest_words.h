/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * What `crashbox vm` and the first process of its guest have agreed on: where things lie in
 * the guest's first file system, and what is said over the second serial port.
 */
#ifndef VM_GUEST_WORDS_H
#define VM_GUEST_WORDS_H

/* Files of the guest, without the slash in front of them. */
#define GUEST_FOLDER "crashbox-vm"
#define GUEST_INIT GUEST_FOLDER "/init"		/* this program; the name says what it is for */
#define GUEST_COMMAND GUEST_FOLDER "/command"	/* its words, each with a NUL behind it */
#define GUEST_KERNEL GUEST_FOLDER "/kernel"	/* that captures */
#define GUEST_IMAGE GUEST_FOLDER "/image"	/* of it; none: nothing is to be armed */
#define GUEST_ROOT GUEST_FOLDER "/root"		/* where the command's file system goes */
#define GUEST_HAS_ROOT GUEST_FOLDER "/has-root"	/* there is a disk with one */
#define GUEST_HAS_SHARE GUEST_FOLDER "/has-share"	/* the host shows one */
#define GUEST_SHARE GUEST_FOLDER "/share"	/* where that is seen */
#define GUEST_CHANGES GUEST_FOLDER "/changes"	/* and what is written to it goes */

#define GUEST_HOST "crashbox-vm"	/* what the guest is called */
#define GUEST_COMMAND_MAX 16384
#define GUEST_WORDS_MAX 256

/* Disks, in QEMU's order; the kernel names them in theirs. */
#define GUEST_TARGET_LABEL "crashbox-vm"
#define GUEST_ROOT_DISK "/dev/vdb"
#define GUEST_SHARE_TAG "crashbox-vm"
#define GUEST_CAPTURE_WORDS "crashbox.target=disk:LABEL=" GUEST_TARGET_LABEL ":/"

/* Lines of the channel; what stands behind SAYS_..._ is a number or a sentence. */
#define GUEST_CHANNEL "/dev/ttyS1"
#define SAYS_UP "up"
#define SAYS_BEAT "."		/* every second: processes still run */
#define SAYS_ARMED "armed"
#define SAYS_UNARMED "unarmed "
#define SAYS_RUNS "runs"
#define SAYS_EXIT "exit "
#define SAYS_SIGNAL "signal "
#define SAYS_FAILED "failed "	/* the command could not be started */

#endif
