//! The line is cut a hundred times, at moments that chance chooses: while a run is sent, started, followed, fetched and
//! stopped. The runs go on meanwhile, and nothing of them is lost or doubled.

use std::{
    env, fs,
    path::{Path, PathBuf},
    thread::sleep,
    time::{Duration, SystemTime, UNIX_EPOCH},
};

use serde_json::{Value, json};
use stories::{Chance, wait};
use test_hosts::{Starts, Wire};

use crate::{cuts::assert_same_events, place::Place, world::processes_in};

/// How often the line is cut in each phase: a hundred times in all.
const SENDING: u64 = 25;
const STARTING: u64 = 20;
const FOLLOWING: u64 = 25;
const FETCHING: u64 = 20;
const STOPPING: u64 = 10;

/// The most bytes between two cuts of a transfer, beyond those that open a connection. A transfer is longer than all of
/// these together, so that it can't end before it was cut as often as it has to be.
const MOST: u64 = 3 << 19;
/// What opens a connection, at most.
const OPENING: u64 = 192 << 10;
/// What is sent and what is fetched.
const TO_SEND: u64 = SENDING * (MOST + OPENING) + (1 << 20);
const TO_FETCH: u64 = FETCHING * (MOST + OPENING) + (1 << 20);

struct Story {
    place: Place,
    wire: Wire,
    starts: Starts,
    chance: Chance,
    cuts: u64,
    /// How many starts had been asked for at the last cut.
    asked: usize,
    /// The bytes that open a connection and ask for the first thing.
    opening: u64,
}

impl Story {
    fn new() -> Option<Self> {
        let mut place = Place::new()?;
        // The worker may take as long to stop as it does.
        let fts = std::mem::take(&mut place.world.fts);
        place.world.fts = fts.with_variable("FINE_TUNING_STUDIO_STOP_SECONDS", "600");
        let seed = env::var("FINE_TUNING_STUDIO_SEED").ok().and_then(|seed| seed.parse().ok());
        let now = || SystemTime::now().duration_since(UNIX_EPOCH).expect("a time").as_secs();
        let seed = seed.unwrap_or_else(now);
        println!("FINE_TUNING_STUDIO_SEED={seed}");
        let (wire, starts) = (place.sshd.wire(), place.sshd.hold_up_starts());
        Some(Self { place, wire, starts, chance: Chance::new(seed), cuts: 0, asked: 0, opening: OPENING })
    }

    /// From 0 to that.
    fn below(&mut self, most: u64) -> u64 {
        (self.chance.fraction() * most as f64) as u64
    }

    /// One time in eight.
    fn is_rare(&mut self) -> bool {
        self.below(8) == 0
    }

    /// Cuts the line: its client is killed, what serves it there, the server for a while, or nothing but the line.
    fn cut(&mut self) {
        self.asked = self.starts.asked();
        match self.below(10) {
            0 => {
                self.place.sshd.stop();
                self.wire.cut();
                let away = 0.3 * self.chance.fraction();
                // The time for which it is away is a time and nothing else.
                sleep(Duration::from_secs_f64(away));
                self.place.sshd.restart();
            }
            1..=3 => self.place.sshd.kill_clients(),
            4..=5 => self.place.sshd.cut(),
            _ => {}
        }
        self.wire.cut();
        self.cuts += 1;
    }

    /// Cuts a transfer so many times, each after a number of bytes that chance chooses.
    fn cut_transfer(&mut self, times: u64, phase: &str) {
        for _ in 0..times {
            let bytes = match self.is_rare() {
                // While the connection is opened.
                true => self.below(self.opening),
                false => self.opening + self.below(MOST),
            };
            self.wire.let_through(Some(bytes));
            self.wire.until_held_back();
            self.assert_in(phase);
            self.cut();
        }
        self.wire.let_through(None);
    }

