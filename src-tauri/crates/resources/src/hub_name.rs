//! Names of repositories on the Hugging Face Hub.

use std::path::Path;

/// The name of the repository of a path in the cache of the Hub; `None` for other paths.
pub fn hub_name_in_path(path: &str) -> Option<String> {
    Path::new(path)
        .components()
        .find_map(|part| cached_repository(part.as_os_str().to_str()?))
        .map(|(_, name)| name)
}

/// The kind (`models` or `datasets`) and the name in the name of a cache folder such as
/// `models--ORG--NAME`.
pub fn cached_repository(folder: &str) -> Option<(&str, String)> {
    let (kind, name) = folder.split_once("--")?;
    let name = name.replace("--", "/");
    (matches!(kind, "models" | "datasets") && is_hub_name(&name)).then_some((kind, name))
}

/// Whether a text can be the name of a repository on the Hub: `name` or `organization/name` with
/// letters, digits, `.`, `_` and `-`.
pub fn is_hub_name(text: &str) -> bool {
    let fits = |part: &str| {
        let known = |c: char| c.is_ascii_alphanumeric() || matches!(c, '.' | '_' | '-');
        part.chars().all(known) && part.chars().any(|c| c != '.')
    };
    let parts: Vec<&str> = text.split('/').collect();
    parts.len() <= 2 && parts.iter().all(|part| fits(part))
}
