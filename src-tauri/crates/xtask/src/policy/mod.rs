//! The policy on what the program is built from: licenses, sources and packages that are refused.
//! It needs no network: what is checked was downloaded to build, or is in a lock file.

mod built_in;
mod cargo;
mod npm;
mod rules;
mod settings;

use anyhow::{Result, bail};

pub(crate) use built_in::{Component, built_in_crates, built_in_modules};
use rules::Findings;
use settings::Settings;

/// Check all packages. The error lists what is refused, each with its reason.
pub(crate) fn check() -> Result<()> {
    let settings = Settings::read()?;
    let mut findings = Findings::default();
    let crates = cargo::packages()?;
    let locked = cargo::locked()?;
    let modules = npm::packages()?;
    for package in crates.iter().chain(&modules) {
        findings.license(package, &settings.licenses);
        findings.sources(package);
        findings.wildcards(package);
    }
    for package in &locked {
        findings.sources(package);
    }
    findings.bans(&locked, &settings.bans);
    let findings = findings.into_sorted();
    if !findings.is_empty() {
        bail!("{}\nThe policy is .cargo/deny.toml.", findings.join("\n"));
    }
    println!("   {} crates and {} npm packages keep to .cargo/deny.toml.", crates.len(), modules.len());
    Ok(())
}
