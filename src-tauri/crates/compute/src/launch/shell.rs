//! Command lines of a shell there.

/// A path there, below the target's folder unless it is absolute.
pub(crate) fn within(root: &str, path: &str) -> String {
    if path.starts_with('/') { path.to_owned() } else { format!("{}/{path}", root.trim_end_matches('/')) }
}

/// A word of a shell's command line that stands for exactly this text.
pub(crate) fn quoted(text: &str) -> String {
    format!("'{}'", text.replace('\'', r"'\''"))
}

/// The command line of a worker's module with its arguments.
pub(crate) fn command_line(python: &str, module: &[String], root: &str) -> String {
    let python = match python.strip_prefix("~/") {
        Some(below) => format!("\"$HOME\"/{}", quoted(below)),
        None if python.contains('/') => quoted(&within(root, python)),
        None => quoted(python),
    };
    let words = ["-u", "-m"].into_iter().chain(module.iter().map(String::as_str)).map(quoted);
    [python].into_iter().chain(words).collect::<Vec<_>>().join(" ")
}
