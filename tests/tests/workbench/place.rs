//! A studio with a workbench as its target.

use std::{fs, path::PathBuf, process::Command};

use fake_workbench::{FakeWorkbench, KEY};
use serde_json::Value;
use stories::{Fts, built, trained, wait};

use crate::world::{World, processes_in};

/// How a worker there behaves: it finds the command that it carries out among the arguments of Python.
const WORKER: &str = "#!/bin/sh\nwhile [ \"$1\" != run ]; do shift; done\nexec \"FAKE\" \"$@\"\n";

/// A studio with the target `bench`, on which it can train.
pub(crate) struct Place {
    pub(crate) world: World,
    pub(crate) bench: FakeWorkbench,
    /// The interpreter of the worker that pretends.
    python: String,
}

impl Place {
    pub(crate) fn new() -> Self {
        Self::with(FakeWorkbench::new(), &[])
    }

    /// The same with that workbench, and further options of the target.
    pub(crate) fn with(bench: FakeWorkbench, options: &[String]) -> Self {
        let world = World::on(studio());
        let fake = built::program("fake-worker");
        let python = world.fts.script("python-there", WORKER.replace("FAKE", fake.to_str().expect("a path")));
        let place = Self { world, bench, python };
        place.add_target(options);
        place
    }

    /// Adds the target `bench`.
    pub(crate) fn add_target(&self, options: &[String]) {
        let options = [options, &[format!("runtime={}", runtime(&self.bench))]].concat();
        let mut arguments = add(&self.bench, &options);
        arguments.extend(["--python".to_owned(), self.python.clone()]);
        run(&self.world.fts, &arguments);
    }

    fn training(&self, fake: &Value) -> String {
        self.world.training("tickets-1", fake).to_string()
    }

    /// Starts a training there and returns the id of its run when its worker was started.
    pub(crate) fn train(&self, fake: &Value) -> String {
        let run = self.world.fts.json(&["train", "--target", "bench", "--data", &self.training(fake)]);
        run["id"].as_str().expect("a run has an id").to_owned()
    }

    /// Has a training there carried out, and returns its run.
    pub(crate) fn train_to_its_end(&self, fake: &Value) -> Value {
        let training = self.training(fake);
        let arguments = ["--json", "train", "--target", "bench", "--wait", "--data", &training];
        let answer = self.world.fts.run(&arguments);
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"))
    }

    /// Looks after the runs until this one is over, and returns it.
    pub(crate) fn until_over(&self, id: &str) -> Value {
        let answer = self.world.fts.run(&["--json", "run", "watch", id]);
        serde_json::from_str(&answer.out).unwrap_or_else(|_| panic!("{answer:?}"))
    }

    /// What is said of a run without looking after any.
    pub(crate) fn report(&self, id: &str) -> Value {
        self.world.fts.json(&["run", "show", id])
    }

    /// Waits until a program shows that of a run.
    pub(crate) fn until(&self, id: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        wait::until(what, || Some(self.report(id)).filter(&is))
    }

    /// Waits until the worker there has taken a step.
    pub(crate) fn until_step(&self, id: &str, step: u64) {
        let (log, line) = (self.there(id).join("log.txt"), format!("step {step},"));
        wait::until("a step", || fs::read_to_string(&log).ok()?.contains(&line).then_some(()));
    }

    /// Has a program look after a run until its worker is known to run, and ends that program.
    pub(crate) fn until_running(&self, id: &str) {
        let mut watching = self.world.start(&["run", "watch", id]);
        self.until(id, "its worker", |report| report["run"]["state"] == "running");
        watching.kill().and_then(|()| watching.wait()).expect("it can be ended");
    }

    /// The folder of a run there.
    pub(crate) fn there(&self, id: &str) -> PathBuf {
        self.bench.folder(self.bench.project()).join("studio-runs/runs").join(id)
    }

    /// The jobs of the project there.
    pub(crate) fn jobs(&self) -> Vec<Value> {
        self.bench.list(&format!("projects/{}/jobs", self.bench.project()))
    }

    /// The numbers of the steps in the log here, a line each.
    pub(crate) fn logged_steps(&self, id: &str) -> Vec<u64> {
        trained::logged_steps(&self.world.folder(id))
    }

    /// The one adapter that a run has made, whole and with its model's place here.
    pub(crate) fn assert_one_adapter(&self, id: &str) {
        trained::assert_one_adapter(&self.world.fts, id, &self.world.folder(id));
    }
}

impl Drop for Place {
    /// A story that fails leaves no worker behind, nor one whose job was deleted.
    fn drop(&mut self) {
        let runs = self.there("");
        for run in fs::read_dir(runs).into_iter().flatten().flatten() {
            for process in processes_in(&run.path()) {
                let _ = Command::new("kill").args(["-9", &process]).status();
            }
        }
    }
}

/// The arguments that add the target `bench`, without its runtime.
pub(crate) fn add(there: &FakeWorkbench, options: &[String]) -> Vec<String> {
    let mut arguments =
        ["target", "add", "bench", "--kind", "cloudera", "--host"].map(str::to_owned).to_vec();
    arguments.extend([
        there.address().to_owned(),
        "--option".to_owned(),
        format!("project={}", there.project()),
    ]);
    arguments.extend(options.iter().flat_map(|option| ["--option".to_owned(), option.clone()]));
    arguments
}

/// The image of the runtime there that fits.
pub(crate) fn runtime(there: &FakeWorkbench) -> String {
    there.list("runtimes")[2]["image_identifier"].as_str().expect("an image").to_owned()
}

/// A studio that has the key.
pub(crate) fn studio() -> Fts {
    Fts::new().with_variable("CDSW_APIV2_KEY", KEY)
}

pub(crate) fn run(fts: &Fts, arguments: &[String]) -> Value {
    fts.json(&arguments.iter().map(String::as_str).collect::<Vec<_>>())
}
