//! The rules, against packages of any registry.

use std::collections::{BTreeMap, BTreeSet};

use spdx::{Expression, ParseMode};

use super::settings::{Bans, Licenses};

/// A package that is built in.
#[derive(Debug, Clone)]
pub(super) struct Package {
    /// "crate" or "npm package".
    pub(super) kind: &'static str,
    pub(super) name: String,
    pub(super) version: String,
    /// An SPDX expression, as the package declares it.
    pub(super) license: Option<String>,
    pub(super) source: Source,
    /// Packages that it asks for in any version. Only filled for our own.
    pub(super) wildcards: Vec<String>,
}

#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Source {
    /// This repository.
    Here,
    /// The registry of its kind.
    Registry,
    /// Anything else: a git repository, another registry, an address.
    Other(String),
}

/// What is refused, as sentences for a person.
#[derive(Default)]
pub(super) struct Findings(BTreeSet<String>);

impl Findings {
    /// The license is one that is allowed, or offers one.
    pub(super) fn license(&mut self, package: &Package, allowed: &Licenses) {
        let Some(license) = &package.license else {
            self.add(package, "declares no license. Choose another package");
            return;
        };
        match Expression::parse_mode(license, ParseMode::LAX) {
            Err(error) => {
                self.add(package, &format!("has a license that is no SPDX expression: {}", error.reason))
            }
            Ok(expression) => {
                let is_allowed = expression
                    .evaluate(|required| allowed.allow.iter().any(|licensee| licensee.satisfies(required)));
                if !is_allowed {
                    self.add(package, &format!("has the license {license}, which is not allowed"));
                }
            }
        }
    }

    /// The package comes from here or from its registry.
    pub(super) fn sources(&mut self, package: &Package) {
        if let Source::Other(address) = &package.source {
            self.add(package, &format!("comes from {address}. Use a release from the registry"));
        }
    }

    /// The package names the versions that it works with.
    pub(super) fn wildcards(&mut self, package: &Package) {
        for wanted in &package.wildcards {
            self.add(package, &format!("asks for any version of {wanted}. Name the one it works with"));
        }
    }

    /// No crate is there that is banned, and none twice of which there may be only one.
    pub(super) fn bans(&mut self, packages: &[Package], bans: &Bans) {
        let mut versions: BTreeMap<&str, BTreeSet<&str>> = BTreeMap::new();
        for package in packages {
            versions.entry(&package.name).or_default().insert(&package.version);
        }
        for ban in &bans.deny {
            let Some(found) = versions.get(ban.name.as_str()) else { continue };
            let list = found.iter().copied().collect::<Vec<_>>().join(" and ");
            if !ban.deny_multiple_versions {
                self.0.insert(format!("The crate {} {list} is banned: {}.", ban.name, ban.reason));
            } else if found.len() > 1 {
                self.0.insert(format!("The crate {} is there as {list}: {}.", ban.name, ban.reason));
            }
        }
    }

    /// All of them, in alphabetical order.
    pub(super) fn into_sorted(self) -> Vec<String> {
        self.0.into_iter().collect()
    }

    fn add(&mut self, package: &Package, what: &str) {
        self.0.insert(format!("The {} {} {} {what}.", package.kind, package.name, package.version));
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::policy::settings::Settings;

    fn package(license: Option<&str>) -> Package {
        Package {
            kind: "crate",
            name: "a".into(),
            version: "1.0.0".into(),
            license: license.map(str::to_owned),
            source: Source::Registry,
            wildcards: Vec::new(),
        }
    }

    fn license(license: Option<&str>) -> Vec<String> {
        let mut findings = Findings::default();
        findings.license(&package(license), &Settings::read().unwrap().licenses);
        findings.into_sorted()
    }

    #[test]
    fn a_choice_needs_one_allowed_license_and_a_combination_all() {
        assert_eq!(license(Some("GPL-3.0-only OR MIT")), [""; 0]);
        assert_eq!(license(Some("MIT/Apache-2.0")), [""; 0]);
        assert_eq!(
            license(Some("MIT AND GPL-3.0-only")),
            ["The crate a 1.0.0 has the license MIT AND GPL-3.0-only, which is not allowed."]
        );
    }

    #[test]
    fn a_license_that_is_missing_or_unknown_is_refused() {
        assert_eq!(license(None), ["The crate a 1.0.0 declares no license. Choose another package."]);
        assert!(license(Some("Ours"))[0].contains("no SPDX expression"));
        assert_eq!(license(Some("AGPL-3.0-or-later")).len(), 1);
        assert_eq!(license(Some("GPL-2.0-only WITH Classpath-exception-2.0")).len(), 1);
    }

    #[test]
    fn sources_beside_the_registry_and_wildcards_are_refused() {
        let mut findings = Findings::default();
        findings.sources(&Package { source: Source::Here, ..package(None) });
        findings.sources(&package(None));
        findings
            .sources(&Package { source: Source::Other("git+https://a.example/b".into()), ..package(None) });
        findings.wildcards(&Package { wildcards: vec!["b".into()], ..package(None) });
        assert_eq!(
            findings.into_sorted(),
            [
                "The crate a 1.0.0 asks for any version of b. Name the one it works with.",
                "The crate a 1.0.0 comes from git+https://a.example/b. Use a release from the registry.",
            ]
        );
    }

    #[test]
    fn banned_crates_and_second_versions_are_refused() {
        let bans = &Settings::read().unwrap().bans;
        let named = |name: &str, version: &str| Package {
            name: name.into(),
            version: version.into(),
            ..package(None)
        };
        let found = |packages: &[Package]| {
            let mut findings = Findings::default();
            findings.bans(packages, bans);
            findings.into_sorted()
        };
        assert_eq!(found(&[named("serde", "1.0.0"), named("other", "1.0.0")]), [""; 0]);
        assert!(found(&[named("serde", "1.0.0"), named("serde", "2.0.0")])[0].contains("1.0.0 and 2.0.0"));
        assert!(found(&[named("openssl-sys", "0.9.0")])[0].contains("banned"));
    }
}
