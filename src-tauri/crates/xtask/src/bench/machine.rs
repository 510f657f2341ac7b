//! The machine that was measured on, in one line.

use std::{fs, path::Path, thread};

use crate::program::{ask, program};

/// Cores, memory, kernel and the file system of the folder.
pub(super) fn describe(folder: &Path) -> String {
    let cores = thread::available_parallelism().map_or(1, usize::from);
    let processor = field("/proc/cpuinfo", "model name").unwrap_or_else(|| "unknown processor".into());
    let memory = field("/proc/meminfo", "MemTotal")
        .and_then(|text| text.split(' ').next()?.parse::<u64>().ok())
        .map_or_else(|| "unknown".into(), |kib| format!("{} GiB of", kib >> 20));
    let kernel = ask(program("uname").arg("-sr")).unwrap_or_default();
    let disk = ask(program("df").args(["--output=source,fstype"]).arg(folder)).unwrap_or_default();
    let disk = disk.lines().last().unwrap_or_default().split_whitespace().collect::<Vec<_>>().join(", ");
    let shell = ask(program("sqlite3").arg("--version")).unwrap_or_default();
    let shell = shell.split(' ').next().unwrap_or_default();
    format!("{processor}, {cores} cores, {memory} memory, {kernel}, disk {disk}, sqlite3 {shell}")
}

/// The first value of that name in a file of lines `name: value`.
fn field(file: &str, name: &str) -> Option<String> {
    let text = fs::read_to_string(file).ok()?;
    let line = text.lines().find(|line| line.starts_with(name))?;
    Some(line.split_once(':')?.1.trim().to_owned())
}
