//! The loop over all transfers of a database.

use std::{collections::HashMap, time::Duration};

use platform::FileLock;
use schema::Result;
use store::{StoredTransfer, TransferState};
use tokio_util::sync::CancellationToken;

use crate::{transfer::Transfer, transfers::Transfers};

/// How often transfers are looked at while nothing notifies of a change: another program may have changed the
/// database, or ended.
pub(crate) const PULSE: Duration = Duration::from_millis(250);

impl Transfers {
    /// Carries transfers out until `stop` is cancelled, and returns when none is under way here. Those that are not
    /// done are then queued again. `report` is called with every transfer that ended, whichever program carried it
    /// out. Any number of programs may supervise one database. In one program, the first call supervises, and the
    /// next one after its end.
    pub async fn supervise(&self, stop: CancellationToken, mut report: impl FnMut(Transfer) + Send) {
        let _turn = tokio::select! {
            () = stop.cancelled() => return,
            turn = self.turn.lock() => turn,
        };
        let mut under_way = tokio::task::JoinSet::new();
        let mut known: Option<HashMap<String, TransferState>> = None;
        while !stop.is_cancelled() {
            let changed = self.changed.notified();
            match self.look().await {
                Ok(begun) => {
                    for (transfer, lock) in begun {
                        let (transfers, stop) = (self.clone(), stop.clone());
                        let carried = self.carried(&transfer.id);
                        under_way.spawn(async move { transfers.carry(transfer, lock, carried, stop).await });
                    }
                }
                Err(error) => tracing::warn!("supervising the transfers: {error}"),
            }
            match self.list().await {
                Ok(now) => {
                    let before = known.replace(now.iter().map(|t| (t.id.clone(), t.state)).collect());
                    let is_new = |transfer: &Transfer| {
                        let before = before.as_ref()?.get(&transfer.id);
                        Some(before != Some(&transfer.state))
                    };
                    let ended = now.into_iter().filter(|transfer| transfer.state.has_ended());
                    ended.filter(|transfer| is_new(transfer) == Some(true)).for_each(&mut report);
                }
                Err(error) => tracing::warn!("reading the transfers: {error}"),
            }
            tokio::select! {
                () = stop.cancelled() => {}
                () = changed => {}
                () = tokio::time::sleep(PULSE) => {}
                Some(_) = under_way.join_next() => {}
            }
        }
        while under_way.join_next().await.is_some() {}
    }

    /// The transfers that can begin here now, with their locks: queued ones for which there is room, and running
    /// ones whose program ended.
    async fn look(&self) -> Result<Vec<(StoredTransfer, FileLock)>> {
        self.discard_cancelled().await?;
        let all = self.store.unsettled_transfers().await?;
        let running = all.iter().filter(|transfer| transfer.state == TransferState::Running).count();
        let mut room = (self.rule().await?.at_once as usize).saturating_sub(running);
        let mut begun = Vec::new();
        for transfer in all {
            if self.is_carried_here(&transfer.id) {
                continue;
            }
            match transfer.state {
                TransferState::Running => {}
                TransferState::Queued if room > 0 => room -= 1,
                _ => continue,
            }
            if let Some(lock) = self.lock(&transfer.id)?
                && self.store.begin_transfer(&transfer.id).await?
            {
                begun.push((transfer, lock));
            }
        }
        Ok(begun)
    }

    /// Removes the partial files of cancelled transfers that no program carries out any more.
    pub(crate) async fn discard_cancelled(&self) -> Result<()> {
        let all = self.store.unsettled_transfers().await?;
        for transfer in all.iter().filter(|transfer| transfer.discards) {
            if !self.is_carried_here(&transfer.id)
                && let Some(lock) = self.lock(&transfer.id)?
            {
                self.discard(transfer, lock).await?;
            }
        }
        Ok(())
    }
}
