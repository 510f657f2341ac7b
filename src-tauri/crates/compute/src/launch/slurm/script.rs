//! The script of a job.

use schema::Result;

use super::marks::Marks;
use super::request;
use crate::{launch::launcher::Launch, target::TargetOptions};

/// What comes before a person's setup lines.
const BEGIN: &str = include_str!("begin.sh");

/// What comes after them.
const END: &str = include_str!("end.sh");

/// The script of a worker's job. `root` is the target's folder, which is absolute.
pub(super) fn script(options: &TargetOptions, launch: &Launch, root: &str) -> Result<String> {
    let setup = options.setup.as_deref().map(str::trim).filter(|setup| !setup.is_empty());
    // A login shell has the functions `module` and `conda`.
    let mut lines = vec![if setup.is_some() { "#!/bin/bash -l" } else { "#!/bin/sh" }.to_owned()];
    lines.extend(request::directives(options)?);
    lines.push(format!("fts_folder={}", quoted(&absolute(root, &launch.folder))));
    lines.push(format!("fts_mark={}", Marks::new(launch.attempt).prefix()));
    lines.push(format!("fts_requeue={}", if request::may_requeue(options) { "yes" } else { "no" }));
    lines.push("fts_run() {".to_owned());
    let worker = ("PYTHONPATH".to_owned(), absolute(root, &launch.worker));
    let nodes = ("FTS_RUN_NODES".to_owned(), launch.nodes.max(1).to_string());
    for (name, value) in launch.environment.iter().chain([&worker, &nodes]) {
        lines.push(format!("    export {name}={}", quoted(value)));
    }
    lines.push(format!("    export FTS_RUN_ATTEMPT=$(({} + ${{SLURM_RESTART_COUNT:-0}}))", launch.attempt));
    lines.push(format!("    exec {}", command(launch, root)));
    lines.push("}".to_owned());
    lines.push(BEGIN.to_owned());
    lines.extend(setup.map(|setup| setup.replace("\r\n", "\n")));
    lines.push(END.to_owned());
    Ok(lines.join("\n"))
}

/// The command line of the worker.
fn command(launch: &Launch, root: &str) -> String {
    let python = match launch.python.strip_prefix("~/") {
        Some(below) => format!("\"$HOME\"/{}", quoted(below)),
        None if launch.python.contains('/') => quoted(&absolute(root, &launch.python)),
        None => quoted(&launch.python),
    };
    let start = ["-u", "-m", launch.module.as_str()];
    let words = start.into_iter().chain(launch.arguments.iter().map(String::as_str)).map(quoted);
    [python].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}

/// A path there, below the target's folder unless it is absolute.
pub(super) fn absolute(root: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", root.trim_end_matches('/')) }
}

/// A word of a shell's command line that stands for exactly this text.
fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}
