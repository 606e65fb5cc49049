/* SPDX-License-Identifier: GPL-2.0-or-later */
/*
 * Tables of functions, as stacks of real crashes on kernels 5.10 to 7.2 have them. A module's
 * function is only ever plain: whatever it is called, it is what the crash is about.
 */
#include "frame_name.h"

#include <stdio.h>
#include <string.h>

#include "base/bytes.h"
#include "glob.h"

/* What gcc and clang put behind a function's name. */
static const char *const suffixes[] = {
	"constprop", "isra", "part", "cold", "llvm", "lto_priv", "localalias", NULL,
};

static const char *const reporters[] = {
	"panic", "vpanic", "nmi_panic", "die", "__die", "__die_body", "__die_header",
	"die_addr", "oops_*", "__crash_kexec", "crash_kexec", "machine_kexec*",
	"machine_crash_*", "crash_save_cpu", "crash_setup_regs", "exc_*", "asm_exc_*",
	"do_trap", "do_error_trap", "do_invalid_op", "invalid_op", "math_state_restore",
	"do_divide_error", "divide_error", "report_bug", "__report_bug", "handle_bug",
	"fixup_bug", "__warn", "__warn_printk", "warn_slowpath*", "check_panic_on_warn",
	"page_fault_oops", "*bad_area*", "no_context", "kernelmode_fixup_or_oops",
	"do_user_addr_fault", "do_kern_addr_fault", "do_page_fault", "__do_page_fault",
	"page_fault", "do_general_protection", "general_protection", "do_double_fault",
	"double_fault", "handle_stack_overflow", "do_int3*", "do_DF", "df_*",
	"fixup_exception", "__bad_area_nosemaphore", "die_kernel_fault",
	"__do_kernel_fault", "do_mem_abort", "do_translation_fault",
	"do_alignment_fault", "do_sp_pc_abort", "do_undefinstr", "do_el1_*", "el1_*",
	"el1h_*", "el1t_*", "bug_handler", "bug_brk_handler", "call_break_hook",
	"call_el1_break_hook", "brk_handler", "do_debug_exception", "arm64_notify_die",
	"arm64_notify_segfault", "arm64_serror_panic", "do_serror", "handle_bad_stack",
	"panic_bad_stack", "__bad_stack", "bad_mode", "dump_stack*", "dump_backtrace",
	"show_stack*", "show_regs", "__show_regs", "show_trace*", "do_exit",
	"make_task_dead", "rewind_stack_*", "do_group_exit", "__stack_chk_fail",
	"__ubsan_handle_*", "ubsan_epilogue", "kasan_*", "__kasan_*", "print_report",
	"print_address_description*", "__asan_*", "kfence_*", "dump_page", "end_report",
	"sysrq_handle_crash", "__handle_sysrq", "write_sysrq_trigger",
	"watchdog_timer_fn", "watchdog_overflow_callback", "watchdog_hardlockup_check",
	"check_hung_uninterruptible_tasks", "nmi_handle", "default_do_nmi",
	"end_repeat_nmi", "unknown_nmi_error", "print_cpu_stall",
	"rcu_check_gp_kthread*", "rcu_sched_clock_irq", "panic_on_rcu_stall",
	"__list_del_entry_valid*", "__list_add_valid*", "__list_valid_slowpath",
	"refcount_warn_saturate", "bust_spinlocks", "do_trap_no_signal", "mce_panic",
	"do_machine_check", "out_of_memory", "check_panic_on_oom", "traps_*",
	"trap_init", "crash_nmi_callback", "irqentry_nmi_*", "nmi_enter",
	"__check_heap_object", "check_heap_object",
	"__check_object_size", "check_kernel_text_object", "fortify_panic",
	"__fortify_panic", "__fortify_report", "skb_panic", "skb_over_panic",
	"skb_under_panic", "bad_page", "check_bytes_and_report", "check_object",
	"check_slab", "slab_err", "slab_bug", "slab_fix", "object_err",
	"print_trailer", "debug_print_object", "__debug_check_no_obj_freed",
	"debug_check_no_obj_freed", "audit_panic", "audit_log_lost",
	"do_kernel_cp_fault", "pgtable_bad", "do_user_cp_fault",
	"check_memory_region*", "usercopy_*", "lockdep_*", "print_circular_bug*",
	"print_unlock_*", "print_usage_bug*", "handle_overflow", "val_to_string",
	"warn_alloc*", "*fs_panic", "do_tag_check_fault", "debug_check_no_locks_*",
	"__x86_indirect_*", "__x86_return_thunk", "kcsan_*", "__hwasan_*",
	"assertfail", "warn_bogus_irq_restore", "ref_tracker_*", "__might_sleep",
	"___might_sleep", "__might_resched", "__might_fault", NULL,
};

