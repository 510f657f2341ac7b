//! A workbench as a compute target.

use std::path::PathBuf;

use compute::{TargetCheck, TargetKind, TargetSettings, WorkbenchChoice, WorkbenchFacts};
use platform::{Keyring, blocking};
use schema::{Error, ErrorCode, FieldProblem, Result};

use crate::{
    address::Address,
    check::{Profile, WorkbenchCheck, label},
    client::{Settings, Times, Workbench},
    key::ApiKey,
    launch::RunResources,
};

/// The settings of a target as they are stored, with the address of a workbench alone, without its path. Those of another
/// kind stay as they are.
///
/// # Errors
/// The address is none; `fields` names it.
pub fn with_plain_address(mut settings: TargetSettings) -> Result<TargetSettings> {
    if settings.kind == TargetKind::Cloudera {
        settings.host = address(&settings)?.to_string();
    }
    Ok(settings)
}

/// Stores the key for the workbench of a target in the keyring, in place of an earlier one, or removes it.
///
/// # Errors
/// The target is no workbench, the text can be no key, or the keyring can't be used.
pub async fn set_key(settings: &TargetSettings, keyring: &Keyring, key: Option<&str>) -> Result<()> {
    if settings.kind != TargetKind::Cloudera {
        let message = format!("A target of kind {} needs no key of the studio.", settings.kind);
        return Err(Error::new(ErrorCode::Invalid, message)
            .hint("The keys and the agent of your SSH configuration are used."));
    }
    let (address, keyring) = (address(settings)?, keyring.clone());
    let key = key.map(ApiKey::new).transpose()?;
    blocking("storing the key of a workbench", move || match key {
        Some(key) => key.store(&keyring, &address),
        None => ApiKey::remove(&keyring, &address),
    })
    .await
}

impl Workbench {
    /// A client of the workbench of a target, with the key that this machine has for it. Nothing is asked for yet.
    ///
    /// # Errors
    /// There is no key, or the settings are those of no workbench.
    pub async fn of_target(settings: &TargetSettings, keyring: &Keyring) -> Result<Self> {
        let address = address(settings)?;
        let (of_key, keyring) = (address.clone(), keyring.clone());
        let key = blocking("reading the key of a workbench", move || ApiKey::find(&keyring, &of_key)).await?;
        let options = &settings.options;
        let settings = Settings {
            address,
            project: options.project.clone().unwrap_or_default(),
            certificates: options.certificates.clone().map(PathBuf::from),
        };
        Ok(Self::new(settings, key, Times::default())?)
    }

    /// What runs of a target have, as jobs name it.
    ///
    /// # Errors
    /// As every call: see [`Fault`](crate::Fault). The settings name no runtime, or GPUs that the workbench does not have.
    pub async fn resources_of(&self, settings: &TargetSettings) -> crate::Result<RunResources> {
        let profile = profile(settings)?;
        let refused = |message: String| Error::new(ErrorCode::Invalid, message).on("target");
        let Some(runtime) = profile.runtime else {
            return Err(refused("The target names no runtime for its jobs.".to_owned())
                .hint("Check it: the workbench says which there are. Then choose one in its settings.")
                .into());
        };
        let gpu_label = match &profile.gpu_label {
            Some(named) if profile.gpus > 0 => {
                let labels = self.gpu_labels().await?.unwrap_or_default();
                let found = label(&labels, named);
                let unknown = || refused(format!("The workbench has no GPUs '{named}'."));
                Some(found.ok_or_else(unknown)?.id)
            }
            _ => None,
        };
        Ok(RunResources {
            runtime,
            addons: profile.addons,
            cpu: profile.cpu,
            memory: profile.memory,
            gpus: profile.gpus,
            gpu_label,
            timeout: None,
        })
    }

    /// Looks whether runs of a target can start on its workbench. Nothing is changed there.
    pub async fn check_target(settings: &TargetSettings, keyring: &Keyring) -> TargetCheck {
        let looked = async {
            settings.check()?;
            let profile = profile(settings)?;
            let workbench = Self::of_target(settings, keyring).await?;
            Ok((workbench.check(&profile).await, profile))
        };
        match looked.await {
            Ok((check, profile)) => found(check, &profile),
            Err(error) => refused(error),
        }
    }
}

/// What the runs of a target are to have.
///
/// # Errors
/// The profile can't be read.
pub(crate) fn profile(settings: &TargetSettings) -> Result<Profile> {
    let options = &settings.options;
    let resources =
        options.resources().map_err(|message| Error::new(ErrorCode::Invalid, message).on("profile"))?;
    Ok(Profile {
        runtime: options.runtime.clone(),
        addons: options.runtime_addons(),
        cpu: resources.cpu,
        memory: resources.memory,
        gpus: resources.gpus,
        gpu_label: options.gpu_label.clone(),
    })
}

fn address(settings: &TargetSettings) -> Result<Address> {
    Address::parse(&settings.host).map_err(|failure| {
        let Error { message, hint, .. } = failure.error;
        let message = hint.map_or_else(|| message.clone(), |hint| format!("{message} {hint}"));
        Error::invalid(vec![FieldProblem { column: "host".to_owned(), message }])
    })
}

/// What a check of a workbench found, as the check of a target.
fn found(check: WorkbenchCheck, profile: &Profile) -> TargetCheck {
    let choice = |value: &str, label: String| WorkbenchChoice { value: value.to_owned(), label };
    let runtimes = check.runtimes.iter().map(|one| {
        choice(
            &one.image_identifier,
            format!("{}, {}, {} {}", one.kernel, one.edition, one.editor, one.full_version),
        )
    });
    let addons = check.addons.iter().map(|one| choice(&one.identifier, one.display_name.clone()));
    let labels = check.gpu_labels.iter().map(|one| {
        choice(&one.label_value, format!("{}, at most {}", one.label_value, one.max_gpu_per_workload))
    });
    let whole = |number: f64| format!("{:.0}", number.floor()).parse::<u64>().unwrap_or_default();
    TargetCheck {
        reachable: check.reachable,
        can_run: check.can_run,
        findings: check.findings,
        processors: u32::try_from(whole(profile.cpu).max(1)).ok(),
        memory_bytes: Some(whole(profile.memory * 1e9)),
        workbench: Some(WorkbenchFacts {
            project: check.project,
            runtimes: runtimes.collect(),
            addons: addons.collect(),
            gpu_labels: labels.collect(),
        }),
        ..TargetCheck::default()
    }
}

/// The check of a target that could not be asked.
fn refused(error: Error) -> TargetCheck {
    let mut check = TargetCheck::default();
    check.refusal(error);
    check
}
