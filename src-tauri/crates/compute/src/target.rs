//! What a person says about a compute target.

use schema::text_enum;
use serde::{Deserialize, Serialize};

text_enum! {
    /// How runs are started on a target.
    pub enum TargetKind {
        /// As processes of a machine that is reached by SSH.
        Ssh = "ssh", "SSH machine";
        /// As jobs of Slurm, submitted on a login node.
        Slurm = "slurm", "Slurm cluster";
        /// As runs of jobs in a project of a Cloudera AI workbench.
        Cloudera = "cloudera", "Cloudera AI workbench";
    }
}

/// A compute target. It holds no password and no key.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct Target {
    /// Its id, a UUID.
    pub id: String,
    /// Its name, which no other target has, whatever the case of its letters.
    pub name: String,
    /// What it is and how it is reached.
    pub settings: TargetSettings,
    /// Whether a person of this studio has seen these settings, with every command that they run. Runs start on
    /// confirmed targets only.
    pub confirmed: bool,
}

/// What a target is and how it is reached.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TargetSettings {
    /// How runs are started.
    pub kind: TargetKind,
    /// The host as the person's SSH configuration knows it, `user@host`, or [`TargetSettings::LOCAL`]; of a workbench its
    /// address.
    pub host: String,
    /// The folder there in which the studio writes. A leading `~/` is the home there, which is the project's folder on a
    /// workbench.
    pub folder: String,
    /// The Python interpreter there that has the training stack; none for an environment that the studio makes, and on a
    /// workbench for that of the runtime.
    #[serde(default)]
    pub python: Option<String>,
    /// The SSH configuration file; none for the person's own.
    #[serde(default)]
    pub ssh_config: Option<String>,
    /// What Slurm is asked for, and what runs before Python.
    #[serde(default)]
    pub options: TargetOptions,
}

impl TargetSettings {
    /// The host of a target that is this machine: the login node of a cluster, where the studio runs.
    pub const LOCAL: &str = "local";
    /// The folder on a workbench where a person names none.
    pub const FOLDER_ON_WORKBENCH: &str = "~/studio-runs";
}

/// What Slurm or a workbench is asked for, in its own words, and what runs before Python. Texts are passed on as they are.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
#[serde(default, deny_unknown_fields)]
pub struct TargetOptions {
    /// `--partition`.
    pub partition: Option<String>,
    /// `--account`.
    pub account: Option<String>,
    /// `--qos`.
    pub qos: Option<String>,
    /// `--time`, such as `4:00:00`.
    pub time: Option<String>,
    /// `--gres`, such as `gpu:1`.
    pub gres: Option<String>,
    /// `--mem` of a node, such as `32G`.
    pub mem: Option<String>,
    /// `--nodes`.
    pub nodes: Option<u32>,
    /// Lines of shell that run before Python, such as `module load cuda` or `conda activate train`.
    pub setup: Option<String>,
    /// Further `#SBATCH` lines, without that word.
    pub sbatch: Vec<String>,
    /// What stays there of a run that succeeded, once its results are here: `nothing` of its folder, which is the
    /// default, `everything`, or everything for so many days, such as `7`.
    pub keep: Option<String>,
    /// How models of the Hub get there: `fetch`, by their name and commit from the Hub, or `send`, from this machine.
    /// None for fetching on a machine, and for sending to a cluster, whose nodes often reach no other network.
    pub models: Option<String>,
    /// The id of the project of a workbench, such as `1a2b-3c4d-5e6f-7a8b`.
    pub project: Option<String>,
    /// The image of the runtime in which jobs of a workbench run.
    pub runtime: Option<String>,
    /// The identifiers of addons of that runtime, with commas between them.
    pub addons: Option<String>,
    /// What a run has on a workbench, as [`ResourceProfile`](crate::ResourceProfile) reads it.
    pub profile: Option<String>,
    /// The label of GPUs on a workbench: its value, such as `NVIDIA-L4`, or its id.
    pub gpu_label: Option<String>,
    /// A PEM file on this machine with certificates of authorities. A workbench that they signed is trusted, as is one of
    /// the system's authorities.
    pub certificates: Option<String>,
}

/// How models of the Hub get to a target.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum HubModels {
    /// The target fetches them from the Hub.
    Fetch,
    /// They are sent from this machine.
    Send,
}

/// How long the folder of a run stays there once its results are here.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Keep {
    /// It is removed at once.
    Nothing,
    /// It is removed after so many days, by the studio that started the run, when the next one there has ended.
    Days(u32),
    /// It is never removed.
    Everything,
}
