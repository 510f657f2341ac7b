//! Methods of Python's `str`, `dict` and `list` that the engine's Python layer lacks or has otherwise.

use minijinja::{
    Error, ErrorKind, State, Value,
    value::{Kwargs, Rest, Tuple, ValueKind, from_args},
};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::{
    arguments::{argument, iter},
    python_string::{between, lines, split, strip, swap_case, words},
    python_text::{type_name, wrong},
};

/// Digits of a width in `str.format`: the engine pads without counting steps.
const WIDTH_DIGITS: usize = 4;

/// Calls a method that the value has in Python.
///
/// # Errors
/// There is no such method that a sandbox allows, or it fails.
pub(super) fn call(
    state: &mut State<'_, '_>,
    value: &Value,
    method: &str,
    arguments: &[Value],
) -> Result<Value, Error> {
    let (rest, named): (Rest<Value>, Kwargs) = from_args(arguments)?;
    let called = match (value.kind(), value.as_str()) {
        (ValueKind::String, Some(text)) => of_text(state, text, method, &rest, &named)?,
        (ValueKind::Seq, _) => of_list(value, method, &rest)?,
        (ValueKind::Map, _) if method == "copy" && rest.is_empty() => Some(value.clone()),
        _ => None,
    };
    match called {
        Some(value) => Ok(value),
        None => unknown_method_callback(state, value, method, arguments),
    }
}

fn of_list(list: &Value, method: &str, rest: &[Value]) -> Result<Option<Value>, Error> {
    Ok(match (method, rest) {
        ("copy", []) => Some(list.clone()),
        ("index", [wanted]) => {
            let at = list.try_iter()?.position(|item| item == *wanted);
            Some(Value::from(at.ok_or_else(|| wrong("the value is not in the list"))?))
        }
        _ => None,
    })
}