static const char *const wrappers[] = {
	"__se_compat_sys_*", "__do_compat_sys_*", "ksys_*",
	/* It ends with a call of what it is about: on x86 by a jump, on arm64 not. */
	"sysfs_kf_write",
	/* A copy of these is made for each tracer, and the log has no name for it. */
	"ftrace_call", "ftrace_regs_call", "ftrace_caller", "ftrace_regs_caller",
	/* Between it and the tracer, where there are several, and on 5.10. */
	"ftrace_ops_assist_func", "*ftrace_ops_list_func", NULL,
};

static const char *const entries[] = {
	"do_syscall_64", "do_syscall_x64", "x64_sys_call", "do_int80*",
	"do_fast_syscall*", "__do_fast_syscall*", "entry_SYSCALL*", "entry_SYSENTER*",
	"entry_INT80*", "ret_from_fork*", "kthread", "process_one_work",
	"process_scheduled_works", "worker_thread", "handle_softirqs",
	"__softirqentry_text_start", "*do_softirq*", "run_ksoftirqd", "irq_exit*",
	"__irq_exit*", "sysvec_*", "__sysvec_*", "asm_sysvec_*", "common_interrupt",
	"__common_interrupt", "asm_common_interrupt", "call_on_*stack*",
	"apic_timer_interrupt", "smp_apic_timer_interrupt",
	"do_idle", "cpu_startup_entry", "start_kernel", "rest_init", "start_secondary",
	"secondary_start*", "__secondary_switched", "x86_64_start_*",
	"common_startup_64", "invoke_syscall*", "el0_*", "el0t_*", "do_el0_svc",
	"el0_svc*", "kernel_init", "run_timer_softirq", "run_timer_base",
	"__run_timers", "__run_timer_base", "expire_timers", "call_timer_fn",
	"hrtimer_interrupt", "__hrtimer_run_queues", "hrtimer_run_softirq",
	"handle_irq_event*", "__handle_irq_event*", "generic_handle_domain_irq",
	"gic_handle_irq", "tasklet_action*", "net_rx_action", "rcu_core*",
	"rcu_do_batch", "fred_*", "asm_fred_*", "do_interrupt_handler", NULL,
};

