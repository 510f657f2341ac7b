//! The Markdown of cards.

/// Where the worker writes the names, sizes and hashes of the files, which are known when they are sent.
pub(super) const FILES: &str = "<!-- files -->";

/// A section of a table with two columns; empty without rows.
pub(super) fn table(title: &str, rows: &[(String, String)]) -> String {
    if rows.is_empty() {
        return String::new();
    }
    let lines = rows.iter().map(|(name, value)| format!("| {} | {} |\n", cell(name), cell(value)));
    format!("## {title}\n\n| | |\n|---|---|\n{}\n", lines.collect::<String>())
}

/// A text as it stands in a cell of a table.
fn cell(text: &str) -> String {
    text.replace('|', "\\|").split_whitespace().collect::<Vec<_>>().join(" ")
}

/// A code block around a text that may have fences of its own.
pub(super) fn block(text: &str) -> String {
    let longest = text.split(|character| character != '`').map(str::len).max().unwrap_or_default();
    let fence = "`".repeat(longest.max(2) + 1);
    format!("{fence}\n{}\n{fence}\n", text.trim_end_matches('\n'))
}
