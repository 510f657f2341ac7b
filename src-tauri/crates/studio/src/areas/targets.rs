//! Compute targets: other machines and clusters on which runs work.

use compute::{Connection, LastCheck, Target, TargetCheck, TargetCommand, TargetSettings};
use platform::absolute;
use schema::Result;

use crate::Studio;

/// Use cases of compute targets.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a>(pub(crate) &'a Studio);

impl Targets<'_> {
    /// All targets, by name.
    pub async fn list(&self) -> Result<Vec<Target>> {
        self.0.store.targets().await
    }

    /// The target with this id or name, whatever the case of the name.
    pub async fn find(&self, id_or_name: &str) -> Result<Target> {
        self.0.store.target(id_or_name).await
    }

    /// Adds a target that a person described here, so that it is confirmed.
    ///
    /// # Errors
    /// Another target has the name, or the settings break a rule; `fields` names what is at fault.
    pub async fn add(&self, name: &str, settings: TargetSettings) -> Result<Target> {
        self.0.store.add_target(name, &here(settings)).await
    }

    /// Changes the name and settings of a target; a person described them here, so they are confirmed.
    ///
    /// # Errors
    /// Another target has the name, the settings break a rule, or a live run would no longer be found.
    pub async fn update(&self, id: &str, name: &str, settings: TargetSettings) -> Result<Target> {
        self.0.store.update_target(id, name, &here(settings)).await
    }

    /// Removes a target from this workspace. Nothing is removed there.
    ///
    /// # Errors
    /// A live run is there.
    pub async fn remove(&self, id: &str) -> Result<Target> {
        self.0.store.remove_target(id).await
    }

    /// The host and everything that a target's settings run or pass on there, which a person has to see before
    /// they confirm it.
    pub async fn commands(&self, id: &str) -> Result<Vec<TargetCommand>> {
        Ok(self.find(id).await?.settings.commands())
    }

    /// Confirms a target with the settings that a person saw.
    ///
    /// # Errors
    /// It has other settings by now, or they break a rule.
    pub async fn confirm(&self, id: &str, seen: &TargetSettings) -> Result<Target> {
        self.0.store.confirm_target(id, seen).await
    }

    /// Looks whether runs can start on a target, and keeps what was found. Nothing is sent or changed there.
    /// `accept_host_key` is the fingerprint of a host's key that a person accepts.
    ///
    /// # Errors
    /// The target is not confirmed, so nothing of its settings is run. What is wrong there is a finding.
    pub async fn check(&self, id: &str, accept_host_key: Option<&str>) -> Result<TargetCheck> {
        let target = self.find(id).await?;
        target.refuse_unconfirmed()?;
        let check = Connection::new(target.settings.clone()).check(accept_host_key).await;
        Ok(self.0.store.keep_check(&target, &check).await?.check)
    }

    /// The last check of a target with its present settings; none if there was none.
    pub async fn last_check(&self, id: &str) -> Result<Option<LastCheck>> {
        self.0.store.last_check(id).await
    }
}

/// Settings with the absolute path of the SSH configuration file, which is a file of this machine.
fn here(mut settings: TargetSettings) -> TargetSettings {
    settings.ssh_config = settings.ssh_config.map(|path| absolute(&path));
    settings
}
