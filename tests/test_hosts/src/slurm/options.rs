//! What a cluster for a test is like, and its `slurm.conf`.

use std::{
    fmt::Write as _,
    path::{Path, PathBuf},
};

/// What a cluster is like.
#[derive(Debug, Clone)]
pub struct SlurmOptions {
    /// How many nodes it has, named `n1`, `n2`, …, with two processors each.
    pub nodes: usize,
    /// Whether each node has a network and a host name of its own, as two real machines have. Needs root.
    pub networks: bool,
    /// A folder that the nodes do not see, as one that is not shared with them. Only with `networks`.
    pub hidden: Option<PathBuf>,
    /// Seconds for which the controller remembers a job that ended.
    pub remembers: u32,
    /// Seconds after which a node that does not answer is down.
    pub node_timeout: u32,
    /// Whether control groups end what takes more memory than its job asked for. Needs those of version 1.
    pub memory_limits: bool,
    /// Further lines of `slurm.conf`.
    pub lines: Vec<String>,
}

impl Default for SlurmOptions {
    fn default() -> Self {
        Self {
            nodes: 2,
            networks: false,
            hidden: None,
            remembers: 300,
            node_timeout: 30,
            memory_limits: false,
            lines: Vec::new(),
        }
    }
}

/// The text of `cgroup.conf` for a cluster with [`SlurmOptions::memory_limits`].
pub(crate) const CONTROL_GROUPS: &str = "CgroupPlugin=cgroup/v1
CgroupAutomount=no
CgroupMountpoint=/sys/fs/cgroup
ConstrainRAMSpace=yes
";

/// Where the programs of one cluster listen.
#[derive(Debug)]
pub(crate) struct Addresses {
    pub(crate) controller: (String, u16),
    /// Address and port of each node.
    pub(crate) nodes: Vec<(String, u16)>,
}

/// The text of `slurm.conf` for programs that keep everything in `folder` and run as `user` on `host`.
pub(crate) fn configuration(
    options: &SlurmOptions,
    folder: &Path,
    (user, host): (&str, &str),
    addresses: &Addresses,
) -> String {
    let d = folder.display();
    let (controller, port) = &addresses.controller;
    let mut text = format!(
        "ClusterName=test
SlurmctldHost={host}({controller})
SlurmUser={user}
SlurmdUser={user}
SlurmctldPort={port}
AuthType=auth/munge
AuthInfo=socket={d}/munge/socket,cred_expire=5
CredType=cred/munge
StateSaveLocation={d}/state
SlurmdSpoolDir={d}/spool/%n
SlurmctldPidFile={d}/slurmctld.pid
SlurmdPidFile={d}/slurmd-%n.pid
SlurmctldLogFile={d}/slurmctld.log
SlurmdLogFile={d}/slurmd-%n.log
ProctrackType=proctrack/linuxproc
TaskPlugin={task}
JobAcctGatherType=jobacct_gather/none
AccountingStorageType=accounting_storage/none
SelectType=select/cons_tres
SelectTypeParameters={shared}
SchedulerParameters=sched_interval=2,batch_sched_delay=0
SwitchType=switch/none
MpiDefault=none
ReturnToService=2
SlurmdTimeout={node_timeout}
KillWait=3
MinJobAge={remembers}
SlurmdParameters=config_overrides
",
        task = if options.memory_limits { "task/cgroup" } else { "task/none" },
        shared = if options.memory_limits { "CR_Core_Memory" } else { "CR_Core" },
        node_timeout = options.node_timeout,
        remembers = options.remembers,
    );
    for line in &options.lines {
        let _ = writeln!(text, "{line}");
    }
    for (number, (address, port)) in (1..).zip(&addresses.nodes) {
        let hostname = if options.networks { format!("n{number}") } else { host.to_owned() };
        let _ = writeln!(
            text,
            "NodeName=n{number} NodeHostname={hostname} NodeAddr={address} Port={port} CPUs=2 RealMemory=4000 \
             State=UNKNOWN"
        );
    }
    text.push_str("PartitionName=debug Nodes=ALL Default=YES MaxTime=1:00:00 DefaultTime=10:00 State=UP\n");
    text
}
