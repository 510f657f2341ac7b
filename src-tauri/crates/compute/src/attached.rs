//! A worker that answers over its standard streams for as long as the connection holds, such as one that a person asks.

use std::collections::BTreeMap;

use schema::Result;
use tokio::process::Command;

use crate::{
    connection::Connection,
    launch::{
        Launcher,
        shell::{command_line, lines_of_secrets, quoted, with_setup, within},
    },
    ssh,
    target::TargetSettings,
};

/// Reads a script up to the line [`GO`] from standard input, which `read` does byte by byte, and becomes it. Every login
/// shell takes it as one word in single quotes.
const READ: &str = "s=; n=$(printf \"\\n_\"); n=${n%_}; while IFS= read -r l && [ \"$l\" != fts:go ]; do s=$s$l$n; \
                    done; eval \"$s\"";

/// The line behind a script.
const GO: &str = "fts:go";

/// A worker to be attached.
#[derive(Clone)]
pub struct AttachedWorker {
    /// The Python interpreter there, as in [`crate::Launch`].
    pub python: String,
    /// The folder with the worker's package there, relative to the target's.
    pub worker: String,
    /// The module of the worker, with its arguments.
    pub module: Vec<String>,
    /// Further variables of its environment. They are no secrets.
    pub environment: Vec<(String, String)>,
    /// Tokens for its environment. They reach it by its standard input.
    pub secrets: Vec<(String, String)>,
}

impl std::fmt::Debug for AttachedWorker {
    fn fmt(&self, f: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        f.debug_struct("AttachedWorker").field("module", &self.module).finish_non_exhaustive()
    }
}

/// How a worker is attached.
#[derive(Debug)]
pub struct Attachment {
    /// The process of this machine whose standard streams are those of the worker. The worker ends with its input.
    pub process: Command,
    /// What is written to it before anything that is for the worker.
    pub input: Vec<u8>,
}

impl Connection {
    /// How a worker is attached: by an `ssh` process of its own beside this connection.
    ///
    /// # Errors
    /// There was no answer, or what runs workers is missing there.
    pub async fn attach(&self, launcher: &dyn Launcher, worker: &AttachedWorker) -> Result<Attachment> {
        let root = self.prepare().await?;
        let before = launcher.around_attached(self, &format!("sh -c {}", quoted(READ))).await?;
        let scripts = before.into_iter().chain([script(self.settings(), worker, &root)]);
        let mut input: String = scripts.map(|script| format!("{script}\n{GO}\n")).collect();
        input.push_str(&lines_of_secrets(&worker.secrets)?);
        input.push('\n');
        Ok(Attachment { process: self.reader()?, input: input.into_bytes() })
    }

    /// The process that reads scripts there.
    fn reader(&self) -> Result<Command> {
        let settings = self.settings();
        if settings.host == TargetSettings::LOCAL {
            let mut command = Command::new("sh");
            command.args(["-c", READ]);
            return Ok(ssh::piped(command));
        }
        let mut command = ssh::unattended(settings).map_err(|failure| failure.error)?;
        command.arg(format!("exec sh -c '{READ}'"));
        Ok(ssh::piped(command))
    }
}

/// The script that becomes the worker. Its first lines of input are the secrets, up to an empty line.
fn script(settings: &TargetSettings, worker: &AttachedWorker, root: &str) -> String {
    let mut lines = vec![
        format!("cd {} || exit 1", quoted(root)),
        "while IFS= read -r fts_line && [ -n \"$fts_line\" ]; do export \"$fts_line\"; done".to_owned(),
    ];
    let own = [("PYTHONPATH", within(root, &worker.worker)), ("PYTHONUNBUFFERED", "1".to_owned())];
    let mut variables: BTreeMap<&str, &str> =
        worker.environment.iter().map(|(name, value)| (name.as_str(), value.as_str())).collect();
    variables.extend(own.iter().map(|(name, value)| (*name, value.as_str())));
    lines.extend(variables.iter().map(|(name, value)| format!("export {name}={}", quoted(value))));
    let command = command_line(&worker.python, &worker.module, root);
    lines.push(match settings.options.setup.as_deref().filter(|setup| !setup.trim().is_empty()) {
        None => format!("exec {command}"),
        Some(setup) => {
            let before = with_setup(&setup.replace("\r\n", "\n"), Vec::new());
            let before: Vec<String> = before.iter().map(|word| quoted(word)).collect();
            format!("exec {} {command}", before.join(" "))
        }
    });
    lines.join("\n")
}
