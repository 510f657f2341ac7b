//! An SSH server with keys of its own, and a client configuration for it.

use std::{
    fs,
    net::TcpStream,
    os::unix::fs::PermissionsExt as _,
    path::{Path, PathBuf},
    process::{Child, Command, Output, Stdio},
    time::{Duration, Instant},
};

use tempfile::TempDir;

use crate::{free_port, network::Network, starts::Starts, wire::Wire};

/// Where the systems that are tested keep it.
const PROGRAM: &str = "/usr/sbin/sshd";

/// What a login does before it runs a command.
#[derive(Debug, Clone, Default)]
pub struct Login {
    /// The login shell, by its name or path; none for `sh`.
    pub shell: Option<String>,
    /// What it prints first.
    pub noise: Option<String>,
    /// The `PATH` of its programs; none for that of the server.
    pub path: Option<String>,
}

/// An SSH server on loopback, for the user who runs the test. It ends when the value is dropped.
#[derive(Debug)]
pub struct Sshd {
    folder: TempDir,
    port: u16,
    server: Option<Child>,
    network: Option<Network>,
}

impl Sshd {
    /// The host's name in the client configuration.
    pub const HOST: &str = "box";

    /// A running server. None, with a line that says so, where `sshd` is not installed.
    pub fn start() -> Option<Self> {
        Self::start_with(&[])
    }

    /// A running server behind an interface of its own, as another machine is. None, with a line that says so, where
    /// that can't be made.
    pub fn in_a_network_of_its_own() -> Option<Self> {
        let network = Network::or_skip(free_port())?;
        Self::start_in(Some(network), &[])
    }

    /// A running server with lines of `sshd_config` that come before its own, such as `SetEnv NAME=value`.
    pub fn start_with(lines: &[&str]) -> Option<Self> {
        Self::start_in(None, lines)
    }

    fn start_in(network: Option<Network>, lines: &[&str]) -> Option<Self> {
        if !Path::new(PROGRAM).is_file() {
            eprintln!("Skipped: {PROGRAM} is missing. On Debian it is in the package openssh-server.");
            return None;
        }
        let folder = tempfile::tempdir().unwrap();
        let mut sshd = Self { folder, port: free_port(), server: None, network };
        fs::set_permissions(sshd.folder(), fs::Permissions::from_mode(0o755)).unwrap();
        fs::create_dir(sshd.home()).unwrap();
        for name in ["host", "user"] {
            sshd.make_key(name);
        }
        fs::copy(sshd.file("user.pub"), sshd.file("authorized_keys")).unwrap();
        sshd.log_in(&Login::default());
        sshd.know_host_key();
        sshd.write_configurations(lines);
        sshd.restart();
        Some(sshd)
    }

    /// The folder with its keys and configurations.
    pub fn folder(&self) -> &Path {
        self.folder.path()
    }

    /// The client configuration, for `ssh -F`. It knows the server as [`Sshd::HOST`].
    pub fn config(&self) -> PathBuf {
        self.file("ssh_config")
    }

    /// The file with the keys of known hosts that the client configuration names.
    pub fn known_hosts(&self) -> PathBuf {
        self.file("known_hosts")
    }

    /// The home of those who log in.
    pub fn home(&self) -> PathBuf {
        self.file("home")
    }

    /// Its port of loopback.
    pub fn port(&self) -> u16 {
        self.port
    }

    /// The fingerprint of its key, as `ssh` shows it.
    pub fn fingerprint(&self) -> String {
        let shown = output(Command::new("ssh-keygen").arg("-lf").arg(self.file("host.pub")));
        shown.split_whitespace().nth(1).unwrap().to_owned()
    }

    /// What it logged.
    pub fn log(&self) -> String {
        fs::read_to_string(self.file("sshd.log")).unwrap_or_default()
    }

    /// Adds lines to the end of the client configuration; there they are for [`Sshd::HOST`].
    pub fn configure_client(&self, lines: &[&str]) {
        let text = fs::read_to_string(self.config()).unwrap();
        fs::write(self.config(), format!("{text}{}\n", lines.join("\n"))).unwrap();
    }