fn of_text(
    state: &State<'_, '_>,
    text: &str,
    method: &str,
    rest: &[Value],
    named: &Kwargs,
) -> Result<Option<Value>, Error> {
    let at = |at: usize, name: &str| argument(rest, named, at, name);
    let given = |at: usize| rest.get(at).filter(|value| !value.is_none());
    let number = |at: usize| given(at).map(|value| i64::try_from(value.clone())).transpose();
    let string = |at: usize| match rest.get(at) {
        Some(value) => value.as_str().ok_or_else(|| wrong(format!("must be str, not {}", type_name(value)))),
        None => Err(Error::from(ErrorKind::MissingArgument)),
    };
    let value = match method {
        "strip" | "lstrip" | "rstrip" => {
            let chars = given(0).map(|_| string(0)).transpose()?;
            Value::from(strip(text, chars, method != "rstrip", method != "lstrip"))
        }
        "split" | "rsplit" => {
            let most = at(1, "maxsplit")?.map(i64::try_from).transpose()?.unwrap_or(-1);
            let (most, from_right) = (usize::try_from(most).ok(), method == "rsplit");
            match at(0, "sep")?.filter(|separator| !separator.is_none()) {
                None => words(text, most, from_right).into_iter().map(Value::from).collect(),
                Some(separator) => match separator.as_str() {
                    Some("") => return Err(wrong("empty separator")),
                    Some(separator) => {
                        split(text, separator, most, from_right).into_iter().map(Value::from).collect()
                    }
                    None => return Err(wrong(format!("must be str or None, not {}", type_name(&separator)))),
                },
            }
        }
        "splitlines" => {
            let keep = at(0, "keepends")?.is_some_and(|keep| keep.is_true());
            lines(text, keep).into_iter().map(Value::from).collect()
        }
        "removeprefix" => Value::from(text.strip_prefix(string(0)?).unwrap_or(text)),
        "removesuffix" => Value::from(text.strip_suffix(string(0)?).unwrap_or(text)),
        "partition" | "rpartition" => {
            let separator = string(0)?;
            let found =
                if method == "partition" { text.split_once(separator) } else { text.rsplit_once(separator) };
            let parts = match found {
                Some((left, right)) => [left, separator, right],
                None if method == "partition" => [text, "", ""],
                None => ["", "", text],
            };
            Value::from(Tuple::from(parts.map(Value::from).to_vec()))
        }
        "startswith" | "endswith" if rest.len() > 1 || given(0).is_some_and(|value| value.is_tuple()) => {
            let part = between(text, number(1)?, number(2)?);
            let fits = |affix: &str| {
                part.is_some_and(|part| {
                    if method == "startswith" { part.starts_with(affix) } else { part.ends_with(affix) }
                })
            };
            match given(0).filter(|value| value.is_tuple()) {
                Some(affixes) => Value::from(iter(affixes)?.any(|affix| affix.as_str().is_some_and(fits))),
                None => Value::from(fits(string(0)?)),
            }
        }
        "find" | "rfind" | "index" | "rindex" => {
            let part = between(text, number(1)?, number(2)?);
            let (wanted, from_right) = (string(0)?, method.starts_with('r'));
            let found = part.and_then(|part| {
                let byte = if from_right { part.rfind(wanted) } else { part.find(wanted) }?;
                let before = part.as_ptr().addr() - text.as_ptr().addr() + byte;
                i64::try_from(text.get(..before)?.chars().count()).ok()
            });
            if found.is_none() && method.ends_with("index") {
                return Err(wrong("substring not found"));
            }
            Value::from(found.unwrap_or(-1))
        }
        "zfill" | "center" | "ljust" | "rjust" => padded(state, text, method, number(0)?, given(1))?,
        "format" => {
            let widest = text.split(|c: char| !c.is_ascii_digit()).map(str::len).max().unwrap_or_default();
            if widest > WIDTH_DIGITS || text.contains(":{") {
                return Err(Error::new(ErrorKind::UnknownMethod, "a width in str.format is too large"));
            }
            return Ok(None);
        }
        "swapcase" => Value::from(swap_case(text)),
        "join" => {
            let [items] = rest else { return Err(Error::from(ErrorKind::MissingArgument)) };
            let wanted = |item: &Value| wrong(format!("expected str instance, {} found", type_name(item)));
            let mut joined = String::new();
            for (at, item) in iter(items)?.enumerate() {
                let start = joined.len();
                joined.push_str(if at == 0 { "" } else { text });
                joined.push_str(item.as_str().ok_or_else(|| wanted(&item))?);
                state.consume_fuel(u64::try_from((joined.len() - start) / 64).unwrap_or(u64::MAX))?;
            }
            Value::from(joined)
        }
        _ => return Ok(None),
    };
    Ok(Some(value))
}

/// `str.center`, `str.ljust`, `str.rjust` and `str.zfill`.
pub(super) fn padded(
    state: &State<'_, '_>,
    text: &str,
    method: &str,
    width: Option<i64>,
    fill: Option<&Value>,
) -> Result<Value, Error> {
    let length = text.chars().count();
    let missing = usize::try_from(width.unwrap_or_default()).unwrap_or_default().saturating_sub(length);
    state.consume_fuel(u64::try_from(missing).unwrap_or(u64::MAX))?;
    let fill = fill.and_then(Value::as_str).unwrap_or(if method == "zfill" { "0" } else { " " });
    if fill.chars().count() != 1 {
        return Err(wrong("The fill character must be exactly one character long"));
    }
    let fill = |count: usize| fill.repeat(count);
    Ok(Value::from(match method {
        "ljust" => format!("{text}{}", fill(missing)),
        "rjust" => format!("{}{text}", fill(missing)),
        "center" => {
            // Python puts the odd one to the left if the width is odd.
            let left = missing / 2 + (missing & (missing + length) & 1);
            format!("{}{text}{}", fill(left), fill(missing - left))
        }
        _ => {
            let (sign, digits) = text.split_at(usize::from(text.starts_with(['+', '-'])));
            format!("{sign}{}{digits}", fill(missing))
        }
    }))
}
