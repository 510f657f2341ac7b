//! Programs that a test starts, and that end with it.

use std::fs;
use std::io::{BufRead, BufReader};
use std::os::unix::process::CommandExt;
use std::process::{Child, Command, Stdio};
use std::time::{Duration, Instant};

use rustix::process::{Pid, Signal, kill_process, kill_process_group};

use crate::wait::{PAUSE, until};

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

/// Kill the child of a process that runs this program.
pub(super) fn kill_child(parent: &str, program: &str) {
    let processes = fs::read_dir("/proc").expect("the processes").filter_map(Result::ok);
    let children = processes.filter_map(|entry| {
        let status = fs::read_to_string(entry.path().join("status")).ok()?;
        let is_child = status.lines().any(|line| line.strip_prefix("PPid:").map(str::trim) == Some(parent));
        let arguments = fs::read(entry.path().join("cmdline")).ok()?;
        let runs = arguments.split(|byte| *byte == 0).next()?.ends_with(program.as_bytes());
        (is_child && runs).then(|| entry.file_name().to_str()?.parse().ok()).flatten()
    });
    let [child] = children.collect::<Vec<i32>>()[..] else { panic!("{parent} has no single {program}") };
    let child = Pid::from_raw(child).expect("the number of a process");
    kill_process(child, Signal::KILL).expect("the process is killed");
    until("the process to end", || has_ended(&child.as_raw_pid().to_string()).then_some(()));
}

/// Whether a process has ended, even if its parent has not taken note.
pub(super) fn has_ended(process: &str) -> bool {
    let stat = fs::read_to_string(format!("/proc/{process}/stat")).unwrap_or_default();
    stat.rsplit(')').next().is_none_or(|rest| matches!(rest.trim_start().chars().next(), None | Some('Z')))
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

    /// The exit code once it has ended; no code if a signal ended it.
    pub(super) fn code(&mut self) -> Option<Option<i32>> {
        Some(self.child.try_wait().expect("its own child")?.code())
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
