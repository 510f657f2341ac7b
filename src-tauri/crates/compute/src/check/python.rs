//! The interpreter of a target and what it has of what training needs.

use std::collections::BTreeMap;

use ::python::{Accelerator, OLDEST, minor_version};
use schema::Result;
use serde::Deserialize;

use super::found::{StackThere, TargetCheck};
use crate::{Connection, Environment, Probe, program::REPORT};

/// The way out where no interpreter has what training needs.
const NAME_ANOTHER: &str = "Name an interpreter that has it in the target's settings, or add lines that run before Python, \
                            such as those that activate an environment.";

/// The answer of that module.
#[derive(Debug, Deserialize)]
struct Report {
    python: String,
    executable: String,
    packages: BTreeMap<String, Option<String>>,
    missing: Vec<String>,
    accelerators: Vec<Accelerator>,
}

/// Looks at the interpreter for runs, started as they start it.
pub(super) async fn stack(
    connection: &Connection,
    check: &mut TargetCheck,
    probe: &Probe,
    python: &str,
) -> Result<()> {
    let setup = connection.settings().options.setup.as_deref().unwrap_or_default();
    // Started by the shell that also starts runs, so that `module` and `conda activate` are there.
    let script = format!("{setup}\nunset PYTHONPATH PYTHONHOME\nexec \"$0\" -u -");
    let shell = ["bash", "-lc", &script, python];
    let program = format!("{REPORT}\nprint_report()\n");
    let answer = connection.run(&shell, Some(program.as_bytes()), Environment::Own).await?;
    // What a login shell prints comes before.
    let report = answer.stdout.lines().rev().find_map(|line| serde_json::from_str::<Report>(line).ok());
    let Some(report) = report else {
        let known =
            probe.pythons.iter().find(|found| found.path == python).and_then(|found| found.version.clone());
        match known.filter(|version| is_old(version)) {
            Some(version) => too_old(check, python, &version),
            None => {
                let last =
                    answer.stderr.lines().rfind(|line| !line.trim().is_empty()).unwrap_or("It said nothing.");
                let last: String = last.trim().chars().take(300).collect();
                check.problem(format!("{python} could not be started there: {last}"), NAME_ANOTHER);
            }
        }
        return Ok(());
    };
    if is_old(&report.python) {
        too_old(check, &report.executable, &report.python);
    } else if report.missing.is_empty() {
        let version = |name: &str| report.packages.get(name).cloned().flatten().unwrap_or_default();
        check.fine(format!(
            "{} is Python {} with PyTorch {} and Transformers {}.",
            report.executable,
            report.python,
            version("torch"),
            version("transformers")
        ));
    } else {
        let missing = report.missing.join(", ");
        check.problem(
            format!("{} has not everything that training needs: {missing}.", report.executable),
            NAME_ANOTHER,
        );
    }
    check.stack = Some(StackThere {
        python: report.executable,
        version: report.python,
        packages: report.packages,
        missing: report.missing,
        accelerators: report.accelerators,
    });
    Ok(())
}

fn is_old(version: &str) -> bool {
    minor_version(version).is_some_and(|version| version < OLDEST)
}

fn too_old(check: &mut TargetCheck, python: &str, version: &str) {
    let (major, minor) = OLDEST;
    check.problem(
        format!("{python} is Python {version}, and Python {major}.{minor} or newer is needed."),
        "Name a newer interpreter in the target's settings.",
    );
}
