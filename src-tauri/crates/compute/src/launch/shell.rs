//! Command lines of a shell there.

use schema::{Error, ErrorCode, Result};

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

/// A command that a login shell starts, after these lines.
pub(crate) fn with_setup(setup: &str, command: Vec<String>) -> Vec<String> {
    // A login shell where there is one: `module` and `conda` are functions of its profile.
    let shell = "if command -v bash >/dev/null 2>&1; then exec bash -lc \"$0\" \"$@\"; else exec sh -c \"$0\" \"$@\"; fi";
    let script = format!("{setup}\nexec \"$@\"");
    let before = ["sh", "-c", shell, &script, "setup"].map(str::to_owned);
    before.into_iter().chain(command).collect()
}

/// Secrets as lines of `NAME=value`, as a shell there reads them.
///
/// # Errors
/// A value has more than one line.
pub(crate) fn lines_of_secrets(secrets: &[(String, String)]) -> Result<String> {
    if let Some((name, _)) = secrets.iter().find(|(_, value)| value.contains(['\n', '\r', '\0'])) {
        let message = format!("{name} has more than one line, so it can't be sent.");
        return Err(Error::new(ErrorCode::Invalid, message));
    }
    Ok(secrets.iter().map(|(name, value)| format!("{name}={value}\n")).collect())
}
