//! What is there, and what speaks against a run there.

use std::fmt::Write as _;

use compute::{CheckFinding, FindingLevel};
use python::OLDEST;
use serde::Serialize;

use crate::{
    client::Workbench,
    failure::{Failure, Fault, Result},
    projects::Amounts,
    runtimes::{GpuLabel, Runtime, RuntimeAddon},
};

/// What runs are to have there.
#[derive(Debug, Clone, PartialEq, Default)]
pub struct Profile {
    /// The runtime's image; none as long as it is not chosen.
    pub runtime: Option<String>,
    /// The identifiers of addons.
    pub addons: Vec<String>,
    /// Processors.
    pub cpu: f64,
    /// Memory in GB.
    pub memory: f64,
    /// GPUs.
    pub gpus: u32,
    /// A label of GPUs: its value, such as `NVIDIA-L4`, or its id.
    pub gpu_label: Option<String>,
}

/// What a check found.
#[derive(Debug, Clone, Default, PartialEq, Serialize)]
pub struct WorkbenchCheck {
    /// Whether the workbench took the key.
    pub reachable: bool,
    /// Whether a run can start there.
    pub can_run: bool,
    /// What was looked at, in the order in which it was.
    pub findings: Vec<CheckFinding>,
    /// The project's name.
    pub project: Option<String>,
    /// The runtimes that can be chosen: enabled, with a Python that the worker runs with.
    pub runtimes: Vec<Runtime>,
    /// The addons that can be chosen.
    pub addons: Vec<RuntimeAddon>,
    /// The labels of GPUs that can be chosen.
    pub gpu_labels: Vec<GpuLabel>,
}

impl WorkbenchCheck {
    fn found(&mut self, level: FindingLevel, text: impl Into<String>, hint: Option<String>) {
        self.findings.push(CheckFinding { level, text: text.into(), hint });
    }

    fn fine(&mut self, text: impl Into<String>) {
        self.found(FindingLevel::Fine, text, None);
    }

    fn remark(&mut self, text: impl Into<String>, hint: &str) {
        self.found(FindingLevel::Remark, text, Some(hint.to_owned()));
    }

    fn problem(&mut self, text: impl Into<String>, hint: &str) {
        self.found(FindingLevel::Problem, text, Some(hint.to_owned()));
    }

    fn refusal(&mut self, failure: Failure) {
        self.found(FindingLevel::Problem, failure.error.message, failure.error.hint);
    }
}

impl Workbench {
    /// Looks whether runs with this profile can start there. Nothing is changed there.
    pub async fn check(&self, profile: &Profile) -> WorkbenchCheck {
        let mut check = WorkbenchCheck::default();
        if let Err(failure) = self.look_over(&mut check, profile).await {
            check.refusal(failure);
        }
        check.can_run = check.findings.iter().all(|finding| finding.level != FindingLevel::Problem);
        check
    }

    /// Adds what is found, as far as it can be looked at. A failure is the last problem.
    async fn look_over(&self, check: &mut WorkbenchCheck, profile: &Profile) -> Result<()> {
        if !self.settings.address.is_private() {
            check.remark(
                format!(
                    "The key goes to {} without encryption: everyone on the way can read it.",
                    self.host()
                ),
                "Use the address that begins with https://.",
            );
        }
        let owner = self.owner(check).await?;
        self.look_at_project(check).await?;
        runtime(check, profile, self.runtimes().await?);
        if !profile.addons.is_empty() {
            addons(check, profile, self.runtime_addons().await?);
        }
        amounts(check, profile);
        match self.gpu_labels().await? {
            Some(labels) => gpus(check, profile, labels),
            None => without_labels(check, profile),
        }
        self.quota(check, profile, owner.as_deref()).await
    }

    /// Looks at the key. Returns the name of its owner, where the workbench says it.
    async fn owner(&self, check: &mut WorkbenchCheck) -> Result<Option<String>> {
        let owner = self.key_owner().await?;
        if let Some(owner) = &owner {
            check.reachable = true;
            if owner.valid {
                check.fine(format!("{} takes the key of {}.", self.host(), owner.username));
            } else {
                check.problem(
                    format!("{} does not take the key for its API.", self.host()),
                    "Make a key for the audience API under User Settings, API Keys in the workbench.",
                );
            }
        }
        Ok(owner.map(|owner| owner.username).filter(|name| !name.is_empty()))
    }

