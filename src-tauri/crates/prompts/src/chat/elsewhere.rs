//! Renderings that another program makes: Transformers itself, of templates that this program can't render.

use std::{fmt::Debug, sync::Arc};

use minijinja::{Value, value::ValueKind};

use super::{error::RenderError, marks::Marks, source::TemplateSource};

/// A program that renders as Transformers does.
pub trait OtherRenderer: Debug + Send + Sync {
    /// Renders a template.
    ///
    /// # Errors
    /// The template refuses the variables or fails on them, or the program does not answer within its bounds.
    fn render(&self, asked: &OtherRendering<'_>) -> Result<RenderedElsewhere, RenderError>;
}

/// What another program is asked to render.
#[derive(Debug)]
pub struct OtherRendering<'a> {
    /// The text of the template.
    pub template: &'a str,
    /// The local time that `strftime_now` gives.
    pub now: &'a str,
    /// Everything that the template sees, by name, as JSON.
    pub variables: String,
    /// Whether the answer has the spans between generation tags.
    pub tags: bool,
}

/// A text that another program rendered.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct RenderedElsewhere {
    /// The text.
    pub text: String,
    /// The code points between generation tags, ascending; empty where they were not asked for.
    pub generated: Vec<(usize, usize)>,
}

/// Renders with another program, and puts marks around what the assistant generates, as the own engine does.
pub(super) fn render(
    other: &Arc<dyn OtherRenderer>,
    source: &TemplateSource,
    variables: Value,
    generation: Option<Marks>,
) -> Result<String, RenderError> {
    let mut json = String::new();
    write_json(&variables, &mut json);
    let tags = generation.is_some();
    let asked = OtherRendering { template: &source.text, now: &source.now, variables: json, tags };
    let RenderedElsewhere { text, generated } = other.render(&asked)?;
    let Some(marks) = generation else { return Ok(text) };
    let places = generated.iter().flat_map(|(start, end)| [(*start, marks.mark(0)), (*end, marks.mark(1))]);
    Ok(marked(&text, places))
}

/// A value that was made of JSON as JSON, with its keys in order.
fn write_json(value: &Value, out: &mut String) {
    let items = || value.try_iter().into_iter().flatten();
    match value.kind() {
        ValueKind::String => write_text(value.as_str().unwrap_or_default(), out),
        ValueKind::Bool => out.push_str(if value.is_true() { "true" } else { "false" }),
        ValueKind::Number if value.is_integer() => out.push_str(&value.to_string()),
        ValueKind::Number => {
            let number = f64::try_from(value.clone()).unwrap_or_default();
            out.push_str(&serde_json::Value::from(number).to_string());
        }
        ValueKind::Seq => {
            out.push('[');
            for (at, item) in items().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_json(&item, out);
            }
            out.push(']');
        }
        ValueKind::Map => {
            out.push('{');
            for (at, key) in items().enumerate() {
                out.push_str(if at > 0 { "," } else { "" });
                write_text(key.as_str().unwrap_or_default(), out);
                out.push(':');
                write_json(&value.get_item(&key).unwrap_or_default(), out);
            }
            out.push('}');
        }
        _ => out.push_str("null"),
    }
}

fn write_text(text: &str, out: &mut String) {
    out.push_str(&serde_json::Value::from(text).to_string());
}

/// The text with marks before those code points, which ascend.
fn marked(text: &str, places: impl Iterator<Item = (usize, char)>) -> String {
    let mut places = places.peekable();
    let mut marked = String::with_capacity(text.len());
    for (at, c) in text.chars().enumerate() {
        while let Some((_, mark)) = places.next_if(|(place, _)| *place <= at) {
            marked.push(mark);
        }
        marked.push(c);
    }
    marked.extend(places.map(|(_, mark)| mark));
    marked
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::{Object, chat::jinja::Values};

    #[test]
    fn values_are_written_as_the_json_that_they_were_made_of() {
        let json = r#"{"z":[1,-2.5,1e-7,null,true,"ä\"\n"],"a":{}}"#;
        let object = Object::from_iter([
            ("z".to_owned(), serde_json::json!([1, -2.5, 1e-7, null, true, "ä\"\n"]).into()),
            ("a".to_owned(), serde_json::json!({}).into()),
        ]);
        let mut written = String::new();
        write_json(&Values::default().object(&object).unwrap(), &mut written);
        assert_eq!(written, json);
    }

    #[test]
    fn marks_stand_before_their_code_points() {
        let places = [(0, '<'), (1, '>'), (2, '<'), (3, '>')];
        assert_eq!(marked("ä👍c", places.into_iter()), "<ä>👍<c>");
        assert_eq!(marked("", [(0, '<'), (0, '>')].into_iter()), "<>");
    }
}
