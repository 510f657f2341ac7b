//! The lengths of one row, by the rules of the worker and its trainers.

use prompts::Counter;
use resources::Method;

use super::counted::RowLengths;
use run_folder::rows::{Example, ExampleText};

/// How texts become tokens.
#[derive(Debug, Clone)]
pub(super) struct Measure {
    pub(super) counter: Counter,
    pub(super) method: Method,
    /// Whether texts hold all tokens already, because a chat template rendered them.
    pub(super) rendered: bool,
    /// The token that a trainer puts behind a text that isn't rendered, if the model's folder names it.
    pub(super) end: Option<String>,
    /// Whether the completion alone carries loss, where there is a prompt.
    pub(super) completion_only: bool,
}

impl Measure {
    /// The lengths of a row; none where it has no texts.
    pub(super) fn row(&self, example: &Example) -> Option<RowLengths> {
        match example.texts.as_slice() {
            [only] => Some(self.text(only, example.loss.as_deref())),
            [prompt, answer] => Some(self.answer(prompt, answer).0),
            [prompt, chosen, rejected] => Some(self.answers(prompt, chosen, rejected)),
            _ => None,
        }
    }

    fn text(&self, text: &ExampleText, loss: Option<&[(usize, usize)]>) -> RowLengths {
        let first = loss.and_then(|loss| loss.first()).map_or(0, |(start, _)| *start);
        let byte = text.text.char_indices().nth(first).map_or(0, |(byte, _)| byte);
        self.sequence(&text.text, byte).0
    }

    /// Prompt and answer as one text, and how many tokens come before those of the answer.
    fn answer(&self, prompt: &ExampleText, answer: &ExampleText) -> (RowLengths, u64) {
        let whole = [prompt.text.as_str(), answer.text.as_str()].concat();
        let learned = if self.completion_only || self.method != Method::Sft { prompt.text.len() } else { 0 };
        self.sequence(&whole, learned)
    }

    fn answers(&self, prompt: &ExampleText, chosen: &ExampleText, rejected: &ExampleText) -> RowLengths {
        let ((chosen, after_chosen), (rejected, after_rejected)) =
            (self.answer(prompt, chosen), self.answer(prompt, rejected));
        let longest = chosen.longest.max(rejected.longest);
        RowLengths {
            longest,
            other: Some(chosen.longest.min(rejected.longest)),
            needed: match self.method {
                // Its trainer leaves out rows with an answer that would be cut.
                Method::Reward => longest,
                // The prompt ends where either answer differs from it.
                _ => after_chosen.min(after_rejected) + 1,
            },
            exact: chosen.exact && rejected.exact,
        }
    }

    /// A text that is trained on, of which what begins at that byte carries loss; and the tokens before.
    fn sequence(&self, text: &str, byte: usize) -> (RowLengths, u64) {
        let extent = self.counter.extent(text, !self.rendered, byte);
        let ended = self.rendered || self.end.as_deref().is_some_and(|end| text.ends_with(end));
        let length = extent.tokens + u64::from(!ended);
        let lengths =
            RowLengths { longest: length, other: None, needed: extent.before + 1, exact: extent.exact };
        (lengths, extent.before)
    }
}
