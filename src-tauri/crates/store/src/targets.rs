//! Compute targets. A target is confirmed while its settings are those that a person confirmed here, so what
//! arrives from elsewhere, without or with other settings, is not.

use compute::{LastCheck, Target, TargetCheck, TargetSettings};
use schema::{Error, ErrorCode, Result};
use sqlx::{Row as _, Sqlite, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use crate::{
    Store,
    runs::{LIVE, NOW},
};

/// The largest number of characters of a name.
const LONGEST: usize = 60;

impl Store {
    /// All targets, by name. Those that this version of the program can't parse are left out.
    pub async fn targets(&self) -> Result<Vec<Target>> {
        let rows = sqlx::query("SELECT * FROM studio_targets ORDER BY name COLLATE NOCASE");
        let rows = rows.fetch_all(self.pool()).await?;
        Ok(rows.iter().filter_map(|row| target(row).ok()).collect())
    }

    /// The target with this id or name, whatever the case of the name.
    pub async fn target(&self, id_or_name: &str) -> Result<Target> {
        find(self.pool(), id_or_name).await
    }

    /// Adds a target that a person described here, so that it is confirmed.
    ///
    /// # Errors
    /// Another target has the name, or the settings break a rule.
    pub async fn add_target(&self, name: &str, settings: &TargetSettings) -> Result<Target> {
        settings.check()?;
        let mut tx = self.write().await?;
        let name = named(&mut tx, name, None).await?;
        let id = uuid::Uuid::new_v4().to_string();
        let text = json(settings)?;
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "INSERT INTO studio_targets VALUES (?, ?, ?, ?, NULL, {NOW})"
        )))
        .bind(&id)
        .bind(name)
        .bind(&text)
        .bind(&text)
        .execute(&mut *tx)
        .await?;
        let added = find(&mut *tx, &id).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Changes the name and settings of a target; a person described them here, so they are confirmed.
    ///
    /// # Errors
    /// Another target has the name, the settings break a rule, or a live run would no longer be found.
    pub async fn update_target(&self, id: &str, name: &str, settings: &TargetSettings) -> Result<Target> {
        settings.check()?;
        let mut tx = self.write().await?;
        let before = find(&mut *tx, id).await?;
        let name = named(&mut tx, name, Some(&before.id)).await?;
        let place = |settings: &TargetSettings| {
            (settings.kind, settings.host.clone(), settings.folder.clone(), settings.ssh_config.clone())
        };
        if place(&before.settings) != place(settings) {
            refuse_live(&mut tx, &before).await?;
        }
        let kept = if before.settings == *settings { "last_check" } else { "NULL" };
        let text = json(settings)?;
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "UPDATE studio_targets SET name = ?, settings = ?, confirmed = ?, last_check = {kept} WHERE id = ?"
        )))
        .bind(name)
        .bind(&text)
        .bind(&text)
        .bind(&before.id)
        .execute(&mut *tx)
        .await?;
        let changed = find(&mut *tx, &before.id).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Removes a target from this database. Nothing is removed there.
    ///
    /// # Errors
    /// A live run is there.
    pub async fn remove_target(&self, id: &str) -> Result<Target> {
        let mut tx = self.write().await?;
        let target = find(&mut *tx, id).await?;
        refuse_live(&mut tx, &target).await?;
        sqlx::query("DELETE FROM studio_targets WHERE id = ?").bind(&target.id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(target)
    }

    /// Confirms a target with the settings that a person saw.
    ///
    /// # Errors
    /// It has other settings by now, or they break a rule.
    pub async fn confirm_target(&self, id: &str, seen: &TargetSettings) -> Result<Target> {
        seen.check()?;
        let mut tx = self.write().await?;
        let target = find(&mut *tx, id).await?;
        if target.settings != *seen {
            let message = format!("The settings of '{}' were changed meanwhile.", target.name);
            return Err(Error::new(ErrorCode::Conflict, message).hint("Look at them again."));
        }
        let confirm = sqlx::query("UPDATE studio_targets SET confirmed = settings WHERE id = ?");
        confirm.bind(&target.id).execute(&mut *tx).await?;
        tx.commit().await?;
        Ok(Target { confirmed: true, ..target })
    }

    /// The last check of a target with its present settings.
    pub async fn last_check(&self, id: &str) -> Result<Option<LastCheck>> {
        let text: Option<Option<String>> =
            sqlx::query_scalar("SELECT last_check FROM studio_targets WHERE id = ?")
                .bind(id)
                .fetch_optional(self.pool())
                .await?;
        Ok(text.flatten().and_then(|text| serde_json::from_str(&text).ok()))
    }

    /// Stores what a check found now, unless the target has other settings by then.
    pub async fn keep_check(&self, checked: &Target, check: &TargetCheck) -> Result<LastCheck> {
        let mut tx = self.write().await?;
        let now = sqlx::query_scalar(sqlx::AssertSqlSafe(format!("SELECT {NOW}")));
        let last = LastCheck { at: now.fetch_one(&mut *tx).await?, check: check.clone() };
        if find(&mut *tx, &checked.id).await?.settings == checked.settings {
            sqlx::query("UPDATE studio_targets SET last_check = ? WHERE id = ?")
                .bind(json(&last)?)
                .bind(&checked.id)
                .execute(&mut *tx)
                .await?;
        }
        tx.commit().await?;
        Ok(last)
    }
}

