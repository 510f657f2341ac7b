//! Functions that templates call.

use std::sync::Arc;

use jiff::civil::DateTime;
use minijinja::{
    Environment, Error, ErrorKind, State, Value, functions,
    value::{Kwargs, Object, ObjectRepr, Rest, ValueKind, from_args},
};

use super::{
    arguments::iter,
    bounds::bounded,
    clock,
    failure::Raised,
    python_text::{entries, text, wrong},
};

/// Puts them into the engine.
pub(super) fn add(environment: &mut Environment<'static>, now: DateTime) {
    environment.add_function(
        "raise_exception",
        |state: &State<'_, '_>, message: &Value| -> Result<Value, Error> {
            let raised = Raised(text(state, message)?);
            Err(Error::new(ErrorKind::InvalidOperation, "raise_exception").with_source(raised))
        },
    );
    environment.add_function("strftime_now", move |format: &str| clock::formatted(now, format));
    environment.add_function("namespace", namespace);
    environment.add_function("range", range);
    environment.add_global("dict", Value::from_object(Dict));
}

/// Names that begin with an underscore are refused, as Transformers refuses them.
fn namespace(state: &State<'_, '_>, rest: Rest<Value>, named: Kwargs) -> Result<Value, Error> {
    let attributes = bounded(state, dict(&rest, &named)?)?;
    if let Some((name, _)) =
        entries(&attributes).find(|(name, _)| name.as_str().is_some_and(|name| name.starts_with('_')))
    {
        return Err(wrong(format!("a namespace can't have the attribute {name}")));
    }
    functions::namespace(Some(from_args::<(minijinja::value::ValueOrKwargs,)>(&[attributes])?.0))
}

/// The largest number of a range, so that no computation with it can overflow.
const FARTHEST: i64 = 1 << 52;

fn range(lower: i64, upper: Option<i64>, step: Option<i64>) -> Result<Value, Error> {
    if [Some(lower), upper, step].into_iter().flatten().any(|number| number.abs() > FARTHEST) {
        return Err(wrong("a number of the range is too large"));
    }
    let size = |number: i64| isize::try_from(number).map_err(|_| wrong("a number of the range is too large"));
    functions::range(size(lower)?, upper.map(size).transpose()?, step.map(size).transpose()?)
}

/// The function `dict`, which has the method `fromkeys`.
#[derive(Debug)]
struct Dict;

impl Object for Dict {
    fn repr(self: &Arc<Self>) -> ObjectRepr {
        ObjectRepr::Plain
    }

    fn call(self: &Arc<Self>, state: &mut State<'_, '_>, arguments: &[Value]) -> Result<Value, Error> {
        let (rest, named): (Rest<Value>, Kwargs) = from_args(arguments)?;
        bounded(state, dict(&rest, &named)?)
    }

    fn call_method(
        self: &Arc<Self>,
        state: &mut State<'_, '_>,
        method: &str,
        arguments: &[Value],
    ) -> Result<Value, Error> {
        if method != "fromkeys" {
            return Err(Error::from(ErrorKind::UnknownMethod));
        }
        let (keys, value): (&Value, Option<Value>) = from_args(arguments)?;
        let value = value.unwrap_or_else(|| Value::from(()));
        bounded(state, Value::from_pairs(iter(keys)?.map(|key| (key, value.clone()))))
    }
}

/// `dict()` of a dictionary or of pairs, with further entries by name.
fn dict(rest: &[Value], named: &Kwargs) -> Result<Value, Error> {
    let mut pairs: Vec<(Value, Value)> = match rest {
        [] => Vec::new(),
        [first] if first.kind() == ValueKind::Map => entries(first).collect(),
        [first] => {
            let pair = |item: Value| -> Result<(Value, Value), Error> {
                match item.len() {
                    Some(2) => Ok((item.get_item_by_index(0)?, item.get_item_by_index(1)?)),
                    _ => Err(wrong("a dictionary is made of pairs")),
                }
            };
            iter(first)?.map(pair).collect::<Result<_, _>>()?
        }
        _ => return Err(Error::from(ErrorKind::TooManyArguments)),
    };
    for name in named.args() {
        pairs.push((Value::from(name), named.get::<Value>(name)?));
    }
    Ok(Value::from_pairs(pairs))
}
