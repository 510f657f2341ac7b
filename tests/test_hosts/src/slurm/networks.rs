//! Networks of their own for the nodes of a cluster, as two real machines have them. Only root can make them.

use std::{
    fs,
    path::{Path, PathBuf},
    process::Command,
};

use super::SlurmOptions;

/// A bridge with an address for the controller, and a network for each node behind it. They are removed when
/// this is dropped.
#[derive(Debug)]
pub(crate) struct Networks {
    /// A word that no other cluster of this machine has, for the names of the devices.
    word: String,
    /// The third number of the addresses.
    subnet: u8,
    nodes: usize,
    hidden: Option<PathBuf>,
}

impl Networks {
    /// Networks for a cluster. `port` is one that only this cluster has.
    pub(crate) fn new(options: &SlurmOptions, port: u16, folder: &Path) -> Self {
        let (nodes, hidden) = (options.nodes, options.hidden.clone());
        let made = Self { word: format!("fts{port}"), subnet: (port % 251) as u8 + 1, nodes, hidden };
        let bridge = made.word.clone();
        ip(&["link", "add", &bridge, "type", "bridge"]);
        ip(&["addr", "add", &format!("{}/24", made.controller()), "dev", &bridge]);
        ip(&["link", "set", &bridge, "up"]);
        for number in 1..=nodes {
            let (space, inner, address) = (made.space(number), made.outer(number), made.node(number));
            ip(&["netns", "add", &space]);
            ip(&["link", "add", &inner, "type", "veth", "peer", "name", "eth0", "netns", &space]);
            ip(&["link", "set", &inner, "master", &bridge, "up"]);
            ip(&["-n", &space, "addr", "add", &format!("{address}/24"), "dev", "eth0"]);
            ip(&["-n", &space, "link", "set", "eth0", "up"]);
            ip(&["-n", &space, "link", "set", "lo", "up"]);
        }
        let mut hosts = format!("127.0.0.1 localhost\n{} {}\n", made.controller(), super::hostname());
        for number in 1..=nodes {
            hosts.push_str(&format!("{} n{number}\n", made.node(number)));
        }
        fs::write(folder.join("hosts"), hosts).unwrap();
        made
    }

    pub(crate) fn controller(&self) -> String {
        format!("10.77.{}.1", self.subnet)
    }

    pub(crate) fn node(&self, number: usize) -> String {
        format!("10.77.{}.{}", self.subnet, 10 + number)
    }

    /// The command that starts a program as the node of that number. Not `ip netns exec`: it mounts a `/sys`
    /// without control groups, and slurmd does not start there.
    pub(crate) fn command(&self, number: usize, folder: &Path, program: &str) -> Command {
        let mut command = Command::new("nsenter");
        command
            .arg(format!("--net=/run/netns/{}", self.space(number)))
            .args(["unshare", "--uts", "--mount", "sh", "-c"])
            .arg(
                "mount --bind \"$0\" /etc/hosts; [ -z \"$1\" ] || mount -t tmpfs none \"$1\"; hostname \"$2\"; \
                 shift 2; exec \"$@\"",
            )
            .arg(folder.join("hosts"))
            .arg(self.hidden.as_deref().unwrap_or(Path::new("")))
            .arg(format!("n{number}"))
            .arg(program);
        command
    }

    /// Cuts a node off from the network, or connects it again.
    pub(crate) fn connect(&self, number: usize, connected: bool) {
        ip(&["link", "set", &self.outer(number), if connected { "up" } else { "down" }]);
    }

    fn space(&self, number: usize) -> String {
        format!("{}n{number}", self.word)
    }

    fn outer(&self, number: usize) -> String {
        format!("{}v{number}", self.word)
    }
}

impl Drop for Networks {
    fn drop(&mut self) {
        for number in 1..=self.nodes {
            let _ = Command::new("ip").args(["netns", "del", &self.space(number)]).status();
        }
        let _ = Command::new("ip").args(["link", "del", &self.word]).status();
    }
}

fn ip(arguments: &[&str]) {
    let output = Command::new("ip").args(arguments).output().unwrap();
    assert!(output.status.success(), "ip {arguments:?}: {}", String::from_utf8_lossy(&output.stderr));
}
