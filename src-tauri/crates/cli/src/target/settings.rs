//! `fts target add`.

use clap::Args;
use studio::{
    Error, ErrorCode,
    compute::{TargetKind, TargetOptions, TargetSettings},
};

use super::shown;
use crate::{
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Add a machine that is reached by SSH, or a cluster with Slurm
///
/// The person's own SSH configuration, keys and agent are used; no password or key is stored.
#[derive(Debug, Args)]
#[command(after_help = "\
Options of --option:
  partition, account, qos, time, gres, mem, nodes  what Slurm is asked for
  setup   a line of shell that runs before Python, such as 'module load cuda'; may be repeated
  sbatch  a further option of sbatch, such as '--constraint=a100'; may be repeated
  keep    what stays there of a run that succeeded, once its results are here: nothing of its folder (the
          default), everything, or everything for a number of days, such as 7
  models  how models of the Hub get there: fetch, by their names and commits (the default of a machine), or
          send, from this machine (the default of a cluster, whose nodes often reach no other network)

Examples:
  fts target add box --kind ssh --host box --folder '~/studio' --python '~/venv/bin/python'
  fts target add cluster --kind slurm --host login.example.org --folder /scratch/me/studio \\
    --option partition=gpu --option gres=gpu:1 --option 'setup=conda activate train' --python python")]
pub(crate) struct Add {
    /// The name of the target
    name: String,
    /// How runs are started there
    #[arg(long, value_parser = choice::<TargetKind>())]
    kind: TargetKind,
    /// The host as your SSH configuration knows it, user@host, or local: this machine, as the login node of a
    /// cluster
    #[arg(long)]
    host: String,
    /// The folder there in which the studio writes: an absolute path, or one below ~/
    #[arg(long, value_name = "DIR")]
    folder: String,
    /// The Python there that has the training stack [default: the environment of `fts target prepare`]
    #[arg(long, value_name = "PATH")]
    python: Option<String>,
    /// The SSH configuration file [default: your own]
    #[arg(long, value_name = "FILE")]
    ssh_config: Option<String>,
    /// An option of the target; see below
    #[arg(long = "option", value_parser = option, value_name = "KEY=VALUE")]
    options: Vec<(String, String)>,
}

/// An option that [`TargetOptions::set`] takes.
fn option(text: &str) -> Result<(String, String), String> {
    let (name, value) = text.split_once('=').ok_or("write it as KEY=VALUE")?;
    TargetOptions::default().set(name, value)?;
    Ok((name.to_owned(), value.to_owned()))
}

impl Add {
    pub(super) async fn run(self, session: &Session) -> Outcome {
        let mut options = TargetOptions::default();
        for (name, value) in &self.options {
            options.set(name, value).map_err(|problem| Error::new(ErrorCode::Invalid, problem))?;
        }
        let settings = TargetSettings {
            kind: self.kind,
            host: self.host,
            folder: self.folder,
            python: self.python,
            ssh_config: self.ssh_config,
            options,
        };
        let added = session.studio().await?.targets().add(&self.name, settings).await?;
        shown::print_target(&session.output, &added, None);
        DONE
    }
}
