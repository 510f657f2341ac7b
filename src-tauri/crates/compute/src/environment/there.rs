//! How an environment there stands.

use python::Recipe;
use schema::{Error, ErrorCode, Result, text_enum};
use serde::{Deserialize, Serialize};
use serde_json::json;

use super::{answer::Answer, log::MakingLog};
use crate::Connection;

/// The way out where the environment of a target is not made, as the window shows it.
pub const CREATE_THERE: &str = "Choose Create environment under Compute.";

/// The hexadecimal digits of a hash that name an environment: few enough for the first lines of its scripts.
const DIGITS: usize = 16;

text_enum! {
    /// The state of a target's environment.
    pub enum EnvironmentThereState {
        /// Runs can use it.
        Made = "made", "Made";
        /// A program is making it, this one or another.
        Making = "making", "Being made";
        /// Its making was begun, and ended before it was done.
        Unfinished = "unfinished", "Not finished";
        /// There is none but one of another version of this program.
        Older = "older", "Of another version of this program";
        /// There is none.
        Missing = "missing", "Not made yet";
    }
}

/// The environment that the studio makes on a target.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[cfg_attr(feature = "typescript", derive(specta::Type))]
pub struct EnvironmentThere {
    /// Its state.
    pub state: EnvironmentThereState,
    /// Its folder, an absolute path.
    pub folder: String,
    /// What its making does, or why that ended; none if it was never begun, or is done.
    pub text: Option<String>,
    /// The folders of environments for other versions of this program, absolute paths.
    pub others: Vec<String>,
}

impl EnvironmentThere {
    /// Its interpreter, an absolute path.
    pub fn python(&self) -> String {
        format!("{}/bin/python", self.folder)
    }

    /// Refuses runs while it is not made.
    ///
    /// # Errors
    /// It is not made.
    pub fn refuse_unmade(&self, target: &str) -> Result<()> {
        let why = match self.state {
            EnvironmentThereState::Made => return Ok(()),
            EnvironmentThereState::Making => {
                let message = format!("The Python environment on '{target}' is still being made.");
                return Err(
                    Error::new(ErrorCode::NoPython, message).hint("Wait for its end, then check the target.")
                );
            }
            EnvironmentThereState::Unfinished => "is not finished",
            EnvironmentThereState::Older => "was made for another version of this program",
            EnvironmentThereState::Missing => "is not made yet",
        };
        let message = format!("'{target}' names no Python, and the environment there {why}.");
        Err(Error::new(ErrorCode::NoPython, message).hint(CREATE_THERE))
    }
}

impl EnvironmentThere {
    /// What an answer and the log say.
    pub(super) fn new(answer: Answer, log: &MakingLog, host: &str) -> Self {
        let state = EnvironmentThereState::of(&answer);
        let text = match state {
            EnvironmentThereState::Making => log.progress().map(|progress| format!("{}.", progress.doing)),
            EnvironmentThereState::Unfinished => Some(log.end(&answer, host).message),
            _ => None,
        };
        let parent = answer.folder.rsplit_once('/').map_or("", |(parent, _)| parent);
        let others = answer.others.iter().map(|name| format!("{parent}/{name}")).collect();
        Self { state, folder: answer.folder, text, others }
    }
}

impl EnvironmentThereState {
    pub(super) fn of(answer: &Answer) -> Self {
        if answer.made {
            Self::Made
        } else if answer.making.held {
            Self::Making
        } else if answer.making.handle.is_some() {
            Self::Unfinished
        } else if answer.others.is_empty() {
            Self::Missing
        } else {
            Self::Older
        }
    }
}

/// The name of the environment of a recipe.
pub(super) fn name(recipe: &Recipe) -> String {
    recipe.hash().chars().take(DIGITS).collect()
}

/// The folder of its making, relative to the target's.
pub(super) fn making(recipe: &Recipe) -> String {
    format!("env/{}.making", name(recipe))
}

impl Connection {
    /// How the environment of a recipe stands there. Nothing is changed.
    pub async fn environment(&self, recipe: &Recipe) -> Result<EnvironmentThere> {
        let mut log = MakingLog::default();
        let answer = self.look_at_environment(recipe, &mut log).await?;
        Ok(EnvironmentThere::new(answer, &log, &self.settings().host))
    }

    /// Asks how it stands, and reads on in the log of its making to the end.
    pub(super) async fn look_at_environment(&self, recipe: &Recipe, log: &mut MakingLog) -> Result<Answer> {
        loop {
            let head = json!({ "do": "environment", "name": name(recipe), "at": log.length() });
            let (answer, bytes): (Answer, _) = self.ask(head, &[]).await?;
            if bytes.is_empty() {
                return Ok(answer);
            }
            log.read(&bytes);
        }
    }
}
