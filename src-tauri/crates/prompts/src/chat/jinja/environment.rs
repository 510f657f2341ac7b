//! The engine, set up as Transformers sets up Jinja's, and within bounds.

use std::{
    borrow::Cow,
    panic::{AssertUnwindSafe, catch_unwind},
};

use minijinja::{AutoEscape, Environment, State, Value, syntax::SyntaxConfig};

use super::{
    bounds, clock,
    failure::{parse_error, render_error},
    filters, globals, methods, python_text, rewrite,
};
use crate::chat::{RenderError, TemplateError, TemplateSource};

/// Steps that a rendering may take. A step is an instruction, of which a message takes some hundred, or 64
/// bytes that are written or copied: so they bound time (a tenth of a second) and memory (128 MiB).
const STEPS: u64 = 2_000_000;
/// The same for a conversation of more than [`LARGE`] bytes: a second and 1 GiB.
const MANY_STEPS: u64 = 16_000_000;
const LARGE: usize = 16 << 10;
/// Bytes of a rendered text. A model's context holds less.
const MOST_OUTPUT: usize = 64 << 20;
/// Depth of macros (each counts 4), loops and blocks. Templates in use nest ten; each takes stack.
const MOST_NESTING: usize = 160;

/// The name under which the one template lies.
const TEMPLATE: &str = "chat";

/// The variable with the two characters that are put around the body of a `generation` tag, if any are.
pub(in crate::chat) const MARKS: &str = "_generation_marks";

/// Bytes of stack for parsing: the parser recurses for each operator of an expression.
const PARSER_STACK: usize = 64 << 20;

/// A parsed template.
#[derive(Debug)]
pub(in crate::chat) struct Engine {
    usual: Environment<'static>,
    large: Environment<'static>,
    /// Whether the template has `generation` tags.
    pub(in crate::chat) has_generation_tags: bool,
}

impl Engine {
    /// Parses a template.
    ///
    /// # Errors
    /// It is no Jinja, too large, or uses what this program doesn't render.
    pub(in crate::chat) fn parse(source: &TemplateSource) -> Result<Self, TemplateError> {
        let text = rewrite::rewrite(&source.text)?;
        let has_generation_tags = text.contains(rewrite::GENERATION_TAG);
        let usual = parsed(environment(source)?, text)?;
        let mut large = usual.clone();
        large.set_fuel(Some(MANY_STEPS));
        Ok(Self { usual, large, has_generation_tags })
    }

    /// The text for variables of so many bytes.
    ///
    /// # Errors
    /// The template refuses them, fails on them, needs what this program lacks, or goes beyond a bound.
    pub(in crate::chat) fn render(&self, variables: Value, bytes: usize) -> Result<String, RenderError> {
        let environment = if bytes > LARGE { &self.large } else { &self.usual };
        let template = environment.get_template(TEMPLATE).map_err(|error| render_error(&error))?;
        // A template is foreign code: whatever it makes the engine do, the program goes on.
        let rendered = catch_unwind(AssertUnwindSafe(|| template.render(variables)));
        let failed = |_| RenderError::Failed("the template engine stopped unexpectedly".to_owned());
        let text = rendered.map_err(failed)?.map_err(|error| render_error(&error))?;
        if text.len() > MOST_OUTPUT {
            return Err(RenderError::TooMuch(format!("the text has more than {MOST_OUTPUT} bytes")));
        }
        Ok(text)
    }
}

fn environment(source: &TemplateSource) -> Result<Environment<'static>, TemplateError> {
    let mut environment = Environment::new();
    let syntax = SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build();
    environment.set_syntax(syntax.map_err(|error| parse_error(&error))?);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    // In debug mode an error copies all variables for its description, which is not shown.
    environment.set_debug(false);
    environment.set_fuel(Some(STEPS));
    environment.set_recursion_limit(MOST_NESTING);
    // No template finds another, nor itself.
    environment.set_path_join_callback(|_, _| Cow::Borrowed(""));
    environment.set_unknown_method_callback(methods::call);
    environment.set_formatter(|out, state, value| match value.as_str() {
        Some(text) => Ok(out.write_str(text)?),
        None => python_text::write(state, value, out),
    });
    filters::add(&mut environment);
    globals::add(&mut environment, clock::time(&source.now)?);
    let bounded = |state: &State<'_, '_>, value: &Value| bounds::bounded(state, value.clone());
    environment.add_filter(rewrite::BOUNDED, bounded);
    let attribute = |state: &State<'_, '_>, value: &Value| bounds::attribute(state, value.clone());
    environment.add_filter(rewrite::ATTRIBUTE, attribute);
    environment.add_filter(rewrite::ITERABLE, |value: &Value| bounds::iterable(value.clone()));
    environment.add_filter(rewrite::GENERATION, |state: &State<'_, '_>, body: &Value| marked(state, body));
    Ok(environment)
}

/// The body of a `generation` tag between the marks.
fn marked(state: &State<'_, '_>, body: &Value) -> Value {
    let marks = state.lookup(MARKS);
    let mut marks = marks.as_ref().and_then(Value::as_str).unwrap_or_default().chars();
    match (marks.next(), marks.next()) {
        (Some(open), Some(close)) => {
            Value::from(format!("{open}{}{close}", body.as_str().unwrap_or_default()))
        }
        _ => body.clone(),
    }
}

fn parsed(
    mut environment: Environment<'static>,
    text: String,
) -> Result<Environment<'static>, TemplateError> {
    let parsing = std::thread::Builder::new().name("chat template".to_owned()).stack_size(PARSER_STACK);
    let parsing = parsing.spawn(move || environment.add_template_owned(TEMPLATE, text).map(|()| environment));
    let failed = |reason: &str| TemplateError::Syntax { line: 1, reason: reason.to_owned() };
    let parsing = parsing.map_err(|error| failed(&format!("no thread could be started ({error})")))?;
    let parsed = parsing.join().map_err(|_| failed("its parser failed"))?;
    parsed.map_err(|error| parse_error(&error))
}
