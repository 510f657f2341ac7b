//! The licenses and notices of everything that the programs contain, as one text.

use std::{
    collections::{BTreeMap, BTreeSet},
    fmt::Write as _,
    fs,
    path::Path,
};

use anyhow::{Context, Result};
use spdx::{Expression, ParseMode};

use super::NAME;
use crate::policy::{Component, built_in_crates, built_in_modules};
use crate::repo;

/// What the names of files with licenses and notices begin with.
const NAMES: &[&str] = &["license", "licence", "copying", "notice", "unlicense", "copyright"];
/// The lists of Python packages that a person may have installed from within the program.
const PYTHON: &[&str] = &["requirements.lock", "requirements-axolotl.lock", "requirements-gguf.lock"];

/// The whole text.
pub(super) fn text() -> Result<String> {
    let (crates, modules) = (built_in_crates(&["fts", NAME])?, built_in_modules()?);
    println!("   {} crates and {} npm packages", crates.len(), modules.len());
    let mut text = String::from(
        "Fine Tuning Studio is licensed under the Apache License, Version 2.0. Its programs contain these works of\n\
         others. Their licenses follow below, each once, with the names of the works that come under it.\n",
    );
    for (title, components) in
        [("Rust crates", &crates), ("npm packages, in the pages of the window", &modules)]
    {
        let _ = write!(text, "\n{title}\n{}\n\n", "-".repeat(title.len()));
        for Component { name, license, address, .. } in components {
            let address = address.as_ref().map(|address| format!(", {address}")).unwrap_or_default();
            let _ = writeln!(text, "{name}: {license}{address}");
        }
    }
    let _ = write!(text, "\n{}", python()?);
    let mut users: BTreeMap<String, BTreeSet<&str>> = BTreeMap::new();
    for component in crates.iter().chain(&modules) {
        for license in licenses(component)? {
            users.entry(license).or_default().insert(&component.name);
        }
    }
    let mut licenses: Vec<_> = users.into_iter().collect();
    // The order of the texts says nothing; that of the names can be looked through.
    licenses.sort_by(|(_, one), (_, other)| one.cmp(other));
    for (license, names) in licenses {
        let names = names.into_iter().collect::<Vec<_>>().join(", ");
        let _ = write!(text, "\n{}\n{names}\n{}\n\n{license}\n", "=".repeat(80), "-".repeat(80));
    }
    Ok(text)
}

/// What is not built in: a person has it installed, and pip or uv brings the licenses with it.
fn python() -> Result<String> {
    let mut names = BTreeSet::new();
    for list in PYTHON {
        let path = repo::root().join("src-tauri/worker").join(list);
        let lock = fs::read_to_string(&path).with_context(|| format!("{} can't be read", path.display()))?;
        names.extend(lock.lines().filter_map(pinned));
    }
    let names = names.into_iter().collect::<Vec<_>>();
    let title = "Python packages, which are not part of this one";
    Ok(format!(
        "{title}\n{}\n\nThey are downloaded when a person creates an environment for training, and bring their\n\
         licenses with them.\n\n{}\n",
        "-".repeat(title.len()),
        names.join("\n")
    ))
}

/// The package and the version of a line like `torch==2.9.0 \`.
fn pinned(line: &str) -> Option<String> {
    let (name, rest) = line.split_once("==")?;
    let starts = name.chars().next()?.is_ascii_alphanumeric();
    let version = rest.split([' ', ';', '\\']).next()?;
    (starts && !name.contains(' ')).then(|| format!("{name} {version}"))
}

/// The texts that come with a component; where none come, those of the licenses it names.
fn licenses(component: &Component) -> Result<Vec<String>> {
    let mut texts = found(&component.folder)?;
    if texts.is_empty() {
        let expression = Expression::parse_mode(&component.license, ParseMode::LAX)
            .with_context(|| format!("{} has the license {}", component.name, component.license))?;
        for required in expression.requirements() {
            if let Some(id) = required.req.license.id() {
                texts.push(clean(id.text()));
            }
        }
    }
    Ok(texts)
}

/// The licenses and notices in a folder, and the licenses of what it carries of others.
fn found(folder: &Path) -> Result<Vec<String>> {
    let mut texts = Vec::new();
    let mut folders = vec![(folder.to_path_buf(), 0)];
    while let Some((folder, depth)) = folders.pop() {
        let Ok(entries) = super::files(&folder) else { continue };
        for path in entries {
            let name = path.file_name().unwrap_or_default().to_string_lossy().to_lowercase();
            if path.is_dir() {
                if depth < 3 && name != "node_modules" {
                    folders.push((path, depth + 1));
                }
                continue;
            }
            let source = [".rs", ".js", ".ts", ".c", ".h", ".go", ".py", ".html"];
            // Of two licenses that a C library offers, `COPYING` is the one that was not chosen.
            let is_notice = NAMES.iter().any(|known| name.starts_with(known))
                && !source.iter().any(|ending| name.ends_with(ending))
                && (depth == 0 || !name.starts_with("copying"));
            if is_notice && let Ok(text) = fs::read_to_string(&path) {
                texts.push(clean(&text));
            }
        }
    }
    Ok(texts)
}

/// The text without what differs between copies of one license.
fn clean(text: &str) -> String {
    let lines: Vec<&str> = text.trim_start_matches('\u{feff}').lines().map(str::trim_end).collect();
    lines.join("\n").trim_matches('\n').to_owned()
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_lock_names_packages_and_not_their_hashes() {
        assert_eq!(pinned("torch==2.9.0 \\").as_deref(), Some("torch 2.9.0"));
        assert_eq!(pinned("triton==3.5 ; sys_platform == 'linux' \\").as_deref(), Some("triton 3.5"));
        assert_eq!(pinned("    --hash=sha256:12"), None);
        assert_eq!(pinned("    # via a==1"), None);
    }

    #[test]
    fn a_component_without_a_file_gets_the_text_of_its_license() {
        let folder = tempfile::tempdir().unwrap();
        let component = Component {
            name: "a 1.0.0".into(),
            license: "MIT OR Apache-2.0".into(),
            address: None,
            folder: folder.path().into(),
        };
        let texts = licenses(&component).unwrap();
        assert_eq!(texts.len(), 2);
        assert!(texts.iter().any(|text| text.contains("WITHOUT WARRANTY OF ANY KIND")));
        fs::write(folder.path().join("LICENSE-MIT"), "\u{feff}Mine \r\n\r\n").unwrap();
        fs::create_dir(folder.path().join("vendored")).unwrap();
        fs::write(folder.path().join("vendored/LICENSE"), "Theirs\n").unwrap();
        fs::write(folder.path().join("vendored/COPYING"), "The other choice\n").unwrap();
        fs::write(folder.path().join("license.rs"), "fn main() {}").unwrap();
        assert_eq!(licenses(&component).unwrap(), ["Mine", "Theirs"]);
    }
}
