//! `uv`, which creates environments and installs packages: the installed one, or one that is
//! downloaded and removed afterwards.

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

use crate::{
    EnvironmentProgress, InstallFault, Places,
    places::python_in,
    process::{self, Group},
    progress::stopped,
};

/// The version that is downloaded if none is installed, as pip reads it.
pub const UV_VERSION: &str = "uv==0.13.9";

/// The time between SIGTERM and SIGKILL.
const GRACE: Duration = Duration::from_secs(5);

/// How many of its last lines are kept to explain a failure.
const LAST_LINES: usize = 40;

/// The program with its cache and its environment.
pub(crate) struct Uv {
    program: PathBuf,
    /// A temporary cache. `None` for an installed `uv`, which has its own.
    cache: Option<PathBuf>,
    variables: Vec<(String, String)>,
}

impl Uv {
    /// The installed `uv`; `None` if there is none that starts.
    pub(crate) async fn find(places: &Places, variables: &[(String, String)]) -> Option<Self> {
        let name = if cfg!(windows) { "uv.exe" } else { "uv" };
        let usual = places.home.iter().flat_map(|home| [home.join(".local/bin"), home.join(".cargo/bin")]);
        for folder in places.path.iter().cloned().chain(usual) {
            let program = folder.join(name);
            if program.is_file() && starts(&program).await {
                return Some(Self { program, cache: None, variables: variables.to_vec() });
            }
        }
        None
    }

    /// The path of the program.
    pub(crate) fn program(self) -> PathBuf {
        self.program
    }

    /// Downloads `uv` into a folder with the `pip` of this interpreter, unless an earlier call did.
    pub(crate) async fn download(
        python: &Path,
        folder: &Path,
        variables: &[(String, String)],
        work: &Work<EnvironmentProgress>,
    ) -> Result<Self> {
        let environment = folder.join("uv");
        let downloaded = Self {
            program: python_in(&environment).with_file_name(if cfg!(windows) { "uv.exe" } else { "uv" }),
            cache: Some(folder.join("cache")),
            variables: variables.to_vec(),
        };
        if starts(&downloaded.program).await {
            return Ok(downloaded);
        }
        let mut venv = Command::new(python);
        venv.args(["-m", "venv", "--clear"]).arg(&environment).env_remove("PYTHONHOME");
        run(venv, variables, work, |_| Ok(())).await.map_err(|failure| {
            let error = failure.into_error("A Python environment for uv could not be created");
            without_uv(error)
        })?;
        let mut install = Command::new(python_in(&environment));
        install.args(["-m", "pip", "install", "--no-input", "--progress-bar", "off", UV_VERSION]);
        run(install, variables, work, |_| Ok(())).await.map_err(|failure| {
            without_uv(failure.into_error("uv, which installs the packages, could not be downloaded"))
        })?;
        Ok(downloaded)
    }

    /// Runs it with these arguments; calls `line` with each line of its output.
    pub(crate) async fn run(
        &self,
        folder: &Path,
        arguments: impl FnOnce(&mut Command),
        work: &Work<EnvironmentProgress>,
        line: impl FnMut(&str) -> Result<()>,
    ) -> Result<(), Failure> {
        let mut command = Command::new(&self.program);
        // In the working folder of this process, uv would read the settings of a project there.
        command.current_dir(folder);
        arguments(&mut command);
        command.args(["--no-progress", "--color", "never"]);
        if let Some(cache) = &self.cache {
            command.arg("--cache-dir").arg(cache);
        }
        // uv would use an active environment instead of this one.
        command.env_remove("VIRTUAL_ENV").env_remove("CONDA_PREFIX");
        run(command, &self.variables, work, line).await
    }
}

/// Whether the program can be started.
async fn starts(program: &Path) -> bool {
    let mut command = std::process::Command::new(program);
    command.arg("--version");
    matches!(process::output(command, Duration::from_secs(10)).await, Ok(Some(output)) if output.success)
}

/// Adds the hint to install uv by hand.
fn without_uv(error: Error) -> Error {
    match error.code {
        ErrorCode::File => error.hint("Install uv (https://docs.astral.sh/uv), then try again."),
        _ => error,
    }
}

/// Why a program failed.
pub(crate) enum Failure {
    /// It could not be run, or was cancelled.
    NotRun(Error),
    /// It ended with an error; its last lines.
    Exited(Vec<String>),
}

impl Failure {
    /// The error to show. `what` says what could not be done, without a full stop.
    pub(crate) fn into_error(self, what: &str) -> Error {
        let lines = match self {
            Self::NotRun(error) => return error,
            Self::Exited(lines) => lines,
        };
        tracing::warn!("{what}: {}", lines.join("\n"));
        let fault = InstallFault::of(&lines);
        let message = fault.message(what);
        match fault {
            InstallFault::Full => Error::new(ErrorCode::File, message)
                .hint("Free some space, then create the environment again. It continues where it stopped."),
            InstallFault::Offline => offline(what),
            InstallFault::Unreachable => Error::new(ErrorCode::Unreachable, message).hint(
                "Check the network and try again. It continues where it stopped. Set UV_DEFAULT_INDEX to use a \
                 mirror, before the program starts.",
            ),
            InstallFault::Other(_) => Error::new(ErrorCode::File, message).detail_in_log(),
        }
    }
}

impl From<Error> for Failure {
    fn from(error: Error) -> Self {
        Self::NotRun(error)
    }
}

/// Runs a program until it ends. A cancellation ends it and its child processes.
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
            let text = tokio::select! {
                text = next(&mut out), if out.is_some() => text,
                text = next(&mut err), if err.is_some() => text,
                else => break,
            };
            let Some(text) = text else { continue };
            line(&text)?;
            last.push_back(text);
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
        Ok(_) => Err(Failure::Exited(last.into())),
        Err(failure) => {
            group.end(GRACE).await;
            Err(failure)
        }
    }
}

type Lines<R> = tokio::io::Lines<BufReader<R>>;

/// The next line; sets `lines` to `None` at the end.
async fn next<R: tokio::io::AsyncRead + Unpin>(lines: &mut Option<Lines<R>>) -> Option<String> {
    // Output that is not UTF-8 ends the reading, but not the program.
    let line = lines.as_mut()?.next_line().await.ok().flatten();
    if line.is_none() {
        *lines = None;
    }
    line
}

/// The error if a download is needed while the program is set to work offline. `what` is what could
/// not be done.
pub(crate) fn offline(what: &str) -> Error {
    Error::new(ErrorCode::Unreachable, format!("{what}: the program is set to work offline."))
        .hint("Switch off Work offline in Settings → Hugging Face, or unset UV_OFFLINE, then try again.")
}
