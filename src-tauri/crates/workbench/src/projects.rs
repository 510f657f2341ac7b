//! Projects, the owner of the key, and quotas.

use reqwest::Method;
use serde::{Deserialize, Serialize};
use serde_json::json;

use crate::{
    client::{Call, Workbench},
    failure::{About, Fault, Result},
    shapes,
};

/// A project.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Project {
    /// Its id, of the form `xxxx-xxxx-xxxx-xxxx`.
    #[serde(deserialize_with = "shapes::text")]
    pub id: String,
    /// Its name.
    #[serde(deserialize_with = "shapes::text")]
    pub name: String,
    /// `ml_runtime`, or `legacy_engine` for a project without runtimes.
    #[serde(deserialize_with = "shapes::text")]
    pub default_engine_type: String,
    /// What the owner of the key may do in it, if the workbench says so.
    pub permissions: Option<Permissions>,
}

/// What may be done in a project.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Default, Deserialize, Serialize)]
#[serde(default)]
pub struct Permissions {
    /// Look at it.
    pub read: bool,
    /// Change its files and start its jobs.
    pub write: bool,
    /// Everything.
    pub admin: bool,
    /// Start its jobs.
    pub operator: bool,
}

/// The owner of the key.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct KeyOwner {
    /// Whether the key is good for the API.
    pub valid: bool,
    /// The name that the owner logs in with.
    #[serde(deserialize_with = "shapes::text")]
    pub username: String,
}

/// How much of something may be used; `None` where the workbench gives no number.
#[derive(Debug, Clone, Copy, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct Amounts {
    /// Processors.
    #[serde(deserialize_with = "shapes::number")]
    pub cpu: Option<f64>,
    /// Memory in GB.
    #[serde(deserialize_with = "shapes::number")]
    pub memory: Option<f64>,
    /// GPUs.
    #[serde(deserialize_with = "shapes::number")]
    pub nvidia_gpu: Option<f64>,
}

/// The quota of a user.
#[derive(Debug, Clone, PartialEq, Default, Deserialize)]
#[serde(default)]
pub struct UserQuota {
    /// Whose it is.
    pub user: QuotaUser,
    /// What is in use.
    pub quota_usage: Amounts,
    /// What may be in use at the same time.
    pub quota_configured: Amounts,
}

/// The user of a quota.
#[derive(Debug, Clone, PartialEq, Eq, Default, Deserialize)]
#[serde(default)]
pub struct QuotaUser {
    /// The name that the user logs in with.
    #[serde(deserialize_with = "shapes::text")]
    pub user_name: String,
}

impl Workbench {
    /// The project.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn project(&self) -> Result<Project> {
        let about = About {
            doing: "read the project".to_owned(),
            thing: format!("project '{}' that the key may see", self.project_id()),
        };
        self.json(&Call::get(self.inside(&[]), about)).await
    }

    /// Every project that the key may see.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn projects(&self) -> Result<Vec<Project>> {
        let about = About { doing: "list the projects".to_owned(), thing: "projects".to_owned() };
        self.list(Call::get(vec!["projects"], about), "projects").await
    }

    /// The owner of the key; `None` where the workbench can't be asked.
    ///
    /// # Errors
    /// As every call: see [`Fault`].
    pub async fn key_owner(&self) -> Result<Option<KeyOwner>> {
        let about = About { doing: "check the key".to_owned(), thing: "check of keys".to_owned() };
        let mut call = Call::new(Method::POST, vec!["auth", "validate_key"], about);
        (call.body, call.repeatable) = (json!({"audience": "API"}), true);
        match self.json(&call).await {
            Ok(owner) => Ok(Some(owner)),
            Err(failure) if matches!(failure.fault, Fault::NotFound | Fault::NoOperation) => Ok(None),
            Err(failure) => Err(failure),
        }
    }

    /// The quotas of users, as far as the key may see them.
    ///
    /// # Errors
    /// As every call: see [`Fault`]; [`Fault::Rights`] if only administrators see quotas.
    pub async fn quotas(&self) -> Result<Vec<UserQuota>> {
        let about = About { doing: "list the quotas".to_owned(), thing: "list of quotas".to_owned() };
        self.list(Call::get(vec!["usersquota"], about), "user_quota").await
    }
}
