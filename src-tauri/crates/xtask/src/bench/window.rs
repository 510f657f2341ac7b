//! The window: how long until a person can use it, and how much memory all its processes hold
//! with a long list on screen.

use std::{
    fs,
    io::{BufRead, BufReader},
    path::Path,
    process::{Child, Command, Stdio},
    thread,
    time::{Duration, Instant},
};

use anyhow::{Context, Result, bail};

use super::{
    measure::Measured,
    table::{Series, Table},
};
use crate::{
    needs, node,
    program::{self, ask, cargo},
    repo, system,
};

/// How soon a person should be able to use the window, in seconds.
const USABLE: f64 = 1.0;
/// The line that the window logs once it can be used, from `src/commands/workspace.rs`.
const USABLE_LINE: &str = "The window was usable after";
/// Nothing here takes this long unless it never comes.
const LIMIT: Duration = Duration::from_secs(60);

/// Measures the release build on a display of its own, over a studio of 100,034 rows.
pub(super) fn measure(folder: &Path, store: &Path, rounds: u32) -> Result<Table> {
    system::provide(&[needs::BUILD, needs::USE, needs::DRIVE])?;
    node::provide()?;
    node::build()?;
    program::run(cargo().args(["build", "--release", "--package", "fine-tuning-studio"]))?;
    let display = Display::start()?;
    let (mut usable, mut held) = (Series::new(), 0);
    // The first start fills the system's caches and is not counted.
    for round in 0..=rounds {
        println!("   Start {round} of {rounds}");
        let window = Window::start(&display, folder, store)?;
        if round == 0 {
            held = window.memory_with_a_list(&display)?;
        } else {
            usable.push(Measured::from_time(window.usable));
        }
    }
    let mut table = Table::new("The release build under Xvfb", rounds);
    table.alone("Start to usable window", &usable, USABLE);
    table.fact(
        "Memory of all its processes, a list of 13,048 rows on screen",
        &format!("{} MB", held / 1_000_000),
    );
    Ok(table)
}

/// A display with a window manager.
struct Display {
    name: String,
    server: Child,
    manager: Child,
}

impl Display {
    fn start() -> Result<Self> {
        let mut server = Command::new("Xvfb")
            .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
            .stdout(Stdio::piped())
            .stderr(Stdio::null())
            .spawn()?;
        let mut number = String::new();
        BufReader::new(server.stdout.take().context("Xvfb has no standard output")?)
            .read_line(&mut number)?;
        let name = format!(":{}", number.trim());
        let manager = Command::new("openbox").env("DISPLAY", &name).stderr(Stdio::null()).spawn()?;
        Ok(Self { name, server, manager })
    }

    fn type_keys(&self, words: &[&str]) {
        let _ = ask(Command::new("xdotool").args(words).env("DISPLAY", &self.name));
    }
}

impl Drop for Display {
    fn drop(&mut self) {
        for child in [&mut self.manager, &mut self.server] {
            let _ = child.kill().and_then(|()| child.wait());
        }
    }
}

/// The running program.
struct Window {
    bus: Child,
    usable: Duration,
}

impl Window {
    fn start(display: &Display, folder: &Path, store: &Path) -> Result<Self> {
        let home = folder.join("home");
        fs::create_dir_all(&home)?;
        let start = Instant::now();
        let mut bus = Command::new("dbus-run-session")
            .arg("--")
            .arg(repo::target().join("release/fine-tuning-studio"))
            .arg("--db")
            .arg(store)
            .env("DISPLAY", &display.name)
            .env("HOME", &home)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .stdout(Stdio::null())
            .stderr(Stdio::piped())
            .spawn()?;
        let mut log = BufReader::new(bus.stderr.take().context("the window has no standard error")?);
        let mut line = String::new();
        while log.read_line(&mut line)? > 0 && !line.contains(USABLE_LINE) {
            line.clear();
        }
        let window = Self { bus, usable: start.elapsed() };
        if !line.contains(USABLE_LINE) {
            bail!("The window ended before it could be used.");
        }
        // A full pipe would block the window, so the rest is read and dropped.
        thread::spawn(move || std::io::copy(&mut log, &mut std::io::sink()));
        Ok(window)
    }

    /// Goes to the longest list by the keyboard, and waits until the memory stays the same.
    fn memory_with_a_list(&self, display: &Display) -> Result<u64> {
        display.type_keys(&["key", "ctrl+k"]);
        display.type_keys(&["type", "--delay", "60", "adapters"]);
        display.type_keys(&["key", "Return"]);
        let start = Instant::now();
        let mut before = 0;
        loop {
            thread::sleep(Duration::from_secs(2));
            let now = memory_of(&descendants(self.bus.id()));
            if now.abs_diff(before) < now / 100 {
                return Ok(now);
            }
            if start.elapsed() > LIMIT {
                bail!("The window's memory was still changing after a minute.");
            }
            before = now;
        }
    }
}

impl Drop for Window {
    fn drop(&mut self) {
        for id in descendants(self.bus.id()) {
            let _ = ask(Command::new("kill").arg(id.to_string()));
        }
        let _ = self.bus.wait();
    }
}

/// A process's children, their children, and so on.
fn descendants(of: u32) -> Vec<u32> {
    let mut found = vec![of];
    let mut at = 0;
    while let Some(id) = found.get(at) {
        let children = fs::read_to_string(format!("/proc/{id}/task/{id}/children")).unwrap_or_default();
        found.extend(children.split_whitespace().filter_map(|id| id.parse::<u32>().ok()));
        at += 1;
    }
    found.split_off(1)
}

/// The memory these processes hold, in bytes; what they share counts once
/// (<https://docs.kernel.org/filesystems/proc.html>, `smaps_rollup`, `Pss`).
fn memory_of(ids: &[u32]) -> u64 {
    let of = |id: &u32| {
        let text = fs::read_to_string(format!("/proc/{id}/smaps_rollup")).ok()?;
        let line = text.lines().find_map(|line| line.strip_prefix("Pss:"))?;
        line.split_whitespace().next()?.parse::<u64>().ok()
    };
    ids.iter().filter_map(of).sum::<u64>() * 1024
}
