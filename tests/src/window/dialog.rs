//! The system's own file dialogs, which no driver of web pages can reach.

use std::path::Path;

use super::Window;
use super::desktop::Desktop;
use crate::wait::until;

impl Window {
    /// Answer the open dialog with a file.
    pub fn choose_file(&self, path: &Path) {
        let dialog = Dialog::wait(&self.desktop, "Open File");
        // The leading slash opens the dialog's field for a path.
        dialog.answer(path);
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
        dialog.wait_gone();
    }
}

struct Dialog<'a> {
    desktop: &'a Desktop,
    title: String,
}

impl<'a> Dialog<'a> {
    fn wait(desktop: &'a Desktop, title: &str) -> Self {
        let title = format!("^{title}$");
        let window = until("the system's file dialog", || desktop.find(&title));
        desktop.activate(&window);
        Self { desktop, title }
    }

    fn press(&self, key: &str) {
        self.desktop.xdotool(&["key", key]);
    }

    fn answer(&self, path: &Path) {
        let path = path.to_str().expect("a path of plain text");
        self.desktop.xdotool(&["type", "--delay", "40", path]);
        self.press("Return");
        self.wait_gone();
    }

    fn wait_gone(&self) {
        until("the file dialog to close", || self.desktop.find(&self.title).is_none().then_some(()));
    }
}