    async fn look_at_project(&self, check: &mut WorkbenchCheck) -> Result<()> {
        let project = self.project().await?;
        check.reachable = true;
        let name = if project.name.is_empty() { project.id } else { project.name };
        match project.permissions {
            Some(rights) if !rights.write && !rights.admin => check.problem(
                format!("The owner of the key may not change the project '{name}'."),
                "Ask the project's owner to make you a contributor.",
            ),
            _ => check.fine(format!("The project '{name}' can be used.")),
        }
        if project.default_engine_type == "legacy_engine" {
            check.problem(
                format!("The project '{name}' uses legacy engines, which have no runtimes."),
                "Choose ML Runtimes in the project's settings, or use another project.",
            );
        }
        check.project = Some(name);
        Ok(())
    }

    async fn quota(&self, check: &mut WorkbenchCheck, profile: &Profile, owner: Option<&str>) -> Result<()> {
        let quotas = match self.quotas().await {
            Ok(quotas) => quotas,
            // Others than administrators often may not look.
            Err(failure) if matches!(failure.fault, Fault::Rights | Fault::NotFound | Fault::NoOperation) => {
                check.fine(
                    "The workbench does not show the quota. Whether there is room is seen at the start.",
                );
                return Ok(());
            }
            Err(failure) => return Err(failure),
        };
        let own = quotas.into_iter().find(|quota| Some(quota.user.user_name.as_str()) == owner);
        if let Some(own) = own {
            room(check, profile, own.quota_configured, own.quota_usage);
        } else {
            check.fine("The workbench shows no quota for the owner of the key.");
        }
        Ok(())
    }
}

/// Looks at the runtime that is chosen, or at those that could be.
fn runtime(check: &mut WorkbenchCheck, profile: &Profile, all: Vec<Runtime>) {
    let (major, minor) = OLDEST;
    let fits = |runtime: &Runtime| runtime.python().is_some_and(|version| version >= OLDEST);
    check.runtimes = all.iter().filter(|one| one.is_enabled() && fits(one)).cloned().collect();
    let choices = check.runtimes.len();
    let choose = format!("Choose one of the {choices} runtimes with Python {major}.{minor} or newer.");
    let ask = format!("Ask an administrator for a runtime with Python {major}.{minor} or newer.");
    let way_out = if choices == 0 { ask } else { choose };
    let Some(chosen) = &profile.runtime else {
        let text = match choices {
            0 => format!("The workbench has no runtime with Python {major}.{minor} or newer."),
            _ => "No runtime is chosen.".to_owned(),
        };
        return check.problem(text, &way_out);
    };
    let Some(found) = all.iter().find(|runtime| runtime.image_identifier == *chosen) else {
        return check.problem(format!("The workbench has no runtime '{chosen}'."), &way_out);
    };
    let name = format!("{} {} ({})", found.kernel, found.edition, found.editor);
    if !found.is_enabled() {
        check.problem(format!("The runtime {name} is not enabled there."), &way_out);
    } else if !fits(found) {
        check.problem(
            format!("The runtime {name} has no Python {major}.{minor} or newer, which the worker needs."),
            &way_out,
        );
    } else if profile.gpus > 0 && !is_for_gpus(found) {
        check.remark(
            format!("The runtime {name} is not made for GPUs, and runs are to have them."),
            "Choose one of the edition Nvidia GPU.",
        );
    } else if found.status == "DEPRECATED" {
        check.remark(format!("The runtime {name} is deprecated."), &way_out);
    } else {
        check.fine(format!("The runtime {name} can be used."));
    }
}

fn is_for_gpus(runtime: &Runtime) -> bool {
    let text = format!("{} {}", runtime.edition, runtime.image_identifier).to_lowercase();
    ["nvidia", "cuda", "gpu"].iter().any(|word| text.contains(word))
}

