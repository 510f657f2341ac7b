//! The host of a target: its key, its system, its folder and its GPUs.

use platform::disk::format_bytes;
use schema::Result;

use super::found::TargetCheck;
use crate::{Connection, Probe};

/// Less free space than this holds no checkpoints of a small model.
const LITTLE_SPACE: u64 = 5 << 30;
/// Clocks that differ by more seconds make the times of runs hard to read.
const CLOCK_SECONDS: f64 = 60.0;

/// Looks at the keys of the hosts on the way. Returns whether the way is open.
pub(super) async fn key(
    connection: &Connection,
    check: &mut TargetCheck,
    accept: Option<&str>,
) -> Result<bool> {
    let mut keys = connection.host_keys().await?;
    let unknown = |keys: &[crate::HostKey]| keys.last().filter(|key| !key.known).cloned();
    if let (Some(key), Some(accepted)) = (unknown(&keys), accept) {
        if key.fingerprint == accepted {
            connection.accept_host_key(accepted).await?;
            keys = connection.host_keys().await?;
        } else {
            check.problem(
                format!("The key of {} is not the accepted one, {accepted}.", key.host),
                "Compare the fingerprint below with that of the host's administrator.",
            );
        }
    }
    check.host_key = keys.last().cloned();
    if let Some(key) = unknown(&keys) {
        check.problem(
            format!("The key of {} is not known here: {} {}.", key.host, key.kind, key.fingerprint),
            "Accept it if the host's administrator names the same fingerprint. On the host, ssh-keygen -lf prints it for \
             each file /etc/ssh/ssh_host_*_key.pub.",
        );
        return Ok(false);
    }
    for key in keys {
        check.fine(format!("The key of {} is known: {} {}.", key.host, key.kind, key.fingerprint));
    }
    Ok(true)
}

/// Looks at the system, the folder and the clock.
pub(super) fn machine(check: &mut TargetCheck, probe: &Probe) {
    check.fine(format!("{} answered as {}: {} on {}.", probe.host, probe.user, probe.system, probe.machine));
    if let Some(libc) = probe.libc.as_deref().filter(|libc| libc.starts_with("musl")) {
        check.problem(
            format!("The system's C library is {libc}, for which there is no PyTorch."),
            "Use a system with glibc, or a container with one.",
        );
    }
    match &probe.folder_problem {
        Some(problem) => check.problem(problem, "Name another folder in the target's settings, or free it."),
        None => match probe.free_bytes {
            Some(free) if free < LITTLE_SPACE => check.remark(
                format!("{} has only {} free.", probe.folder, format_bytes(free)),
                "Free some space there, or name a folder on another disk.",
            ),
            Some(free) => check.fine(format!("{} has {} free.", probe.folder, format_bytes(free))),
            None => check.fine(format!("{} can be written.", probe.folder)),
        },
    }
    if probe.clock_offset.abs() > CLOCK_SECONDS {
        let way = if probe.clock_offset > 0.0 { "ahead of" } else { "behind" };
        check.remark(
            format!(
                "The clock there is {:.0} minutes {way} that of this machine.",
                probe.clock_offset.abs() / 60.0
            ),
            "Set it. Durations are right even so.",
        );
    }
}

/// Looks at the GPUs of a machine on which runs are processes.
pub(super) fn gpus(check: &mut TargetCheck) {
    let accelerators = check.stack.iter().flat_map(|stack| &stack.accelerators).count();
    if check.gpus.is_empty() && accelerators == 0 {
        return check.remark("No GPU was found.", "Trainings there use the processors, which takes long.");
    }
    for gpu in check.gpus.clone() {
        let memory =
            format!("{}: {} of {} are free", gpu.name, format_bytes(gpu.free), format_bytes(gpu.memory));
        if gpu.free < gpu.memory / 2 {
            check.remark(
                format!("{memory}; another program uses it."),
                "Wait for its end, or ask who runs it.",
            );
        } else {
            check.fine(format!("{memory}."));
        }
    }
    if accelerators == 0 && check.stack.is_some() {
        check.remark(
            "PyTorch there finds none of these GPUs.",
            "Install a PyTorch that is built for the driver there, or name another interpreter.",
        );
    }
}
