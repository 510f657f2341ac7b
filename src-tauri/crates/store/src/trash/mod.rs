//! The rules of the trash: deleted rows are kept for [`KEPT_DAYS`] days, listed, undeleted and purged.

mod delete;
mod deleted;
mod obstacles;
mod undelete;

pub(crate) use delete::delete_rows;
pub use delete::{Deleted, DeletionPlan, Dependents};
pub use deleted::{DeletedPage, DeletedRow, Deletion, KEPT_DAYS};
pub use obstacles::{Obstacle, ObstacleReason};
pub use undelete::{MissingReferences, NewName, UndeleteRequest, Undeleted};