    /// Changes what logins do from now on.
    pub fn log_in(&self, login: &Login) {
        let quoted = |text: &str| format!("'{}'", text.replace('\'', r"'\''"));
        let mut script = "#!/bin/sh\n".to_owned();
        if let Some(noise) = &login.noise {
            script.push_str(&format!("printf '%s' {}\n", quoted(noise)));
        }
        let shell = quoted(&which(login.shell.as_deref().unwrap_or("sh")).to_string_lossy());
        if let Some(path) = &login.path {
            script.push_str(&format!("PATH={}; export PATH\n", quoted(path)));
        }
        script.push_str(&format!("exec {shell} -c \"$SSH_ORIGINAL_COMMAND\"\n"));
        let (path, next) = (self.file("login"), self.file("login.next"));
        fs::write(&next, script).unwrap();
        fs::set_permissions(&next, fs::Permissions::from_mode(0o755)).unwrap();
        fs::rename(next, path).unwrap();
    }

    /// Cuts all connections; the server goes on.
    pub fn cut(&self) {
        let Some(server) = &self.server else { return };
        for session in sessions(server.id()) {
            // It may have ended meanwhile.
            let _ = Command::new("kill").args(["-9", &session.to_string()]).stderr(Stdio::null()).status();
        }
    }

    /// Kills the `ssh` of everybody who uses the client configuration.
    pub fn kill_clients(&self) {
        let configuration = self.config();
        for process in fs::read_dir("/proc").into_iter().flatten().filter_map(Result::ok) {
            let words = fs::read(process.path().join("cmdline")).unwrap_or_default();
            let mut words = words.split(|byte| *byte == 0);
            let is_ssh = words.next().is_some_and(|program| program.ends_with(b"ssh"));
            if is_ssh && words.any(|word| word == configuration.as_os_str().as_encoded_bytes()) {
                // It may have ended meanwhile.
                let _ =
                    Command::new("kill").arg("-9").arg(process.file_name()).stderr(Stdio::null()).status();
            }
        }
    }

    /// A line of its own between the client configuration and the server, on which connections can be cut.
    pub fn wire(&self) -> Wire {
        let wire = Wire::to(self.port);
        let of = |file: PathBuf, from: String, to: String| {
            let text = fs::read_to_string(&file).unwrap();
            assert!(text.contains(&from), "{text}");
            fs::write(file, text.replace(&from, &to)).unwrap();
        };
        of(self.config(), format!("Port {}\n", self.port), format!("Port {}\n", wire.port()));
        of(self.known_hosts(), format!("]:{} ", self.port), format!("]:{} ", wire.port()));
        wire
    }

    /// Holds up what starts workers there from now on.
    pub fn hold_up_starts(&self) -> Starts {
        let starts = Starts(self.file("starts"));
        fs::create_dir_all(&starts.0).unwrap();
        let path = format!("{}:/usr/bin:/bin", starts.write_python().display());
        self.log_in(&Login { path: Some(path), ..Login::default() });
        starts
    }

    /// Stops the server and cuts all connections.
    pub fn stop(&mut self) {
        // A client that comes back at once must not get a session between the cut and the end.
        if let Some(server) = &self.server {
            let _ = Command::new("kill").args(["-STOP", &server.id().to_string()]).status();
        }
        self.cut();
        if let Some(mut server) = self.server.take() {
            let _ = server.kill();
            let _ = server.wait();
        }
    }

    /// Starts the server again, on the same port and with the configuration as it is now.
    pub fn restart(&mut self) {
        self.stop();
        // As root, it wants the folder for the separation of its privileges.
        let _ = fs::create_dir_all("/run/sshd");
        let mut command = match &self.network {
            Some(network) => network.command(PROGRAM),
            None => Command::new(PROGRAM),
        };
        let server = command
            .arg("-D")
            .arg("-f")
            .arg(self.file("sshd_config"))
            .arg("-E")
            .arg(self.file("sshd.log"))
            .stdin(Stdio::null())
            .stdout(Stdio::null())
            .stderr(Stdio::null())
            .spawn()
            .unwrap();
        self.server = Some(server);
        let until = Instant::now() + Duration::from_secs(20);
        while TcpStream::connect((self.address(), self.port)).is_err() {
            assert!(Instant::now() < until, "sshd does not listen: {}", self.log());
            std::thread::sleep(Duration::from_millis(10));
        }
    }

    /// Gives the server another key, which the client does not know.
    pub fn change_host_key(&mut self) {
        self.stop();
        for name in ["host", "host.pub"] {
            fs::remove_file(self.file(name)).unwrap();
        }
        self.make_key("host");
        self.restart();
    }

