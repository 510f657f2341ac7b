//! Programs that are run to their end within bounds, and ended with everything they started.

use std::{process::Stdio, time::Duration};

use tokio::{
    io::AsyncReadExt as _,
    process::{Child, Command},
    time::timeout,
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

    /// Asks all of it to end.
    pub(super) fn terminate(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::TERM);
        #[cfg(not(unix))]
        let _ = self.0.start_kill();
    }

    /// Nothing is sent once it has ended and was waited for: the number may be another's now.
    #[cfg(unix)]
    fn signal(&self, signal: rustix::process::Signal) {
        if let Some(group) = self.0.id().and_then(|id| rustix::process::Pid::from_raw(id.cast_signed())) {
            let _ = rustix::process::kill_process_group(group, signal);
        }
    }
}

impl Drop for Group {
    fn drop(&mut self) {
        #[cfg(unix)]
        self.signal(rustix::process::Signal::KILL);
    }
}