    /// Cuts so many times, each after a number of bytes that chance chooses, up to `most` after a connection is open.
    fn cut_talk(&mut self, times: u64, most: u64, phase: &str) {
        for _ in 0..times {
            let bytes = match self.is_rare() {
                true => self.below(self.opening),
                false => self.opening + self.below(most),
            };
            self.wire.until_passed(bytes);
            self.assert_in(phase);
            self.cut();
        }
    }

    /// Cuts so many times while the start of the worker was asked for and is not answered.
    fn cut_starts(&mut self, times: u64) {
        for _ in 0..times {
            if self.is_rare() {
                let bytes = self.below(self.opening);
                self.wire.until_passed(bytes);
            } else {
                self.until_asked();
            }
            self.assert_in("starting");
            self.cut();
        }
    }

    /// Waits until a start is asked for, since the last cut.
    fn until_asked(&self) {
        wait::until("the start to be asked for", || (self.starts.asked() > self.asked).then_some(()));
    }

    /// The run's folder here.
    fn folder(&self) -> Option<PathBuf> {
        let mut runs = fs::read_dir(self.place.world.fts.path("runs")).ok()?.flatten();
        runs.find(|run| !run.path().join("over").exists()).map(|run| run.path())
    }

    fn elsewhere(&self) -> Value {
        let text = self.folder().and_then(|folder| fs::read(folder.join("elsewhere.json")).ok());
        text.and_then(|text| serde_json::from_slice(&text).ok()).unwrap_or_default()
    }

    fn is_in(&self, phase: &str) -> bool {
        self.elsewhere()["phase"] == phase
    }

    fn assert_in(&self, phase: &str) {
        assert!(self.is_in(phase), "cut {}, {phase}: {}", self.cuts, self.elsewhere());
    }

    fn until_in(&self, phase: &str) {
        wait::until(phase, || self.is_in(phase).then_some(()));
    }

    /// Waits until the worker was asked to stop.
    fn until_delivered(&self) {
        let is_delivered = || self.elsewhere()["stop_delivered"].is_string();
        wait::until("the wish to stop to be delivered", || is_delivered().then_some(()));
    }

    /// What a run is made from lies there once.
    fn assert_sent_once(&self) {
        for (name, number) in [("models", 1), ("worker", 1), ("parts", 0), ("data", 2)] {
            let found = names(self.place.world.fts.path("there").as_ref(), name);
            assert_eq!(found.len(), number, "{name}: {found:?}");
        }
    }
}

fn names(folder: &Path, name: &str) -> Vec<String> {
    let entries = fs::read_dir(folder.join(name)).expect("a folder").flatten();
    entries.map(|entry| entry.file_name().to_string_lossy().into_owned()).collect()
}

/// Bytes that differ everywhere.
fn bytes(length: u64) -> Vec<u8> {
    (0..length / 8).flat_map(|number| number.wrapping_mul(0x9e37_79b9_7f4a_7c15).to_le_bytes()).collect()
}

