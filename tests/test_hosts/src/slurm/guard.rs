//! Ends what a test leaves that is killed itself, as by a time limit of its runner.

use std::{
    os::unix::process::CommandExt as _,
    path::Path,
    process::{Child, Command, Stdio},
};

/// Waits until its input is closed, then kills all processes that have the configuration `$0` in their environment, and
/// removes the folder `$1` and the networks `$2`.
const SCRIPT: &str = r#"
cat >/dev/null
# A node may start a process while it is killed itself.
while found=$(grep -lz "^SLURM_CONF=$0\$" /proc/[0-9]*/environ 2>/dev/null); [ -n "$found" ]; do
  for e in $found; do
    p=${e#/proc/}
    kill -9 "${p%/environ}" 2>/dev/null
  done
  sleep 0.1
done
rm -rf "$1"
[ -n "$2" ] || exit 0
for space in $(ip netns list | grep -o "^$2n[0-9]*"); do ip netns del "$space"; done
ip link del "$2" 2>/dev/null
"#;

/// A process in a group of its own that outlives the test for a moment.
#[derive(Debug)]
pub(super) struct Guard(Child);

impl Guard {
    /// One for the cluster in that folder. `networks` is the word of their names.
    pub(super) fn new(folder: &Path, networks: Option<&str>) -> Self {
        let mut command = Command::new("sh");
        command
            .args(["-c", SCRIPT])
            .arg(folder.join("slurm.conf"))
            .arg(folder)
            .arg(networks.unwrap_or_default());
        command.env_remove("SLURM_CONF").process_group(0);
        Self(command.stdin(Stdio::piped()).stdout(Stdio::null()).stderr(Stdio::null()).spawn().unwrap())
    }
}

impl Drop for Guard {
    /// The cluster has ended by itself.
    fn drop(&mut self) {
        let _ = self.0.kill();
        let _ = self.0.wait();
    }
}