    /// Makes the server's key unknown to the client.
    pub fn forget_host_key(&self) {
        fs::write(self.known_hosts(), "").unwrap();
    }

    /// Makes the server's key known to the client, and no other.
    pub fn know_host_key(&self) {
        let key = fs::read_to_string(self.file("host.pub")).unwrap();
        let key: Vec<&str> = key.split_whitespace().take(2).collect();
        fs::write(self.known_hosts(), format!("[{}]:{} {}\n", self.address(), self.port, key.join(" ")))
            .unwrap();
    }

    /// Takes the interface of the server's network down, or up again. Only for one of
    /// [`Self::in_a_network_of_its_own`].
    pub fn connect_network(&self, connected: bool) {
        self.network.as_ref().unwrap().connect(connected);
    }

    /// Where it listens.
    fn address(&self) -> String {
        self.network.as_ref().map_or_else(|| "127.0.0.1".to_owned(), Network::address)
    }

    fn file(&self, name: &str) -> PathBuf {
        self.folder().join(name)
    }

    fn make_key(&self, name: &str) {
        let mut keygen = Command::new("ssh-keygen");
        output(keygen.args(["-q", "-t", "ed25519", "-N", "", "-f"]).arg(self.file(name)));
    }

    fn write_configurations(&self, lines: &[&str]) {
        let (folder, port, address) = (self.folder().display(), self.port, self.address());
        // A home of its own: the profile of who runs the test has no part in it. A second SetEnv would be ignored.
        let (set, lines): (Vec<&str>, Vec<&str>) = lines.iter().partition(|line| line.starts_with("SetEnv "));
        let set: String = set.iter().map(|line| line.trim_start_matches("SetEnv").to_owned()).collect();
        let home = format!("SetEnv HOME={folder}/home{set}\n");
        let server = format!(
            "{home}{}\nListenAddress {address}\nPort {port}\nHostKey {folder}/host\nPidFile none\n\
             AuthorizedKeysFile {folder}/authorized_keys\nStrictModes no\nUsePAM no\n\
             PasswordAuthentication no\nKbdInteractiveAuthentication no\nPermitRootLogin yes\n\
             MaxStartups 100\nForceCommand {folder}/login\nPrintMotd no\n",
            lines.join("\n")
        );
        fs::write(self.file("sshd_config"), server).unwrap();
        let client = format!(
            "Host {}\n  HostName {address}\n  Port {port}\n  User {}\n  IdentityFile {folder}/user\n  \
             IdentitiesOnly yes\n  IdentityAgent none\n  UserKnownHostsFile {folder}/known_hosts\n  \
             GlobalKnownHostsFile /dev/null\n",
            Self::HOST,
            output(Command::new("id").arg("-un")).trim()
        );
        fs::write(self.config(), client).unwrap();
    }
}

impl Drop for Sshd {
    fn drop(&mut self) {
        self.stop();
    }
}

/// The processes of a server's connections: those below it that are `sshd` too. What they run is left alone.
fn sessions(server: u32) -> Vec<u32> {
    let table = output(Command::new("ps").args(["-A", "-o", "pid=,ppid=,comm="]));
    let processes: Vec<(u32, u32)> = table
        .lines()
        .filter_map(|line| {
            let mut fields = line.split_whitespace();
            let (pid, parent) = (fields.next()?.parse().ok()?, fields.next()?.parse().ok()?);
            fields.next()?.contains("sshd").then_some((pid, parent))
        })
        .collect();
    let mut found = vec![server];
    let mut at = 0;
    while at < found.len() {
        let parent = found[at];
        found.extend(processes.iter().filter(|(_, above)| *above == parent).map(|(pid, _)| pid));
        at += 1;
    }
    // The outermost last: a child whose parent is gone can't be found any more.
    found.into_iter().skip(1).rev().collect()
}

fn which(program: &str) -> PathBuf {
    let folders = std::env::var_os("PATH").unwrap_or_default();
    let found =
        std::env::split_paths(&folders).map(|folder| folder.join(program)).find(|path| path.is_file());
    found.unwrap_or_else(|| PathBuf::from(program))
}

fn output(command: &mut Command) -> String {
    let Output { status, stdout, stderr } = command.output().unwrap();
    assert!(status.success(), "{command:?}: {}", String::from_utf8_lossy(&stderr));
    String::from_utf8_lossy(&stdout).into_owned()
}
