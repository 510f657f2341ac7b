//! What someone who helps needs to know of this machine and this program.

use std::fmt::Write as _;

use platform::{blocking, log_file};
use schema::Result;
use sysinfo::System;

use crate::Studio;

/// Enough for what happened before something failed, and for a message.
const LINES_OF_LOG: usize = 200;

/// Versions and the end of the log as one text, without secrets and without the name of the person's folder.
/// `host` has facts that only the host knows, by their names.
pub async fn diagnostics(studio: Option<&Studio>, host: &[(&str, String)]) -> Result<String> {
    let database = match studio {
        Some(studio) => {
            let workspace = studio.workspace().await?;
            let rows: u64 = workspace.counts.iter().map(|count| count.rows).sum();
            format!("{}, {rows} rows", workspace.path)
        }
        None => "none is open".to_owned(),
    };
    let system = System::long_os_version().unwrap_or_else(|_| std::env::consts::OS.to_owned());
    let kernel = System::kernel_version().unwrap_or_default();
    let cores = std::thread::available_parallelism().map_or(1, usize::from);
    let mut text = format!("Fine Tuning Studio {}\n", env!("CARGO_PKG_VERSION"));
    let own = [
        ("System", format!("{system}, kernel {kernel}, {}, {cores} cores", std::env::consts::ARCH)),
        ("Database", database),
    ];
    for (name, value) in own.iter().chain(host) {
        let _ = writeln!(text, "{name}: {}", log_file::without_home(value));
    }
    let log = blocking("reading the log", || log_file::last_lines(LINES_OF_LOG)).await?;
    let _ = write!(text, "\n{}\n", if log.is_empty() { "There is no log." } else { &log });
    Ok(text)
}
