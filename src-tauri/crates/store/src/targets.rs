//! Compute targets. A target is confirmed while its settings are those that a user of this machine confirmed, which
//! their seal shows. So what arrives from elsewhere is not confirmed, nor is a whole database that does.

use compute::{LastCheck, Target, TargetCheck, TargetSettings, is_same_name, target_name};
use platform::LocalSecret;
use schema::{Error, ErrorCode, Result};
use sqlx::{Row as _, Sqlite, SqliteConnection, SqliteExecutor, sqlite::SqliteRow};

use crate::{Store, runs::LIVE, sql::NOW};

/// The table of targets.
pub(crate) const TARGETS: &str = "studio_targets";

impl Store {
    /// All targets, by name. Those that this version of the program can't parse are left out.
    pub async fn targets(&self) -> Result<Vec<Target>> {
        let rows = sqlx::query("SELECT * FROM studio_targets ORDER BY name COLLATE NOCASE");
        let rows = rows.fetch_all(self.pool()).await?;
        Ok(rows.iter().filter_map(|row| target(row, &self.secret).ok()).collect())
    }

    /// The target with this id or name, whatever the case of the name.
    pub async fn target(&self, id_or_name: &str) -> Result<Target> {
        find(self.pool(), id_or_name, &self.secret).await
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
        .bind(self.secret.seal(&text)?)
        .execute(&mut *tx)
        .await?;
        let added = find(&mut *tx, &id, &self.secret).await?;
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
        let before = find(&mut *tx, id, &self.secret).await?;
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
        .bind(self.secret.seal(&text)?)
        .bind(&before.id)
        .execute(&mut *tx)
        .await?;
        let changed = find(&mut *tx, &before.id, &self.secret).await?;
        tx.commit().await?;
        Ok(changed)
    }

    /// Removes a target from this database. Nothing is removed there.
    ///
    /// # Errors
    /// A live run is there.
    pub async fn remove_target(&self, id: &str) -> Result<Target> {
        let mut tx = self.write().await?;
        let target = find(&mut *tx, id, &self.secret).await?;
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
        let target = find(&mut *tx, id, &self.secret).await?;
        if target.settings != *seen {
            let message = format!("The settings of '{}' were changed meanwhile.", target.name);
            return Err(Error::new(ErrorCode::Conflict, message).hint("Look at them again."));
        }
        let text = json(seen)?;
        sqlx::query("UPDATE studio_targets SET settings = ?, confirmed = ? WHERE id = ?")
            .bind(&text)
            .bind(self.secret.seal(&text)?)
            .bind(&target.id)
            .execute(&mut *tx)
            .await?;
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
        if find(&mut *tx, &checked.id, &self.secret).await?.settings == checked.settings {
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

async fn find(
    database: impl SqliteExecutor<'_, Database = Sqlite>,
    id_or_name: &str,
    secret: &LocalSecret,
) -> Result<Target> {
    let rows = sqlx::query("SELECT * FROM studio_targets").fetch_all(database).await?;
    let found = |column: &str, same: &dyn Fn(&str) -> bool| {
        rows.iter().find(|row| row.try_get(column).is_ok_and(same))
    };
    let row =
        found("id", &|id| id == id_or_name).or_else(|| found("name", &|name| is_same_name(name, id_or_name)));
    row.map(|row| target(row, secret)).transpose()?.ok_or_else(|| {
        Error::new(ErrorCode::NotFound, format!("There is no compute target called '{id_or_name}'."))
            .hint("It may have been renamed or removed. The list of targets has their names.")
    })
}

fn target(row: &SqliteRow, secret: &LocalSecret) -> Result<Target> {
    let (name, text): (String, String) = (row.try_get("name")?, row.try_get("settings")?);
    let seal: Option<String> = row.try_get("confirmed")?;
    let settings: TargetSettings = serde_json::from_str(&text).map_err(|error| {
        Error::new(ErrorCode::Newer, format!("The settings of the target '{name}' can't be read: {error}."))
            .hint("A newer version of this program may have written them. Update it, or remove the target.")
    })?;
    let confirmed = seal.is_some_and(|seal| secret.has_sealed(&text, &seal));
    Ok(Target { id: row.try_get("id")?, name, settings, confirmed })
}

/// The name as it is stored, if no other target has it.
async fn named(database: &mut SqliteConnection, name: &str, own: Option<&str>) -> Result<String> {
    let name = target_name(name)?;
    match other_named(database, &name, own).await? {
        Some(other) => Err(Error::new(ErrorCode::Conflict, format!("Another target is called '{other}'."))
            .hint("Choose another name, or remove that one first.")
            .on("name")),
        None => Ok(name),
    }
}

/// The name of a target other than that with the id `own` that is the same, whatever the case.
async fn other_named(
    database: &mut SqliteConnection,
    name: &str,
    own: Option<&str>,
) -> Result<Option<String>> {
    let targets: Vec<(String, String)> =
        sqlx::query_as("SELECT id, name FROM studio_targets").fetch_all(database).await?;
    let other = targets.into_iter().find(|(id, other)| Some(id.as_str()) != own && is_same_name(other, name));
    Ok(other.map(|(_, name)| name))
}

/// A name that no target but `own` has: the wanted one, else the wanted one with a number, as in `name-2`.
pub(crate) async fn free_name(database: &mut SqliteConnection, wanted: &str, own: &str) -> Result<String> {
    let (mut name, mut number) = (wanted.to_owned(), 2);
    while other_named(database, &name, Some(own)).await?.is_some() {
        name = format!("{wanted}-{number}");
        number += 1;
    }
    Ok(name)
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

pub(crate) fn json(value: &impl serde::Serialize) -> Result<String> {
    serde_json::to_string(value).map_err(|error| Error::internal("storing a target", &error))
}

/// The ids of the targets with live runs, as a list in SQL.
pub(crate) fn in_use() -> String {
    format!("(SELECT target FROM main.studio_runs WHERE target IS NOT NULL AND state IN {LIVE})")
}

/// The targets as JSON objects, in the order of their ids; none if they do not belong to the export.
pub(crate) fn export(whole: bool) -> String {
    format!(
        "SELECT json_object('id', id, 'name', name, 'settings', settings, 'created_at', created_at) \
         FROM {TARGETS} WHERE {whole} ORDER BY id"
    )
}

/// Replaces the targets without live runs by those of the attached database `restored`.
pub(crate) fn restore() -> [String; 2] {
    [
        format!("DELETE FROM main.{TARGETS} WHERE id NOT IN {}", in_use()),
        format!("INSERT OR IGNORE INTO main.{TARGETS} SELECT * FROM restored.{TARGETS}"),
    ]
}
