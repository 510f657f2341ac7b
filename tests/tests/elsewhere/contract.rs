//! What every executor does, the same on this machine and on every kind of target.

use std::{fs, path::PathBuf};

use serde_json::{Value, json};
use stories::wait;

use crate::{
    place::Place,
    world::{World, processes_in},
};

/// Where runs work.
enum On {
    Here(World),
    Ssh(Place),
    Slurm(Place),
}

impl On {
    fn all() -> Vec<Self> {
        let here = [Self::Here(World::new())];
        here.into_iter()
            .chain(Place::new().map(Self::Ssh))
            .chain(Place::on_slurm(1, &[]).map(Self::Slurm))
            .collect()
    }

    fn world(&self) -> &World {
        match self {
            Self::Here(world) => world,
            Self::Ssh(place) | Self::Slurm(place) => &place.world,
        }
    }

    fn name(&self) -> &'static str {
        match self {
            Self::Here(_) => "here",
            Self::Ssh(_) => "by SSH",
            Self::Slurm(_) => "by Slurm",
        }
    }

    fn train(&self, fake: &Value) -> String {
        match self {
            Self::Here(world) => world.train("tickets-1", fake),
            Self::Ssh(place) | Self::Slurm(place) => place.train("tickets-1", fake),
        }
    }

    fn until_over(&self, id: &str) -> Value {
        let answer = self.world().fts.run(&["--json", "run", "watch", id]);
        serde_json::from_str(&answer.out).expect("a run")
    }

    /// The folder in which the worker of a run works.
    fn folder(&self, id: &str) -> PathBuf {
        match self {
            Self::Here(world) => world.folder(id),
            Self::Ssh(place) | Self::Slurm(place) => place.there(id),
        }
    }

    /// Waits until the worker has taken a step.
    fn until_step(&self, id: &str, step: u64) {
        let log = self.folder(id).join("log.txt");
        let line = format!("step {step},");
        wait::until("a step", || fs::read_to_string(&log).ok()?.contains(&line).then_some(()));
    }

    fn assert_nothing_left(&self, id: &str) {
        let left = processes_in(&self.folder(id));
        assert!(left.is_empty(), "{}: still running: {left:?}", self.name());
    }
}

#[test]
fn a_run_ends_as_its_worker_says() {
    for on in On::all() {
        for (fake, state, note) in [
            (json!({"at": 3, "misfortune": "fail"}), "failed", "The loss is not a number."),
            (json!({"at": 6, "misfortune": "crash"}), "lost", "Segmentation fault"),
            (json!({"at": 7, "misfortune": "vanish"}), "lost", "Killed, or so it seems"),
        ] {
            let id = on.train(&fake);
            let run = on.until_over(&id);
            assert_eq!(run["state"], state, "{}: {run}", on.name());
            assert!(run["note"].as_str().expect("a note").contains(note), "{}: {run}", on.name());
            on.assert_nothing_left(&id);
            on.world().fts.json(&["delete", "fine_tuning_jobs", &id]);
        }
        assert_eq!(on.until_over(&on.train(&json!({})))["state"], "succeeded", "{}", on.name());
    }
}

#[test]
fn a_run_stops_as_asked_and_goes_on_from_its_checkpoint() {
    for on in On::all() {
        let until = on.world().fts.path("go-on");
        let id = on.train(&json!({"steps": 30, "holds_at": 12, "until": until}));
        on.until_step(&id, 11);
        let run = on.world().fts.json(&["stop", &id, "--wait"]);
        assert_eq!((&run["state"], &run["note"]), (&json!("stopped"), &json!("It stopped as asked.")));
        assert!(run["hint"].as_str().expect("a hint").starts_with("Retry goes on from step "), "{run}");
        on.assert_nothing_left(&id);
        on.world().fts.file("go-on", "");
        let run = on.world().fts.json(&["retry", &id, "--wait"]);
        assert_eq!(run["state"], "succeeded", "{}: {run}", on.name());
        let points = on.world().fts.json(&["run", "show", &id])["account"]["series"][0]["points"].clone();
        let steps: Vec<u64> =
            points.as_array().expect("points").iter().filter_map(|point| point["step"].as_u64()).collect();
        assert_eq!(steps, (1..=30).collect::<Vec<_>>(), "{}", on.name());
    }
}

#[test]
fn a_run_that_does_not_end_is_ended_with_all_it_started() {
    for on in On::all() {
        for fake in [
            json!({"steps": 1000, "pause_ms": 20, "deaf": true}),
            json!({"at": 1, "misfortune": "hang"}),
            json!({"steps": 1000, "pause_ms": 20, "silent": true}),
        ] {
            let id = on.train(&fake);
            let run = on.world().fts.json(&["stop", &id, "--wait"]);
            assert_eq!(run["state"], "stopped", "{}, {fake}: {run}", on.name());
            on.assert_nothing_left(&id);
        }
    }
}
