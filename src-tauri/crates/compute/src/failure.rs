//! Why a target can't be reached.

use schema::{Error, ErrorCode};
use serde::{Deserialize, Serialize};

use crate::program::{NO_PYTHON, OLD_PYTHON};

/// What is in the way of a connection.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(rename_all = "snake_case")]
pub enum Fault {
    /// There is no `ssh` on this machine.
    NoSsh,
    /// The configuration of SSH has a mistake, or the host's name is none.
    Configuration,
    /// No address belongs to the host's name.
    UnknownName,
    /// Nothing listens on the port.
    Refused,
    /// No answer in time.
    Silent,
    /// The host's key is not known here yet. A person may accept its fingerprint.
    UnknownHostKey,
    /// The host has another key than before.
    ChangedHostKey,
    /// No key fits, or a passphrase or password would be asked for.
    Denied,
    /// The agent offered more keys than the host takes.
    TooManyKeys,
    /// The jump host is in the way.
    JumpHost,
    /// The account runs no programs.
    NoPrograms,
    /// There is no `python3` there.
    NoPython,
    /// The `python3` there is older than 3.6.
    OldPython,
    /// The line was cut.
    Cut,
    /// Something else, in the words of SSH.
    Other,
}

/// Why there is no channel, for programs and for people.
#[derive(Debug, Clone)]
pub(crate) struct Failure {
    pub(crate) fault: Fault,
    pub(crate) error: Error,
}

impl Failure {
    pub(crate) fn new(fault: Fault, message: impl Into<String>, hint: impl Into<String>) -> Self {
        Self { fault, error: Error::new(ErrorCode::Unreachable, message).hint(hint) }
    }

    /// The line was cut after it had been open.
    pub(crate) fn cut(host: &str, messages: &str) -> Self {
        let said = last_line(messages).map(|line| format!(" SSH says: {line}")).unwrap_or_default();
        let message = format!("The connection to {host} was cut.{said}");
        Self { fault: Fault::Cut, error: Error::new(ErrorCode::Unreachable, message) }
    }

    /// There was no answer in time.
    pub(crate) fn silent(host: &str) -> Self {
        Self::new(
            Fault::Silent,
            format!("{host} does not answer."),
            "Check that the machine is on and that the network leads to it.",
        )
    }

    /// The program that opens the channel could not be started.
    pub(crate) fn no_program(host: &str, program: &str, error: &std::io::Error) -> Self {
        if program == "ssh" {
            return Self::new(
                Fault::NoSsh,
                format!("ssh could not be started on this machine: {error}."),
                "Install OpenSSH's client.",
            );
        }
        no_python(host)
    }

    /// What `ssh` said before there was an answer: `messages` is its standard error, `noise` what came over the line,
    /// `code` its exit code.
    pub(crate) fn before_answer(host: &str, messages: &str, noise: &str, code: Option<i32>) -> Self {
        if noise.contains(NO_PYTHON) {
            return no_python(host);
        }
        if code == Some(OLD_PYTHON) {
            return Self::new(
                Fault::OldPython,
                format!("The python3 of {host} is older than 3.6."),
                "Install a newer Python there, or name one in the target's settings.",
            );
        }
        // The `ssh` of a jump host writes to the same place, before the one that waits for it.
        if messages.contains("UNKNOWN port 65535") || messages.contains("stdio forwarding failed") {
            let own = |line: &&str| {
                !line.contains("UNKNOWN port 65535") && !line.contains("kex_exchange_identification")
            };
            let jump: Vec<&str> = messages.lines().filter(own).collect();
            let inner = of_ssh(host, &jump.join("\n")).unwrap_or_else(|| other(host, &jump.join("\n"), code));
            let fault = match inner.fault {
                Fault::UnknownHostKey | Fault::ChangedHostKey => inner.fault,
                _ => Fault::JumpHost,
            };
            let message = format!("The jump host on the way to {host}: {}", inner.error.message);
            return Self { fault, error: Error { message, ..inner.error } };
        }
        if let Some(known) = of_ssh(host, messages) {
            return known;
        }
        if noise.contains("account is currently not available")
            || (code == Some(1) && messages.trim().is_empty())
        {
            let said = last_line(noise).map(|line| format!(" It says: {line}")).unwrap_or_default();
            return Self::new(
                Fault::NoPrograms,
                format!("The account on {host} runs no programs.{said}"),
                "Use an account with a login shell.",
            );
        }
        if code == Some(127) {
            return no_python(host);
        }
        other(host, &format!("{noise}\n{messages}"), code)
    }
}

