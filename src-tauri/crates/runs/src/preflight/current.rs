//! Whether a preflight would read the same again.

use datasets::Stamp;
use schema::{ErrorCode, Result};

use super::inputs::{Inputs, stamps};
use crate::runs::Runs;

impl Runs {
    /// Whether a preflight would read the same now. Free space, and whether a folder can be written
    /// to, are not compared: the run itself fails where they changed.
    pub(super) async fn are_current(&self, inputs: &Inputs) -> Result<bool> {
        if inputs.incomplete
            || inputs.offline != self.hub.is_offline()
            || inputs.cached.iter().any(|(name, folder)| self.hub.cached_model(name) != *folder)
            || inputs.datasets.iter().any(|(file, stamp)| Stamp::from_file(file).ok() != *stamp)
            || inputs.files.iter().any(|(path, known)| stamps(path) != *known)
        {
            return Ok(false);
        }
        for (table, id, row) in &inputs.rows {
            let now = match self.store.get(*table, id).await {
                Ok(listed) => Some(listed.row),
                Err(error) if error.code == ErrorCode::NotFound => None,
                Err(error) => return Err(error),
            };
            if now != *row {
                return Ok(false);
            }
        }
        if let Some((target, known)) = &inputs.target
            && self.store.last_check(target).await? != *known
        {
            return Ok(false);
        }
        let Some((kind, known)) = &inputs.accelerators else { return Ok(true) };
        let accelerators = self.python.worker_accelerators(*kind).await;
        Ok(accelerators.is_ok_and(|accelerators| accelerators == *known))
    }
}
