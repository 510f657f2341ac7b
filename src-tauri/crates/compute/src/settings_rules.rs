//! The rules that settings of a target follow before anything is run with them.

use schema::{Error, ErrorCode, FieldProblem, Result};

use crate::{HubModels, Keep, Target, TargetKind, TargetOptions, TargetSettings, workbench_rules};

/// Signs that a shell gives a meaning to. `ssh` puts the host into commands of its configuration, such as
/// `ProxyCommand`, which a shell runs.
const SIGNS_OF_SHELLS: &[char] = &['\'', '"', '`', '$', ';', '&', '<', '>', '|', '(', ')', '{', '}'];
/// What the studio itself passes to Slurm for a job, so that it finds the job again.
const OWN_SBATCH: &[(&str, Option<char>)] = &[
    ("array", Some('a')),
    ("chdir", Some('D')),
    ("error", Some('e')),
    ("export", None),
    ("export-file", None),
    ("job-name", Some('J')),
    ("open-mode", None),
    ("output", Some('o')),
    ("parsable", None),
    ("test-only", None),
    ("wait", Some('W')),
    ("wrap", None),
];

/// The largest number of characters of a name.
const LONGEST_NAME: usize = 60;
/// The way out of a target that is not confirmed.
pub const CONFIRM_TARGET: &str = "Look at its host and what it runs, and confirm it under Compute.";

impl TargetSettings {
    /// Whether runs may start with these settings as far as they say themselves.
    ///
    /// # Errors
    /// Values that break a rule, each named by its field; those of [`TargetOptions`] by their own names.
    pub fn check(&self) -> Result<()> {
        let mut problems = Vec::new();
        let mut refuse = |field: &str, found: Result<(), String>| {
            problems.extend(found.err().map(|message| FieldProblem { column: field.to_owned(), message }));
        };
        let is_workbench = self.kind == TargetKind::Cloudera;
        refuse("host", if is_workbench { workbench_rules::address(&self.host) } else { host(&self.host) });
        let found = folder(&self.folder);
        refuse(
            "folder",
            found.and_then(|()| match self.kind {
                TargetKind::Cloudera => workbench_rules::folder(&self.folder),
                TargetKind::Ssh | TargetKind::Slurm => Ok(()),
            }),
        );
        refuse("python", self.python.as_deref().map_or(Ok(()), python));
        refuse(
            "ssh_config",
            self.ssh_config.as_deref().map_or(Ok(()), |path| one_line("The SSH configuration file", path)),
        );
        for (name, value) in self.options.of_slurm() {
            refuse(name, of_slurm(self.kind, name, value.as_deref()));
        }
        for (name, value) in self.options.of_workbench() {
            refuse(name, workbench_rules::option(self, name, value));
        }
        if is_workbench && self.ssh_config.is_some() {
            refuse("ssh_config", Err("A workbench is not reached by SSH.".to_owned()));
        }
        if let Some(setup) = &self.options.setup {
            let hidden = setup.chars().any(|sign| sign.is_control() && !matches!(sign, '\n' | '\t'));
            let found = if hidden {
                Err("The lines before Python have a control character.".to_owned())
            } else {
                Ok(())
            };
            refuse("setup", found);
        }
        for line in &self.options.sbatch {
            refuse("sbatch", sbatch(self.kind, line));
        }
        refuse("keep", self.options.keep().map(drop));
        refuse("models", self.options.models(self.kind).map(drop));
        if problems.is_empty() { Ok(()) } else { Err(Error::invalid(problems)) }
    }

    /// The host and everything of these settings that is run or passed on there, each with what it is: what a
    /// person has to see before the target is used.
    pub fn commands(&self) -> Vec<TargetCommand> {
        let mut commands = Vec::new();
        let mut add = |what: &'static str, text: Option<String>| {
            commands.extend(text.map(|text| TargetCommand { what: what.to_owned(), text }));
        };
        add("Host", Some(self.host.clone()));
        add("SSH configuration", self.ssh_config.clone());
        add("Folder there", Some(self.folder.clone()));
        add("Before Python", self.options.setup.clone());
        let made = || match self.kind {
            TargetKind::Cloudera => "python3 of the runtime".to_owned(),
            TargetKind::Ssh | TargetKind::Slurm => {
                format!("{}/env, made by the studio with uv", self.folder.trim_end_matches('/'))
            }
        };
        add("Python", Some(self.python.clone().unwrap_or_else(made)));
        for (name, value) in self.options.of_slurm() {
            add("Slurm", value.map(|value| format!("--{name}={value}")));
        }
        for line in &self.options.sbatch {
            add("Slurm", Some(line.clone()));
        }
        for (name, value) in self.options.of_workbench() {
            add("Workbench", value.map(|value| format!("{name}={value}")));
        }
        add("Kept there of finished runs", self.options.keep.clone());
        commands
    }
}

