//! The Python interpreters of a machine, and which one is taken.

use std::{os::unix::fs::symlink, path::Path};

use studio::{
    ErrorCode, Studio,
    python::{EnvironmentKind, InterpreterSource, Python},
};

use crate::{
    pythons::{Machine, REQUIREMENTS, fill},
    world::World,
};

fn bin(environment: &Path) -> String {
    environment.join("bin/python").display().to_string()
}

/// A studio on that Python.
async fn studio(python: Python) -> (World, Studio) {
    let world = World::new().await;
    let studio = world.studio.clone().with_python(python);
    (world, studio)
}

#[tokio::test]
async fn what_an_environment_lacks_is_named() {
    let mut machine = Machine::new();
    let environment = machine.venv("mine");
    fill(&environment, "torch==2.15.0\ndatasets==5.2.0\n");
    machine.places.virtual_env = Some(environment.clone());
    let found = machine.python().interpreters().await.unwrap();
    assert_eq!(found.len(), 1);
    assert_eq!(
        (found[0].path.as_str(), found[0].source),
        (bin(&environment).as_str(), InterpreterSource::VirtualEnv)
    );
    assert_eq!(found[0].packages["torch"].as_deref(), Some("2.15.0"));
    let missing = ["transformers", "peft", "trl", "accelerate", "mlflow", "rouge_score", "safetensors"];
    assert_eq!(found[0].missing, missing);
    assert!(!found[0].complete());

    let (_world, studio) = studio(machine.python()).await;
    let error = studio.python().working(EnvironmentKind::Training).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoPython);
    let lacks = format!("{} comes nearest and lacks {}.", bin(&environment), missing.join(", "));
    assert!(error.message.ends_with(&lacks), "{}", error.message);
    assert!(error.hint.unwrap().contains("Create environment"));
}

#[tokio::test]
async fn one_that_has_everything_works_and_can_be_asked_for_accelerators() {
    let mut machine = Machine::new();
    let (bare, full) = (machine.venv("bare"), machine.venv("full"));
    fill(&full, REQUIREMENTS);
    machine.places.virtual_env = Some(bare);
    machine.places.conda = Some(full.clone());
    let (_world, studio) = studio(machine.python()).await;
    let used = studio.python().working(EnvironmentKind::Training).await.unwrap();
    assert_eq!((used.path.as_str(), used.source), (bin(&full).as_str(), InterpreterSource::Conda));
    // There is no torch to find any with.
    assert_eq!(studio.python().accelerators(used.path.as_ref()).await.unwrap(), []);
    let report = studio.python().report().await.unwrap();
    assert_eq!(report.used, Some(used.path));
    assert_eq!(report.why, "It is the first that has everything (active conda environment).");
}

#[tokio::test]
async fn a_broken_one_is_listed_with_why_and_holds_up_nobody() {
    let mut machine = Machine::new();
    machine.program("a/python3", "#!/bin/sh\necho 'the disk is on fire' >&2\nexit 1\n");
    // With a child that holds the pipes open, too.
    machine.program("b/python3", "#!/bin/sh\nsleep 1000 &\nwait\n");
    machine.program("c/python3", "#!/bin/sh\necho hello\n");
    machine.program("d/python3", "no program\n");
    machine.program("e/python3", "#!/bin/sh\n[ \"$1\" = --version ] && echo Python 3.8.2\nexit 1\n");
    machine.program("f/python3-config", "#!/bin/sh\nexit 1\n");
    machine.places.path = ["a", "b", "c", "d", "e", "f", "none"].map(|name| machine.path(name)).to_vec();
    let found = machine.impatient().interpreters().await.unwrap();
    let problems: Vec<&str> = found.iter().map(|python| python.problem.as_deref().unwrap()).collect();
    assert_eq!(problems[0], "It stopped with: the disk is on fire");
    assert_eq!(problems[1], "It did not answer within 0.3 seconds.");
    assert_eq!(problems[2], "Its answer can't be parsed.");
    assert!(problems[3].starts_with("It can't be started: "), "{}", problems[3]);
    assert_eq!(problems[4], "It is too old: Python 3.11 or newer is needed.");
    assert_eq!(found[4].version.as_deref(), Some("3.8.2"));
    assert_eq!(problems.len(), 5);
}

