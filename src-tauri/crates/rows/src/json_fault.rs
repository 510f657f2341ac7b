//! What is wrong with a text that is not JSON, in words for whoever made the file.

use serde_json::Error;

/// Where a text stops being JSON, and why.
pub struct JsonFault {
    /// How many lines of the text come before the fault.
    pub lines: u64,
    /// Which character of that line it is, counted from one.
    pub character: u64,
    /// What is wrong there, in a sentence without a period.
    pub why: String,
}

impl JsonFault {
    /// The fault of this text that `error` describes.
    pub fn new(text: &[u8], error: &Error) -> Self {
        let lines = error.line().saturating_sub(1);
        let line_start = |lines: usize| match lines.checked_sub(1) {
            None => 0,
            Some(nth) => memchr::memchr_iter(b'\n', text).nth(nth).map_or(0, |at| at + 1),
        };
        // A line break that is at fault is reported as the start of the next line.
        let (lines, at) = match error.column().checked_sub(1) {
            Some(column) => (lines, line_start(lines) + column),
            None => (lines.saturating_sub(1), line_start(lines).saturating_sub(1)),
        };
        let before = text.get(line_start(lines)..at).unwrap_or_default();
        let characters = before.iter().filter(|byte| !matches!(byte, 0x80..=0xbf)).count();
        let rest = text.get(at..).unwrap_or_default();
        Self {
            lines: lines as u64,
            character: characters as u64 + 1,
            why: why(&error.to_string(), before, rest),
        }
    }
}

/// The cause; `rest` begins with the character at fault, and `before` is its line before it.
fn why(error: &str, before: &[u8], rest: &[u8]) -> String {
    let error = error.split(" at line ").next().unwrap_or_default();
    if let Some(foreign) = foreign(rest).filter(|_| !error.contains("pars") && !error.contains("escape")) {
        return foreign.to_owned();
    }
    let why = match error {
        "EOF while parsing an object" => "the object is not closed",
        "EOF while parsing a list" => "the list is not closed",
        "EOF while parsing a string" => "the text is not closed",
        "EOF while parsing a value" => "it ends before its value",
        "expected `:`" => "a colon is missing after the key",
        "expected `,` or `}`" | "expected `,` or `]`" => {
            "a comma or a closing bracket is missing, or a quote inside a text has no backslash before it"
        }
        "trailing comma" => "a comma stands before the closing bracket",
        "trailing characters" => match rest.first() {
            Some(b',') => "a comma stands behind the object",
            Some(b'{') if before.ends_with(b"\r") => {
                "lines end with a carriage return alone; end them with a line feed"
            }
            Some(b'{') => "another object stands behind the first; each needs a line of its own",
            _ => "something stands behind the value",
        },
        "key must be a string" => match rest.first() {
            Some(b'\'') => SINGLE_QUOTES,
            _ => "a key must stand in double quotes",
        },
        "expected value" => match rest {
            [b'\'', ..] => SINGLE_QUOTES,
            [b',' | b'}' | b']' | b':', ..] => "a value is missing",
            _ => "a text needs double quotes around it",
        },
        "expected ident" => "only null, true and false stand without quotes",
        "invalid number" if rest.starts_with(b" ") => "a dash without a number, as lists of YAML have",
        "invalid number" => "the number is not written as JSON writes numbers",
        "number out of range" => "the number is larger than any that can be read",
        "invalid escape" => "a backslash stands before a character that needs none; write it twice",
        "unexpected end of hex escape"
        | "lone leading surrogate in hex escape"
        | "invalid unicode code point" => "a \\u escape is half of a character, such as one half of an emoji",
        "recursion limit exceeded" => "lists and objects are nested more than 127 deep",
        _ if error.starts_with("control character") => match rest.first() {
            Some(b'\n' | b'\r') => "a text goes over a line break; write it as \\n, or close the text",
            Some(b'\t') => "a tab stands in a text; write it as \\t",
            Some(0) => NULS,
            _ => "a control character stands in a text; write it as \\u and four digits",
        },
        _ => "it can't be read",
    };
    why.to_owned()
}

const SINGLE_QUOTES: &str = "single quotes, as Python writes them, where JSON needs double quotes";
const NULS: &str = "there are NUL bytes: the file is damaged or padded";