static const char *const primitives[] = {
	"mem*cpy*", "memset*", "memmove*", "memcmp*", "memchr*", "memscan", "__mem*",
	"__pi_mem*", "__pi_str*", "str*cmp*", "str*len*", "str*cpy*", "str*chr*",
	"strsep", "strstr*", "str*cat", "str*spn", "strreplace", "*copy_*_user*",
	"__arch_copy_*", "rep_*_alternative", "clear_page*", "copy_page*",
	"csum_partial*", "kfree*", "kmalloc*", "__kmalloc*", "kvfree*", "vfree",
	"kmem_cache_*", "__kmem_cache_*", "___slab_alloc", "__slab_alloc*",
	"__slab_free", "slab_alloc*", "slab_free*", "slab_post_*", "list_sort",
	"llist_*", "rb_*", "__rb_*", "refcount_*", "kref_*", "xa_*", "xas_*",
	"radix_tree_*", "*_raw_spin_*", "_raw_read_*", "_raw_write_*", "do_raw_*",
	"*queued_spin*", "*queued_read*", "*queued_write*", "__pv_queued_*", "osq_*",
	"mutex_*", "__mutex_*", "ww_mutex_*", "__ww_mutex_*", "down*", "__down*", "up",
	"up_*", "__up*", "rwsem_*", "percpu_down_*", "percpu_rwsem_*",
	"__percpu_down_*", "rt_mutex_*", "__rt_mutex_*", "schedule*", "__schedule*",
	"__schedule_bug", "preempt_schedule*", "io_schedule*", "wait_for_*",
	"wait_on_*", "wait_woken", "wait_task_*", "__wait_*", "do_wait_for_common",
	"wait_for_*", "bit_wait*", "out_of_line_wait_*", "folio_wait_*",
	"__folio_lock*", "__lock_page*", "msleep*", "usleep_*", "synchronize_*",
	"flush_work", "__flush_work", "__flush_workqueue", "context_switch",
	"__switch_to*", "finish_task_switch*", "vsnprintf", "snprintf", "sprintf",
	"scnprintf", "vscnprintf", "string", "string_nocheck", "number", "pointer",
	"format_decode", "seq_printf", "seq_vprintf", "seq_puts", "seq_write",
	"seq_put_*", "native_*", "pv_native_*", "__const_udelay", "__delay", "delay_*",
	"__udelay", "cpu_relax", "arch_local_irq_*", "*_swait_*", "prepare_to_*",
	"delay_tsc", "udelay", "__ndelay", "skb_put", "skb_push", "skb_pull",
	"free_pcp_prepare", "free_unref_page*", "free_page_is_bad*", "__free_pages*",
	"free_to_pcp*", "alloc_debug_processing", "free_debug_processing",
	"alloc_single_from_*", "lock_acquire*", "__lock_acquire*", "lock_release*",
	"__lock_release*", "register_lock_class", "perf_trace_lock*",
	"check_prev_add*", "validate_chain", "debug_object_*", "__debug_object_*",
	"krealloc*", "work_is_static_object", "vmalloc*",
	"__vmalloc*", "vzalloc*", "kvmalloc*", "ldsem_*", "__ldsem_*", "call_rwsem_*",
	"console_lock", "kthread_stop*", "__list_del_entry", "list_del*", "kobject_*",
	"get_device_parent", "device_add", "device_del", "device_unregister",
	"device_destroy", "device_remove_file", "devres_*", "proc_register",
	"proc_create*", "sysfs_*", "dpm_sysfs_*", "bdi_unregister", "__queue_work*",
	"queue_work_on", "__cancel_work*", "cancel_work*", "cancel_delayed_work*",
	"try_to_grab_pending", "del_timer*", "timer_delete*",
	"timer_is_static_object", "init_timer_key", "drain_workqueue",
	"destroy_workqueue", "finish_wait", "__wake_up*", "wake_up_*", "call_rcu*",
	"__call_rcu*", "__kobject_*", "add_uevent_var", "device_release", "klist_*",
	"ida_*", "rhashtable_*", "atomic_*", "_atomic_*", "test_and_*",
	"__phys_addr*", "hex_dump_*", "print_hex_dump*", "crc16*", "crc32*", "crc_*",
	"lock_timer_base", "mod_timer*", "__mod_timer*", "__try_to_del_timer*",
	"__timer_delete*", "iput", "dput", "fast_dput", "drop_nlink", "folio_unlock",
	"unlock_page", "mark_buffer_dirty", "___kmalloc_*", "free_large_kmalloc",
	"alloc_page_*", "rollback_registered*", "unregister_netdevice*",
	"unregister_netdev", "sk_stop_timer*", "__read_once_*", "rcu_barrier*",
	"cleanup_srcu_struct", "dev_vprintk*", "dev_printk*", "__dev_printk*",
	"_dev_*", "printk", "_printk", "vprintk*", "va_format", "hex_string",
	"read_word_at_a_time", "strnstr", "__alloc_pages*", "__alloc_frozen_*",
	"alloc_pages*", "__vunmap", "__get_free_pages", "memdup_user*",
	"reacquire_held_locks", "look_up_lock_class", "hlock_class", "mark_lock*",
	"lock_sock_nested", "release_sock", "usb_kill_*", "usb_start_wait_urb",
	"usb_control_msg", "usb_bulk_msg", "hwrng_unregister", NULL,
};

