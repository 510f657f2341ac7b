//! Programs that a test starts, and that end with it.

use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process_group};

use crate::wait::PAUSE;

/// A running program with all it started. Both end when this is dropped.
pub(super) struct Process {
    child: Child,
    group: Pid,
}

/// A command that also ends when the test is killed and drops nothing any more.
pub(super) fn mortal(program: &str) -> Command {
    let mut command = Command::new("setpriv");
    command.args(["--pdeathsig", "TERM", program]);
    command
}

impl Process {
    /// Start a program in a process group of its own.
    pub(super) fn start(command: &mut Command) -> Self {
        let child = command.process_group(0).stdin(Stdio::null()).spawn().expect("setpriv is there");
        let group = Pid::from_child(&child);
        Self { child, group }
    }

    /// The first line that the program prints; nothing when it ends without one.
    pub(super) fn first_line(&mut self) -> String {
        let pipe = self.child.stdout.take().expect("its output is a pipe");
        let mut line = String::new();
        BufReader::new(pipe).read_line(&mut line).expect("a line of text");
        line.trim().to_owned()
    }

    fn runs(&mut self) -> bool {
        matches!(self.child.try_wait(), Ok(None))
    }
}

impl Drop for Process {
    fn drop(&mut self) {
        // A group that has ended already is no fault.
        let _ = kill_process_group(self.group, Signal::TERM);
        let start = Instant::now();
        while self.runs() && start.elapsed() < Duration::from_secs(5) {
            std::thread::sleep(PAUSE);
        }
        let _ = kill_process_group(self.group, Signal::KILL);
        let _ = self.child.wait();
    }
}
