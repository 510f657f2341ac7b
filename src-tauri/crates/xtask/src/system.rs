//! System packages: list those that are missing, and install them on Debian and Ubuntu.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::needs::{Need, Sign};
use crate::program::{ask, find, program, run};

/// Keeps packages from starting what they bring, now (policy-rc.d) and at the next start of the system.
/// The arguments are the packages.
const INSTALL_STOPPED: &str = r#"
export DEBIAN_FRONTEND=noninteractive
policy=/usr/sbin/policy-rc.d
if [ ! -e $policy ]; then
  trap 'rm -f $policy' EXIT
  printf '#!/bin/sh\nexit 101\n' > $policy && chmod 755 $policy
fi
apt-get -q update && apt-get -q install --yes --no-install-recommends "$@" || exit
if [ -d /run/systemd/system ]; then
  for package; do
    case $package in openssh-server) unit=ssh ;; *) unit=$package ;; esac
    systemctl disable --quiet $unit.service $unit.socket 2>/dev/null || true
  done
fi
"#;

/// Install the packages that are missing. Only Linux needs any.
pub(crate) fn provide(groups: &[&[Need]]) -> Result<()> {
    provide_by(groups, install)
}

/// Install the servers that are missing, without starting any. Tests are skipped where that can't be done.
pub(crate) fn provide_servers(needs: &[Need]) {
    let installed = provide_by(&[needs], |packages| {
        let mut command = as_root("sh", packages)?;
        run(command.args(["-c", INSTALL_STOPPED, "install"]).args(packages))
    });
    if let Err(error) = installed {
        println!("   Tests that need them are skipped: {error:#}");
    } else if !cfg!(target_os = "linux") {
        println!("   Tests with Slurm are skipped: it runs on Linux.");
    }
}

fn provide_by(groups: &[&[Need]], install: impl FnOnce(&[&str]) -> Result<()>) -> Result<()> {
    if !cfg!(target_os = "linux") {
        return Ok(());
    }
    let debian = find("apt-get").is_some() && find("dpkg-query").is_some();
    let missing: Vec<&Need> = groups
        .iter()
        .flat_map(|group| group.iter())
        .filter(|need| !if debian { is_installed(need.package) } else { is_found(&need.sign) })
        .collect();
    if missing.is_empty() {
        println!("   Every system package is there.");
        return Ok(());
    }
    println!("   These system packages are missing:");
    for need in &missing {
        println!("     {:<24} to {}", need.package, need.to);
    }
    let packages: Vec<&str> = missing.iter().map(|need| need.package).collect();
    if debian {
        if !is_root() {
            println!("   Only root can install them, so sudo may ask for your password.");
        }
        return install(&packages);
    }
    bail!(
        "Some system packages are missing, and this command can install them only on Debian and \
         Ubuntu. Install what your system calls these Debian packages, then try again: {}",
        packages.join(" ")
    )
}

fn install(packages: &[&str]) -> Result<()> {
    run(as_root("apt-get", packages)?.args(["-q", "update"]))?;
    run(as_root("apt-get", packages)?
        .args(["-q", "install", "--yes", "--no-install-recommends"])
        .args(packages))
}

/// A program that is started by root, to install these packages.
fn as_root(name: &str, packages: &[&str]) -> Result<Command> {
    let root = is_root();
    if !root && find("sudo").is_none() {
        bail!(
            "Only root can install system packages. As root, run this, then try again: apt-get install {}",
            packages.join(" ")
        );
    }
    if root {
        let mut command = program(name);
        command.env("DEBIAN_FRONTEND", "noninteractive");
        return Ok(command);
    }
    let mut command = program("sudo");
    if !std::io::stdin().is_terminal() {
        command.arg("--non-interactive");
    }
    command.arg(name);
    Ok(command)
}

fn is_root() -> bool {
    ask(program("id").arg("-u")).as_deref() == Some("0")
}

fn is_installed(package: &str) -> bool {
    ask(program("dpkg-query").args(["--show", "--showformat=${db:Status-Status}\n", package]))
        .is_some_and(|states| states.lines().any(|state| state == "installed"))
}

fn is_found(sign: &Sign) -> bool {
    match sign {
        Sign::Library(name) => ask(program("pkg-config").args(["--exists", name])).is_some(),
        Sign::Program(name) => find(name).is_some(),
        Sign::Hidden => true,
    }
}
