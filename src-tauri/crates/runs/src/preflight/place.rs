//! What is known of the place where a run will work: this machine, or a compute target as its last check found it.

use compute::{StackThere, TargetKind};
use estimate::machine_memory;
use python::{Accelerator, EnvironmentKind};
use schema::{ErrorCode, Result};

use super::{context::Preflight, elsewhere::Elsewhere};

/// The field of a request with the target.
const TARGET: &str = "target";

impl Preflight<'_> {
    /// Lays the run out for a compute target, by its id or its name. What its last check says against a run is a
    /// warning, since it may have changed.
    pub(super) async fn go_elsewhere(&mut self, asked: Option<&str>) -> Result<()> {
        let found = self.runs.asked_target(asked).await;
        let Some(Some(asked)) = self.diagnostics.or_refuse(TARGET, found)? else { return Ok(()) };
        asked.problems.iter().for_each(|problem| self.diagnostics.refuse(TARGET, problem));
        asked.warnings.iter().for_each(|warning| self.diagnostics.warn(TARGET, warning));
        self.inputs.set_target(&asked.target.id, asked.last.clone());
        self.elsewhere = Some(Elsewhere { target: asked.target, check: asked.last.map(|last| last.check) });
        Ok(())
    }

    /// What a worker in that environment computes on; empty for the processor alone, and where nothing is known of a
    /// target.
    pub(super) async fn accelerators(&mut self, kind: EnvironmentKind) -> Result<Vec<Accelerator>> {
        if let Some(elsewhere) = &self.elsewhere {
            return Ok(elsewhere.accelerators().unwrap_or_default().to_vec());
        }
        let found = self.runs.python.worker_accelerators(kind).await;
        let accelerators = self.diagnostics.or_refuse("python", found)?.unwrap_or_default();
        self.inputs.set_accelerators(kind, &accelerators);
        Ok(accelerators)
    }

    /// Whether it is known what the run computes on.
    pub(super) fn knows_devices(&self) -> bool {
        self.elsewhere.as_ref().is_none_or(|elsewhere| elsewhere.accelerators().is_some())
    }

    /// The place in a sentence: "this machine", or the target's name in quotes.
    pub(super) fn place(&self) -> String {
        let named = |elsewhere: &Elsewhere| format!("'{}'", elsewhere.target.name);
        self.elsewhere.as_ref().map_or_else(|| "this machine".to_owned(), named)
    }

    /// What computes, in words: the device of this machine, or that of the target with its name, and the nodes of a
    /// cluster if they are several.
    pub(super) fn device_label(&self, device: String, nodes: u32) -> String {
        match &self.elsewhere {
            None => device,
            Some(elsewhere) if nodes > 1 => format!("{}, {nodes} nodes", elsewhere.target.name),
            Some(elsewhere) if elsewhere.accelerators().is_none() => elsewhere.target.name.clone(),
            Some(elsewhere) => format!("{}: {device}", elsewhere.target.name),
        }
    }

    /// Whether a package is installed where the run works. It is taken to be there on a target whose interpreter was
    /// not seen yet.
    pub(super) async fn has_package(&mut self, name: &str) -> Result<bool> {
        if let Some(elsewhere) = &self.elsewhere {
            let has = |stack: &StackThere| stack.packages.get(name).is_some_and(Option::is_some);
            return Ok(elsewhere.stack().is_none_or(has));
        }
        match self.runs.python.worker_has(name).await {
            Ok(has) => Ok(has),
            Err(error) if error.code == ErrorCode::NoPython => Ok(false),
            Err(error) => Err(error),
        }
    }

    /// The processors of the place, where they are known.
    pub(super) fn processors(&self) -> Option<u64> {
        match &self.elsewhere {
            None => Some(cores()),
            Some(elsewhere) if elsewhere.target.settings.kind == TargetKind::Slurm => None,
            Some(elsewhere) => elsewhere.check.as_ref()?.processors.map(u64::from),
        }
    }

    /// The memory of the place in bytes, beside that of its accelerators.
    pub(super) fn memory(&self) -> Option<u64> {
        match &self.elsewhere {
            None => machine_memory(),
            Some(elsewhere) if elsewhere.target.settings.kind == TargetKind::Slurm => None,
            Some(elsewhere) => elsewhere.check.as_ref()?.memory_bytes,
        }
    }

    /// The free bytes where the run of that id writes.
    pub(super) fn free_bytes(&self, id: &str) -> Option<u64> {
        match &self.elsewhere {
            None => platform::disk::free(self.runs.folder(id).path()),
            Some(elsewhere) => elsewhere.check.as_ref()?.free_bytes,
        }
    }
}

/// The cores of the processor that this program may use.
fn cores() -> u64 {
    let allowed = std::thread::available_parallelism().map_or(1, |number| number.get());
    sysinfo::System::physical_core_count().map_or(allowed, |cores| cores.min(allowed)).max(1) as u64
}