/// What other programs write where JSON has nothing of the kind.
fn foreign(rest: &[u8]) -> Option<&'static str> {
    const FOREIGN: [(&[u8], &str); 12] = [
        (b"//", "a comment, which JSON does not have"),
        (b"/*", "a comment, which JSON does not have"),
        (b"#", "a comment, which JSON does not have"),
        (b"NaN", "NaN, which JSON does not have; write null"),
        (b"nan", "NaN, which JSON does not have; write null"),
        (b"Infinity", "Infinity, which JSON does not have; write null or a text"),
        (b"True", "True, as Python writes it, where JSON has true"),
        (b"False", "False, as Python writes it, where JSON has false"),
        (b"None", "None, as Python writes it, where JSON has null"),
        (
            b"\xef\xbb\xbf",
            "a byte-order mark, as at the start of a file: two files may have been joined here",
        ),
        (b"\x1e", "a record separator, as JSON text sequences have; take it out of each line"),
        (b"\0", NULS),
    ];
    FOREIGN.iter().find(|(start, _)| rest.starts_with(start)).map(|(_, words)| *words)
}

#[cfg(test)]
mod tests {
    use super::JsonFault;
    use crate::json_text::JsonText;

    #[test]
    fn faults_are_named_in_plain_words() {
        let cases: [(&[u8], u64, &str); 41] = [
            (br#"{"a": 1"#, 7, "not closed"),
            (br#"{"a": [1, 2"#, 11, "the list is not closed"),
            (br#"{"a": "b"#, 8, "the text is not closed"),
            (br#"{"a":"#, 5, "ends before its value"),
            (br#"{"a": 1},"#, 9, "a comma stands behind the object"),
            (br#"{"a": 1}{"a": 2}"#, 9, "another object"),
            (b"{\"a\": 1}\r{\"a\": 2}", 10, "a carriage return"),
            (b"- a: 1", 2, "YAML"),
            (b"\x1e{\"a\": 1}", 1, "a record separator"),
            (br#"{"a": 1} x"#, 10, "something stands behind"),
            (br#"{"a": 1} // why"#, 10, "a comment"),
            (b"// why", 1, "a comment"),
            (b"# why", 1, "a comment"),
            (br#"{"a": 1 /* b */}"#, 9, "a comment"),
            (br"{'a': 1}", 2, "single quotes"),
            (br#"{"a": 'b'}"#, 7, "single quotes"),
            (br"{a: 1}", 2, "a key must stand in double quotes"),
            (br#"{"a" 1}"#, 6, "a colon is missing"),
            (br#"{"a": 1,}"#, 9, "a comma stands before the closing"),
            (br#"{"a": [1,]}"#, 10, "a comma stands before the closing"),
            (br#"{"a": }"#, 7, "a value is missing"),
            (br#"{"a": x}"#, 7, "double quotes around"),
            (br#"{"a": NaN}"#, 7, "NaN"),
            (br#"{"a": Infinity}"#, 7, "Infinity"),
            (br#"{"a": -Infinity}"#, 8, "Infinity"),
            (br#"{"a": True}"#, 7, "True, as Python"),
            (br#"{"a": None}"#, 7, "None, as Python"),
            (br#"{"a": nul}"#, 10, "null, true and false"),
            (br#"{"a": "b "c""#, 11, "a quote inside a text"),
            (br#"{"a": 1 "b": 2}"#, 9, "a comma or a closing bracket"),
            (b"{\"a\": \"b\tc\"}", 9, "a tab"),
            (b"{\"a\": \"b\nc\"}", 9, "a line break"),
            (br#"{"a": "\d"}"#, 9, "a backslash"),
            (br#"{"a": "\ud83d"}"#, 14, "half of"),
            (br#"{"a": "\ude00"}"#, 13, "half of"),
            (br#"{"a": "\ud83dx"}"#, 14, "half of"),
            (br#"{"a": 01}"#, 8, "not written as JSON"),
            (br#"{"a": 1e999}"#, 11, "larger than any"),
            (b"\xef\xbb\xbf{\"a\": 1}", 1, "byte-order mark"),
            ("{\"ä\": 'b'}".as_bytes(), 7, "single quotes"),
            (b"{\"a\": 1}\0\0", 9, "NUL bytes"),
        ];
        let mut wrong = Vec::new();
        for (text, character, why) in cases {
            let error = JsonText::parse(text).err().unwrap();
            let fault = JsonFault::new(text, &error);
            if !fault.why.contains(why) || fault.character != character {
                let shown = String::from_utf8_lossy(text);
                wrong.push(format!("{shown}: {error} became {}: {}", fault.character, fault.why));
            }
        }
        assert!(wrong.is_empty(), "{wrong:#?}");
    }
}
