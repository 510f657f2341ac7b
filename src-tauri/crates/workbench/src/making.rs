//! Things that are made once, although an answer may be lost.

use std::collections::BTreeSet;

use serde::de::DeserializeOwned;

use crate::{
    client::{Call, Workbench},
    failure::{Fault, Result},
};

/// Something with an id.
pub(crate) trait Named {
    /// Its id.
    fn id(&self) -> &str;
}

impl Workbench {
    /// Makes something once. `list` is what is there of its kind and could be it: after an attempt whose end is not
    /// known, what is new there is what was made.
    pub(crate) async fn make<T: DeserializeOwned + Named, Listed: Future<Output = Result<Vec<T>>>>(
        &self,
        call: &Call<'_>,
        list: impl Fn() -> Listed,
    ) -> Result<T> {
        let before: BTreeSet<String> = list().await?.iter().map(|one| one.id().to_owned()).collect();
        let (mut waits, mut unclear) = (self.waits(), false);
        loop {
            let failure = match self.json::<T>(call).await {
                Ok(made) => return Ok(made),
                Err(failure) => failure,
            };
            unclear |= failure.may_be_done;
            if !unclear {
                return Err(failure);
            }
            if failure.fault != Fault::RunActive {
                // The gateway does not wait for what takes long: it may come to be a moment later.
                self.wait(&mut waits, failure.clone(), std::time::Duration::ZERO).await?;
            }
            match list().await?.into_iter().find(|one| !before.contains(one.id())) {
                Some(made) => return Ok(made),
                None if failure.fault == Fault::RunActive => return Err(failure),
                None => {}
            }
        }
    }
}
