//! The system's own file dialogs, which no driver of web pages can reach.

use std::path::Path;
use std::thread::sleep;
use std::time::{Duration, Instant};

use super::Window;
use super::desktop::Desktop;
use crate::wait::{LIMIT, PAUSE, until};

impl Window {
    /// Answer the open dialog with a file.
    pub fn choose_file(&self, path: &Path) {
        // The leading slash opens the dialog's field for a path.
        Dialog::wait(&self.desktop, "Open File").answer(path);
    }

    /// Answer the save dialog with a place.
    pub fn choose_place(&self, path: &Path) {
        let dialog = Dialog::wait(&self.desktop, "Save File");
        // The proposed name is replaced, ending included.
        dialog.press("ctrl+a");
        dialog.answer(path);
    }

    /// Close the open dialog without an answer.
    pub fn choose_nothing(&self) {
        let dialog = Dialog::wait(&self.desktop, "Open File");
        dialog.press("Escape");
        until("the file dialog to close", || dialog.is_gone().then_some(()));
    }
}

struct Dialog<'a> {
    desktop: &'a Desktop,
    title: String,
    window: String,
}

impl<'a> Dialog<'a> {
    fn wait(desktop: &'a Desktop, title: &str) -> Self {
        let title = format!("^{title}$");
        let window = until("the system's file dialog", || desktop.find(&title));
        desktop.activate(&window);
        Self { desktop, title, window }
    }

    fn press(&self, key: &str) {
        self.desktop.xdotool(&["key", key]);
    }

    /// Type a path. The dialog completes names while one types, and on a busy machine its help can
    /// come late and swallow a letter; nothing outside can see the text, so it is typed again.
    fn answer(&self, path: &Path) {
        let path = path.to_str().expect("a path of plain text");
        let start = Instant::now();
        loop {
            self.desktop.xdotool(&["type", "--delay", "40", path]);
            self.press("Return");
            if self.goes() {
                return;
            }
            assert!(start.elapsed() < LIMIT, "The file dialog did not take {path}.");
            // Where the path was wrong, a message stands before the dialog.
            self.press("Return");
            self.desktop.activate(&self.window);
            self.press("ctrl+a");
        }
    }

    /// Whether the dialog closes soon, as it does when it understood the path.
    fn goes(&self) -> bool {
        let start = Instant::now();
        while start.elapsed() < Duration::from_secs(5) {
            if self.is_gone() {
                return true;
            }
            sleep(PAUSE);
        }
        false
    }

    fn is_gone(&self) -> bool {
        self.desktop.find(&self.title).is_none()
    }
}
