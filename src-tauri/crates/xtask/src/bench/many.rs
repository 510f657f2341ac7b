//! Many runs at once on many machines that are reached by SSH on loopback: the connections, the memory and the time of
//! the processors that it takes one program to look after them, and the room in its database.

use std::{
    fs,
    path::Path,
    process::{Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};
use serde_json::{Value, json};
use test_hosts::Sshd;
use wait4::Wait4;

use super::{
    elsewhere::{BOX, World},
    measure::run,
    table::Table,
};

const MACHINES: u64 = 20;
const RUNS: u64 = 100;
/// How long the worker of each run works, in seconds, and the lines that it prints a second.
const SECONDS: u32 = 60;
const LINES: u32 = 100;
/// How often the program that looks after the runs is looked at.
const PULSE: Duration = Duration::from_millis(500);

/// What is seen of that program at one time.
#[derive(Default)]
struct Seen {
    /// The `ssh` that it has started.
    connections: usize,
    /// In bytes.
    memory: u64,
    /// Open files, sockets and pipes.
    files: usize,
}

/// Measures it once. `fts` is built.
pub(super) fn measure(folder: &Path) -> Result<Table> {
    let folder = folder.join("many");
    fs::create_dir_all(&folder).with_context(|| format!("{} can't be made", folder.display()))?;
    let machines = (0..MACHINES)
        .map(|_| Sshd::start().context("there is no SSH server; `cargo xtask test` installs one"))
        .collect::<Result<Vec<_>>>()?;
    let (first, others) = machines.split_first().context("no machine")?;
    let world = World::new(&folder, first, 1)?;
    let mut names = vec![BOX.to_owned()];
    for (number, sshd) in others.iter().enumerate() {
        let name = format!("{BOX}-{number}");
        world.add_target(&name, sshd, &folder.join(&name))?;
        names.push(name);
    }
    queue(&world, &["--at-once", &RUNS.div_ceil(MACHINES).to_string(), "--pause"])?;
    let empty = bytes_of_database(&world)?;
    println!("   Queuing {RUNS} runs");
    let fake = json!({"seconds": SECONDS, "lines": LINES});
    let mut last = String::new();
    for (target, _) in names.iter().cycle().zip(0..RUNS) {
        // It warns of a worker that pretends.
        let mut train = world.training(&fake);
        run(train.args(["--target", target]).stderr(Stdio::null()), None, Some(&world.studio.answer))?;
        last = world.studio.id()?;
    }
    let database = bytes_of_database(&world)? - empty;
    queue(&world, &["--resume"])?;
    println!("   Looking after them");
    let mut watch = world.fts();
    let child = watch.args(["run", "watch", &last]).stdout(Stdio::null()).stderr(Stdio::null()).spawn()?;
    let (pid, began) = (child.id(), Instant::now());
    let waiting = thread::spawn(move || child.wait4());
    let (mut most, mut all_at_once, mut listing) = (Seen::default(), 0, Duration::ZERO);
    while !waiting.is_finished() {
        let seen = Seen::of(pid);
        most.connections = most.connections.max(seen.connections);
        most.memory = most.memory.max(seen.memory);
        most.files = most.files.max(seen.files);
        let measured = run(world.fts().arg("runs"), None, Some(&world.studio.answer))?;
        let working = states(&world.studio.answer()?).iter().filter(|state| *state == "running").count();
        if working >= all_at_once {
            (all_at_once, listing) = (working, measured.time);
        }
        thread::sleep(PULSE);
    }
    let ended = waiting.join().map_err(|_| anyhow::anyhow!("waiting for the program failed"))??;
    let (time, processors) = (began.elapsed(), ended.rusage.utime + ended.rusage.stime);
    // The last one in the queue may be over before others.
    until_over(&world)?;
    let mut table = Table::counts(&format!(
        "{RUNS} runs of {SECONDS} s on {MACHINES} machines reached by SSH on loopback"
    ));
    table.fact("Runs that worked at once, at most", &all_at_once.to_string());
    table.fact("Connections, at most", &most.connections.to_string());
    table.fact("Open files, sockets and pipes, at most", &most.files.to_string());
    table.fact(
        "Memory of the program that looks after them, at most",
        &format!("{} MB", most.memory / 1_000_000),
    );
    let share = 100.0 * processors.as_secs_f64() / time.as_secs_f64();
    table.fact(
        "Time of the processors, of it and its ssh",
        &format!("{:.1} s in {:.0} s, {share:.0} % of a core", processors.as_secs_f64(), time.as_secs_f64()),
    );
    table.fact("Listing all runs meanwhile, by another program", &format!("{:.2} s", listing.as_secs_f64()));
    table.fact("Room of a run in the database", &format!("{} bytes", database / RUNS));
    Ok(table)
}

fn queue(world: &World, more: &[&str]) -> Result<()> {
    run(world.fts().args(["run", "queue"]).args(more), None, Some(&world.studio.answer)).map(drop)
}

/// Looks after the runs until all are over. Each has to succeed.
fn until_over(world: &World) -> Result<()> {
    loop {
        run(world.fts().arg("runs"), None, Some(&world.studio.answer))?;
        let runs = world.studio.answer()?;
        let live = |run: &Value| {
            ["queued", "preparing", "waiting", "running", "stopping"].map(Value::from).contains(run)
        };
        let all: Vec<&Value> = runs.as_array().context("a list")?.iter().map(|run| &run["run"]).collect();
        match all.iter().find(|run| live(&run["state"])) {
            Some(run_left) => {
                let id = run_left["id"].as_str().context("an id")?;
                let _ = world.fts().args(["run", "watch", id]).stdout(Stdio::null()).status()?;
            }
            None if all.iter().all(|run| run["state"] == "succeeded") => return Ok(()),
            None => bail!("a run did not succeed: {runs}"),
        }
    }
}

/// The states of the runs in a list.
fn states(runs: &Value) -> Vec<String> {
    let all = runs.as_array().into_iter().flatten();
    all.filter_map(|run| run["run"]["state"].as_str().map(str::to_owned)).collect()
}

/// The bytes of the database, with what is not written back to it yet.
fn bytes_of_database(world: &World) -> Result<u64> {
    let folder = world.studio.answer.parent().context("a folder")?;
    let mut bytes = 0;
    for entry in fs::read_dir(folder)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("studio.db") {
            bytes += entry.metadata()?.len();
        }
    }
    Ok(bytes)
}

impl Seen {
    fn of(pid: u32) -> Self {
        let status = fs::read_to_string(format!("/proc/{pid}/status")).unwrap_or_default();
        let held = status.lines().find_map(|line| line.strip_prefix("VmRSS:")?.trim().strip_suffix(" kB"));
        let files = fs::read_dir(format!("/proc/{pid}/fd")).map_or(0, Iterator::count);
        let mut list = Command::new("ps");
        let listed = list.args(["--no-headers", "-o", "comm", "--ppid", &pid.to_string()]).output();
        let listed = listed.map(|listed| listed.stdout).unwrap_or_default();
        let connections =
            String::from_utf8_lossy(&listed).lines().filter(|name| name.trim() == "ssh").count();
        Self { connections, memory: held.and_then(|held| held.parse().ok()).unwrap_or(0) * 1024, files }
    }
}
