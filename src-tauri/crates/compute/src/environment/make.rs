//! Making an environment there, and waiting for its end.

use std::{path::Path, time::Duration};

use platform::Work;
use python::{EnvironmentProgress, OLDEST, Recipe, UV_VERSION};
use schema::{Error, ErrorCode, Result};
use serde_json::json;
use tokio::time::sleep;

use super::{
    answer::Answer,
    log::MakingLog,
    there::{EnvironmentThere, EnvironmentThereState, making, name},
};
use crate::{
    Connection, Parcel,
    launch::with_setup,
    program::{MAKE, REPORT},
};

/// The time between two looks.
const PAUSE: Duration = Duration::from_millis(500);
/// The time between two attempts to reach the target.
const AGAIN: Duration = Duration::from_secs(1);

impl Connection {
    /// Makes the environment of a recipe there, or goes on with an unfinished one, and waits for the end, also
    /// where another program began it. A complete one stays as it is. `uv` is that of this machine, which is sent where it runs there, too.
    /// The making goes on there if the line is cut, and if the work is cancelled.
    ///
    /// # Errors
    /// The target can't be reached, its environment can't be made, or the work was cancelled.
    pub async fn make_environment(
        &self,
        recipe: &Recipe,
        uv: Option<&Path>,
        work: &Work<EnvironmentProgress>,
    ) -> Result<EnvironmentThere> {
        let begin_and_wait = async {
            let mut log = MakingLog::default();
            let answer = self.look_at_environment(recipe, &mut log).await?;
            match EnvironmentThereState::of(&answer) {
                EnvironmentThereState::Made => {
                    return Ok(EnvironmentThere::new(answer, &log, &self.settings().host));
                }
                EnvironmentThereState::Making => {}
                _ => self.begin(recipe, uv, &answer, work).await?,
            }
            self.until_made(recipe, log, work).await
        };
        tokio::select! {
            made = begin_and_wait => made,
            () = work.stopped() => Err(left_going_on(&self.settings().host)),
        }
    }

    /// Asks the making of an environment to stop. What is done of it stays. Nothing happens if none goes on.
    pub async fn stop_environment(&self, recipe: &Recipe) -> Result<()> {
        self.signal(&making(recipe), false).await
    }

    /// Sends what it is made from and starts its making.
    async fn begin(
        &self,
        recipe: &Recipe,
        uv: Option<&Path>,
        answer: &Answer,
        work: &Work<EnvironmentProgress>,
    ) -> Result<()> {
        let probe = self.probe().await?;
        if let Some(problem) = probe.folder_problem {
            return Err(Error::new(ErrorCode::File, problem)
                .hint("Name another folder in the target's settings, or free it."));
        }
        if let Some(libc) = probe.libc.filter(|libc| libc.starts_with("musl")) {
            let message = format!("The system's C library is {libc}, for which there is no PyTorch.");
            return Err(Error::new(ErrorCode::NoPython, message)
                .hint("Use a system with glibc, or a container with one."));
        }
        let folder = making(recipe);
        let ask = json!({
            "environment": format!("../{}", name(recipe)),
            "requirements": recipe.hash(),
            "room": recipe.room,
            "oldest": OLDEST,
            "uv": UV_VERSION,
            "path": answer.path,
        });
        let at = |file: &str| format!("{folder}/{file}");
        let mut parcel = Parcel::new()
            .with_bytes(MAKE, at("make.py"))
            .with_bytes(format!("{REPORT}\nprint_report(False)\n"), at("report.py"))
            .with_bytes(recipe.requirements.as_bytes(), at("requirements.lock"))
            .with_bytes(ask.to_string(), at("make.json"));
        let uv = uv.filter(|_| !probe.programs.contains_key("uv") && is_of_this_platform(answer));
        if let Some(uv) = uv {
            let _ = work.tick(EnvironmentProgress::step("Sending uv, which installs the packages"));
            parcel = parcel.with_file(uv, at("uv-sent"));
        }
        self.send(&parcel, &Work::unwatched()).await?;
        let attempt = answer.making.handle.as_ref().map_or(1, |last| last.attempt + 1);
        let command = [&answer.python, "-u", "make.py"].map(str::to_owned).to_vec();
        // A login shell, so that its index, mirror and proxy are those of every login.
        let setup = self.settings().options.setup.as_deref().unwrap_or_default();
        let command = with_setup(setup, command);
        self.start_worker(
            &folder,
            attempt,
            &command,
            &recipe.variables.iter().cloned().collect(),
            &Default::default(),
        )
        .await?;
        Ok(())
    }

    /// Waits for the end of the making, as often as the line is cut meanwhile.
    async fn until_made(
        &self,
        recipe: &Recipe,
        mut log: MakingLog,
        work: &Work<EnvironmentProgress>,
    ) -> Result<EnvironmentThere> {
        let host = &self.settings().host;
        loop {
            match self.look_at_environment(recipe, &mut log).await {
                Ok(answer) => match EnvironmentThereState::of(&answer) {
                    EnvironmentThereState::Making => {
                        if let Some(progress) = log.progress() {
                            let _ = work.tick(progress.clone());
                        }
                        sleep(PAUSE).await;
                    }
                    EnvironmentThereState::Made => return Ok(EnvironmentThere::new(answer, &log, host)),
                    _ => return Err(log.end(&answer, host)),
                },
                Err(error) if error.code == ErrorCode::Unreachable => {
                    let why = error.message.trim_end_matches('.');
                    let text = format!("Waiting for {host}, where it goes on. {why}");
                    let _ = work.tick(EnvironmentProgress::step(text));
                    sleep(AGAIN).await;
                }
                Err(error) => return Err(error),
            }
        }
    }
}

/// Whether programs of this machine can be expected to run there.
fn is_of_this_platform(answer: &Answer) -> bool {
    let system = match std::env::consts::OS {
        "linux" => "Linux",
        "macos" => "Darwin",
        _ => return false,
    };
    let is_same_machine = match std::env::consts::ARCH {
        "aarch64" => matches!(&*answer.machine, "aarch64" | "arm64"),
        other => answer.machine == other,
    };
    answer.system == system && is_same_machine
}

fn left_going_on(host: &str) -> Error {
    let message = format!("It is no longer watched. If it was begun on {host}, it goes on there.");
    Error::new(ErrorCode::Cancelled, message).hint("Creating the environment again shows how far it is.")
}