async fn find(database: impl SqliteExecutor<'_, Database = Sqlite>, id_or_name: &str) -> Result<Target> {
    let rows = sqlx::query("SELECT * FROM studio_targets").fetch_all(database).await?;
    let found = |column: &str, same: &dyn Fn(&str) -> bool| {
        rows.iter().find(|row| row.try_get(column).is_ok_and(same))
    };
    let row =
        found("id", &|id| id == id_or_name).or_else(|| found("name", &|name| same_name(name, id_or_name)));
    row.map(target).transpose()?.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("There is no compute target called '{id_or_name}'."))
            .hint("It may have been renamed or removed. The list of targets has their names.")
    })
}

fn target(row: &SqliteRow) -> Result<Target> {
    let (name, settings): (String, String) = (row.try_get("name")?, row.try_get("settings")?);
    let confirmed: Option<String> = row.try_get("confirmed")?;
    let settings: TargetSettings = serde_json::from_str(&settings).map_err(|error| {
        Error::new(ErrorCode::Newer, format!("The settings of the target '{name}' can't be read: {error}."))
            .hint("A newer version of this program may have written them. Update it, or remove the target.")
    })?;
    let confirmed = confirmed.and_then(|text| serde_json::from_str::<TargetSettings>(&text).ok());
    Ok(Target { id: row.try_get("id")?, name, confirmed: confirmed.as_ref() == Some(&settings), settings })
}

/// The name as it is stored, if a target may have it.
async fn named(database: &mut SqliteConnection, name: &str, own: Option<&str>) -> Result<String> {
    let name = name.trim();
    let refused = |message: String| Err(Error::new(ErrorCode::Invalid, message).on("name"));
    if name.is_empty() {
        return refused("The target needs a name.".to_owned());
    }
    if name.chars().count() > LONGEST {
        return refused(format!("A target's name has at most {LONGEST} characters."));
    }
    if name.starts_with('-') || name.chars().any(char::is_control) {
        return refused("A target's name has no line breaks and does not begin with a dash.".to_owned());
    }
    if same_name(name, TargetSettings::LOCAL) {
        return refused(format!("'{name}' is this machine. Choose another name."));
    }
    let others: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM studio_targets").fetch_all(database).await?;
    match others.iter().find(|(id, other)| Some(id.as_str()) != own && same_name(other, name)) {
        Some((_, other)) => {
            Err(Error::new(ErrorCode::Conflict, format!("Another target is called '{other}'."))
                .hint("Choose another name, or remove that one first.")
                .on("name"))
        }
        None => Ok(name.to_owned()),
    }
}

fn same_name(a: &str, b: &str) -> bool {
    a.to_lowercase() == b.to_lowercase()
}

async fn refuse_live(database: &mut SqliteConnection, target: &Target) -> Result<()> {
    let name: Option<String> = sqlx::query_scalar(sqlx::AssertSqlSafe(format!(
        "SELECT name FROM studio_runs WHERE target = ? AND state IN {LIVE} ORDER BY place LIMIT 1"
    )))
    .bind(&target.id)
    .fetch_optional(database)
    .await?;
    match name {
        Some(run) => {
            let message = format!("The run '{run}' is on '{}' and has not ended.", target.name);
            Err(Error::new(ErrorCode::InUse, message).hint("Wait for its end, or stop it first."))
        }
        None => Ok(()),
    }
}

fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("storing a target", &error))
}
