//! Names on the Hugging Face Hub, which it is asked about before a row is added.

use studio::{
    Error, ErrorCode, Result,
    hub::{HubKind, Standing},
};

use super::Calls;

impl Calls {
    /// Refuses a name that the Hub does not know. What is in the local cache needs no answer of the Hub.
    pub(super) async fn check_hub_name(&self, kind: HubKind, name: &str) -> Result<()> {
        let answer = self.studio.hub_rows().ask(kind, name).await?;
        let code = match answer.standing {
            Standing::Found => return Ok(()),
            Standing::Offline | Standing::Unreachable => {
                if self.studio.hub().cached_as(kind, name.trim()).is_some() {
                    return Ok(());
                }
                ErrorCode::Unreachable
            }
            Standing::NotFound | Standing::NeedsToken | Standing::Gated => ErrorCode::NotFound,
        };
        let error = Error::new(code, format!("'{}' can't be added. {}", name.trim(), answer.message));
        Err(match answer.hint {
            Some(hint) => error.hint(hint),
            None => error,
        })
    }
}