/// The name of a target as it is stored.
///
/// # Errors
/// No target may have it.
pub fn target_name(name: &str) -> Result<String> {
    let name = name.trim();
    let refused = |message: String| Err(Error::new(ErrorCode::Invalid, message).on("name"));
    if name.is_empty() {
        return refused("The target needs a name.".to_owned());
    }
    if name.chars().count() > LONGEST_NAME {
        return refused(format!("A target's name has at most {LONGEST_NAME} characters."));
    }
    if name.starts_with('-') || name.chars().any(char::is_control) {
        return refused("A target's name has no line breaks and does not begin with a dash.".to_owned());
    }
    if is_same_name(name, TargetSettings::LOCAL) {
        return refused(format!("'{name}' is this machine. Choose another name."));
    }
    Ok(name.to_owned())
}

/// Whether two names are those of one target: the case of letters makes no difference.
pub fn is_same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

impl Target {
    /// Refuses what runs something with its settings before a person confirmed them here.
    ///
    /// # Errors
    /// The target is not confirmed.
    pub fn refuse_unconfirmed(&self) -> Result<()> {
        if self.confirmed {
            return Ok(());
        }
        let message = format!("The target '{}' came from elsewhere and is not confirmed here.", self.name);
        Err(Error::new(ErrorCode::Conflict, message).hint(CONFIRM_TARGET).on("target"))
    }
}

/// A part of a target's settings that is run or passed on there.
#[derive(Debug, Clone, PartialEq, Eq, serde::Serialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct TargetCommand {
    /// What it is, such as "Host" or "Before Python".
    pub what: String,
    /// The text as it is run or passed on.
    pub text: String,
}

impl TargetOptions {
    /// The names that [`TargetOptions::set`] takes.
    pub const NAMES: [&str; 17] = [
        "partition",
        "account",
        "qos",
        "time",
        "gres",
        "mem",
        "nodes",
        "setup",
        "sbatch",
        "keep",
        "models",
        "project",
        "runtime",
        "addons",
        "profile",
        "gpu_label",
        "certificates",
    ];

    /// How models of the Hub get to a target of that kind.
    ///
    /// # Errors
    /// The option is none of the words.
    pub fn models(&self, kind: TargetKind) -> Result<HubModels, String> {
        match (self.models.as_deref(), kind) {
            (Some("fetch"), _) | (None, TargetKind::Ssh | TargetKind::Cloudera) => Ok(HubModels::Fetch),
            (Some("send"), _) | (None, TargetKind::Slurm) => Ok(HubModels::Send),
            (Some(other), _) => {
                Err(format!("Models of the Hub get there by fetch or send, and '{other}' is neither."))
            }
        }
    }

    /// What stays there of a run that succeeded, once its results are here.
    ///
    /// # Errors
    /// The option is none of the words, and no number of days.
    pub fn keep(&self) -> Result<Keep, String> {
        match self.keep.as_deref() {
            None | Some("nothing") => Ok(Keep::Nothing),
            Some("everything") => Ok(Keep::Everything),
            Some(days) => match days.parse() {
                Ok(days @ 1..) => Ok(Keep::Days(days)),
                _ => Err(format!(
                    "What is kept is nothing, everything or a number of days, and '{days}' is not."
                )),
            },
        }
    }

    /// Sets the option of a name. `setup` and `sbatch` add a line.
    ///
    /// # Errors
    /// There is no option of this name, or its value is no number where it has to be one.
    pub fn set(&mut self, name: &str, value: &str) -> Result<(), String> {
        let text = Some(value.to_owned());
        match name {
            "partition" => self.partition = text,
            "account" => self.account = text,
            "qos" => self.qos = text,
            "time" => self.time = text,
            "gres" => self.gres = text,
            "mem" => self.mem = text,
            "nodes" => {
                let nodes = value.parse().map_err(|_| format!("'{value}' is no number of nodes"))?;
                self.nodes = Some(nodes);
            }
            "setup" => {
                self.setup = Some(match self.setup.take() {
                    Some(before) => format!("{before}\n{value}"),
                    None => value.to_owned(),
                });
            }
            "sbatch" => self.sbatch.push(value.to_owned()),
            "keep" => self.keep = text,
            "models" => self.models = text,
            "project" => self.project = text,
            "runtime" => self.runtime = text,
            "addons" => self.addons = text,
            "profile" => self.profile = text,
            "gpu_label" => self.gpu_label = text,
            "certificates" => self.certificates = text,
            other => return Err(format!("'{other}' is not one of {}", Self::NAMES.join(", "))),
        }
        Ok(())
    }

