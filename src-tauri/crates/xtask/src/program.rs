//! Starting other programs: the line is shown first, and a failure names it.

use std::ffi::OsStr;
use std::io::{BufRead, BufReader, IsTerminal, Read, Write};
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::{env, thread};

use anyhow::{Context, Result, bail};

use crate::repo;

/// A command that starts in the repository's folder.
pub(crate) fn program(name: &str) -> Command {
    let mut command = Command::new(name);
    command.current_dir(repo::root());
    command
}

/// The cargo that started this program.
pub(crate) fn cargo() -> Command {
    program(&env::var("CARGO").unwrap_or_else(|_| "cargo".into()))
}

/// Run a command to its end, showing what it prints.
pub(crate) fn run(command: &mut Command) -> Result<()> {
    let line = announce(command);
    let status = command.status().with_context(|| format!("`{line}` could not be started"))?;
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(())
}

/// Run a command to its end, showing what it prints, and return all of it without colors.
pub(crate) fn run_and_read(command: &mut Command) -> Result<String> {
    let line = announce(command);
    if std::io::stdout().is_terminal() {
        // Behind a pipe the programs would drop their colors.
        command.env("CARGO_TERM_COLOR", "always").env("FORCE_COLOR", "1");
    }
    let mut child = command
        .stdout(Stdio::piped())
        .stderr(Stdio::piped())
        .spawn()
        .with_context(|| format!("`{line}` could not be started"))?;
    let out = child.stdout.take().map(|pipe| thread::spawn(|| show(pipe, std::io::stdout())));
    let err = child.stderr.take().map(|pipe| thread::spawn(|| show(pipe, std::io::stderr())));
    let status = child.wait()?;
    let text: String = [out, err].into_iter().flatten().filter_map(|thread| thread.join().ok()).collect();
    if !status.success() {
        bail!("`{line}` failed ({status})");
    }
    Ok(text)
}

/// What a command prints, when it runs and succeeds. For questions, so nothing is shown.
pub(crate) fn ask(command: &mut Command) -> Option<String> {
    let output = command.stdin(Stdio::null()).stderr(Stdio::null()).output().ok()?;
    output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
}

/// Where a program is, as the shell would look for it.
pub(crate) fn find(name: &str) -> Option<PathBuf> {
    env::split_paths(&env::var_os("PATH")?).map(|folder| folder.join(name)).find(|path| path.is_file())
}

/// pip of a Python on the path, to install that thing with.
pub(crate) fn pip(what: &str) -> Result<Command> {
    let has_pip = |name: &&str| ask(program(name).args(["-m", "pip", "--version"])).is_some();
    let Some(python) = ["python3", "python"].into_iter().find(has_pip) else {
        bail!("pip is needed to install {what}. On Debian and Ubuntu, as root: apt-get install python3-pip");
    };
    let mut pip = program(python);
    pip.args(["-m", "pip"]);
    Ok(pip)
}

fn announce(command: &Command) -> String {
    let words: Vec<_> = std::iter::once(command.get_program()).chain(command.get_args()).map(word).collect();
    let line = words.join(" ");
    println!("  $ {line}");
    line
}

fn word(word: &OsStr) -> String {
    let word = word.to_string_lossy();
    // Short for the absolute path of the toolchain's cargo.
    if word.ends_with("/bin/cargo") { "cargo".into() } else { word.into_owned() }
}

fn show(pipe: impl Read, mut to: impl Write) -> String {
    let mut all = String::new();
    let mut reader = BufReader::new(pipe);
    let mut line = Vec::new();
    while matches!(reader.read_until(b'\n', &mut line), Ok(1..)) {
        // A closed terminal must not end the tests.
        let _ = to.write_all(&line).and_then(|()| to.flush());
        all.push_str(&plain(&String::from_utf8_lossy(&line)));
        line.clear();
    }
    all
}

/// The text without its color codes (`ESC [ … m`).
fn plain(text: &str) -> String {
    let mut parts = text.split('\u{1b}');
    let mut plain = parts.next().unwrap_or_default().to_owned();
    for part in parts {
        plain.push_str(part.split_once('m').map_or("", |(_, rest)| rest));
    }
    plain
}

#[cfg(test)]
mod tests {
    use super::plain;

    #[test]
    fn colors_are_left_out() {
        assert_eq!(plain("\u{1b}[32m12 passed\u{1b}[0m, 0 failed"), "12 passed, 0 failed");
        assert_eq!(plain("nothing to leave out"), "nothing to leave out");
    }
}
