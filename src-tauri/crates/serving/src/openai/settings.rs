//! How an answer is chosen and where it ends: what chats and completions have in common.

use playground::Penalties;
use serde::Deserialize;
use serde_json::{Map, Value, json};

use super::{error::ApiError, fields::Fields};

/// Texts that may end an answer.
const MOST_STOPS: usize = 16;
/// The most tokens of an answer where neither the model nor the request has a limit.
const TOKENS_WITHOUT_LIMIT: u64 = 4096;

/// How an answer is chosen, where it ends, and how it is sent.
#[derive(Debug, Clone, PartialEq)]
pub(crate) struct Settings {
    pub(crate) stream: bool,
    /// Whether a streamed answer ends with its counts of tokens.
    pub(crate) include_usage: bool,
    pub(crate) stop: Vec<String>,
    pub(crate) seed: Option<i64>,
    pub(crate) penalties: Option<Penalties>,
    /// Names of Transformers' generation config.
    pub(crate) generation: Map<String, Value>,
}

#[derive(Deserialize)]
#[serde(untagged)]
enum Stop {
    One(String),
    Some(Vec<String>),
}

#[derive(Default, Deserialize)]
struct StreamOptions {
    #[serde(default)]
    include_usage: Option<bool>,
}

impl Settings {
    /// Takes the settings out of a request. `tokens` are the most of an answer that names no limit; none for as
    /// many as the model's context has left.
    pub(crate) fn take(
        fields: &mut Fields,
        tokens: Option<u64>,
        context: Option<u64>,
    ) -> Result<Self, ApiError> {
        for (name, neutral) in [("n", json!(1)), ("best_of", json!(1)), ("logit_bias", json!({}))] {
            let float = neutral.as_i64().map(|number| json!(number as f64)).unwrap_or_default();
            fields.refuse(name, &[neutral, float])?;
        }
        let stop = match fields.take("stop")? {
            None => Vec::new(),
            Some(Stop::One(stop)) => vec![stop],
            Some(Stop::Some(stops)) => stops,
        };
        if stop.len() > MOST_STOPS || stop.iter().any(String::is_empty) {
            let message = format!("'stop' takes up to {MOST_STOPS} texts, of which none is empty.");
            return Err(ApiError::parameter("stop", message));
        }
        let options: StreamOptions = fields.take("stream_options")?.unwrap_or_default();
        let most = i64::from(u32::MAX);
        let short = fields.whole("max_tokens", 1, most)?;
        let wanted = fields.whole("max_completion_tokens", 1, most)?.or(short);
        let unsaid = tokens.or(context).unwrap_or(TOKENS_WITHOUT_LIMIT);
        let mut generation = sampling(fields)?;
        generation.insert("max_new_tokens".to_owned(), wanted.map_or(json!(unsaid), Value::from));
        Ok(Self {
            stream: fields.take("stream")?.unwrap_or(false),
            include_usage: options.include_usage.unwrap_or(false),
            stop,
            seed: fields.take("seed")?,
            penalties: penalties(fields)?,
            generation,
        })
    }
}

/// None where nothing is subtracted.
fn penalties(fields: &mut Fields) -> Result<Option<Penalties>, ApiError> {
    let mut given = |name| Ok::<_, ApiError>(fields.number(name, -2.0, 2.0)?.unwrap_or_default());
    let penalties =
        Penalties { presence: given("presence_penalty")?, frequency: given("frequency_penalty")? };
    Ok(Some(penalties).filter(|penalties| *penalties != Penalties::default()))
}

/// What is not given is left to the model's own generation config.
fn sampling(fields: &mut Fields) -> Result<Map<String, Value>, ApiError> {
    let temperature = fields.number("temperature", 0.0, 2.0)?;
    let others = [
        ("top_p", fields.number("top_p", 0.0, 1.0)?.map(Value::from)),
        ("min_p", fields.number("min_p", 0.0, 1.0)?.map(Value::from)),
        ("top_k", fields.whole("top_k", -1, i64::from(u32::MAX))?.map(|k| Value::from(k.max(0)))),
    ];
    let penalty = fields.number("repetition_penalty", 0.01, 10.0)?;
    let mut generation = Map::new();
    if temperature == Some(0.0) || others[0].1 == Some(json!(0.0)) {
        generation.insert("do_sample".to_owned(), false.into());
    } else {
        generation.extend(temperature.map(|t| ("temperature".to_owned(), t.into())));
        let given = others.into_iter().filter_map(|(name, value)| Some((name.to_owned(), value?)));
        generation.extend(given);
        if !generation.is_empty() {
            generation.insert("do_sample".to_owned(), true.into());
        }
    }
    generation.extend(penalty.map(|penalty| ("repetition_penalty".to_owned(), penalty.into())));
    Ok(generation)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn taken(request: &Value) -> Result<Settings, ApiError> {
        let mut fields = Fields::new(request.to_string().as_bytes())?;
        let settings = Settings::take(&mut fields, None, Some(512))?;
        fields.finish()?;
        Ok(settings)
    }

    #[test]
    fn what_is_not_given_is_left_to_the_model() {
        let generation = |request: Value| Value::from(taken(&request).unwrap().generation);
        assert_eq!(generation(json!({})), json!({"max_new_tokens": 512}));
        assert_eq!(
            generation(json!({"temperature": 0, "top_p": 0.5, "max_tokens": 3})),
            json!({"do_sample": false, "max_new_tokens": 3})
        );
        assert_eq!(
            generation(json!({"top_p": 0.5, "top_k": -1, "max_completion_tokens": 3, "max_tokens": 9})),
            json!({"top_p": 0.5, "top_k": 0, "do_sample": true, "max_new_tokens": 3})
        );
    }

    #[test]
    fn penalties_are_those_of_openai() {
        let found = taken(&json!({"presence_penalty": 1, "frequency_penalty": -0.5})).unwrap().penalties;
        assert_eq!(found, Some(Penalties { presence: 1.0, frequency: -0.5 }));
    }

    #[test]
    fn what_would_have_no_effect_is_refused_and_what_changes_nothing_is_not() {
        let neutral = json!({
            "n": 1, "presence_penalty": 0.0, "frequency_penalty": 0, "logit_bias": {}, "user": "me",
            "stop": null, "anything": null,
        });
        assert_eq!(taken(&neutral).unwrap(), taken(&json!({})).unwrap());
        for (name, value) in [
            ("n", json!(2)),
            ("presence_penalty", json!(2.1)),
            ("frequency_penalty", json!("much")),
            ("logit_bias", json!({"7": 1})),
            ("anything", json!(1)),
            ("temperature", json!(2.1)),
            ("temperature", json!("warm")),
            ("max_tokens", json!(0)),
            ("stop", json!([""])),
            ("seed", json!("x")),
            ("stream", json!("yes")),
        ] {
            let error = taken(&json!({name: value})).unwrap_err();
            assert_eq!(error.to_json()["error"]["param"], name, "{error:?}");
            assert_eq!(error.status, 400);
        }
    }
}
