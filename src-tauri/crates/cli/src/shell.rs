//! `fts completions` and `fts man`, made from the definitions of the commands.

use std::{fs, io, path::PathBuf};

use clap::{Args, Command};
use clap_complete::Shell;
use studio::Error;

use crate::{
    output::print,
    session::{DONE, Outcome},
};

/// Print a completion script for a shell
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  \
    fts completions bash > ~/.local/share/bash-completion/completions/fts\n  \
    fts completions zsh > ~/.zfunc/_fts\n  \
    fts completions fish > ~/.config/fish/completions/fts.fish")]
pub(crate) struct Completions {
    /// The shell
    shell: Shell,
}

/// Print the manual page, or write one for each command to a folder
#[derive(Debug, Args)]
#[command(after_help = "Examples:\n  fts man | man -l -\n  fts man ~/.local/share/man/man1")]
pub(crate) struct Man {
    /// The folder for the pages
    folder: Option<PathBuf>,
}

impl Completions {
    pub(crate) fn run(self) -> Outcome {
        let mut script = Vec::new();
        clap_complete::generate(self.shell, &mut visible(crate::command()), "fts", &mut script);
        print(String::from_utf8_lossy(&script).trim_end());
        DONE
    }
}

/// The command without its hidden commands, which completions would offer.
fn visible(command: Command) -> Command {
    let shown = command.get_subcommands().filter(|command| !command.is_hide_set()).cloned();
    let mut visible = Command::new("fts").args(command.get_arguments().cloned()).subcommands(shown);
    if let Some(version) = command.get_version() {
        visible = visible.version(version.to_owned());
    }
    visible
}

impl Man {
    pub(crate) fn run(self) -> Outcome {
        let Some(folder) = self.folder else {
            let mut page = Vec::new();
            let written = clap_mangen::Man::new(crate::command()).render(&mut page);
            written.map_err(|error| Error::file("write to", "standard output".as_ref(), &error))?;
            print(String::from_utf8_lossy(&page).trim_end());
            return DONE;
        };
        let written = fs::create_dir_all(&folder)
            .and_then(|()| clap_mangen::generate_to(crate::command(), &folder).map_err(io::Error::other));
        written.map_err(|error| Error::file("write to", &folder, &error))?;
        DONE
    }
}
