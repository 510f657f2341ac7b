//! Questions that a command asks before it does what can't be undone.

use std::io::{IsTerminal as _, Write as _, stdin};

/// Asks on a terminal. Without one, and where results are JSON, the answer is no.
pub(crate) fn is_agreed(question: &str, json: bool) -> bool {
    if json || !stdin().is_terminal() {
        return false;
    }
    eprint!("{question} [y/N] ");
    let _ = std::io::stderr().flush();
    let mut answer = String::new();
    stdin().read_line(&mut answer).is_ok() && matches!(answer.trim(), "y" | "Y" | "yes")
}