    /// What Slurm is asked for by an option of its own: its name without dashes, and the value.
    pub fn of_slurm(&self) -> [(&'static str, Option<String>); 7] {
        [
            ("partition", self.partition.clone()),
            ("account", self.account.clone()),
            ("qos", self.qos.clone()),
            ("time", self.time.clone()),
            ("gres", self.gres.clone()),
            ("mem", self.mem.clone()),
            ("nodes", self.nodes.map(|nodes| nodes.to_string())),
        ]
    }
}

fn host(host: &str) -> Result<(), String> {
    let name = host.rsplit('@').next().unwrap_or_default();
    if name.trim().is_empty() {
        return Err("The target needs a host, as the SSH configuration knows it.".to_owned());
    }
    // A leading dash would be an option of `ssh`.
    if host.starts_with('-') || name.starts_with('-') || host.ends_with('\\') {
        return Err(format!("'{host}' is no host: it begins with a dash or ends with a backslash."));
    }
    match host
        .chars()
        .find(|sign| sign.is_whitespace() || sign.is_control() || SIGNS_OF_SHELLS.contains(sign))
    {
        Some(' ') => Err(format!("'{host}' is no host: it has a blank.")),
        Some(sign) => {
            Err(format!("'{}' is no host: it has the sign '{}'.", host.escape_debug(), sign.escape_debug()))
        }
        None => Ok(()),
    }
}

fn folder(folder: &str) -> Result<(), String> {
    one_line("The folder there", folder)?;
    let Some(below) = folder.strip_prefix("~/").or_else(|| folder.strip_prefix('/')) else {
        return Err(format!("The folder there has to begin with / or ~/, and '{folder}' does not."));
    };
    let mut parts = below.split('/').filter(|part| !part.is_empty() && *part != ".").peekable();
    if parts.peek().is_none() {
        return Err(format!("'{folder}' is a whole disk or home; name a folder for the studio in it."));
    }
    if parts.any(|part| part == "..") {
        return Err(format!("The folder there is written without '..', and '{folder}' has it."));
    }
    Ok(())
}

fn python(python: &str) -> Result<(), String> {
    one_line("The Python interpreter", python)?;
    let rooted = python.starts_with('/') || python.starts_with("~/");
    if !rooted && (python.contains('/') || python.contains(char::is_whitespace)) {
        return Err(format!(
            "The Python interpreter is a path from / or ~/ or a plain name, and '{python}' is not."
        ));
    }
    Ok(())
}

/// What Slurm is asked for by an option of its own.
fn of_slurm(kind: TargetKind, name: &str, value: Option<&str>) -> Result<(), String> {
    let Some(value) = value else { return Ok(()) };
    if kind != TargetKind::Slurm {
        return Err(format!("'{name}' is an option of Slurm, and the target is of kind {kind}."));
    }
    if name == "nodes" && value == "0" {
        return Err("A run needs at least one node.".to_owned());
    }
    // Slurm splits its lines at blanks.
    if value.is_empty() || value.contains(|sign: char| sign.is_whitespace() || sign.is_control()) {
        return Err(format!("The value of '{name}' is empty or has a blank."));
    }
    Ok(())
}

fn sbatch(kind: TargetKind, line: &str) -> Result<(), String> {
    if kind != TargetKind::Slurm {
        return Err(format!("Lines for sbatch are for Slurm, and the target is of kind {kind}."));
    }
    let own = |(long, short): &&(&str, Option<char>)| {
        line.split_whitespace().any(|word| {
            let named = word.strip_prefix("--").map(|word| word.split('=').next().unwrap_or_default());
            let lettered =
                short.is_some_and(|short| word.strip_prefix('-').is_some_and(|rest| rest.starts_with(short)));
            named == Some(*long) || lettered
        })
    };
    if line.chars().any(char::is_control) {
        return Err("A line for sbatch has a line break or another control character.".to_owned());
    }
    if !line.starts_with('-') {
        return Err(format!("'{line}' is no option of sbatch: it has to begin with a dash."));
    }
    match OWN_SBATCH.iter().find(own) {
        Some((long, _)) => Err(format!("'{line}' sets --{long}, which the studio sets itself.")),
        None => Ok(()),
    }
}

/// A text that is neither empty nor an option, of one line.
fn one_line(what: &str, text: &str) -> Result<(), String> {
    if text.trim().is_empty() {
        return Err(format!("{what} is empty."));
    }
    if text.chars().any(char::is_control) {
        return Err(format!("{what} has a line break or another control character."));
    }
    if text.starts_with('-') {
        return Err(format!("{what} begins with a dash, which would be an option: '{text}'."));
    }
    Ok(())
}
