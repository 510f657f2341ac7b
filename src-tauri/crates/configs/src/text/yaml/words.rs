//! Why a text is not YAML, in plain words.

use std::ops::Range;

use granit_parser::{ErrorKind, ScanError};

use crate::TextProblem;

/// Refuses characters that YAML has no place for, and those that are a line break for YAML 1.1, which
/// reads the config of a training, and an ordinary character for YAML 1.2.
pub(super) fn check_characters(text: &str) -> Result<(), TextProblem> {
    let odd = |c: char| match c {
        '\t' | '\n' | '\r' => false,
        '\u{85}' | '\u{2028}' | '\u{2029}' | '\u{fffe}' | '\u{ffff}' => true,
        c => c.is_control(),
    };
    let Some((at, c)) = text.char_indices().find(|(_, c)| odd(*c)) else { return Ok(()) };
    let message = format!("The invisible character U+{:04X} can't stand in YAML. Delete it.", u32::from(c));
    Err(TextProblem::at_byte(text, at, message))
}

/// Refuses tabs outside of these ranges, in bytes: PyYAML takes spaces alone.
pub(super) fn check_tabs(text: &str, allowed: &[Range<usize>]) -> Result<(), TextProblem> {
    let is_allowed = |at: usize| allowed.iter().any(|range| range.contains(&at));
    match text.match_indices('\t').find(|(at, _)| !is_allowed(*at)) {
        Some((at, _)) => Err(TextProblem::at_byte(text, at, TAB)),
        None => Ok(()),
    }
}

const TAB: &str = "This is not YAML: a tab stands here. YAML takes spaces alone.";

/// Within brackets and braces, PyYAML ends a text at a question mark.
pub(super) const IN_BRACKETS: &str =
    "This is not YAML: within [ ] and { }, a text that has a ? or begins with : or ! stands in quotes.";

/// The problem that an error of the parser means, in plain words.
pub(super) fn of_scan_error(text: &str, error: &ScanError) -> TextProblem {
    let marker = error.marker();
    let here = here(text, marker.line(), marker.col());
    let why = match error.kind() {
        ErrorKind::TabNotAllowed
        | ErrorKind::TabInBlockIndentation
        | ErrorKind::TabInIndentation
        | ErrorKind::TabAtBlockScalarStart
        | ErrorKind::TabInPlainScalar => return TextProblem::at(TAB, marker.line(), marker.col() + 1),
        ErrorKind::UnknownAnchor => {
            "this alias (*) has no anchor (&) of its name before it. Put a text that begins with * in quotes"
                .to_owned()
        }
        ErrorKind::UnclosedQuotedScalar | ErrorKind::DocumentIndicatorInQuotedScalar => {
            "a quote is not closed".to_owned()
        }
        ErrorKind::UnexpectedEofFlowSequence => "a [ is not closed".to_owned(),
        ErrorKind::UnexpectedEofFlowMapping | ErrorKind::UnexpectedEofImplicitFlowMapping => {
            "a { is not closed".to_owned()
        }
        ErrorKind::UnclosedFlowCollection { open } => format!("a {open} is not closed"),
        ErrorKind::MismatchedFlowCollectionEnd { open, close } => {
            format!("a {open} is closed with {close}")
        }
        ErrorKind::MisplacedFlowCollectionEnd => format!("{here} closes nothing"),
        ErrorKind::ExpectedFlowSequenceSeparator => {
            "a comma or ] is missing in the list in brackets".to_owned()
        }
        ErrorKind::ExpectedFlowMappingSeparator => {
            "a comma or } is missing in the map in braces".to_owned()
        }
        ErrorKind::InvalidColonPlacement | ErrorKind::MappingValueNotAllowed => {
            "a second colon stands here. Put a text with a colon in quotes, and check what stands above for an unclosed bracket"
                .to_owned()
        }
        ErrorKind::InvalidIndentation
        | ErrorKind::ExpectedBlockMappingKey
        | ErrorKind::ExpectedBlockSequenceEntry
        | ErrorKind::MappingKeyNotAllowed
        | ErrorKind::BlockSequenceEntryNotAllowed
        | ErrorKind::InvalidQuotedScalarIndent
        | ErrorKind::InvalidFlowScalarIndent
        | ErrorKind::InvalidBlockScalarIndent => {
            "this does not fit the indentation above it. Keys that belong together begin in the same column"
                .to_owned()
        }
        ErrorKind::SimpleKeyExpected | ErrorKind::InvalidSimpleKey => {
            "a key without a colon and a space after it stands here".to_owned()
        }
        ErrorKind::InvalidTrailingSingleQuotedScalar | ErrorKind::InvalidTrailingDoubleQuotedScalar => {
            "text follows a closing quote. Put all of it in the quotes, or none".to_owned()
        }
        ErrorKind::UnknownQuotedScalarEscape
        | ErrorKind::InvalidQuotedScalarHexEscape
        | ErrorKind::InvalidUnicodeEscape => {
            r"\ begins no known escape here. Write \\ for a backslash, or use single quotes".to_owned()
        }
        ErrorKind::InvalidLowSurrogateHexEscape
        | ErrorKind::InvalidLowSurrogate
        | ErrorKind::MissingLowSurrogate
        | ErrorKind::UnpairedLowSurrogate => "half of a character (\\uD800 to \\uDFFF) stands here".to_owned(),
        ErrorKind::BomInsideDocument => "a byte-order mark stands in the middle. Delete it".to_owned(),
        ErrorKind::RecursionLimitExceeded => "lists and maps lie too deep in each other".to_owned(),
        ErrorKind::UndeclaredTagHandle => "this tag (!) is not declared. Put a text that begins with ! in quotes".to_owned(),
        ErrorKind::UnexpectedCharacter { character } => {
            format!("a text can't begin with {character} here. Put it in quotes")
        }
        _ => format!("{here} can't stand here. Put it in quotes if it belongs to a text"),
    };
    TextProblem::at(format!("This is not YAML: {why}."), marker.line(), marker.col() + 1)
}

/// What stands at a place, for a sentence: a character, or the end of the text.
fn here(text: &str, line: usize, column: usize) -> String {
    let line = text.lines().nth(line.saturating_sub(1)).unwrap_or_default();
    match line.chars().nth(column) {
        Some(c) if !c.is_whitespace() => format!("'{c}'"),
        Some(_) => "a blank".to_owned(),
        None => "the end of the line".to_owned(),
    }
}
