//! The rules that settings of a workbench follow.

use std::{fmt, str::FromStr};

use crate::{TargetKind, TargetOptions, TargetSettings};

/// What a run has on a workbench. As a text: `2cpu,8gb,1gpu`, or as the workbench itself shows profiles.
#[derive(Debug, Clone, Copy, PartialEq)]
pub struct ResourceProfile {
    /// Processors, above 0.
    pub cpu: f64,
    /// Memory in GB, above 0.
    pub memory: f64,
    /// GPUs.
    pub gpus: u32,
}

impl Default for ResourceProfile {
    /// That of the jobs of Cloudera's own studio.
    fn default() -> Self {
        Self { cpu: 2.0, memory: 8.0, gpus: 1 }
    }
}

impl fmt::Display for ResourceProfile {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}cpu,{}gb,{}gpu", self.cpu, self.memory, self.gpus)
    }
}

impl FromStr for ResourceProfile {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let refused =
            || format!("'{text}' is no profile; write it as {}, for example.", ResourceProfile::default());
        let (mut cpu, mut memory, mut gpus) = (None, None, None);
        for part in text.to_lowercase().split([',', '/']) {
            let part = part.trim().trim_end_matches(" memory");
            let unit_at = part.find(|sign: char| !sign.is_ascii_digit() && sign != '.').unwrap_or(part.len());
            let (number, unit) = part.split_at(unit_at);
            let number: f64 = number.parse().map_err(|_| refused())?;
            let amount = match unit.trim() {
                "cpu" | "cpus" | "vcpu" | "vcpus" => &mut cpu,
                "gb" | "gib" => &mut memory,
                "gpu" | "gpus" => &mut gpus,
                _ => return Err(refused()),
            };
            if amount.replace(number).is_some() {
                return Err(refused());
            }
        }
        let (Some(cpu), Some(memory)) = (cpu, memory) else { return Err(refused()) };
        let gpus = gpus.unwrap_or_default();
        if cpu <= 0.0 || memory <= 0.0 {
            return Err(format!("The profile '{text}' has no processor or no memory."));
        }
        if gpus.fract() != 0.0 || gpus > f64::from(u16::MAX) {
            return Err(format!("The profile '{text}' has no whole number of GPUs."));
        }
        #[expect(clippy::cast_possible_truncation, clippy::cast_sign_loss, reason = "it is whole and small")]
        let gpus = gpus as u32;
        Ok(Self { cpu, memory, gpus })
    }
}

impl TargetOptions {
    /// What belongs to a workbench alone: the option's name, and the value.
    pub(crate) fn of_workbench(&self) -> [(&'static str, Option<&str>); 6] {
        [
            ("project", self.project.as_deref()),
            ("runtime", self.runtime.as_deref()),
            ("addons", self.addons.as_deref()),
            ("profile", self.profile.as_deref()),
            ("gpu_label", self.gpu_label.as_deref()),
            ("certificates", self.certificates.as_deref()),
        ]
    }

    /// What a run has on a workbench.
    ///
    /// # Errors
    /// The option can't be read.
    pub fn resources(&self) -> Result<ResourceProfile, String> {
        self.profile.as_deref().map_or_else(|| Ok(ResourceProfile::default()), str::parse)
    }

    /// The identifiers of the addons of a workbench's runtime.
    pub fn runtime_addons(&self) -> Vec<String> {
        let all = self.addons.as_deref().unwrap_or_default().split(',');
        all.map(str::trim).filter(|name| !name.is_empty()).map(str::to_owned).collect()
    }
}

/// Whether an option of workbenches fits to the kind of a target.
pub(crate) fn option(settings: &TargetSettings, name: &str, value: Option<&str>) -> Result<(), String> {
    let is_workbench = settings.kind == TargetKind::Cloudera;
    let Some(value) = value else {
        return if is_workbench && name == "project" {
            Err("The target needs the id of a project, which its settings on the workbench show.".to_owned())
        } else {
            Ok(())
        };
    };
    if !is_workbench {
        let kind = settings.kind;
        return Err(format!("'{name}' is an option of a workbench, and the target is of kind {kind}."));
    }
    if value.trim().is_empty() || value.contains(char::is_control) {
        return Err(format!("The value of '{name}' is empty or has a line break."));
    }
    match name {
        "project" if value.contains(|sign: char| !sign.is_ascii_alphanumeric() && sign != '-') => {
            Err(format!("'{value}' is no id of a project, such as 1a2b-3c4d-5e6f-7a8b."))
        }
        "profile" => value.parse::<ResourceProfile>().map(drop),
        _ => Ok(()),
    }
}

/// The address of a workbench. What a key may be sent to is looked at closer by its client.
pub(crate) fn address(host: &str) -> Result<(), String> {
    let rest = host.strip_prefix("https://").or_else(|| host.strip_prefix("http://"));
    let is_plain = |sign: char| !sign.is_whitespace() && !sign.is_control();
    match rest {
        Some(rest) if rest.contains('@') => Err(
            "The address has a name or a password. Write it without them; the workbench is used with an API \
                 key."
                .to_owned(),
        ),
        Some(rest) if !rest.trim_matches('/').is_empty() && rest.chars().all(is_plain) => Ok(()),
        _ => Err(format!(
            "'{}' is no address of a workbench, such as https://ml-1234.example.com.",
            host.escape_debug()
        )),
    }
}

/// The folder in a project of a workbench: nothing above it can be reached.
pub(crate) fn folder(folder: &str) -> Result<(), String> {
    if folder.starts_with("~/") {
        return Ok(());
    }
    Err(format!("The folder on a workbench lies in its project and begins with ~/, and '{folder}' does not."))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_profile_is_read_as_it_is_written_and_as_the_workbench_shows_it() {
        let all = ResourceProfile { cpu: 0.5, memory: 16.0, gpus: 2 };
        for text in ["0.5cpu,16gb,2gpu", "0.5 vCPU / 16 GiB Memory / 2 GPUs", "2 gpu, 16gb, .5cpu"] {
            assert_eq!(text.parse(), Ok(all), "{text}");
        }
        assert_eq!("4cpu,2gb".parse(), Ok(ResourceProfile { cpu: 4.0, memory: 2.0, gpus: 0 }));
        let usual = ResourceProfile::default();
        assert_eq!(usual.to_string().parse(), Ok(usual));
        for text in [
            "",
            "4",
            "2cpu",
            "8gb,1gpu",
            "0cpu,8gb",
            "2cpu,8gb,0.5gpu",
            "2cpu,2cpu,8gb",
            "-1cpu,8gb",
            "2cpu,8gb,",
        ] {
            assert!(text.parse::<ResourceProfile>().is_err(), "{text}");
        }
    }
}
