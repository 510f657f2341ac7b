//! A network of its own for a server, behind an interface that can be taken down. Only root can make one.

use std::process::Command;

/// A network with one address, and this machine's interface to it. Both are removed when this is dropped.
#[derive(Debug)]
pub(crate) struct Network {
    /// A word that no other network of this machine has.
    word: String,
    /// The third number of the addresses.
    subnet: u8,
}

impl Network {
    /// One that is up; `number` is one that no other has. None, with a line that says so, where it can't be made.
    pub(crate) fn or_skip(number: u16) -> Option<Self> {
        let made = Self { word: format!("ftn{number}"), subnet: (number % 251) as u8 + 1 };
        if !ip(&["netns", "add", &made.word]) {
            eprintln!(
                "Skipped: a network can't be made here. It needs root, and the program ip of the package iproute2."
            );
            return None;
        }
        let (outer, inner) = (format!("10.79.{}.1/24", made.subnet), format!("{}/24", made.address()));
        for arguments in [
            ["link", "add", &made.word, "type", "veth", "peer", "name", "eth0", "netns", &made.word]
                .as_slice(),
            &["addr", "add", &outer, "dev", &made.word],
            &["link", "set", &made.word, "up"],
            &["-n", &made.word, "addr", "add", &inner, "dev", "eth0"],
            &["-n", &made.word, "link", "set", "eth0", "up"],
            &["-n", &made.word, "link", "set", "lo", "up"],
        ] {
            assert!(ip(arguments), "ip {arguments:?}");
        }
        Some(made)
    }

    /// The address in it.
    pub(crate) fn address(&self) -> String {
        format!("10.79.{}.2", self.subnet)
    }

    /// The command that starts a program in it.
    pub(crate) fn command(&self, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command.arg(format!("--net=/run/netns/{}", self.word)).arg(program);
        command
    }

    /// Takes the interface down, or up again.
    pub(crate) fn connect(&self, connected: bool) {
        assert!(ip(&["link", "set", &self.word, if connected { "up" } else { "down" }]));
    }
}

impl Drop for Network {
    fn drop(&mut self) {
        ip(&["netns", "del", &self.word]);
        ip(&["link", "del", &self.word]);
    }
}

fn ip(arguments: &[&str]) -> bool {
    Command::new("ip").args(arguments).output().is_ok_and(|output| output.status.success())
}
