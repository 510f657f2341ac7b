//! Runs on a machine that is reached by SSH on loopback: what they take beyond the same run here, how fast files get
//! there, and what it takes to follow a log.

use std::{fs, os::unix::fs::PermissionsExt as _, path::Path, process::Command};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use test_hosts::Sshd;

use super::{
    fetch::file_of_random,
    fts::Studio,
    measure::{Measured, run},
    table::{Series, Table},
};
use crate::program::find;

const WORKER: &str = include_str!("elsewhere_worker.py");
/// The first target of a studio.
pub(super) const BOX: &str = "box";
/// Seconds that sending, starting, noticing the end and fetching may take together, beyond the bytes.
const MOST_OVERHEAD: f64 = 5.0;
/// Seconds after which it may be known that a large file lies there already.
const MOST_UNCHANGED: f64 = 1.0;
/// The time of sending beside that of `rsync`: 0.8 of its rate.
const MOST_TIME: f64 = 1.0 / 0.8;
/// Lines a second that are followed, for so many seconds.
const LINES: u32 = 10_000;
const SECONDS: u32 = 30;
/// The part of one core that may take.
const MOST_OF_A_CORE: f64 = 0.05;

/// Measures it with a model file of so many megabytes. `fts` is built.
pub(super) fn measure(folder: &Path, rounds: u32, megabytes: u32) -> Result<Table> {
    if find("rsync").is_none() {
        bail!("The program rsync is missing. On Debian and Ubuntu: apt-get install rsync");
    }
    let folder = folder.join("elsewhere");
    fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let sshd = Sshd::start().context("there is no SSH server; `cargo xtask test` installs one")?;
    let mut table =
        Table::new(&format!("A machine reached by SSH on loopback, and a file of {megabytes} MB"), rounds);
    let here = World::new(&folder, &sshd, 1)?;
    let [mut empty, mut empty_there, mut first, mut again, mut rsync] = [const { Series::new() }; 5];
    for round in 1..=rounds {
        println!("   Round {round} of {rounds}");
        empty.push(here.train(&json!({}), false)?);
        empty_there.push(here.train(&json!({}), true)?);
    }
    let large = World::new(&folder, &sshd, megabytes)?;
    for round in 1..=rounds {
        println!("   Sending, round {round} of {rounds}");
        for old in ["models", "by-hand"].map(|name| large.there.join(name)) {
            if old.exists() {
                fs::remove_dir_all(old)?;
            }
        }
        first.push(large.train(&json!({}), true)?);
        again.push(large.train(&json!({}), true)?);
        let mut by_hand = Command::new("rsync");
        by_hand.arg("-a").arg("-e").arg(format!("ssh -F {}", sshd.config().display()));
        by_hand.arg(&large.model).arg(format!("{}:{}/by-hand/", Sshd::HOST, large.there.display()));
        rsync.push(run(&mut by_hand, None, None)?);
    }
    let beyond = |long: &Series, short: &Series| (long.median() - short.median()).max(0.0);
    let overhead = beyond(&empty_there, &empty);
    let text = format!("{overhead:.2} s beyond {:.2} s here", empty.median());
    let target = format!("≤ {MOST_OVERHEAD} s");
    table.aim(
        "A run of no step: sent, started, its end noticed, fetched",
        &text,
        "",
        &target,
        overhead <= MOST_OVERHEAD,
    );
    let (sending, unchanged) = (beyond(&first, &again), beyond(&again, &empty_there));
    let ratio = sending / rsync.median();
    table.aim(
        "Sending the file",
        &format!("{sending:.2} s"),
        &format!("`rsync`: {:.2} s, ratio {ratio:.2}", rsync.median()),
        &format!("≤ {MOST_TIME:.2}"),
        ratio <= MOST_TIME,
    );
    let target = format!("< {MOST_UNCHANGED} s");
    table.aim(
        "The same file once more",
        &format!("{unchanged:.2} s"),
        "",
        &target,
        unchanged < MOST_UNCHANGED,
    );
    println!("   Following a log");
    let followed = here.train(&json!({"lines": LINES, "seconds": SECONDS}), true)?;
    let idle = here.train(&json!({"lines": 100, "seconds": SECONDS}), true)?;
    let part =
        (followed.processors.as_secs_f64() - idle.processors.as_secs_f64()).max(0.0) / f64::from(SECONDS);
    table.aim(
        &format!("Following {LINES} lines a second, of one core"),
        &format!("{:.1} %", 100.0 * part),
        "",
        &format!("< {:.0} %", 100.0 * MOST_OF_A_CORE),
        part < MOST_OF_A_CORE,
    );
    Ok(table)
}

