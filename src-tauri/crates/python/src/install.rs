//! Installs the packages into the environment and reports the progress.

use std::path::Path;

use platform::Work;
use schema::{Error, Result};

use crate::{
    EnvironmentProgress, Recipe,
    managed::Managed,
    progress::{CreationStep, begin_step, stopped},
    uv::Uv,
};

/// Installs the required packages that are missing.
pub(crate) async fn install(
    uv: &Uv,
    managed: Managed<'_>,
    recipe: &Recipe,
    build_folder: &Path,
    work: &Work<EnvironmentProgress>,
) -> Result<()> {
    let requirements = build_folder.join("requirements.txt");
    std::fs::write(&requirements, &recipe.requirements)
        .map_err(|error| Error::file("write", &requirements, &error))?;
    begin_step(work, &CreationStep::Resolving)?;
    let arguments = |command: &mut tokio::process::Command| {
        command.args(["pip", "install", "--python"]).arg(managed.python());
        command.arg("--requirements").arg(&requirements);
        if recipe.kind.is_laid_over_training() {
            // What its packages need in turn is in the environment below.
            command.arg("--no-deps");
        }
    };
    let mut downloads = Downloads::default();
    let installed = uv
        .run(build_folder, arguments, work, |line| match downloads.read_line(line) {
            Some(progress) => work.tick(progress).map_err(|_| stopped()),
            None => Ok(()),
        })
        .await;
    installed.map_err(|failure| failure.into_error("The packages could not be installed"))
}

/// The downloads of uv, from the lines that it prints: `Resolved 150 packages in 2.1s`,
/// `Downloading torch (883.1MiB)`, ` Downloaded torch`, `Prepared 150 packages in 3m 1s`.
#[derive(Debug, Default)]
pub struct Downloads {
    /// Bytes of all downloads that have begun.
    total: u64,
    /// Bytes of the finished downloads.
    done: u64,
    /// The running downloads: name and bytes.
    running: Vec<(String, u64)>,
}

impl Downloads {
    /// The new progress after a line of output, if the line changes it.
    pub fn read_line(&mut self, line: &str) -> Option<EnvironmentProgress> {
        let mut words = line.split_whitespace();
        let (verb, what) = (words.next()?, words.next()?);
        match verb {
            "Resolved" => {}
            "Downloading" => {
                let size = words.next().and_then(bytes)?;
                self.total += size;
                self.running.push((what.to_owned(), size));
            }
            "Downloaded" => {
                let place = self.running.iter().position(|(name, _)| name == what)?;
                self.done += self.running.swap_remove(place).1;
            }
            "Prepared" => return Some(EnvironmentProgress::step("Installing the packages")),
            _ => return None,
        }
        Some(EnvironmentProgress {
            doing: self.doing(),
            done: self.done,
            total: (self.total > 0).then_some(self.total),
        })
    }

    fn doing(&self) -> String {
        // The largest take longest.
        let mut largest: Vec<&(String, u64)> = self.running.iter().collect();
        largest.sort_by_key(|(_, size)| std::cmp::Reverse(*size));
        match largest.as_slice() {
            [] => "Downloading the packages".to_owned(),
            [(one, _)] => format!("Downloading {one}"),
            [(one, _), (two, _)] => format!("Downloading {one} and {two}"),
            [(one, _), (two, _), rest @ ..] => format!("Downloading {one}, {two} and {} more", rest.len()),
        }
    }
}

/// `(883.1MiB)` in bytes.
fn bytes(text: &str) -> Option<u64> {
    let text = text.strip_prefix('(')?.strip_suffix(')')?;
    let (unit, power) = [("KiB", 10), ("MiB", 20), ("GiB", 30), ("B", 0)]
        .into_iter()
        .find(|(unit, _)| text.ends_with(unit))?;
    let (whole, tenths) = text.strip_suffix(unit)?.split_once('.').unwrap_or((text.strip_suffix(unit)?, "0"));
    let tenths: u64 = format!("{whole}{}", tenths.get(..1)?).parse().ok()?;
    Some((tenths << power) / 10)
}

#[cfg(test)]
mod tests {
    use super::{Downloads, bytes};

    #[test]
    fn sizes_are_read() {
        assert_eq!(bytes("(16.1MiB)"), Some(16_882_073));
        assert_eq!(bytes("(512B)"), Some(512));
        assert_eq!(bytes("(1.0GiB)"), Some(1 << 30));
        assert_eq!(bytes("16.1MiB"), None);
        assert_eq!(bytes("(fast)"), None);
    }

    #[test]
    fn output_of_uv_becomes_progress() {
        let mut downloads = Downloads::default();
        assert_eq!(downloads.read_line("Using Python 3.11.7 environment at: v"), None);
        assert_eq!(downloads.read_line("Resolved 150 packages in 2.1s").unwrap().total, None);
        downloads.read_line("Downloading numpy (16.0MiB)");
        downloads.read_line("Downloading torch (884.0MiB)");
        let begun = downloads.read_line("Downloading triton (100.0MiB)").unwrap();
        assert_eq!(begun.doing, "Downloading torch, triton and 1 more");
        assert_eq!((begun.done, begun.total), (0, Some(1_000 << 20)));
        let one = downloads.read_line(" Downloaded torch").unwrap();
        assert_eq!((one.doing.as_str(), one.done), ("Downloading triton and numpy", 884 << 20));
        let installing = downloads.read_line("Prepared 150 packages in 3m 01s").unwrap();
        assert_eq!((installing.doing.as_str(), installing.total), ("Installing the packages", None));
        assert_eq!(downloads.read_line(" + torch==2.15.0"), None);
    }
}