/* "foo.constprop.0" is foo. Rust's names have dots elsewhere, and stay. */
static size_t length_without_suffix(const char *symbol)
{
	for (const char *dot = strchr(symbol, '.'); dot; dot = strchr(dot + 1, '.'))
		for (size_t i = 0; suffixes[i]; i++)
			if (!strncmp(dot + 1, suffixes[i], strlen(suffixes[i])))
				return dot - symbol;
	return strlen(symbol);
}

/* The legacy mangling ends in "17h" and 16 hexadecimal digits: a hash of the build. */
static size_t length_without_hash(const char *symbol, size_t len)
{
	const char *tail;

	if (len < 24 || strncmp(symbol, "_ZN", 3))
		return len;
	tail = symbol + len - 20;
	if (strncmp(tail, "17h", 3) || tail[19] != 'E' ||
	    strspn(tail + 3, "0123456789abcdef") < 16)
		return len;
	return len - 20;
}

#define BPF_FRONT "bpf_prog_"
#define BPF_TAG 16		/* hexadecimal digits */

bool frame_is_bpf_program(const char *symbol)
{
	return !strncmp(symbol, BPF_FRONT, strlen(BPF_FRONT)) &&
	       strspn(symbol + strlen(BPF_FRONT), "0123456789abcdef") == BPF_TAG;
}

/* "bpf_prog_6deef7357e7b4530_sd_fw_ingress" is sd_fw_ingress. */
static const char *without_tag(const char *symbol)
{
	const char *at = symbol + strlen(BPF_FRONT) + BPF_TAG;

	return frame_is_bpf_program(symbol) && at[0] == '_' && at[1] ? at + 1 : symbol;
}

void frame_name_set(struct frame_name *f, const char *symbol, const char *module)
{
	/* Which of them has the code is the compiler's choice. */
	const char *arch_sys[] = { "__x64_sys_", "__arm64_sys_", "__ia32_sys_", "__se_sys_",
				   "__do_sys_" };
	const char *front = "";
	size_t len;

	if (module && !strcmp(module, "bpf"))
		symbol = without_tag(symbol);
	for (size_t i = 0; !module && i < sizeof(arch_sys) / sizeof(arch_sys[0]); i++)
		if (!strncmp(symbol, arch_sys[i], strlen(arch_sys[i]))) {
			symbol += strlen(arch_sys[i]);
			front = "sys_";
			break;
		}
	len = length_without_hash(symbol, length_without_suffix(symbol));
	snprintf(f->text, sizeof(f->text), "%s%s%s%.*s", module ? module : "",
		 module ? "!" : "", front,
		 (int)(len < FRAME_NAME_MAX ? len : FRAME_NAME_MAX - 1), symbol);
	for (char *c = f->text; *c; c++)
		*c = *c == '|' || *c == ' ' ? '?' : printable(*c);
}

const char *frame_function(const struct frame_name *f)
{
	const char *mark = strchr(f->text, '!');

	return mark ? mark + 1 : f->text;
}

enum frame_role frame_role(const struct frame_name *f)
{
	if (strchr(f->text, '!'))
		return FRAME_PLAIN;
	if (glob_any(reporters, f->text))
		return FRAME_REPORTER;
	if (glob_any(wrappers, f->text))
		return FRAME_WRAPPER;
	if (glob_any(entries, f->text))
		return FRAME_ENTRY;
	if (glob_any(primitives, f->text))
		return FRAME_PRIMITIVE;
	return FRAME_PLAIN;
}
