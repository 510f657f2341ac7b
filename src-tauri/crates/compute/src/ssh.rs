//! The command that opens a channel: the system's `ssh` with the person's own configuration, or Python on this machine.

use std::process::Stdio;

use tokio::process::Command;

use crate::{
    failure::{Failure, Fault},
    program,
    target::TargetSettings,
};

/// Options on top of the person's configuration: nothing is asked for, a cut line is noticed, and of the configuration
/// only what leads to the host has an effect.
const OPTIONS: [&str; 11] = [
    "ConnectTimeout=10",
    "ServerAliveInterval=10",
    "ServerAliveCountMax=3",
    "ForwardX11=no",
    "ForwardAgent=no",
    "ClearAllForwardings=yes",
    "RemoteCommand=none",
    "PermitLocalCommand=no",
    "LogLevel=INFO",
    "RequestTTY=no",
    // A connection that the person opened is shared, which is how a host is reached that asks for a code.
    "ControlMaster=no",
];

/// The command that opens a channel to a target.
pub(crate) fn channel(settings: &TargetSettings) -> Result<Command, Failure> {
    if settings.host == TargetSettings::LOCAL {
        let mut command = Command::new("python3");
        command.args(["-u", "-c", program::BOOT]);
        return Ok(piped(command));
    }
    let mut command = unattended(settings)?;
    command.arg(program::shell(settings.python.as_deref()));
    Ok(piped(command))
}

/// `ssh` that asks nothing, up to the host. What it runs there is left to be added.
pub(crate) fn unattended(settings: &TargetSettings) -> Result<Command, Failure> {
    let mut command = ssh(settings)?;
    // Without a question, an unknown key is refused; whatever the configuration says, none is accepted unseen.
    command.args(["-o", "BatchMode=yes", "-o", "StrictHostKeyChecking=yes"]);
    command.args(["--", &settings.host]);
    Ok(command)
}

/// `ssh` with the options of every connection, without the host.
pub(crate) fn ssh(settings: &TargetSettings) -> Result<Command, Failure> {
    let host = &settings.host;
    if host.is_empty()
        || host.starts_with('-')
        || host.contains(|c: char| c.is_whitespace() || c.is_control())
    {
        return Err(Failure::new(
            Fault::Configuration,
            format!("\u{201c}{host}\u{201d} is no name of a host."),
            "Give a host of the SSH configuration, or user@host.",
        ));
    }
    let mut command = Command::new("ssh");
    command.arg("-T");
    if let Some(file) = &settings.ssh_config {
        command.arg("-F").arg(platform::absolute(file));
    }
    for option in OPTIONS {
        command.args(["-o", option]);
    }
    command.env("LC_ALL", "C");
    // The `ssh` of a jump host has none of these options: it must not ask on a terminal either.
    command.env("SSH_ASKPASS", "false").env("SSH_ASKPASS_REQUIRE", "force");
    Ok(command)
}

/// The command with pipes, ended with its handle, and untouched by an interrupt in the terminal.
pub(crate) fn piped(mut command: Command) -> Command {
    command.stdin(Stdio::piped()).stdout(Stdio::piped()).stderr(Stdio::piped()).kill_on_drop(true);
    #[cfg(unix)]
    command.process_group(0);
    command
}
