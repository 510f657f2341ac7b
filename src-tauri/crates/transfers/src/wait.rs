//! Waiting for transfers.

use schema::Result;
use store::TransferState;
use tokio_util::sync::CancellationToken;

use crate::{supervise::PULSE, transfer::Transfer, transfers::Transfers};

impl Transfers {
    /// Waits until a transfer has ended, and carries out what can be meanwhile. `look` is called with it several
    /// times a second. Returns early, with the transfer as it is, when `stop` is cancelled or it is paused.
    pub async fn until_settled(
        &self,
        id: &str,
        stop: &CancellationToken,
        mut look: impl FnMut(&Transfer) + Send,
    ) -> Result<Transfer> {
        let end = stop.child_token();
        let settled = async {
            let settled = loop {
                let changed = self.changed.notified();
                let transfer = match self.get(id).await {
                    Ok(transfer) => transfer,
                    error => break error,
                };
                look(&transfer);
                if transfer.state.has_ended()
                    || transfer.state == TransferState::Paused
                    || stop.is_cancelled()
                {
                    break Ok(transfer);
                }
                tokio::select! {
                    () = changed => {}
                    () = tokio::time::sleep(PULSE) => {}
                    () = stop.cancelled() => {}
                }
            };
            end.cancel();
            settled
        };
        let (settled, ()) = tokio::join!(settled, self.supervise(end.clone(), |_| {}));
        settled
    }
}
