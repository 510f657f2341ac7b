//! What is to be said about the settings of a config that is saved.

use serde_json::Value;
use studio::{configs::MarkKind, schema::Row};

use crate::session::{Failure, Session};

/// Prints what is to be said about the settings of a config that was created or changed.
pub(crate) async fn warn_of_settings(session: &Session, row: &Row) -> Result<(), Failure> {
    let text = |column: &str| row.get(column).and_then(Value::as_str);
    let (Some(kind), Some(config)) = (text("type").and_then(|kind| kind.parse().ok()), text("config")) else {
        return Ok(());
    };
    let id = text("id");
    let found = session.studio().await?.configs().check(kind, config, id).await?;
    for mark in found.marks.iter().filter(|mark| mark.kind != MarkKind::Unchecked) {
        session.output.warning("config", &mark.message);
    }
    Ok(())
}