/// A studio with a target, and what it trains on.
pub(super) struct World {
    pub(super) studio: Studio,
    worker: std::path::PathBuf,
    /// The folder of the model.
    model: std::path::PathBuf,
    /// The target's folder.
    there: std::path::PathBuf,
    fields: Value,
}

impl World {
    pub(super) fn new(folder: &Path, sshd: &Sshd, megabytes: u32) -> Result<Self> {
        let studio = Studio::new(&folder.join(format!("studio-{megabytes}")))?;
        let (model, there) =
            (folder.join(format!("model-{megabytes}")), folder.join(format!("studio-{megabytes}/there")));
        fs::create_dir_all(&model)?;
        fs::write(model.join("config.json"), r#"{"architectures": ["LlamaForCausalLM"]}"#)?;
        let header = r#"{"w": {"dtype": "F32", "shape": [1], "data_offsets": [0, 4]}}"#;
        let length = (header.len() as u64).to_le_bytes();
        fs::write(model.join("model.safetensors"), [&length, header.as_bytes(), &[0; 4]].concat())?;
        // All files of a model's folder are sent.
        file_of_random(&model.join("large.bin"), megabytes)?;
        let rows = folder.join("rows.csv");
        fs::write(&rows, format!("text,label\n{}", "a,b\n".repeat(30)))?;
        let worker = folder.join("worker.py");
        fs::write(&worker, format!("#!/usr/bin/env python3\n{WORKER}"))?;
        fs::set_permissions(&worker, fs::Permissions::from_mode(0o755))?;
        let dataset = studio.import(&rows)?;
        let id = studio.model(&model)?;
        let prompt = json!({
            "name": "Label", "dataset_id": dataset, "input_template": "{text}", "completion_template": "{label}",
        });
        let prompt = studio.create("prompts", &prompt)?;
        let fields = json!({"base_model_id": id, "dataset_id": dataset, "prompt_id": prompt});
        let this = Self { studio, worker, model, there, fields };
        this.add_target(BOX, sshd, &this.there)?;
        Ok(this)
    }

    /// Adds a target with a folder of its own.
    pub(super) fn add_target(&self, name: &str, sshd: &Sshd, there: &Path) -> Result<()> {
        let mut add = self.fts();
        add.args(["target", "add", name, "--kind", "ssh", "--host", Sshd::HOST, "--ssh-config"])
            .arg(sshd.config());
        add.arg("--folder").arg(there).arg("--python").arg(&self.worker);
        run(&mut add, None, Some(&self.studio.answer))?;
        Ok(())
    }

    pub(super) fn fts(&self) -> Command {
        let mut fts = self.studio.fts();
        fts.env("FINE_TUNING_STUDIO_WORKER", &self.worker).env("HF_HUB_OFFLINE", "1");
        fts
    }

    /// A training from its start to its end.
    fn train(&self, fake: &Value, there: bool) -> Result<Measured> {
        let mut train = self.training(fake);
        train.arg("--wait");
        if there {
            train.args(["--target", BOX]);
        }
        run(&mut train, None, Some(&self.studio.answer))
    }

    /// The command that starts a training here in which the worker behaves like that.
    pub(super) fn training(&self, fake: &Value) -> Command {
        let mut fields = self.fields.clone();
        fields["adapter_name"] = fastrand::u64(..).to_string().into();
        fields["auto_add_adapter"] = false.into();
        fields["training_arguments_config"] = json!({"fake": fake}).to_string().into();
        let mut train = self.fts();
        train.args(["run", "train", "--data", &fields.to_string()]);
        train
    }
}
