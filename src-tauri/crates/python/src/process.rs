//! Runs programs with limits on time and output, and ends them with their child processes.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// How many bytes of each output are read. A probe prints a few kilobytes.
const OUTPUT_LIMIT: u64 = 1 << 20;

/// The result of a program that ended.
pub(crate) struct Output {
    pub(crate) success: bool,
    pub(crate) stdout: Vec<u8>,
    pub(crate) stderr: String,
}

/// Runs a program and reads its output. After `limit` the program is ended and the result is `None`.
pub(crate) async fn output(
    command: std::process::Command,
    limit: Duration,
) -> std::io::Result<Option<Output>> {
    let mut group = Group::start(Command::from(command))?;
    let (out, err) = (group.0.stdout.take(), group.0.stderr.take());
    let read = async {
        let (mut stdout, mut stderr) = (Vec::new(), Vec::new());
        let out = async {
            if let Some(out) = out {
                out.take(OUTPUT_LIMIT).read_to_end(&mut stdout).await?;
            }
            std::io::Result::Ok(())
        };
        let err = async {
            if let Some(err) = err {
                err.take(OUTPUT_LIMIT).read_to_end(&mut stderr).await?;
            }
            std::io::Result::Ok(())
        };
        tokio::try_join!(out, err)?;
        let success = group.0.wait().await?.success();
        let stderr = String::from_utf8_lossy(&stderr).into_owned();
        std::io::Result::Ok(Output { success, stdout, stderr })
    };
    timeout(limit, read).await.ok().transpose()
}

/// A program in its own process group. Dropping it kills the whole group.
pub(crate) struct Group(pub(crate) Child);

impl Group {
    /// Starts it without input and with pipes for its output.
    pub(crate) fn start(mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command.spawn().map(Self)
    }

    /// Sends SIGTERM to the group, and SIGKILL after `grace`.
    #[cfg(unix)]
    pub(crate) async fn end(mut self, grace: Duration) {
        use rustix::process::{Signal, kill_process_group, test_kill_process_group};

        let Some(group) = self.id() else { return };
        let _ = kill_process_group(group, Signal::TERM);
        let ended = async {
            let _ = self.0.wait().await;
            // Its child processes may end later; there is no event for that.
            while test_kill_process_group(group).is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(grace, ended).await.is_err() {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// Ends it.
    #[cfg(not(unix))]
    pub(crate) async fn end(mut self, _: Duration) {
        let _ = self.0.kill().await;
    }

    /// `None` once it has ended and was waited for, because its number may then be reused.
    #[cfg(unix)]
    fn id(&self) -> Option<rustix::process::Pid> {
        rustix::process::Pid::from_raw(self.0.id()?.cast_signed())
    }
}

#[cfg(unix)]
impl Drop for Group {
    fn drop(&mut self) {
        if let Some(group) = self.id() {
            let _ = rustix::process::kill_process_group(group, rustix::process::Signal::KILL);
        }
    }
}
