//! What people and runs ask of transfers: to queue, pause, resume, cancel and forget them.

use schema::{Error, ErrorCode, Result};
use uuid::Uuid;

use super::{
    stored::{find, select},
    transfer::{NewTransfer, StoredTransfer, TransferRule, TransferState},
};
use crate::{Store, setting::setting, sql::NOW};

/// The name of the setting.
const RULE: &str = "transfers";

/// What is forgotten of an earlier attempt when a transfer is queued again. The commit is kept only by a
/// transfer that was paused, so that another attempt after an end fetches what is the newest then.
const AGAIN: &str = "place = (SELECT max(place) + 1 FROM studio_transfers), \
    commit_hash = iif(state = 'paused', commit_hash, NULL), \
    bytes_done = iif(state IN ('done', 'cancelled'), 0, bytes_done), \
    bytes_total = iif(state IN ('done', 'cancelled'), NULL, bytes_total), \
    files_done = iif(state IN ('done', 'cancelled'), 0, files_done), \
    files_total = iif(state IN ('done', 'cancelled'), NULL, files_total), \
    rate_bytes = NULL, rate_from = NULL, progress_at = NULL, code = NULL, message = NULL, hint = NULL, \
    fetched = NULL, discards = 0, started_at = NULL, ended_at = NULL, state = 'queued'";

impl Store {
    /// The rule by which transfers are started.
    pub async fn transfer_rule(&self) -> Result<TransferRule> {
        setting(self.pool(), RULE).await
    }

    /// Sets the rule by which transfers are started.
    pub async fn set_transfer_rule(&self, rule: TransferRule) -> Result<()> {
        let rule = TransferRule { at_once: rule.at_once.max(1) };
        self.set_setting(RULE, &rule).await
    }

    /// Queues a transfer at the end of the queue. One of the same files that is queued or running stays where it
    /// is; any other begins again.
    pub async fn add_transfer(&self, new: &NewTransfer) -> Result<StoredTransfer> {
        let mut tx = self.write().await?;
        sqlx::query(sqlx::AssertSqlSafe(format!(
            "INSERT INTO studio_transfers \
             (id, kind, name, revision, part, run_id, state, place, created_at) VALUES \
             (?, ?, ?, ?, ?, ?, 'queued', \
              (SELECT coalesce(max(place), 0) + 1 FROM studio_transfers), {NOW}) \
             ON CONFLICT (kind, name, revision, part) DO UPDATE SET {AGAIN}, \
             run_id = excluded.run_id WHERE state NOT IN ('queued', 'running')"
        )))
        .bind(Uuid::new_v4().to_string())
        .bind(&new.kind)
        .bind(&new.name)
        .bind(new.revision.as_deref().unwrap_or_default())
        .bind(&new.part)
        .bind(new.run.as_deref())
        .execute(&mut *tx)
        .await?;
        let same = "SELECT id FROM studio_transfers WHERE (kind, name, revision, part) = (?, ?, ?, ?)";
        let id: String = sqlx::query_scalar(same)
            .bind(&new.kind)
            .bind(&new.name)
            .bind(new.revision.as_deref().unwrap_or_default())
            .bind(&new.part)
            .fetch_one(&mut *tx)
            .await?;
        let added = find(&mut tx, &id).await?;
        tx.commit().await?;
        Ok(added)
    }

    /// Pauses a transfer. The program that carries it out ends its requests and keeps what was received.
    ///
    /// # Errors
    /// It has ended, or there is none with that id.
    pub async fn pause_transfer(&self, id: &str) -> Result<StoredTransfer> {
        self.change_transfer(id, "state = 'paused', message = NULL", "state <> 'paused'", |state| {
            state.has_ended().then_some(("Only transfers that wait or run can be paused.", "pause"))
        })
        .await
    }

    /// Queues a paused, failed or cancelled transfer again.
    ///
    /// # Errors
    /// It is done, or there is none with that id.
    pub async fn resume_transfer(&self, id: &str) -> Result<StoredTransfer> {
        let queued = format!("{AGAIN}, run_id = NULL");
        self.change_transfer(id, &queued, "state NOT IN ('queued', 'running')", |state| {
            (state == TransferState::Done).then_some(("Fetch it again to look for newer files.", "resume"))
        })
        .await
    }

    /// Cancels a transfer. A program that holds its lock then removes its partial files.
    ///
    /// # Errors
    /// It is done, or there is none with that id.
    pub async fn cancel_transfer(&self, id: &str) -> Result<StoredTransfer> {
        let cancelled = format!(
            "state = 'cancelled', discards = 1, code = NULL, message = NULL, hint = NULL, ended_at = {NOW}"
        );
        self.change_transfer(id, &cancelled, "state <> 'cancelled'", |state| {
            let done = state == TransferState::Done;
            done.then_some(("What was fetched stays in the Hub's local cache.", "cancel"))
        })
        .await
    }

    /// Removes the ended transfers from the list: one, or all. What they fetched is kept. Returns their ids.
    pub async fn forget_transfers(&self, id: Option<&str>) -> Result<Vec<String>> {
        let mut tx = self.write().await?;
        let removed = sqlx::query_scalar(
            "DELETE FROM studio_transfers WHERE state IN ('done', 'failed', 'cancelled') AND NOT discards \
             AND (?1 IS NULL OR id = ?1) RETURNING id",
        )
        .bind(id)
        .fetch_all(&mut *tx)
        .await?;
        tx.commit().await?;
        Ok(removed)
    }

    /// Changes a transfer for which the condition holds. `refused` gives a hint and the verb for a state in which
    /// that can't be done.
    async fn change_transfer(
        &self,
        id: &str,
        change: &str,
        condition: &str,
        refused: impl Fn(TransferState) -> Option<(&'static str, &'static str)>,
    ) -> Result<StoredTransfer> {
        let mut tx = self.write().await?;
        let before = find(&mut tx, id).await?;
        if let Some((hint, what)) = refused(before.state) {
            let (name, state) = (&before.of.name, before.state.into_str());
            let message = format!("There is nothing to {what}: the transfer of {name} is {state}.");
            return Err(Error::new(ErrorCode::Invalid, message).hint(hint));
        }
        let statement = format!("UPDATE studio_transfers SET {change} WHERE id = ? AND {condition}");
        sqlx::query(sqlx::AssertSqlSafe(statement)).bind(&before.id).execute(&mut *tx).await?;
        let after = find(&mut tx, &before.id).await?;
        tx.commit().await?;
        Ok(after)
    }

    /// Whether another transfer of the same repository has partial files that it needs.
    pub async fn has_other_transfer(&self, of: &StoredTransfer) -> Result<bool> {
        let others = select("WHERE state IN ('queued', 'running', 'paused', 'failed')", self.pool()).await?;
        let repository =
            |transfer: &StoredTransfer| (transfer.of.name.clone(), transfer.of.kind == "dataset");
        Ok(others.iter().any(|other| other.id != of.id && repository(other) == repository(of)))
    }
}
