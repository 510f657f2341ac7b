//! How many rows a file has, counted without the program's readers; `None` where other programs would not
//! count as they do.

use parquet::file::reader::{FileReader as _, SerializedFileReader};
/// The lines of JSON Lines that are not blank.
pub(crate) fn of_json_lines(text: &str) -> usize {
    text.split('\n').filter(|line| !line.trim_ascii().is_empty()).count()
}

/// The elements of a JSON list.
pub(crate) fn of_json_list(text: &str) -> Option<usize> {
    serde_json::from_str::<Vec<serde::de::IgnoredAny>>(text).ok().map(|list| list.len())
}

/// The records behind the header of CSV as the `csv` crate reads it, and the line of the header, of text that
/// all dialects read alike.
pub(crate) fn of_csv(text: &str, separator: u8) -> Option<(usize, u64)> {
    if !is_plain(text, char::from(separator)) {
        return None;
    }
    let mut csv = csv::ReaderBuilder::new();
    let csv = csv.delimiter(separator).has_headers(false).flexible(true);
    let mut records = csv.from_reader(text.as_bytes()).into_records();
    records.next()?.ok()?;
    let blank = text.len() - text.trim_start_matches(['\r', '\n']).len();
    let line = text.get(..blank)?.matches('\n').count() as u64 + 1;
    records.try_fold(0, |count, record| record.ok().map(|_| count + 1)).map(|count| (count, line))
}

/// Whether quotes stand only around whole fields, doubled within them, and nothing else is left to a dialect:
/// a carriage return alone, a byte-order mark amid the text, a line of blanks, a line that names the separator, the
/// end mark of DOS.
fn is_plain(text: &str, separator: char) -> bool {
    let unlike = text.starts_with("sep=")
        || text.replace("\r\n", "").contains('\r')
        || text.contains(['\u{feff}', '\u{1a}'])
        || text.lines().any(|line| !line.is_empty() && line.trim().is_empty());
    let ends = |next: Option<&char>| next.is_none_or(|next| [separator, '\n', '\r'].contains(next));
    let (mut quoted, mut starts) = (false, true);
    let mut characters = text.chars().peekable();
    while let Some(character) = characters.next() {
        match character {
            '"' if quoted && characters.peek() == Some(&'"') => _ = characters.next(),
            '"' if quoted && ends(characters.peek()) => quoted = false,
            '"' if !quoted && starts => quoted = true,
            '"' => return false,
            _ => {}
        }
        starts = [separator, '\n'].contains(&character);
    }
    !quoted && !unlike
}

/// The rows that the metadata of a Parquet file counts, if that of its groups agrees.
pub(crate) fn of_parquet(bytes: Vec<u8>) -> Option<usize> {
    let file = SerializedFileReader::new(bytes::Bytes::from(bytes)).ok()?;
    let metadata = file.metadata();
    let groups: i64 = metadata.row_groups().iter().map(|group| group.num_rows()).sum();
    let rows = metadata.file_metadata().num_rows();
    (rows == groups).then(|| usize::try_from(rows).ok()).flatten()
}

#[cfg(test)]
mod tests {
    use super::of_csv;

    #[test]
    fn only_what_all_dialects_read_alike_is_counted() {
        for (text, count) in [
            ("a,b\n1,2\n3,4\n", Some((2, 1))),
            ("\n\na,b\n1,\"2\n\n, \"\"x\"\"\"\n3,4", Some((2, 3))),
            ("a,b\r\n1,2\r\n", Some((1, 1))),
            ("a,b\n", Some((0, 1))),
            ("", None),
            ("a,b\n1,x \"y\" z\n", None),
            ("a,b\n1,\"x\" y\n", None),
            ("a,b\n1,\"x\n2,y\n", None),
            ("a,b\r1,2\r", None),
            ("a,b\n  \n1,2\n", None),
            ("sep=,\na,b\n1,2\n", None),
        ] {
            assert_eq!(of_csv(text, b','), count, "{text:?}");
        }
    }
}
