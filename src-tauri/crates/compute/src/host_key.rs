//! Keys of hosts: those that are known, those that are new and must be accepted, and those that changed.

use std::{fs, path::Path};

use schema::{Error, ErrorCode, Result};
use serde::{Deserialize, Serialize};

use crate::{connection::Connection, failure::Failure, ssh, target::TargetSettings};

/// The key by which a host is known.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct HostKey {
    /// The host it belongs to: the target's, or that of a jump host on the way, as `ssh` names it.
    pub host: String,
    /// Its kind, such as `ssh-ed25519`.
    pub kind: String,
    /// Its fingerprint, such as `SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8`.
    pub fingerprint: String,
    /// Whether it stands in the `known_hosts` that the configuration names.
    pub known: bool,
}

/// Answers the question of `ssh` about an unknown key with the fingerprint that was accepted, and any other with no.
const ANSWER: &str =
    "#!/bin/sh\ncase \"$1\" in *\"$FTS_FINGERPRINT\"*) echo \"$FTS_FINGERPRINT\";; *) echo no;; esac\n";

/// No fingerprint, so that every answer is no.
const NONE: &str = "none";

impl Connection {
    /// The keys that the hosts on the way show, in order: those of jump hosts, then the target's. It ends with the first
    /// one that is not known, since the way ends there. Empty for this machine. A changed key is an error.
    pub async fn host_keys(&self) -> Result<Vec<HostKey>> {
        if self.settings().host == TargetSettings::LOCAL {
            return Ok(Vec::new());
        }
        let messages = asked(self.settings(), NONE).await?;
        if messages.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
            return Err(Failure::before_answer(&self.settings().host, &messages, "", None).error);
        }
        let keys = keys(&messages);
        if keys.is_empty() {
            return Err(Failure::before_answer(&self.settings().host, &messages, "", None).error);
        }
        Ok(keys)
    }

    /// Writes the key with that fingerprint to the `known_hosts` that the configuration names. An error if the host
    /// shows another key.
    pub async fn accept_host_key(&self, fingerprint: &str) -> Result<()> {
        let is_one = fingerprint.starts_with("SHA256:")
            && fingerprint[7..].chars().all(|c| c.is_ascii_alphanumeric() || "+/=".contains(c));
        if !is_one {
            return Err(Error::new(ErrorCode::Invalid, format!("{fingerprint} is no fingerprint."))
                .hint("It looks like SHA256:nThbg6kXUpJWGl7E1IGOCspRomTxdCARLviKw6E5SY8."));
        }
        let keys = keys(&asked(self.settings(), fingerprint).await?);
        if keys.iter().any(|key| key.fingerprint == fingerprint) {
            self.retry_now();
            // Written by `ssh` itself, which also reports a file that can't be written.
            let known = self.host_keys().await?;
            if known.iter().any(|key| key.known && key.fingerprint == fingerprint) {
                return Ok(());
            }
            return Err(Error::new(ErrorCode::File, "The key could not be written to known_hosts.")
                .hint("Check the permissions of the file that UserKnownHostsFile names."));
        }
        let shown: Vec<&str> = keys.iter().map(|key| key.fingerprint.as_str()).collect();
        let message =
            format!("{} does not show that key, but {}.", self.settings().host, shown.join(" and "));
        Err(Error::new(ErrorCode::Invalid, message).hint("Compare the fingerprint once more."))
    }
}

/// What `ssh` says on its way to the host, up to the login, which is not tried.
async fn asked(settings: &TargetSettings, fingerprint: &str) -> Result<String> {
    let failed = |error: std::io::Error| Error::internal("asking for the key of a host", &error);
    let folder = tempfile::tempdir().map_err(failed)?;
    let answer = folder.path().join("answer");
    write_program(&answer).map_err(failed)?;
    let mut command = ssh::ssh(settings).map_err(|failure| failure.error)?;
    command.args([
        "-v",
        "-o",
        "BatchMode=no",
        "-o",
        "StrictHostKeyChecking=ask",
        "-o",
        "NumberOfPasswordPrompts=0",
    ]);
    // A connection that is open already shows no key.
    command.args(["-o", "ControlPath=none"]);
    command.args(["-o", "PreferredAuthentications=none", "--", &settings.host, "true"]);
    command.env("SSH_ASKPASS", &answer).env("FTS_FINGERPRINT", fingerprint);
    let mut command = ssh::piped(command);
    let child = command.stdin(std::process::Stdio::null()).spawn();
    let child = child.map_err(|error| Failure::no_program(&settings.host, "ssh", &error).error)?;
    let silent = || Failure::silent(&settings.host).error;
    let ended = tokio::time::timeout(std::time::Duration::from_secs(40), child.wait_with_output()).await;
    let output = ended.map_err(|_| silent())?.map_err(failed)?;
    Ok(String::from_utf8_lossy(&output.stderr).replace('\r', ""))
}

/// The keys in the messages of `ssh -v`, in their order.
fn keys(messages: &str) -> Vec<HostKey> {
    let mut keys: Vec<HostKey> = Vec::new();
    let mut host = String::new();
    for line in messages.lines().filter_map(|line| line.strip_prefix("debug1: ")) {
        if let Some(rest) = line.strip_prefix("Authenticating to ") {
            rest.split(" as ").next().unwrap_or(rest).clone_into(&mut host);
        } else if let Some(rest) = line.strip_prefix("Server host key: ") {
            if let Some((kind, fingerprint)) = rest.split_once(' ') {
                let (kind, fingerprint) = (kind.to_owned(), fingerprint.trim().to_owned());
                keys.push(HostKey { host: host.clone(), kind, fingerprint, known: false });
            }
        } else if line.contains(" is known and matches the ")
            && let Some(key) = keys.last_mut()
        {
            key.known = true;
        }
    }
    keys
}

#[cfg(unix)]
fn write_program(path: &Path) -> std::io::Result<()> {
    use std::os::unix::fs::PermissionsExt as _;
    fs::write(path, ANSWER)?;
    fs::set_permissions(path, fs::Permissions::from_mode(0o700))
}

/// Without such programs every question is answered with no: a key is accepted by `ssh` in a terminal.
#[cfg(not(unix))]
fn write_program(path: &Path) -> std::io::Result<()> {
    fs::write(path, ANSWER)
}
