//! A display with a window manager, for one window at a time on the whole machine.

use std::fs::File;
use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};
use std::{env, thread};

use super::Home;
use super::process::{Process, has_ended, mortal};
use crate::built;
use crate::wait::until;

/// What the title of the program's window ends with, after the name of the workspace.
const TITLE: &str = "Fine Tuning Studio$";

/// How long a window may take to close before it is asked again.
const ASKED_AGAIN: Duration = Duration::from_secs(10);

pub(super) struct Desktop {
    display: String,
    /// The address of the session bus.
    bus: String,
    log: PathBuf,
    /// In the order in which they were started.
    processes: Vec<Process>,
    /// WebKit draws in software here: two windows at once would only wait for each other.
    _turn: File,
}

impl Desktop {
    pub(super) fn start(home: &Home) -> Self {
        let turn = File::create(built::pictures().join("turn.lock")).expect("a lock file");
        turn.lock().expect("this test's turn");
        let log = built::pictures().join(format!("{}.log", test_name()));
        // `-displayfd 1`: the server takes a free display and prints its number.
        let mut server = Process::start(
            mortal("Xvfb")
                .args(["-displayfd", "1", "-screen", "0", "1440x900x24", "-nolisten", "tcp"])
                .stdout(Stdio::piped())
                .stderr(File::create(&log).expect("a log file")),
        );
        let number = server.first_line();
        assert!(!number.is_empty(), "Xvfb gave no display. `cargo xtask test` installs it.");
        let mut bus = Process::start(
            home.dress(mortal("dbus-daemon").args(["--session", "--nofork", "--print-address=1"]))
                .stdout(Stdio::piped())
                .stderr(File::options().append(true).open(&log).expect("the log file")),
        );
        let address = bus.first_line();
        let processes = vec![server, bus];
        let mut desktop = Self { display: format!(":{number}"), bus: address, log, processes, _turn: turn };
        desktop.show(mortal("openbox"));
        desktop
    }

    /// Put a program on this display until the end; what it says goes to the log.
    pub(super) fn show(&mut self, command: Command) {
        let process = self.start_program(command);
        self.processes.push(process);
    }

    /// The same for a program that ends by itself.
    pub(super) fn start_program(&self, mut command: Command) -> Process {
        let log = || File::options().append(true).open(&self.log).expect("the log file");
        command
            .env("DISPLAY", &self.display)
            .env("GDK_BACKEND", "x11")
            .env_remove("WAYLAND_DISPLAY")
            .env("DBUS_SESSION_BUS_ADDRESS", &self.bus)
            .stdout(log())
            .stderr(log());
        Process::start(&mut command)
    }

    /// The address of the session bus.
    pub(super) fn bus(&self) -> &str {
        &self.bus
    }

    /// Use the keyboard and the windows of this display; what xdotool answers when it succeeds.
    pub(super) fn xdotool(&self, arguments: &[&str]) -> Option<String> {
        let mut command = Command::new("xdotool");
        command.args(arguments).env("DISPLAY", &self.display).stderr(Stdio::null());
        let output = command.output().expect("xdotool starts: `cargo xtask test` installs it");
        output.status.success().then(|| String::from_utf8_lossy(&output.stdout).trim().to_owned())
    }

    /// The visible window whose whole title matches a pattern.
    pub(super) fn find(&self, title: &str) -> Option<String> {
        let found = self.xdotool(&["search", "--onlyvisible", "--name", title])?;
        found.lines().next().map(str::to_owned)
    }

    /// Give a window the keyboard.
    pub(super) fn activate(&self, window: &str) {
        until("the window to get the keyboard", || {
            self.xdotool(&["windowactivate", window])?;
            (self.xdotool(&["getactivewindow"])? == window).then_some(())
        });
    }

    /// Whether a window has the keyboard.
    pub(super) fn is_active(&self, window: &str) -> bool {
        self.find(TITLE).is_some_and(|found| found == window)
            && self.xdotool(&["getactivewindow"]).is_some_and(|active| active == window)
    }

    /// Close the program's window as its title bar would, and wait for the end of the program.
    pub(super) fn close_window(&self) {
        let program = self.program();
        // A key that comes while the window manager hands on the focus reaches nobody, so a window
        // that stays is asked again, as a person would.
        let mut asked: Option<Instant> = None;
        until("the window to close", || {
            let Some(window) = self.find(TITLE) else { return Some(()) };
            if asked.is_none_or(|at| at.elapsed() > ASKED_AGAIN) {
                asked = Some(Instant::now());
                self.activate(&window);
                self.xdotool(&["key", "alt+F4"]);
            }
            None
        });
        until("the program to end", || has_ended(&program).then_some(()));
    }

    /// The process of the program whose window this is.
    pub(super) fn program(&self) -> String {
        let window = until("the program's window", || self.find(TITLE));
        self.xdotool(&["getwindowpid", &window]).expect("a window has a process")
    }

    /// Click in the program's window, in pixels from its corner.
    pub(super) fn click_at(&self, x: &str, y: &str) {
        let window = until("the program's window", || self.find(TITLE));
        self.xdotool(&["mousemove", "--window", &window, x, y, "click", "1"]);
    }

    /// Put the program's window away; what it is known by, to bring it back.
    pub(super) fn put_away(&self) -> String {
        let window = until("the program's window", || self.find(TITLE));
        self.xdotool(&["windowminimize", &window]);
        until("the window to be away", || self.find(TITLE).is_none().then_some(()));
        window
    }

    /// A picture of the display, as a file.
    pub(super) fn picture(&self) -> PathBuf {
        let path = self.log.with_extension("png");
        let mut command = Command::new("import");
        command.args(["-window", "root"]).arg(&path).env("DISPLAY", &self.display);
        let taken = command.status().is_ok_and(|status| status.success());
        assert!(taken || thread::panicking(), "no picture: `cargo xtask test` installs imagemagick");
        path
    }
}

impl Drop for Desktop {
    fn drop(&mut self) {
        if thread::panicking() {
            eprintln!("The window when the journey failed: {}", self.picture().display());
            eprintln!("What the programs said until then: {}", self.log.display());
        }
        // The last to come is the first to go: a program must not see its display vanish.
        while self.processes.pop().is_some() {}
    }
}

/// The name of the running test, fit for a file.
fn test_name() -> String {
    let current = thread::current();
    // nextest runs a test on the main thread and names it here.
    let name = env::var("NEXTEST_TEST_NAME").ok().or(current.name().map(str::to_owned));
    name.unwrap_or_else(|| "window".into()).replace("::", "-")
}
