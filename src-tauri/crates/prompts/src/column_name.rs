//! Names of columns as templates can hold them.

use super::python;

/// The column that the braces at this byte would name if its name had no character that they can't hold.
pub(super) fn unnameable<'a>(text: &str, offset: usize, columns: &'a [String]) -> Option<&'a str> {
    let inner = text.get(offset..)?.strip_prefix('{')?;
    let is_named =
        |column: &&String| inner.strip_prefix(column.as_str()).is_some_and(|rest| rest.starts_with('}'));
    // Of "a}" and "a}.b", the longer.
    let named = columns.iter().filter(is_named).max_by_key(|column| column.len())?;
    (!is_nameable(named)).then_some(named.as_str())
}

/// A name like the column's that a template can name; the name itself if it is one.
pub fn nameable(column: &str) -> String {
    if is_nameable(column) {
        return column.to_owned();
    }
    let plain: String = column
        .trim()
        .chars()
        .map(|c| if c.is_alphanumeric() || matches!(c, ' ' | '-') { c } else { '_' })
        .collect();
    let plain = plain.trim_matches('_');
    if is_nameable(plain) { plain.to_owned() } else { format!("column_{plain}") }
}

/// Whether a template can name the column.
pub fn is_nameable(column: &str) -> bool {
    !column.contains('}') && check_name(column).is_ok()
}

/// Why braces can't hold the name.
pub(super) fn check_name(name: &str) -> Result<(), String> {
    let odd = name.chars().find(|c| matches!(c, '{' | '[' | '.' | '!' | ':'));
    if name.is_empty() {
        Err("Empty braces. Write a column's name between them, or {{}} for literal braces.".to_owned())
    } else if name.chars().all(python::is_digit) {
        Err(format!("{{{name}}} is a position. Write a column's name."))
    } else if let Some(c) = odd {
        Err(format!(
            "'{c}' can't stand inside braces. Write a column's name alone, as in {{question}}, or {{{{ and }}}} for literal braces."
        ))
    } else {
        Ok(())
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_name_is_offered_for_a_column_that_can_not_be_named() {
        for (column, offered) in [
            ("a.b", "a_b"),
            ("{x}", "x"),
            ("0", "column_0"),
            ("", "column_"),
            ("q:a", "q_a"),
            ("a[0]", "a_0"),
            ("!", "column_"),
            (" a.b ", "a_b"),
            ("..", "column_"),
        ] {
            assert_eq!(nameable(column), offered, "{column}");
            assert!(is_nameable(&nameable(column)) && !is_nameable(column), "{column}");
        }
        let columns = ["a.b", "0", "a}", "a}.b", "plain"].map(str::to_owned);
        let found = |text: &str, at| unnameable(text, at, &columns);
        assert_eq!(found("x {a.b}", 2), Some("a.b"));
        assert_eq!(found("{0}", 0), Some("0"));
        assert_eq!(found("{a}.b}", 0), Some("a}.b"));
        assert_eq!(found("{plain}", 0), None);
        assert_eq!(found("{c.d}", 0), None);
        assert_eq!(found("x", 0), None);
    }
}
