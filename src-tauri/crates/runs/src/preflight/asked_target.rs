//! The compute target that a request names, and what is known against working there.

use compute::{FindingLevel, LastCheck, StackThere, Target, TargetKind};
use python::EnvironmentKind;
use run_folder::export::Way;
use schema::{Error, Result};

use crate::runs::Runs;

/// A compute target that a request names.
#[derive(Debug, Clone)]
pub struct AskedTarget {
    /// The target.
    pub target: Target,
    /// Its last check; none where it was not checked.
    pub last: Option<LastCheck>,
    /// Why nothing can work there, in sentences.
    pub problems: Vec<String>,
    /// What its last check says against a run, in sentences. It may have changed since.
    pub warnings: Vec<String>,
}

impl Runs {
    /// The compute target of a request, by its id or its name; none for this machine.
    ///
    /// # Errors
    /// There is no such target.
    pub async fn asked_target(&self, asked: Option<&str>) -> Result<Option<AskedTarget>> {
        let Some(asked) = asked.filter(|asked| !asked.trim().is_empty()) else { return Ok(None) };
        let target = self.store.target(asked).await?;
        let last = self.store.last_check(&target.id).await?;
        let (name, check) = (&target.name, last.as_ref().map(|last| &last.check));
        let environment = check.and_then(|check| check.environment.as_ref());
        let made = environment.map_or(Ok(()), |environment| environment.refuse_unmade(name));
        let problems = [target.refuse_unconfirmed(), made].into_iter().filter_map(Result::err);
        let against = check.iter().flat_map(|check| &check.findings);
        let against = against.filter(|finding| finding.level == FindingLevel::Problem);
        let found = against.map(|finding| format!("The last check of '{name}' found: {}", finding.text));
        let unchecked = check.is_none().then(|| {
            format!("'{name}' was not checked yet, so its devices and memory are not known. Check it first.")
        });
        Ok(Some(AskedTarget {
            problems: problems.map(Error::in_sentences).collect(),
            warnings: found.chain(unchecked).collect(),
            target,
            last,
        }))
    }
}

impl AskedTarget {
    /// Why an export can't be carried out there, in sentences; none if it can, or that is not known.
    pub fn refuse_export(&self, way: &Way) -> Option<String> {
        if let Some(why) = way.bound_here() {
            return Some(why.to_owned());
        }
        let (name, kind) = (&self.target.name, way.environment());
        if self.target.settings.kind == TargetKind::Cloudera {
            return Some(format!(
                "'{name}' is a workbench. Register or deploy there, or choose another place."
            ));
        }
        let Some(StackThere { python, packages, missing, .. }) = self.stack() else {
            let unknown = format!("What the Python of '{name}' can write is not known. Check it first.");
            return (kind != EnvironmentKind::Training).then_some(unknown);
        };
        let lacking = kind.lacking(packages, missing).join(", ");
        (!lacking.is_empty()).then(|| {
            format!(
                "{python} on '{name}' lacks {lacking}. Install it there and check '{name}' again, or choose another \
                 place."
            )
        })
    }

    fn stack(&self) -> Option<&StackThere> {
        self.last.as_ref()?.check.stack.as_ref()
    }
}