#[tokio::test]
async fn each_is_named_once_and_a_virtual_environment_is_not_the_python_it_links_to() {
    let mut machine = Machine::new();
    let environment = machine.venv("one");
    symlink(environment.join("bin"), machine.path("link")).unwrap();
    machine.places.virtual_env = Some(environment.clone());
    machine.places.path = vec![machine.path("link"), environment.join("bin"), "bin".into()];
    let other = machine.venv("pyenv/versions/3.12.0");
    machine.places.conda = Some(other.clone());
    let found = machine.python().interpreters().await.unwrap();
    let found: Vec<_> = found.into_iter().map(|python| (python.path, python.source)).collect();
    assert_eq!(
        found,
        [(bin(&environment), InterpreterSource::VirtualEnv), (bin(&other), InterpreterSource::Conda)]
    );
}

#[tokio::test]
async fn the_chosen_one_is_taken_or_none_is() {
    let mut machine = Machine::new();
    let (bare, full) = (machine.venv("bare"), machine.venv("full"));
    fill(&full, REQUIREMENTS);
    machine.places.virtual_env = Some(full.clone());
    let (_world, studio) = studio(machine.python()).await;

    // By the folder of its environment, too.
    studio.python().choose(Some(&bare.display().to_string())).await.unwrap();
    assert_eq!(machine.settings().read().python, Some(bin(&bare)));
    let error = studio.python().working(EnvironmentKind::Training).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoPython);
    assert!(error.message.starts_with(&format!("The Python that was chosen, {}, can't train.", bin(&bare))));
    assert!(error.message.contains("It lacks torch, "), "{}", error.message);
    let report = studio.python().report().await.unwrap();
    assert_eq!((report.used, report.chosen), (None, Some(bin(&bare))));
    assert_eq!(report.interpreters[0].source, InterpreterSource::Chosen);

    studio.python().choose(Some(&bin(&full))).await.unwrap();
    assert_eq!(studio.python().working(EnvironmentKind::Training).await.unwrap().path, bin(&full));
    studio.python().choose(None).await.unwrap();
    assert_eq!(machine.settings().read().python, None);

    let error = studio.python().choose(Some("/nowhere/python")).await.unwrap_err();
    assert_eq!((error.code, error.fields[0].column.as_str()), (ErrorCode::Invalid, "python"));
    assert_eq!(machine.settings().read().python, None);
}

#[tokio::test]
async fn a_chosen_one_that_is_gone_is_said_to_be() {
    let machine = Machine::new();
    let bare = machine.venv("bare");
    machine.python().choose(Some(&bin(&bare))).await.unwrap();
    std::fs::remove_dir_all(&bare).unwrap();
    let (_world, studio) = studio(machine.python()).await;
    let error = studio.python().working(EnvironmentKind::Training).await.unwrap_err();
    assert!(error.message.contains("It can't be started: "), "{}", error.message);
}

#[tokio::test]
async fn axolotl_runs_in_its_own_environment_or_where_it_was_installed() {
    let mut machine = Machine::new();
    let mine = machine.venv("mine");
    fill(&mine, REQUIREMENTS);
    machine.places.virtual_env = Some(mine.clone());
    let used = async || machine.python().report().await.unwrap().axolotl_used;
    let error = machine.python().working(EnvironmentKind::Axolotl).await.unwrap_err();
    assert_eq!(error.code, ErrorCode::NoPython);
    assert_eq!(
        error.message,
        "No Python on this machine has axolotl. It needs an environment of its own, which takes 6.8 GB of disk \
         space."
    );
    assert!(error.hint.unwrap().starts_with("Open Settings → Axolotl"));
    assert_eq!(used().await, None);

    fill(&mine, "axolotl==0.19.0\n");
    assert_eq!(used().await, Some(bin(&mine)));
    let own = machine.venv("data/python-axolotl");
    fill(&own, "axolotl==0.19.0\n");
    // It is not finished.
    assert_eq!(used().await, Some(bin(&mine)));
    std::fs::write(own.join("complete.json"), r#"{"requirements": "of a test"}"#).unwrap();
    assert_eq!(used().await, Some(bin(&own)));
    // A chosen one without it trains all else.
    let bare = machine.venv("bare");
    machine.python().choose(Some(&bin(&bare))).await.unwrap();
    assert_eq!(used().await, Some(bin(&own)));
    machine.python().choose(Some(&bin(&mine))).await.unwrap();
    assert_eq!(used().await, Some(bin(&mine)));
}
