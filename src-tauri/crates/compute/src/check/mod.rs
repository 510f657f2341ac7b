//! What is there, and what speaks against a run there.

mod environment;
mod found;
mod host;
mod python;
mod slurm;
pub(crate) mod time_limit;

use ::python::Recipe;
use schema::Result;

pub use self::found::{
    CheckFinding, FindingLevel, LastCheck, SlurmFacts, SlurmPartition, StackThere, TargetCheck,
    WorkbenchChoice, WorkbenchFacts,
};
use crate::{Connection, TargetKind};

impl Connection {
    /// Looks whether runs can start there. Nothing is sent or changed there; the key of a host whose fingerprint a
    /// person accepts is added to the known hosts here. `recipe` is that of the environment that the studio makes.
    pub async fn check(&self, recipe: &Recipe, accept_host_key: Option<&str>) -> TargetCheck {
        let mut check = TargetCheck::default();
        if let Err(error) = self.look_over(&mut check, recipe, accept_host_key).await {
            check.refusal(error);
        }
        check.can_run = check.findings.iter().all(|finding| finding.level != FindingLevel::Problem);
        check
    }

    /// Adds what is found, as far as it can be looked at. An error is the last problem.
    async fn look_over(
        &self,
        check: &mut TargetCheck,
        recipe: &Recipe,
        accept_host_key: Option<&str>,
    ) -> Result<()> {
        self.settings().check()?;
        self.retry_now();
        if !host::key(self, check, accept_host_key).await? {
            return Ok(());
        }
        let probe = self.probe().await?;
        check.reachable = true;
        host::machine(check, &probe);
        check.pythons.clone_from(&probe.pythons);
        check.gpus.clone_from(&probe.gpus);
        check.processors = Some(probe.processors);
        check.memory_bytes = probe.memory_bytes;
        check.free_bytes = probe.free_bytes;
        if probe.libc.as_deref().is_none_or(|libc| !libc.starts_with("musl"))
            && let Some(python) = environment::python(self, check, &probe, recipe).await?
        {
            python::stack(self, check, &probe, &python).await?;
        }
        if self.settings().kind == TargetKind::Slurm {
            slurm::cluster(self, check, &probe).await?;
        } else {
            host::gpus(check);
        }
        Ok(())
    }
}
