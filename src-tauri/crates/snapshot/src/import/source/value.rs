//! Values of a JSON text: what numbers and words mean, those of Python included.

/// A value, without what it holds if it is a list or an object.
#[derive(Debug, Clone, PartialEq)]
pub(super) enum Value {
    Null,
    Boolean,
    Integer(i64),
    /// A whole number of more than 64 bits, as it is written.
    Large(String),
    Real(f64),
    Text(String),
    List,
    Object,
}

/// The value that a word stands for; none if it is no value. What is not a finite number is written as
/// Python writes it.
pub(super) fn value_of(word: &str) -> Option<Value> {
    Some(match word {
        "null" => Value::Null,
        "true" | "false" => Value::Boolean,
        "NaN" => Value::Real(f64::NAN),
        "Infinity" => Value::Real(f64::INFINITY),
        "-Infinity" => Value::Real(f64::NEG_INFINITY),
        number => {
            let digits = number.strip_prefix('-').unwrap_or(number);
            let whole = digits.bytes().take_while(u8::is_ascii_digit).count();
            if whole == 0 || (whole > 1 && digits.starts_with('0')) {
                return None;
            }
            match &digits[whole..] {
                "" => number.parse().map_or_else(|_| Value::Large(number.to_owned()), Value::Integer),
                rest if is_fraction(rest) => Value::Real(number.parse().ok()?),
                _ => return None,
            }
        }
    })
}

/// Whether this is what may follow the whole part of a number: `.5`, `e-3`, `.5E+3`.
fn is_fraction(rest: &str) -> bool {
    let digits = |text: &str| !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_digit());
    let (fraction, exponent) = match rest.find(['e', 'E']) {
        Some(at) => (&rest[..at], Some(&rest[at + 1..])),
        None => (rest, None),
    };
    let exponent = exponent.map(|exponent| exponent.strip_prefix(['-', '+']).unwrap_or(exponent));
    (fraction.is_empty() || fraction.strip_prefix('.').is_some_and(digits)) && exponent.is_none_or(digits)
}

/// Whether this may be the start of a value whose rest is missing.
pub(super) fn is_cut(word: &str) -> bool {
    let words = ["null", "true", "false", "NaN", "Infinity", "-Infinity"];
    words.iter().any(|whole| whole.starts_with(word)) || word.ends_with(['.', 'e', 'E', '-', '+'])
}
