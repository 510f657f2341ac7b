//! Converts the values of a source to the types of their columns.

use schema::Affinity;
use store::{Cell, SnapshotColumn};

/// The value in the type of its column, or the problem with it.
pub(super) fn fit(cell: Cell, column: &SnapshotColumn) -> Result<Cell, String> {
    let wanted = match column.affinity {
        Affinity::Text => "text",
        Affinity::Integer => "a whole number",
        Affinity::Real => "a number",
    };
    let found = match (column.affinity, cell) {
        (_, Cell::Null) if column.required => return Err(format!("The {} is missing.", column.name)),
        (_, Cell::Text(text)) if column.required && text.is_empty() => {
            return Err(format!("The {} is empty.", column.name));
        }
        (_, Cell::Text(text)) if text.contains('\0') => {
            return Err("The text contains a NUL character.".to_owned());
        }
        (_, Cell::Null) => return Ok(Cell::Null),
        (Affinity::Text, cell @ Cell::Text(_)) | (Affinity::Integer, cell @ Cell::Integer(_)) => {
            return Ok(cell);
        }
        (Affinity::Real, Cell::Real(number)) if number.is_nan() => {
            return Err("This is NaN, which a database can't hold.".to_owned());
        }
        (Affinity::Real, cell @ Cell::Real(_)) => return Ok(cell),
        (Affinity::Real, Cell::Integer(number)) => return exact(&number.to_string()),
        (Affinity::Real, Cell::Large(digits)) => return exact(&digits),
        (Affinity::Integer, Cell::Large(digits)) => {
            return Err(format!("{} is beyond what the column can hold, 64 bits.", cut(&digits)));
        }
        (_, Cell::Text(_)) => "text",
        (_, Cell::Integer(_) | Cell::Large(_)) => "a whole number",
        (_, Cell::Real(number)) if number.is_nan() => "NaN",
        (_, Cell::Real(number)) if number.is_infinite() => "Infinity",
        (_, Cell::Real(_)) => "a fraction",
        (_, Cell::Odd(what)) => what,
    };
    Err(format!("This is {found}, but must be {wanted}."))
}

/// A whole number as a float, if the float is the same number.
fn exact(digits: &str) -> Result<Cell, String> {
    let number = digits.parse::<f64>().ok().filter(|number| format!("{number:.0}") == digits);
    number.map(Cell::Real).ok_or_else(|| format!("{} has more digits than the column can hold.", cut(digits)))
}

/// Shortens a number, which may have any number of digits.
fn cut(digits: &str) -> String {
    const SHOWN: usize = 40;
    match digits.get(..SHOWN) {
        Some(first) if digits.len() > SHOWN => format!("{first}… ({} digits)", digits.len()),
        _ => digits.to_owned(),
    }
}

#[cfg(test)]
mod tests {
    use super::exact;
    use store::Cell;

    #[test]
    fn whole_numbers_become_floats_only_if_nothing_is_lost() {
        for (digits, number) in [("0", 0.0), ("-7", -7.0), ("9007199254740992", 9_007_199_254_740_992.0)] {
            assert_eq!(exact(digits), Ok(Cell::Real(number)));
        }
        assert_eq!(exact("10000000000000000000000"), Ok(Cell::Real(1e22)));
        for digits in ["9007199254740993", "12345678901234567890123", &"9".repeat(400)] {
            assert!(exact(digits).is_err(), "{digits}");
        }
    }
}
