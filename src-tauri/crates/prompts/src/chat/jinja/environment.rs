//! The engine, set up as Transformers sets up Jinja's.

use minijinja::{AutoEscape, Environment, Error, ErrorKind, Value, syntax::SyntaxConfig};
use minijinja_contrib::pycompat::unknown_method_callback;

use super::failure::Raised;

/// The name under which the one template lies.
pub(in crate::chat) const TEMPLATE: &str = "chat";

/// The engine with the template in it.
pub(in crate::chat) fn environment(text: String) -> Result<Environment<'static>, Error> {
    let mut environment = Environment::new();
    environment.set_syntax(SyntaxConfig::builder().trim_blocks(true).lstrip_blocks(true).build()?);
    environment.set_auto_escape_callback(|_| AutoEscape::None);
    environment.set_debug(false);
    environment.set_unknown_method_callback(unknown_method_callback);
    environment.add_function("raise_exception", |message: &Value| -> Result<Value, Error> {
        Err(Error::new(ErrorKind::InvalidOperation, "raise_exception")
            .with_source(Raised(message.to_string())))
    });
    environment.add_template_owned(TEMPLATE, text)?;
    Ok(environment)
}