#[test]
fn a_hundred_cuts_lose_nothing_and_double_nothing() {
    let Some(mut story) = Story::new() else { return };
    let weights = story.place.world.fts.path("model/more.bin");
    fs::write(weights, bytes(TO_SEND)).expect("a large model");

    story.wire.let_through(Some(0));
    let enough = story.place.world.fts.path("enough");
    let fake = json!({"steps": 1_000_000, "pause_ms": 10, "lines": 3, "enough": enough, "weighs": TO_FETCH});
    let arguments = story.place.training("tickets-1", &fake);
    let arguments: Vec<&str> = arguments.iter().map(String::as_str).chain(["--wait"]).collect();
    let mut training = story.place.world.start(&arguments);
    story.cut_transfer(SENDING, "sending");

    story.until_in("starting");
    story.until_asked();
    story.cut();
    story.until_asked();
    story.opening = story.wire.passed();
    assert!(story.opening < OPENING, "{}", story.opening);
    story.cut_starts(STARTING - 1);
    story.starts.go_on();
    story.until_in("running");

    let folder = story.folder().expect("a run");
    let id = folder.file_name().and_then(|name| name.to_str()).expect("an id").to_owned();
    story.place.until_step(&id, 1);
    // The run's folder there goes with its success.
    let kept = |name: &str| PathBuf::from(story.place.world.fts.path("kept")).with_extension(name);
    let files = ["events.jsonl", "log.txt"];
    for name in files {
        fs::hard_link(story.place.there(&id).join(name), kept(name)).expect("another name");
    }
    story.cut_talk(FOLLOWING, 10_000, "running");

    fs::write(&enough, "").expect("a file");
    while !story.is_in("fetching") {
        // No more than what a transfer has to spare.
        story.wire.let_through(Some(16 << 10));
        sleep(Duration::from_millis(20));
    }
    story.cut_transfer(FETCHING, "fetching");
    assert!(training.wait().expect("it ends").success());

    for name in files {
        let kept = PathBuf::from(story.place.world.fts.path("kept")).with_extension(name);
        let (here, there) = (fs::read(folder.join(name)).expect("here"), fs::read(kept).expect("there"));
        match name {
            "events.jsonl" => assert_same_events(&here, &there),
            _ => assert!(here == there, "{name}"),
        }
    }
    let steps = story.place.logged_steps(&id);
    let last = *steps.last().expect("steps");
    assert_eq!(steps, (1..=last).flat_map(|step| [step; 3]).collect::<Vec<_>>());
    let report = story.place.report(&id);
    assert_eq!((&report["run"]["attempt"], &report["account"]["step"]), (&json!(1), &json!(last)));
    story.place.assert_one_adapter(&id);
    let more = fs::read(folder.join("output/adapter/more.bin")).expect("the whole adapter");
    assert_eq!(more.len() as u64, TO_FETCH);
    assert!(more.chunks(1 << 20).enumerate().all(|(at, part)| part.iter().all(|byte| *byte == at as u8)));
    assert!(!story.place.there(&id).exists());
    story.assert_sent_once();

    fs::write(folder.join("over"), "").expect("a mark");
    stop_through_cuts(&mut story);
    println!("{} cuts", story.cuts);
    assert_eq!(story.cuts, 100);
}

/// A second run is stopped while the line is cut.
fn stop_through_cuts(story: &mut Story) {
    let saved = story.place.world.fts.path("saved");
    let fake = json!({"steps": 1_000_000, "pause_ms": 10, "stops_after": saved});
    let id = story.place.train("tickets-2", &fake);
    let mut watching = story.place.watch(&id);
    story.place.until_step(&id, 1);
    story.until_in("running");
    let mut asking = story.place.world.start(&["stop", &id]);
    // The worker is still saving, so that it has not ended.
    story.cut_talk(STOPPING, 500, "running");
    assert!(asking.wait().expect("it ends").success());
    story.until_delivered();
    fs::write(saved, "").expect("a file");
    watching.wait().expect("it ends");
    let run = story.place.until_over(&id);
    assert_eq!((&run["state"], &run["note"]), (&json!("stopped"), &json!("It stopped as asked.")));
    assert_eq!(run["attempt"], 1);
    let (here, there) = (story.place.world.folder(&id), story.place.there(&id));
    let [events, log] = ["events.jsonl", "log.txt"]
        .map(|name| (fs::read(here.join(name)).expect("here"), fs::read(there.join(name)).expect("there")));
    assert_same_events(&events.0, &events.1);
    assert!(log.0 == log.1, "log.txt");
    assert_eq!(fs::read_to_string(there.join("exit")).expect("a code"), "0");
    assert!(processes_in(&there).is_empty());
    assert_eq!(
        (story.place.world.fts.count("adapters"), story.place.world.fts.count("fine_tuning_jobs")),
        (1, 2)
    );
    story.assert_sent_once();
}
