//! Programs that are run to their end within bounds, and ended with everything they started.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    time::{sleep, timeout},
};

/// The most of an answer that is read. A real one has a few kilobytes.
const LONGEST: u64 = 1 << 20;

/// What a program that ended said.
pub(super) struct Answer {
    pub(super) success: bool,
    pub(super) out: Vec<u8>,
    pub(super) err: String,
}

/// Runs a program and reads what it says. `None` if it takes longer than `patience`; it is ended
/// then.
pub(super) async fn ask(
    command: std::process::Command,
    patience: Duration,
) -> std::io::Result<Option<Answer>> {
    let mut group = Group::start(Command::from(command))?;
    let (out, err) = (group.0.stdout.take(), group.0.stderr.take());
    let read = async {
        let (mut told, mut complained) = (Vec::new(), Vec::new());
        let out = async {
            if let Some(out) = out {
                out.take(LONGEST).read_to_end(&mut told).await?;
            }
            std::io::Result::Ok(())
        };
        let err = async {
            if let Some(err) = err {
                err.take(LONGEST).read_to_end(&mut complained).await?;
            }
            std::io::Result::Ok(())
        };
        tokio::try_join!(out, err)?;
        let success = group.0.wait().await?.success();
        let err = String::from_utf8_lossy(&complained).into_owned();
        std::io::Result::Ok(Answer { success, out: told, err })
    };
    timeout(patience, read).await.ok().transpose()
}

/// A program in a process group of its own, which is ended as a whole when this is dropped.
pub(super) struct Group(pub(super) Child);

impl Group {
    /// Starts it with nothing to read and its output to be read here.
    pub(super) fn start(mut command: Command) -> std::io::Result<Self> {
        command.stdin(Stdio::null()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
        #[cfg(unix)]
        command.process_group(0);
        command.spawn().map(Self)
    }

    /// Asks all of it to end, and makes it after `grace`.
    #[cfg(unix)]
    pub(super) async fn end(mut self, grace: Duration) {
        use rustix::process::{Signal, kill_process_group, test_kill_process_group};

        let Some(group) = self.id() else { return };
        let _ = kill_process_group(group, Signal::TERM);
        let gone = async {
            let _ = self.0.wait().await;
            // What it started may take longer than it does. Nobody tells when that has ended.
            while test_kill_process_group(group).is_ok() {
                sleep(Duration::from_millis(20)).await;
            }
        };
        if timeout(grace, gone).await.is_err() {
            let _ = kill_process_group(group, Signal::KILL);
        }
    }

    /// Ends it.
    #[cfg(not(unix))]
    pub(super) async fn end(mut self, _: Duration) {
        let _ = self.0.kill().await;
    }

    /// None once it has ended and was waited for: the number may be another's then.
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
