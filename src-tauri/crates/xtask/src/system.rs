//! System packages: list those that are missing, and install them on Debian and Ubuntu.

use std::io::IsTerminal;
use std::process::Command;

use anyhow::{Result, bail};

use crate::needs::{Need, Sign};
use crate::program::{ask, find, program, run};

/// Install the packages that are missing. Only Linux needs any.
pub(crate) fn provide(groups: &[&[Need]]) -> Result<()> {
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
        return install(&packages);
    }
    bail!(
        "Some system packages are missing, and this command can install them only on Debian and \
         Ubuntu. Install what your system calls these Debian packages, then try again: {}",
        packages.join(" ")
    )
}

fn install(packages: &[&str]) -> Result<()> {
    let by_hand = format!("apt-get install {}", packages.join(" "));
    let root = ask(program("id").arg("-u")).as_deref() == Some("0");
    if !root && find("sudo").is_none() {
        bail!("Only root can install system packages. As root, run this, then try again: {by_hand}");
    }
    if !root {
        println!("   Only root can install them, so sudo may ask for your password.");
    }
    let apt_get = || {
        let mut command: Command = program(if root { "apt-get" } else { "sudo" });
        if !root {
            if !std::io::stdin().is_terminal() {
                command.arg("--non-interactive");
            }
            command.arg("apt-get");
        }
        command.env("DEBIAN_FRONTEND", "noninteractive");
        command
    };
    run(apt_get().args(["-q", "update"]))?;
    run(apt_get().args(["-q", "install", "--yes", "--no-install-recommends"]).args(packages))
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
