//! Installing the packages into the environment, and how far that is.

use std::path::Path;

use platform::Work;
use schema::{Error, Result};

use super::{
    create::{EnvironmentProgress, Recipe, tell},
    managed::Managed,
    uv::{Uv, stopped},
};

/// Installs what is required and not there.
pub(super) async fn install(
    uv: &Uv,
    managed: Managed<'_>,
    recipe: &Recipe,
    workshop: &Path,
    work: &Work<EnvironmentProgress>,
) -> Result<()> {
    let requirements = workshop.join("requirements.txt");
    std::fs::write(&requirements, &recipe.requirements)
        .map_err(|error| Error::file("write", &requirements, &error))?;
    tell(work, "Asking for the packages")?;
    let arguments = |command: &mut tokio::process::Command| {
        command.args(["pip", "install", "--python"]).arg(managed.python());
        command.arg("--requirements").arg(&requirements);
    };
    let mut said = Said::default();
    let installed = uv
        .run(workshop, arguments, work, |line| match said.hear(line) {
            Some(progress) => work.tick(progress).map_err(|_| stopped()),
            None => Ok(()),
        })
        .await;
    installed.map_err(|failure| failure.into_error("The packages could not be installed"))
}

/// What uv has said so far of its downloads. It speaks in lines such as `Resolved 150 packages in
/// 2.1s`, `Downloading torch (883.1MiB)`, ` Downloaded torch`, `Prepared 150 packages in 3m 1s`.
#[derive(Default)]
struct Said {
    total: u64,
    done: u64,
    /// Those under way, with their sizes.
    under_way: Vec<(String, u64)>,
}

impl Said {
    /// What the line changes, if anything.
    fn hear(&mut self, line: &str) -> Option<EnvironmentProgress> {
        let mut words = line.split_whitespace();
        let (verb, what) = (words.next()?, words.next()?);
        match verb {
            "Resolved" => {}
            "Downloading" => {
                let size = words.next().and_then(bytes)?;
                self.total += size;
                self.under_way.push((what.to_owned(), size));
            }
            "Downloaded" => {
                let place = self.under_way.iter().position(|(name, _)| name == what)?;
                self.done += self.under_way.swap_remove(place).1;
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
        // The largest take longest, and are what the person waits for.
        let mut largest: Vec<&(String, u64)> = self.under_way.iter().collect();
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
    use super::{Said, bytes};

    #[test]
    fn sizes_are_read() {
        assert_eq!(bytes("(16.1MiB)"), Some(16_882_073));
        assert_eq!(bytes("(512B)"), Some(512));
        assert_eq!(bytes("(1.0GiB)"), Some(1 << 30));
        assert_eq!(bytes("16.1MiB"), None);
        assert_eq!(bytes("(fast)"), None);
    }

    #[test]
    fn what_uv_says_becomes_progress() {
        let mut said = Said::default();
        assert_eq!(said.hear("Using Python 3.11.7 environment at: v"), None);
        assert_eq!(said.hear("Resolved 150 packages in 2.1s").unwrap().total, None);
        said.hear("Downloading numpy (16.0MiB)");
        said.hear("Downloading torch (884.0MiB)");
        let begun = said.hear("Downloading triton (100.0MiB)").unwrap();
        assert_eq!(begun.doing, "Downloading torch, triton and 1 more");
        assert_eq!((begun.done, begun.total), (0, Some(1_000 << 20)));
        let one = said.hear(" Downloaded torch").unwrap();
        assert_eq!((one.doing.as_str(), one.done), ("Downloading triton and numpy", 884 << 20));
        let installing = said.hear("Prepared 150 packages in 3m 01s").unwrap();
        assert_eq!((installing.doing.as_str(), installing.total), ("Installing the packages", None));
        assert_eq!(said.hear(" + torch==2.15.0"), None);
    }
}
