//! A studio with a target on which it can train.

use std::{
    fs,
    path::{Path, PathBuf},
    process::{Child, Command},
};

use serde_json::Value;
use stories::{Fts, built, trained, wait};
use test_hosts::{Slurm, SlurmOptions, Sshd};

use crate::world::{World, processes_in};

/// How a worker there behaves: it finds the command that it carries out among the arguments of Python.
pub(crate) const WORKER: &str =
    "#!/bin/sh\nwhile [ \"$1\" != run ] && [ \"$1\" != serve ]; do shift; done\nexec \"FAKE\" \"$@\"\n";

/// A studio with the target `box`.
pub(crate) struct Place {
    pub(crate) world: World,
    pub(crate) sshd: Sshd,
    /// The interpreter of the worker that pretends.
    python: String,
    /// The cluster whose login node it is. It ends after the studio.
    slurm: Option<Slurm>,
}

impl Place {
    /// None, with a line that says so, where there is no SSH server.
    pub(crate) fn new() -> Option<Self> {
        Self::on(Fts::new(), WORKER)
    }

    /// The same with that server.
    pub(crate) fn at(sshd: Sshd) -> Option<Self> {
        Self::with(Fts::new(), WORKER, sshd, None, &[])
    }

    /// The same in a studio of one's own with a worker of one's own; `FAKE` in it is the path of the worker that
    /// pretends.
    pub(crate) fn on(fts: Fts, worker: &str) -> Option<Self> {
        Self::with(fts, worker, Sshd::start()?, None, &[])
    }

    /// A studio whose target is a cluster with so many nodes. None, with a line that says so, where there is no
    /// Slurm.
    pub(crate) fn on_slurm(nodes: usize, options: &[&str]) -> Option<Self> {
        let slurm = Slurm::or_skip(&SlurmOptions { nodes, ..SlurmOptions::default() })?;
        let configuration = format!("SetEnv SLURM_CONF={}", slurm.configuration().display());
        Self::with(Fts::new(), WORKER, Sshd::start_with(&[&configuration])?, Some(slurm), options)
    }

    fn with(fts: Fts, worker: &str, sshd: Sshd, slurm: Option<Slurm>, options: &[&str]) -> Option<Self> {
        let kind = if slurm.is_some() { "slurm" } else { "ssh" };
        let world = World::on(fts);
        let fake = built::program("fake-worker");
        let python = world.fts.script("python-there", worker.replace("FAKE", fake.to_str().expect("a path")));
        let place = Self { world, sshd, python, slurm };
        place.add_target("box", "there", &[&["--kind", kind], options].concat());
        Some(place)
    }

    /// Adds a target with a folder of its own.
    pub(crate) fn add_target(&self, name: &str, folder: &str, options: &[&str]) {
        let (config, folder) = (self.sshd.config(), self.world.fts.path(folder));
        let config = config.to_str().expect("a path of plain text");
        let target = ["target", "add", name, "--host", Sshd::HOST, "--ssh-config", config];
        let further = ["--folder", &folder, "--python", &self.python];
        self.world.fts.json(&[target.as_slice(), &further, options].concat());
    }

    /// How many nodes each job of the cluster asks for that is not over.
    pub(crate) fn nodes_of_jobs(&self) -> Vec<String> {
        let slurm = self.slurm.as_ref().expect("a cluster");
        let listed = slurm.run("squeue", &["-h", "-o", "%D"]).stdout;
        String::from_utf8_lossy(&listed).lines().map(|line| line.trim().to_owned()).collect()
    }

    /// The arguments that start a training there in which the worker behaves like that.
    pub(crate) fn training(&self, name: &str, fake: &Value) -> Vec<String> {
        let fields = self.world.training(name, fake).to_string();
        ["train", "--target", "box", "--data", &fields].map(str::to_owned).to_vec()
    }

    /// Starts a training there and returns the id of its run when its worker was started.
    pub(crate) fn train(&self, name: &str, fake: &Value) -> String {
        let arguments = self.training(name, fake);
        let arguments: Vec<&str> = arguments.iter().map(String::as_str).collect();
        let run = self.world.fts.json(&arguments);
        run["id"].as_str().expect("a run has an id").to_owned()
    }

    /// Looks after the runs until this one is over, and returns it.
    pub(crate) fn until_over(&self, id: &str) -> Value {
        let answer = self.world.fts.run(&["--json", "run", "watch", id]);
        serde_json::from_str(&answer.out)
            .unwrap_or_else(|error| panic!("{error}: {} {}", answer.out, answer.err))
    }

    /// Starts a program that looks after the runs until this one is over.
    pub(crate) fn watch(&self, id: &str) -> Child {
        self.world.start(&["run", "watch", id])
    }

    /// Waits until a step is in the log here.
    pub(crate) fn until_step(&self, id: &str, step: u64) {
        let log = self.world.folder(id).join("log.txt");
        wait::until("a step", || (log.exists() && self.logged_steps(id).contains(&step)).then_some(()));
    }

    /// What is said of a run without looking after any.
    pub(crate) fn report(&self, id: &str) -> Value {
        self.world.fts.json(&["run", "show", id])
    }

    /// Waits until a program shows that of a run.
    pub(crate) fn until(&self, id: &str, what: &str, is: impl Fn(&Value) -> bool) -> Value {
        wait::until(what, || Some(self.report(id)).filter(&is))
    }

    /// The folder of a run there.
    pub(crate) fn there(&self, id: &str) -> PathBuf {
        Path::new(&self.world.fts.path("there")).join("runs").join(id)
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
    /// A story that fails leaves no worker behind.
    fn drop(&mut self) {
        for run in fs::read_dir(self.world.fts.path("there/runs")).into_iter().flatten().flatten() {
            for process in processes_in(&run.path()) {
                let _ = Command::new("kill").args(["-9", &process]).status();
            }
        }
    }
}
