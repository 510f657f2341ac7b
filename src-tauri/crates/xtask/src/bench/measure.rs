//! One program, run to its end: how long it took and how much memory it held at most.

use std::{
    fs::File,
    io::Read,
    path::Path,
    process::{Command, Stdio},
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use wait4::Wait4;

#[derive(Clone, Copy, Default)]
pub(super) struct Measured {
    pub(super) time: Duration,
    /// How long the processors worked for it, in the program and in the system; zero if that is not known.
    /// It is steadier than the time where a machine is shared.
    pub(super) processors: Duration,
    /// The most memory it held at once, in bytes.
    pub(super) memory: u64,
}

/// Runs the program, with a file as its standard input or output where one is named.
pub(super) fn run(command: &mut Command, input: Option<&Path>, output: Option<&Path>) -> Result<Measured> {
    let open = |path: &Path| File::open(path).with_context(|| format!("{} can't be read", path.display()));
    let make =
        |path: &Path| File::create(path).with_context(|| format!("{} can't be written", path.display()));
    command.stdin(input.map(open).transpose()?.map_or_else(Stdio::null, Stdio::from));
    command.stdout(output.map(make).transpose()?.map_or_else(Stdio::null, Stdio::from));
    let start = Instant::now();
    let child = command.spawn().with_context(|| format!("{command:?} could not be started"))?;
    let ended = child.wait4()?;
    let time = start.elapsed();
    if !ended.status.success() {
        bail!("{command:?} failed ({})", ended.status);
    }
    let processors = ended.rusage.utime + ended.rusage.stime;
    Ok(Measured { time, processors, memory: ended.rusage.maxrss })
}

impl Measured {
    /// Where only the time is known.
    pub(super) fn from_time(time: Duration) -> Self {
        Self { time, processors: Duration::ZERO, memory: 0 }
    }
}

/// How many bytes a program reads by system calls while it runs, from files and anything else.
/// `None` where the system does not count them: only Linux does
/// (<https://docs.kernel.org/filesystems/proc.html>, `io`, `rchar`).
pub(super) fn bytes_read(run: impl FnOnce() -> Result<Measured>) -> Result<Option<u64>> {
    // The count of this process takes up that of a child when the child was waited for.
    let before = own_bytes_read();
    run()?;
    Ok(before.zip(own_bytes_read()).map(|(before, after)| after - before))
}

fn own_bytes_read() -> Option<u64> {
    let text = std::fs::read_to_string("/proc/self/io").ok()?;
    text.lines().find_map(|line| line.strip_prefix("rchar: "))?.parse().ok()
}

/// How long it takes until the program prints something.
pub(super) fn first_output(command: &mut Command) -> Result<Duration> {
    let start = Instant::now();
    let mut child = command
        .stdin(Stdio::null())
        .stdout(Stdio::piped())
        .spawn()
        .with_context(|| format!("{command:?} could not be started"))?;
    let mut output = child.stdout.take().context("standard output is not a pipe")?;
    output.read_exact(&mut [0]).with_context(|| format!("{command:?} printed nothing"))?;
    let time = start.elapsed();
    std::io::copy(&mut output, &mut std::io::sink())?;
    let status = child.wait()?;
    if !status.success() {
        bail!("{command:?} failed ({status})");
    }
    Ok(time)
}
