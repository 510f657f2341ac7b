//! Compute targets: other machines and clusters on which runs work.

use compute::{Connection, ConnectionState, Target, TargetCheck, TargetCommand, TargetKind, TargetSettings};
use platform::{Work, absolute};
use python::{EnvironmentKind, EnvironmentProgress, Recipe};
use schema::{Error, ErrorCode, Result};
use workbench::Workbench;

use crate::Studio;

/// Use cases of compute targets that affect more than the store.
#[derive(Debug, Clone, Copy)]
pub struct Targets<'a>(pub(crate) &'a Studio);

impl Targets<'_> {
    /// Adds a target that a person described here, so that it is confirmed.
    ///
    /// # Errors
    /// Another target has the name, or the settings break a rule; `fields` names what is at fault.
    pub async fn add(&self, name: &str, settings: TargetSettings) -> Result<Target> {
        self.0.store.add_target(name, &here(settings)?).await
    }

    /// Changes the name and settings of a target; a person described them here, so they are confirmed.
    ///
    /// # Errors
    /// Another target has the name, the settings break a rule, or a live run would no longer be found.
    pub async fn update(&self, id: &str, name: &str, settings: TargetSettings) -> Result<Target> {
        self.0.store.update_target(id, name, &here(settings)?).await
    }

    /// Removes a target from this workspace, and the key of a workbench that no other target has. Nothing is removed
    /// there.
    ///
    /// # Errors
    /// A live run is there.
    pub async fn remove(&self, id: &str) -> Result<Target> {
        let removed = self.0.store.remove_target(id).await?;
        let settings = &removed.settings;
        let is_last = self.0.store.targets().await?.iter().all(|other| other.settings.host != settings.host);
        if settings.kind == TargetKind::Cloudera
            && is_last
            && let Err(error) = workbench::set_key(settings, self.0.hub.keyring(), None).await
        {
            tracing::info!("removing the key of {}: {error}", settings.host);
        }
        Ok(removed)
    }

    /// Stores the API key for the workbench of a target in the system's keyring, or removes it.
    ///
    /// # Errors
    /// The target is no workbench, the text can be no key, or the keyring can't be used.
    pub async fn set_key(&self, id: &str, key: Option<&str>) -> Result<()> {
        workbench::set_key(&self.0.store.target(id).await?.settings, self.0.hub.keyring(), key).await
    }

    /// The host and everything that a target's settings run or pass on there, which a person has to see before
    /// they confirm it.
    pub async fn commands(&self, id: &str) -> Result<Vec<TargetCommand>> {
        Ok(self.0.store.target(id).await?.settings.commands())
    }

    /// Looks whether runs can start on a target, and keeps what was found. Nothing is sent or changed there.
    /// `accept_host_key` is the fingerprint of a host's key that a person accepts.
    ///
    /// # Errors
    /// The target is not confirmed, so nothing of its settings is run. What is wrong there is a finding.
    pub async fn check(&self, id: &str, accept_host_key: Option<&str>) -> Result<TargetCheck> {
        let target = self.0.store.target(id).await?;
        target.refuse_unconfirmed()?;
        if target.settings.kind == TargetKind::Cloudera {
            let check = Workbench::check_target(&target.settings, self.0.hub.keyring()).await;
            return Ok(self.0.store.keep_check(&target, &check).await?.check);
        }
        self.look_over(&target, &Connection::new(target.settings.clone()), accept_host_key).await
    }

    /// Makes the Python environment of a target that names none, or goes on with an unfinished one, and waits for the
    /// end; then looks whether runs can start there, and keeps what was found. The making is a process there: it goes
    /// on when the line is cut, this program ends or the work is cancelled, and another call waits for its end.
    ///
    /// # Errors
    /// The target is not confirmed, names an interpreter, can't be reached, or its environment can't be made.
    pub async fn prepare(&self, id: &str, work: &Work<EnvironmentProgress>) -> Result<TargetCheck> {
        let (target, connection) = self.with_own_environment(id).await?;
        let uv = self.0.python().uv_here().await;
        let made = connection.make_environment(&packages(), uv.as_deref(), work).await;
        // How far it is is kept in any case, unless another attempt to connect would only take its time.
        if matches!(connection.state(), ConnectionState::Connected { .. }) {
            let check = self.look_over(&target, &connection, None).await?;
            return made.map(|_| check);
        }
        made?;
        self.look_over(&target, &connection, None).await
    }

    /// Asks the making of a target's environment to stop, and looks again. What is done of it stays.
    ///
    /// # Errors
    /// As of [`Self::prepare`].
    pub async fn stop_preparing(&self, id: &str) -> Result<TargetCheck> {
        let (target, connection) = self.with_own_environment(id).await?;
        connection.stop_environment(&packages()).await?;
        self.look_over(&target, &connection, None).await
    }

    /// A target that a person confirmed and that names no interpreter.
    async fn with_own_environment(&self, id: &str) -> Result<(Target, Connection)> {
        let target = self.0.store.target(id).await?;
        target.refuse_unconfirmed()?;
        if target.settings.kind == TargetKind::Cloudera {
            let message = format!("'{}' is a workbench, whose runtimes bring their own Python.", target.name);
            return Err(Error::new(ErrorCode::Conflict, message)
                .hint("Choose a runtime that has the training stack, or install it in the project there."));
        }
        if let Some(python) = &target.settings.python {
            let message =
                format!("'{}' names its own Python, {python}, so it needs no environment.", target.name);
            return Err(Error::new(ErrorCode::Conflict, message)
                .hint("Remove the interpreter from the target's settings first."));
        }
        let connection = Connection::new(target.settings.clone());
        Ok((target, connection))
    }

    async fn look_over(
        &self,
        target: &Target,
        connection: &Connection,
        accept_host_key: Option<&str>,
    ) -> Result<TargetCheck> {
        let check = connection.check(&packages(), accept_host_key).await;
        Ok(self.0.store.keep_check(target, &check).await?.check)
    }
}

/// What an environment there is made from.
fn packages() -> Recipe {
    Recipe::new(EnvironmentKind::Training)
}

/// Settings with the absolute paths of files of this machine, and the plain address of a workbench.
fn here(mut settings: TargetSettings) -> Result<TargetSettings> {
    settings.ssh_config = settings.ssh_config.map(|path| absolute(&path));
    settings.options.certificates = settings.options.certificates.map(|path| absolute(&path));
    workbench::with_plain_address(settings)
}
