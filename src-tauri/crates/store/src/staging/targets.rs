//! The targets of a source, compared with those of the store and imported. None of them is confirmed by that.

use compute::{TargetSettings, is_same_name};
use schema::{Error, Result};

use super::{Classes, Comparison};
use crate::targets::{free_name, in_use, json};

/// A target as it is stored.
#[derive(sqlx::FromRow)]
struct StagedTarget {
    id: String,
    name: String,
    settings: String,
    created_at: String,
}

/// What becomes of a target of a source.
enum Class {
    New,
    Same,
    Conflicting,
}

impl Comparison<'_> {
    /// Sorts the targets of the source into classes. One that the store has under another id is the same.
    pub async fn classify_targets(&mut self) -> Result<Classes> {
        let mut classes = Classes::default();
        for (_, class) in self.targets().await? {
            match class {
                Class::New => classes.new += 1,
                Class::Same => classes.same += 1,
                Class::Conflicting => classes.conflicting += 1,
            }
        }
        Ok(classes)
    }

    /// Adds the new targets, each under a free name, and with `replace` changes those that the store has with other
    /// content, unless a live run is there. Returns how many were added and replaced.
    pub async fn take_targets(&mut self, replace: bool) -> Result<(u64, u64)> {
        let (mut added, mut replaced) = (0, 0);
        for (target, class) in self.targets().await? {
            let StagedTarget { id, name, settings, created_at } = target;
            let name = free_name(&mut self.tx, &name, &id).await?;
            match class {
                Class::New => {
                    let insert =
                        sqlx::query("INSERT INTO main.studio_targets VALUES (?, ?, ?, NULL, NULL, ?)");
                    insert.bind(id).bind(name).bind(settings).bind(created_at).execute(&mut *self.tx).await?;
                    added += 1;
                }
                Class::Conflicting if replace => {
                    let update = format!(
                        "UPDATE main.studio_targets SET name = ?, settings = ?, last_check = NULL \
                         WHERE id = ? AND id NOT IN {}",
                        in_use()
                    );
                    let update = sqlx::query(sqlx::AssertSqlSafe(update)).bind(name).bind(settings).bind(id);
                    replaced += update.execute(&mut *self.tx).await?.rows_affected();
                }
                Class::Conflicting | Class::Same => {}
            }
        }
        Ok((added, replaced))
    }

    /// The targets of the source with their settings as this program writes them. An id counts once.
    async fn targets(&mut self) -> Result<Vec<(StagedTarget, Class)>> {
        let select = |from: &str, order: &str| {
            sqlx::AssertSqlSafe(format!("SELECT id, name, settings, created_at FROM {from} ORDER BY {order}"))
        };
        let here: Vec<StagedTarget> =
            sqlx::query_as(select("main.studio_targets", "id")).fetch_all(&mut *self.tx).await?;
        let there: Vec<StagedTarget> =
            sqlx::query_as(select("temp.in_studio_targets", "n")).fetch_all(&mut *self.tx).await?;
        let parsed = |text: &str| {
            serde_json::from_str::<TargetSettings>(text)
                .map_err(|error| Error::internal("reading a target", &error))
        };
        let mut classed: Vec<(StagedTarget, Class)> = Vec::new();
        for mut target in there {
            if classed.iter().any(|(known, _)| known.id == target.id) {
                continue;
            }
            let settings = parsed(&target.settings)?;
            target.settings = json(&settings)?;
            let same = |known: &&StagedTarget| {
                is_same_name(&known.name, &target.name)
                    && parsed(&known.settings).is_ok_and(|known| known == settings)
            };
            let class = match here.iter().find(|known| known.id == target.id) {
                Some(known) if same(&known) && known.name == target.name => Class::Same,
                Some(_) => Class::Conflicting,
                None if here.iter().any(|known| same(&known)) => Class::Same,
                None => Class::New,
            };
            classed.push((target, class));
        }
        Ok(classed)
    }
}
