//! The page in the window, used as a person does: by what is written on it.

use std::time::Instant;

use fantoccini::elements::{Element, ElementRef};
use fantoccini::key::Key;
use serde_json::{Value, json};

use super::Window;
use crate::wait::{LIMIT, PAUSE};

/// Finds what is visible by its role and its words.
const FIND: &str = include_str!("find.js");

/// The name under which WebDriver passes elements around.
const ELEMENT: &str = "element-6066-11e4-a52e-4f735466cecf";

/// A place in the window.
#[derive(Debug, Clone, Copy)]
pub struct Place {
    x: f64,
    y: f64,
}

impl Window {
    /// Click the button, link, tab or option with these words.
    pub async fn click(&self, name: &str) {
        self.click_element("click", &[name]).await;
    }

    /// Click the same within the part of the page with this label; elsewhere something may be called the same.
    pub async fn click_in(&self, part: &str, name: &str) {
        self.click_element("click in", &[name, part]).await;
    }

    /// Fill the field with this label.
    pub async fn fill(&self, label: &str, text: &str) {
        self.click_element("field", &[label]).await;
        let field = self.find("field", &[label]).await;
        // A line break in a text is a key of its own.
        let keys = text.replace('\n', &Key::Enter);
        let result = async {
            field.send_keys(&(Key::Control + "a")).await?;
            field.send_keys(&keys).await
        };
        result.await.unwrap_or_else(|error| panic!("\"{label}\" can't be filled: {error:?}"));
        self.wait(&format!("\"{label}\" to hold \"{text}\""), "holds", &[label, text]).await;
    }

    /// Choose an option of the list field with this label.
    pub async fn choose(&self, label: &str, option: &str) {
        self.click_element("field", &[label]).await;
        self.click_element("option", &[option]).await;
    }

    /// Click a tab; elsewhere a link may be called the same.
    pub async fn click_tab(&self, name: &str) {
        self.click_element("tab", &[name]).await;
    }

    /// Click the row of a list that holds this text.
    pub async fn click_row(&self, text: &str) {
        self.click_element("row", &[text]).await;
    }

    /// The middle of the button with these words, in pixels from the window's corner.
    pub async fn place(&self, name: &str) -> Place {
        let (x, y, width, height) =
            self.find("click", &[name]).await.rectangle().await.expect("a button has a place");
        Place { x: x + width / 2.0, y: y + height / 2.0 }
    }

    /// Click at a place with the mouse of the display. The page need not be driven for it.
    pub fn click_at(&self, place: Place) {
        self.desktop.click_at(&format!("{:.0}", place.x), &format!("{:.0}", place.y));
    }

    /// Press a key combination on whatever has the keyboard, such as `ctrl+n`.
    pub fn press(&self, keys: &str) {
        self.desktop.xdotool(&["key", keys]);
    }

    /// Type on the keyboard, into whatever has it.
    pub fn type_text(&self, text: &str) {
        self.desktop.xdotool(&["type", "--delay", "40", text]);
    }

    /// Wait until the field with this label, or the button with these words, has the keyboard.
    pub async fn see_focus(&self, label: &str) {
        self.wait(&format!("\"{label}\" to have the keyboard"), "focus", &[label]).await;
    }

    /// Wait until this text is to be seen.
    pub async fn see(&self, text: &str) {
        self.wait(&format!("\"{text}\" to be seen"), "text", &[text]).await;
    }

    /// Wait until this text is not to be seen any more.
    pub async fn see_no(&self, text: &str) {
        self.wait(&format!("\"{text}\" to go away"), "no text", &[text]).await;
    }

    /// Wait until this text is to be seen beside the field with this label.
    pub async fn see_beside(&self, label: &str, text: &str) {
        let what = format!("\"{text}\" to be seen beside \"{label}\"");
        self.wait(&what, "beside", &[label, text]).await;
    }

    /// Wait until the panel beside the list shows the row with this name.
    pub async fn see_detail(&self, name: &str) {
        self.wait(&format!("the panel of \"{name}\""), "detail", &[name]).await;
    }

    /// Wait until a page with this title is shown.
    pub async fn see_page(&self, page: &str) {
        self.wait(&format!("the page {page}"), "page", &[page]).await;
    }

    /// Wait until a dialog is open.
    pub async fn see_dialog(&self) {
        self.wait("a dialog", "dialog", &[]).await;
    }

    /// Wait until no dialog is open, not even one that is still fading away.
    pub async fn see_no_dialog(&self) {
        self.wait("the dialog to close", "no dialog", &[]).await;
    }

    /// Wait until the field with this label holds a text.
    pub async fn see_held(&self, label: &str, text: &str) {
        self.wait(&format!("\"{label}\" to hold \"{text}\""), "holds", &[label, text]).await;
    }

    /// What is to be seen that matches a regular expression, once there is something.
    pub async fn read(&self, pattern: &str) -> String {
        let found = self.wait(&format!("something like {pattern}"), "match", &[pattern]).await;
        found.as_str().expect("the page answers with a text").to_owned()
    }

    async fn find(&self, role: &str, words: &[&str]) -> Element {
        let found = self.wait(&format!("{role} {words:?}"), role, words).await;
        let id = found[ELEMENT].as_str().expect("the page answers with an element").to_owned();
        Element::from_element_id(self.client.clone(), ElementRef::from(id))
    }

    /// Pages move while they load, so a click that did not arrive is tried again.
    async fn click_element(&self, role: &str, words: &[&str]) {
        let start = Instant::now();
        while let Err(error) = self.find(role, words).await.click().await {
            assert!(start.elapsed() < LIMIT, "{role} {words:?} can't be clicked: {error:?}");
            tokio::time::sleep(PAUSE).await;
        }
    }

    /// Ask the page until the answer is something.
    async fn wait(&self, what: &str, question: &str, words: &[&str]) -> Value {
        let start = Instant::now();
        loop {
            let answer = self.client.execute(FIND, vec![json!(question), json!(words)]).await;
            match answer {
                Ok(Value::Null | Value::Bool(false)) => {
                    assert!(start.elapsed() < LIMIT, "Waited {LIMIT:?} for {what}, in vain.");
                }
                Ok(answer) => return answer,
                Err(error) => assert!(start.elapsed() < LIMIT, "Waited for {what}: {error:?}"),
            }
            tokio::time::sleep(PAUSE).await;
        }
    }
}
