//! `cargo xtask test --packages`: the Debian package on systems that have nothing but Debian.

use std::{fs, path::Path};

use anyhow::{Result, bail};

use super::{VERSION, deb, remove};
use crate::program::{ask, program, run};
use crate::steps::Steps;
use crate::{needs, repo, system};

/// The releases of Debian on which it must run.
const RELEASES: &[&str] = &["bookworm", "trixie"];
/// What happens in a release.
const TEST: &str = include_str!("bare.sh");

/// Installs, uses and removes the package in a root file system of each release, which is deleted afterwards.
pub(crate) fn test() -> Result<()> {
    if ask(program("id").arg("-u")).as_deref() != Some("0") {
        bail!(
            "Only root can make the root file system of a bare Debian. As root: cargo xtask test --packages"
        );
    }
    let package = deb()?;
    let mut steps = Steps::default();
    steps.step("System packages", || system::provide(&[needs::BARE]))?;
    let pictures = repo::target().join("e2e");
    fs::create_dir_all(&pictures)?;
    for release in RELEASES {
        let root = repo::target().join("bare").join(release);
        remove(&root)?;
        fs::create_dir_all(&root)?;
        let picture = pictures.join(format!("package-{release}.png"));
        let tested = steps.step(&format!("A bare {release}"), || {
            run(program("debootstrap").args(["--variant=minbase", release]).arg(&root))
        });
        let tested = tested.and_then(|()| {
            steps.step(&format!("The package on {release}"), || on(&root, &package, &picture))
        });
        remove(&root)?;
        tested?;
        println!("   A picture of the window: {}", picture.display());
    }
    steps.sum_up();
    println!("\ntests: {} passed, 0 failed, 0 skipped", RELEASES.len());
    Ok(())
}

fn on(root: &Path, package: &Path, picture: &Path) -> Result<()> {
    run(program("unshare")
        .args(["--mount", "--pid", "--fork", "--kill-child", "sh", "-c", TEST, "bare"])
        .args([root, package])
        .arg(VERSION)
        .arg(picture))
}
