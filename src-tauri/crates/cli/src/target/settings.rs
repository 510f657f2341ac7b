//! `fts target add`.

use std::path::PathBuf;

use clap::Args;
use studio::{
    Error, ErrorCode,
    compute::{TargetKind, TargetOptions, TargetSettings},
};

use super::{key::read_key, shown};
use crate::{
    session::{DONE, Outcome, Session},
    values::choice,
};

/// Add a machine that is reached by SSH, a cluster with Slurm, or a Cloudera AI workbench
///
/// The person's own SSH configuration, keys and agent are used; no password or key of theirs is stored. The API key of a
/// workbench is stored in the system's keyring, or read from the variable CDSW_APIV2_KEY.
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
  project       the id of the project of a workbench
  runtime       the image of the runtime for its jobs; `fts target check` says which there are
  addons        identifiers of addons of the runtime, with commas between them
  profile       what a run has there, such as 2cpu,8gb,1gpu (the default)
  gpu_label     the label of the GPUs there, such as NVIDIA-L4
  certificates  a file with the certificates of your company's authorities, as PEM

Examples:
  fts target add box --kind ssh --host box --folder '~/studio' --python '~/venv/bin/python'
  fts target add cluster --kind slurm --host login.example.org --folder /scratch/me/studio \\
    --option partition=gpu --option gres=gpu:1 --option 'setup=conda activate train' --python python
  fts target add workbench --kind cloudera --host https://ml-1234.example.com --key-file key.txt \\
    --option project=1a2b-3c4d-5e6f-7a8b --option profile=4cpu,16gb,1gpu --option gpu_label=NVIDIA-L4")]
pub(crate) struct Add {
    /// The name of the target
    name: String,
    /// How runs are started there
    #[arg(long, value_parser = choice::<TargetKind>())]
    kind: TargetKind,
    /// The host as your SSH configuration knows it, user@host, or local: this machine, as the login node of a
    /// cluster; of a workbench its address
    #[arg(long)]
    host: String,
    /// The folder there in which the studio writes: an absolute path, or one below ~/, which is the project's folder
    /// on a workbench [default there: ~/studio-runs]
    #[arg(long, value_name = "DIR", required_if_eq_any([("kind", "ssh"), ("kind", "slurm")]))]
    folder: Option<String>,
    /// The Python there that has the training stack [default: the environment of `fts target prepare`, and on a
    /// workbench that of the runtime]
    #[arg(long, value_name = "PATH")]
    python: Option<String>,
    /// The SSH configuration file [default: your own]
    #[arg(long, value_name = "FILE")]
    ssh_config: Option<String>,
    /// A file with the API key of a workbench, which is stored in the system's keyring
    #[arg(long, value_name = "FILE")]
    key_file: Option<PathBuf>,
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
            folder: self.folder.unwrap_or_else(|| TargetSettings::FOLDER_ON_WORKBENCH.to_owned()),
            python: self.python,
            ssh_config: self.ssh_config,
            options,
        };
        let key = self.key_file.as_deref().map(read_key).transpose()?;
        let targets = session.studio().await?.targets();
        let added = targets.add(&self.name, settings).await?;
        if let Some(key) = key
            && let Err(error) = targets.set_key(&added.id, Some(&key)).await
        {
            targets.remove(&added.id).await?;
            return Err(error.into());
        }
        shown::print_target(&session.output, &added, None);
        DONE
    }
}
