//! The interpreter for runs: that of the target, or that of the environment that the studio makes there.

use ::python::Recipe;
use schema::Result;

use super::found::TargetCheck;
use crate::{CREATE_THERE, Connection, EnvironmentThere, EnvironmentThereState, Probe};

/// The way out while it is being made.
const WAIT: &str = "Wait for its end. Creating the environment again shows how far it is.";

/// Looks which interpreter runs use; none if there is none yet.
pub(super) async fn python(
    connection: &Connection,
    check: &mut TargetCheck,
    probe: &Probe,
    recipe: &Recipe,
) -> Result<Option<String>> {
    if let Some(named) = &connection.settings().python {
        let in_home = named.strip_prefix("~/").map(|rest| format!("{}/{rest}", probe.home));
        return Ok(Some(in_home.unwrap_or_else(|| named.clone())));
    }
    let environment = connection.environment(recipe).await?;
    let EnvironmentThere { state, folder, text, others } = &environment;
    let text = text.as_ref().map(|text| format!(" {text}")).unwrap_or_default();
    match state {
        EnvironmentThereState::Made => check.fine(format!("The environment {folder} is made.")),
        EnvironmentThereState::Making => {
            check.problem(format!("The environment {folder} is being made.{text}"), WAIT);
        }
        EnvironmentThereState::Unfinished => {
            check.problem(format!("The environment {folder} is not finished.{text}"), CREATE_THERE);
        }
        EnvironmentThereState::Older => check.problem(
            format!(
                "The environment there, {}, was made for another version of this program.",
                others.join(", ")
            ),
            CREATE_THERE,
        ),
        EnvironmentThereState::Missing => {
            check.problem("The target names no Python, and its environment is not made yet.", CREATE_THERE);
        }
    }
    if *state == EnvironmentThereState::Made && !others.is_empty() {
        check.remark(
            format!("{} was made for another version of this program.", others.join(", ")),
            "It takes some gigabytes. Remove the folder there if no other studio uses it.",
        );
    }
    let python = (*state == EnvironmentThereState::Made).then(|| environment.python());
    check.environment = Some(environment);
    Ok(python)
}