/// What the messages of `ssh` mean, if they are among those that are known.
fn of_ssh(host: &str, messages: &str) -> Option<Failure> {
    let line = |text: &str| messages.lines().find(|line| line.contains(text));
    let after = |text: &str| Some(line(text)?.split_once(text)?.1.trim());
    let failed = |fault, message: String, hint: &str| Some(Failure::new(fault, message, hint));
    if messages.contains("REMOTE HOST IDENTIFICATION HAS CHANGED") {
        let place = line("Offending ").and_then(|line| line.split_once(" key in "));
        let place = place.map_or("known_hosts", |(_, place)| place.trim().trim_end_matches('\r'));
        let new =
            messages.split_whitespace().find(|word| word.starts_with("SHA256:")).unwrap_or("an unknown one");
        return failed(
            Fault::ChangedHostKey,
            format!(
                "{host} has another key than before. The old one stands in {place}; the new one is {}.",
                new.trim_end_matches('.')
            ),
            "Somebody may be between this machine and that one. If its administrator confirms the new key, remove the \
             old line and check the target again.",
        );
    }
    if messages.contains("host key is known for") || messages.contains("Host key verification failed") {
        return failed(
            Fault::UnknownHostKey,
            format!("The key of {host} is not known here."),
            "Check the target: it shows the fingerprint, which you can compare and accept.",
        );
    }
    if let Some(rest) = after("Could not resolve hostname ") {
        let name = rest.split(':').next().unwrap_or(rest);
        return failed(
            Fault::UnknownName,
            format!("No machine is known by the name {name}."),
            "Check the name, the SSH configuration, and whether a VPN is needed.",
        );
    }
    if let Some(line) = line("Connection refused") {
        return failed(
            Fault::Refused,
            format!("{host} refuses connections{}.", at_port(line)),
            "Check that an SSH server runs there, and the port in the SSH configuration.",
        );
    }
    if let Some(line) = line("No route to host").or_else(|| line("Network is unreachable")) {
        return failed(
            Fault::Silent,
            format!("No network leads to {host}{}.", at_port(line)),
            "Check the network of this machine, and whether a VPN is needed.",
        );
    }
    if messages.contains("timed out") || messages.contains("Timeout, server") {
        return Some(Failure::silent(host));
    }
    if messages.contains("Too many authentication failures") {
        return failed(
            Fault::TooManyKeys,
            format!("{host} refuses the login: the agent offered too many keys."),
            "Give the host IdentityFile and IdentitiesOnly yes in the SSH configuration.",
        );
    }
    if let Some(line) = line("Permission denied") {
        let asks = line.contains("password") || line.contains("keyboard-interactive");
        let hint = if asks {
            "Passwords and codes are not asked for. Put a key there with ssh-copy-id; one with a passphrase must be in the \
             agent (ssh-add). Where only a code lets you in, open a shared connection in a terminal (ControlMaster)."
        } else {
            "Check which key the SSH configuration names and that it is among the authorized ones there. A key with a \
             passphrase must be in the agent (ssh-add)."
        };
        return failed(Fault::Denied, format!("{host} refuses the login: no key fits."), hint);
    }
    if messages.contains("kex_exchange_identification") {
        return failed(
            Fault::Refused,
            format!("{host} closes connections at once."),
            "It may be overloaded, or refuse this machine. Try again later.",
        );
    }
    let configuration = [
        "Bad configuration option",
        "Can't open user config file",
        "Bad owner or permissions",
        "configuration options",
    ];
    if let Some(line) = configuration.iter().find_map(|text| line(text)) {
        return failed(
            Fault::Configuration,
            format!("ssh can't use its configuration: {}.", line.trim().trim_end_matches('.')),
            "Correct the SSH configuration, or name another one in the target's settings.",
        );
    }
    None
}

/// The address in a message of `ssh`: ` on port 22 of 127.0.0.1`.
fn at_port(line: &str) -> String {
    let found = line.split_once("connect to host ").and_then(|(_, rest)| {
        let (name, rest) = rest.split_once(" port ")?;
        Some(format!(" on port {} of {name}", rest.split(':').next()?))
    });
    found.unwrap_or_default()
}

fn no_python(host: &str) -> Failure {
    Failure::new(
        Fault::NoPython,
        format!("{host} has no python3 on the path of its logins."),
        "Install Python 3.6 or newer there, or name an interpreter in the target's settings.",
    )
}

fn other(host: &str, messages: &str, code: Option<i32>) -> Failure {
    let said = last_line(messages).map_or_else(
        || {
            format!(
                "It ended without an answer{}.",
                code.map(|code| format!(", with code {code}")).unwrap_or_default()
            )
        },
        |line| format!("It says: {line}"),
    );
    Failure::new(
        Fault::Other,
        format!("{host} can't be used. {said}"),
        "Try the same with ssh in a terminal.",
    )
}

fn last_line(text: &str) -> Option<&str> {
    text.lines().map(str::trim).rfind(|line| !line.is_empty())
}
