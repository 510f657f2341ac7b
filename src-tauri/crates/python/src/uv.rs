//! `uv`, which makes environments and installs packages: found, or fetched for the time it is
//! needed.

use std::{
    collections::VecDeque,
    path::{Path, PathBuf},
    time::Duration,
};

use platform::Work;
use schema::{Error, ErrorCode, Result};
use tokio::{
    io::{AsyncBufReadExt as _, BufReader},
    process::Command,
};

use super::{
    Places,
    create::EnvironmentProgress,
    places::python_in,
    process::{self, Group},
};

/// The one that is fetched where none is found.
const VERSION: &str = "uv==0.13.9";

/// How long it may take to end when it is asked to.
const GRACE: Duration = Duration::from_secs(5);

/// How many of its last lines are looked at when it fails.
const LAST_LINES: usize = 40;

/// The program, and where it keeps what it downloads.
pub(super) struct Uv {
    program: PathBuf,
    /// Thrown away in the end. A person's own `uv` keeps to the person's own cache.
    cache: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl Uv {
    /// The one on this machine; `None` where none works.
    pub(super) async fn find(places: &Places, variables: &[(String, String)]) -> Option<Self> {
        let name = if cfg!(windows) { "uv.exe" } else { "uv" };
        let usual = places.home.iter().flat_map(|home| [home.join(".local/bin"), home.join(".cargo/bin")]);
        for folder in places.path.iter().cloned().chain(usual) {
            let program = folder.join(name);
            if program.is_file() && answers(&program).await {
                return Some(Self { program, cache: None, variables: variables.to_vec() });
            }
        }
        None
    }

    /// Fetches one into a folder, by the `pip` of this interpreter. One that was fetched before
    /// is taken again.
    pub(super) async fn fetch(
        python: &Path,
        folder: &Path,
        variables: &[(String, String)],
        work: &Work<EnvironmentProgress>,
    ) -> Result<Self> {
        let environment = folder.join("uv");
        let fetched = Self {
            program: python_in(&environment).with_file_name(if cfg!(windows) { "uv.exe" } else { "uv" }),
            cache: Some(folder.join("cache")),
            variables: variables.to_vec(),
        };
        if answers(&fetched.program).await {
            return Ok(fetched);
        }
        let mut make = Command::new(python);
        make.args(["-m", "venv", "--clear"]).arg(&environment).env_remove("PYTHONHOME");
        run(make, variables, work, |_| Ok(())).await.map_err(|failure| {
            let error = failure.into_error("A Python environment for uv could not be made");
            without_uv(error)
        })?;
        let mut install = Command::new(python_in(&environment));
        install.args(["-m", "pip", "install", "--no-input", "--progress-bar", "off", VERSION]);
        run(install, variables, work, |_| Ok(())).await.map_err(|failure| {
            without_uv(failure.into_error("uv, which installs the packages, could not be fetched"))
        })?;
        Ok(fetched)
    }

    /// Runs it with these arguments; `line` is told what it says.
    pub(super) async fn run(
        &self,
        folder: &Path,
        arguments: impl FnOnce(&mut Command),
        work: &Work<EnvironmentProgress>,
        line: impl FnMut(&str) -> Result<()>,
    ) -> Result<(), Failure> {
        let mut command = Command::new(&self.program);
        // A project's own settings, where the program was started, are of no concern here.
        command.current_dir(folder);
        arguments(&mut command);
        command.args(["--no-progress", "--color", "never"]);
        if let Some(cache) = &self.cache {
            command.arg("--cache-dir").arg(cache);
        }
        // It would take an active environment for the one that is meant.
        command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
        run(command, &self.variables, work, line).await
    }
}

async fn answers(program: &Path) -> bool {
    let mut command = std::process::Command::new(program);
    command.arg("--version");
    matches!(process::ask(command, Duration::from_secs(10)).await, Ok(Some(answer)) if answer.success)
}

/// Where uv can't be fetched, it can be installed by hand.
fn without_uv(error: Error) -> Error {
    match error.code {
        ErrorCode::File => error.hint("Install uv (https://docs.astral.sh/uv), then try again."),
        _ => error,
    }
}

/// How a program failed.
pub(super) enum Failure {
    /// Not by itself.
    Told(Error),
    /// By what it said last.
    Said(Vec<String>),
}

impl Failure {
    /// The error for a person; `what` is what could not be done, without its full stop.
    pub(super) fn into_error(self, what: &str) -> Error {
        let lines = match self {
            Self::Told(error) => return error,
            Self::Said(lines) => lines,
        };
        let text = lines.join("\n");
        tracing::warn!("{what}: {text}");
        let lower = text.to_lowercase();
        let said = |signs: &[&str]| signs.iter().any(|sign| lower.contains(sign));
        if said(FULL) {
            return Error::new(ErrorCode::File, format!("{what}: the disk is full."))
                .hint("Free some space, then create the environment again. It goes on where it stopped.");
        }
        if said(OFFLINE) {
            return offline(what);
        }
        if said(UNREACHABLE) {
            return Error::new(
                ErrorCode::Unreachable,
                format!("{what}: the package index can't be reached."),
            )
            .hint(
                "Check the network and try again. It goes on where it stopped. A mirror can be named in \
                     UV_DEFAULT_INDEX, before the program starts.",
            );
        }
        let cause = lines.iter().find(|line| line.to_lowercase().contains("error")).or(lines.last());
        let cause = cause.map(|line| format!(" It said: {}", line.trim())).unwrap_or_default();
        Error::new(ErrorCode::File, format!("{what}.{cause}")).detail_in_log()
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::Told(error)
    }
}

/// What is said when a disk is full.
const FULL: &[&str] = &["no space left on device", "os error 28", "disk quota exceeded"];

/// What uv and pip say when no answer comes.
const UNREACHABLE: &[&str] = &[
    "client error (connect)",
    "dns error",
    "failed to lookup address",
    "connection refused",
    "connection reset",
    "network is unreachable",
    "operation timed out",
    "newconnectionerror",
    "name resolution",
    "max retries exceeded",
];

/// What uv says when it may ask nobody.
const OFFLINE: &[&str] = &["the network was disabled", "network connectivity is disabled"];

/// Runs a program to its end; when the person asks to stop, it is ended with all it started.
async fn run(
    mut command: Command,
    variables: &[(String, String)],
    work: &Work<EnvironmentProgress>,
    mut line: impl FnMut(&str) -> Result<()>,
) -> Result<(), Failure> {
    command.envs(variables.iter().map(|(name, value)| (name, value)));
    let program = PathBuf::from(command.as_std().get_program());
    let failed = |error: std::io::Error| Error::file("run", &program, &error);
    let mut group = Group::start(command).map_err(failed)?;
    let mut last = VecDeque::new();
    let reading = async {
        let (out, err) = (group.0.stdout.take(), group.0.stderr.take());
        let mut out = out.map(|out| BufReader::new(out).lines());
        let mut err = err.map(|err| BufReader::new(err).lines());
        loop {
            // A pipe that ended is not asked again.
            let said = tokio::select! {
                said = next(&mut out), if out.is_some() => said,
                said = next(&mut err), if err.is_some() => said,
                else => break,
            };
            let Some(said) = said else { continue };
            line(&said)?;
            last.push_back(said);
            if last.len() > LAST_LINES {
                last.pop_front();
            }
        }
        group.0.wait().await.map_err(|error| failed(error).into())
    };
    let ended: Result<_, Failure> = tokio::select! {
        ended = reading => ended,
        () = work.stopped() => Err(stopped().into()),
    };
    match ended {
        Ok(status) if status.success() => Ok(()),
        Ok(_) => Err(Failure::Said(last.into())),
        Err(failure) => {
            group.end(GRACE).await;
            Err(failure)
        }
    }
}

type Lines<R> = tokio::io::Lines<BufReader<R>>;

async fn next<R: tokio::io::AsyncRead + Unpin>(lines: &mut Option<Lines<R>>) -> Option<String> {
    // What is not text is not worth stopping for, and nothing comes after it.
    let said = lines.as_mut()?.next_line().await.ok().flatten();
    if said.is_none() {
        *lines = None;
    }
    said
}

/// Something would have to be downloaded, and the person does not want that.
pub(super) fn offline(what: &str) -> Error {
    Error::new(ErrorCode::Unreachable, format!("{what}: the program is set to work offline."))
        .hint("Switch off Work offline in Settings → Hugging Face, or unset UV_OFFLINE, then try again.")
}

/// The person asked to stop.
pub(super) fn stopped() -> Error {
    let message = "Cancelled. What is there is kept; creating the environment again goes on from there.";
    Error::new(ErrorCode::Cancelled, message)
}
