//! What is wrong with the text of a JSON file, in words for people.

use std::io;

/// Why a text is no snapshot.
#[derive(Debug)]
pub(super) enum Fault {
    /// The file could not be read.
    Disk(io::Error),
    /// The rows are no longer taken: the work was stopped, or staging failed.
    Stopped,
    /// The text ends before what it began.
    Ends,
    /// Something that JSON does not allow, or that a snapshot does not hold, as a clause: "a comma is
    /// missing".
    Text(String),
}

impl From<io::Error> for Fault {
    fn from(error: io::Error) -> Self {
        match error.kind() {
            // The decoder's own errors say what the file is like.
            io::ErrorKind::UnexpectedEof => Self::Ends,
            io::ErrorKind::InvalidData => Self::Text(error.to_string()),
            _ => Self::Disk(error),
        }
    }
}

impl Fault {
    /// A fault of the text, as a clause.
    pub(super) fn text(what: impl Into<String>) -> Self {
        Self::Text(what.into())
    }

    /// The text goes on with `rest` where it should go on with `wanted`.
    pub(super) fn unexpected(rest: &[u8], wanted: &str) -> Self {
        let is_word = |byte: &u8| byte.is_ascii_alphanumeric() || b"_.+-".contains(byte);
        let word: Vec<u8> = rest.iter().copied().take_while(is_word).take(20).collect();
        let word = String::from_utf8_lossy(&word);
        Self::Text(match (rest.first(), &*word) {
            (Some(b'\''), _) => "a text stands in single quotes, where JSON has double quotes".to_owned(),
            (Some(b'/' | b'#'), _) => "it has a comment, which JSON can't have".to_owned(),
            (Some(0), _) => "it is padded with NUL bytes".to_owned(),
            (_, "None" | "True" | "False") => {
                format!("it has Python's {word}; JSON has null, true and false")
            }
            (_, "") => match String::from_utf8_lossy(&rest[..rest.len().min(4)]).chars().next() {
                Some(char::REPLACEMENT_CHARACTER) => "bytes in it are not UTF-8".to_owned(),
                Some(found) => format!("{} stands where {wanted} is needed", shown(found)),
                None => format!("{wanted} is missing"),
            },
            (_, word) => format!("'{word}' stands where {wanted} is needed"),
        })
    }

    /// A character that a text has and JSON writes as an escape.
    pub(super) fn control(byte: u8) -> Self {
        Self::Text(match byte {
            b'\n' | b'\r' => "a text has a line break in it, which JSON writes as \\n".to_owned(),
            _ => format!(
                "a text has the control character {byte:#04x} in it, which JSON writes as \\u{byte:04x}"
            ),
        })
    }
}

fn shown(found: char) -> String {
    if found.is_control() { format!("the character {:#04x}", u32::from(found)) } else { format!("'{found}'") }
}
