//! `fts target check`.

use std::process::ExitCode;

use clap::Args;

use super::shown::print_check;
use crate::session::{DONE, Outcome, Session};

/// Check whether runs can start on a compute target: connection, host key or API key, Python, GPUs, disk, Slurm, quota
///
/// Nothing is sent or changed there. Exits with 1 if a run can't start.
#[derive(Debug, Args)]
#[command(
    after_help = "Example:\n  fts target check box --accept-host-key SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8"
)]
pub(crate) struct Check {
    /// The name or id of the target
    target: String,
    /// Add the host's key to the known hosts if it has this fingerprint
    #[arg(long, value_name = "FINGERPRINT")]
    accept_host_key: Option<String>,
}

impl Check {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let targets = session.studio().await?.targets();
        let check = targets.check(&self.target, self.accept_host_key.as_deref()).await?;
        if !session.output.json(&check) {
            print_check(&check);
            if let Some(key) = check.host_key.as_ref().filter(|key| !key.known) {
                let fingerprint = &key.fingerprint;
                eprintln!("`fts target check {} --accept-host-key {fingerprint}` accepts it.", self.target);
            }
        }
        if check.can_run { DONE } else { Ok(ExitCode::from(1)) }
    }
}
