//! Where the programs of Slurm are on a login node.

use schema::{Error, ErrorCode, Result};

use super::answer::{Answer, answer};
use crate::{connection::Connection, output::Environment};

/// Prints the path of `sbatch` and the configuration that the shell knows, behind a word that no banner begins with.
const FIND: &str = "p=$(command -v sbatch) && echo \"fts:$p\" && echo \"fts:${SLURM_CONF-}\"";

/// The programs of Slurm on a target.
#[derive(Debug, Clone)]
pub(super) struct Programs {
    /// The folder in which they lie.
    folder: String,
    /// `SLURM_CONF` of a login shell, where only that finds the programs.
    configuration: Option<String>,
    /// The target's folder, which is absolute.
    pub(super) root: String,
}

impl Programs {
    /// Finds them: on the path, or on that of a login shell, which many clusters need.
    pub(super) async fn find(connection: &Connection) -> Result<Self> {
        let root = connection.prepare().await?;
        for (shell, login) in [(["sh", "-c", FIND], false), (["bash", "-lc", FIND], true)] {
            let output = connection.run(&shell, None, Environment::Own).await?;
            let mut found = output.stdout.lines().filter_map(|line| line.strip_prefix("fts:"));
            let sbatch = found.next().filter(|path| path.starts_with('/'));
            if let Some((folder, _)) = sbatch.and_then(|path| path.rsplit_once('/')) {
                let configuration = found.next().filter(|path| login && !path.is_empty()).map(str::to_owned);
                return Ok(Self { folder: folder.to_owned(), configuration, root });
            }
        }
        Err(Error::new(
            ErrorCode::NotFound,
            format!("Slurm's sbatch was not found on {}.", connection.settings().host),
        )
        .hint("Choose a login node of the cluster as the host, or a target of the kind SSH machine."))
    }

    /// The path of one of them.
    pub(super) fn path(&self, program: &str) -> String {
        format!("{}/{program}", self.folder)
    }

    /// The `SLURM_CONF` that is passed to them.
    pub(super) fn configuration(&self) -> Option<&str> {
        self.configuration.as_deref()
    }

    /// Runs one of them with the variables of the environment that a job needs, and no others.
    pub(super) async fn run(
        &self,
        connection: &Connection,
        program: &str,
        arguments: &[&str],
        input: Option<&[u8]>,
    ) -> Result<Answer> {
        let path = self.path(program);
        let configuration = self.configuration.as_ref().map(|path| format!("SLURM_CONF={path}"));
        let mut command = vec!["env"];
        // It prints times without their zone. A job must not inherit this.
        command.extend((program == "squeue").then_some("TZ=UTC"));
        command.extend(configuration.as_deref());
        command.push(&path);
        command.extend(arguments);
        answer(connection.run(&command, input, Environment::Clean).await?)
    }
}