fn addons(check: &mut WorkbenchCheck, profile: &Profile, all: Vec<RuntimeAddon>) {
    check.addons = all.into_iter().filter(|addon| addon.status == "AVAILABLE").collect();
    let missing: Vec<&str> = profile
        .addons
        .iter()
        .map(String::as_str)
        .filter(|name| !check.addons.iter().any(|addon| addon.identifier == *name))
        .collect();
    if missing.is_empty() {
        return check.fine("The runtime addons are available.");
    }
    let known: Vec<&str> = check.addons.iter().map(|addon| addon.identifier.as_str()).collect();
    let hint = match known.is_empty() {
        true => "Leave the addons out; the workbench has none.".to_owned(),
        false => format!("Choose among those that are available: {}.", known.join(", ")),
    };
    check.problem(format!("These runtime addons are not available: {}.", missing.join(", ")), &hint);
}

/// Looks at what a run is to have, whatever the workbench has.
fn amounts(check: &mut WorkbenchCheck, profile: &Profile) {
    for (what, amount) in [("processors", profile.cpu), ("memory", profile.memory)] {
        if !amount.is_finite() || amount <= 0.0 {
            check.problem(format!("Runs are to have no {what}."), "Choose more than nothing.");
        }
    }
}

fn gpus(check: &mut WorkbenchCheck, profile: &Profile, labels: Vec<GpuLabel>) {
    check.gpu_labels = labels.into_iter().filter(|label| label.availability != Some(false)).collect();
    let mut names = String::new();
    for (at, label) in check.gpu_labels.iter().enumerate() {
        _ = write!(names, "{}{}", if at == 0 { "" } else { ", " }, label.label_value);
    }
    if profile.gpus == 0 {
        return check.remark("Runs are to have no GPU.", "Trainings without one take long.");
    }
    if check.gpu_labels.is_empty() {
        return check.problem("The workbench has no GPUs.", "Ask for 0 GPUs, or an administrator for some.");
    }
    let Some(chosen) = &profile.gpu_label else {
        return check.fine(format!("The workbench has GPUs: {names}."));
    };
    let Some(found) = label(&check.gpu_labels, chosen).cloned() else {
        return check.problem(
            format!("The workbench has no GPUs '{chosen}'."),
            &format!("Choose among these: {names}."),
        );
    };
    if found.max_gpu_per_workload > 0 && i64::from(profile.gpus) > found.max_gpu_per_workload {
        return check.problem(
            format!(
                "A run may have at most {} of the GPUs {}, and {} are asked for.",
                found.max_gpu_per_workload, found.label_value, profile.gpus
            ),
            "Ask for fewer, or choose other GPUs.",
        );
    }
    check.fine(format!("The workbench has GPUs {}.", found.label_value));
}

/// The label that a text names by its value or its id.
pub(crate) fn label<'a>(labels: &'a [GpuLabel], text: &str) -> Option<&'a GpuLabel> {
    let by_value = labels.iter().find(|label| label.label_value == text);
    by_value.or_else(|| labels.iter().find(|label| Ok(label.id) == text.parse()))
}

fn without_labels(check: &mut WorkbenchCheck, profile: &Profile) {
    if let Some(label) = &profile.gpu_label {
        return check.problem(
            format!("The workbench has no labels of GPUs, and '{label}' is asked for."),
            "Leave the label out: every GPU there is as good.",
        );
    }
    check.fine("The workbench has no labels of GPUs; which GPU a run has is not said.");
}

/// Compares what runs are to have with the quota.
fn room(check: &mut WorkbenchCheck, profile: &Profile, quota: Amounts, used: Amounts) {
    let before = check.findings.len();
    let asked = [
        ("processors", profile.cpu, quota.cpu, used.cpu),
        ("GB of memory", profile.memory, quota.memory, used.memory),
        ("GPUs", f64::from(profile.gpus), quota.nvidia_gpu, used.nvidia_gpu),
    ];
    for (what, asked, quota, used) in asked {
        let Some(quota) = quota else { continue };
        let free = quota - used.unwrap_or(0.0);
        if asked > quota {
            check.problem(
                format!("The quota has {quota} {what}, and runs are to have {asked}."),
                "Ask for less, or an administrator for more.",
            );
        } else if asked > free {
            check.remark(
                format!("Of the quota, {free} {what} are free, and runs are to have {asked}."),
                "Wait for other work there to end, or stop some.",
            );
        }
    }
    if check.findings.len() == before {
        check.fine("The quota has room for a run.");
    }
}
