//! The script of a job.

use schema::Result;

use super::marks::Marks;
use super::request;
use crate::{
    launch::{
        launcher::Launch,
        shell::{command_line, quoted, within},
    },
    target::TargetOptions,
};

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
    lines.push(format!("fts_folder={}", quoted(&within(root, &launch.folder))));
    lines.push(format!("fts_mark={}", Marks::new(launch.attempt).prefix()));
    lines.push(format!("fts_requeue={}", if request::may_requeue(options) { "yes" } else { "no" }));
    lines.push("fts_run() {".to_owned());
    let worker = ("PYTHONPATH".to_owned(), within(root, &launch.worker));
    let nodes = ("FTS_RUN_NODES".to_owned(), launch.nodes.max(1).to_string());
    for (name, value) in launch.environment.iter().chain([&worker, &nodes]) {
        lines.push(format!("    export {name}={}", quoted(value)));
    }
    lines.push(format!("    export FTS_RUN_ATTEMPT=$(({} + ${{SLURM_RESTART_COUNT:-0}}))", launch.attempt));
    let module: Vec<String> = [&launch.module].into_iter().chain(&launch.arguments).cloned().collect();
    lines.push(format!("    exec {}", command_line(&launch.python, &module, root)));
    lines.push("}".to_owned());
    lines.push(BEGIN.to_owned());
    lines.extend(setup.map(|setup| setup.replace("\r\n", "\n")));
    lines.push(END.to_owned());
    Ok(lines.join("\n"))
}
